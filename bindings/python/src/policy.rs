//! Policies, as a set describes them.

use std::path::PathBuf;

use admit::{Engine, Error, ErrorKind, PolicyOptions, Prepare, Stage};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyBytes};
use serde_json::Value;

use crate::{
    error::{self, exception},
    json,
    limits::Limits,
    python::{quoted, type_name},
};

/// What a set says of one of its policies. It is loaded when the set is made.
///
/// Args:
///     id: Its id in the set, `[a-z0-9-]{1,64}`.
///     component: The component: its path, or its bytes.
///     settings: Its settings, checked against its own schema; a mapping of JSON values.
///     stages: The stages that it is asked at, by Graph's names; all that it names where left out. May
///         only narrow.
///     facts: The collections of facts that it may look up; none where left out.
///     limits: Its limits, where they differ from the set's.
///     sha256: The digest that the component must have, in hexadecimal.
///
/// Raises:
///     SetError: There is no such stage, or a limit is the set's alone.
///     PolicySettingsError: The settings are not JSON.
///     TypeError: `component` is of another type.
#[pyclass(frozen, module = "admit")]
pub(crate) struct Policy {
    id: String,
    component: Component,
    options: PolicyOptions,
    limits: Limits,
}

enum Component {
    File(PathBuf),
    Bytes(Vec<u8>),
}

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (id, component, *, settings=None, stages=None, facts=None, limits=None, sha256=None))]
    #[expect(clippy::too_many_arguments, reason = "by name, in Python")]
    fn new(
        py: Python<'_>,
        id: String,
        component: &Bound<'_, PyAny>,
        settings: Option<&Bound<'_, PyAny>>,
        stages: Option<Vec<String>>,
        facts: Option<Vec<String>>,
        limits: Option<&Bound<'_, Limits>>,
        sha256: Option<String>,
    ) -> PyResult<Self> {
        let component = if let Ok(bytes) = component.cast::<PyBytes>() {
            Component::Bytes(bytes.as_bytes().to_vec())
        } else if let Ok(path) = component.extract() {
            Component::File(path)
        } else {
            let kind = type_name(component);
            return Err(PyTypeError::new_err(format!(
                "a component is a path or bytes, not {kind}"
            )));
        };
        let settings = match settings {
            None => Value::Null,
            Some(settings) => json::value(settings).map_err(|problem| {
                const KIND: ErrorKind = ErrorKind::PolicySettings;
                problem.raise(py, KIND, KIND, "settings")
            })?,
        };
        let stages = stages.map(|names| {
            let stages = names.iter().map(|name| stage(py, name));
            stages.collect::<PyResult<Vec<_>>>()
        });
        let limits = limits
            .map(|limits| limits.get().clone())
            .unwrap_or_default();
        if let Some(limit) = limits.of_sets_only() {
            let detail = format!("`{limit}` is a limit of the set, not of one policy");
            return Err(exception(
                py,
                &Error::new(ErrorKind::Set, detail)
                    .at("limits")
                    .of_policy(id),
            ));
        }
        Ok(Self {
            id,
            component,
            options: PolicyOptions {
                settings,
                stages: stages.transpose()?,
                facts: facts.unwrap_or_default(),
                limits: None,
                prepare: Prepare::default(),
                sha256,
            },
            limits,
        })
    }

    /// Its id in the set.
    #[getter]
    fn id(&self) -> &str {
        &self.id
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let component = match &self.component {
            Component::File(path) => quoted(py, &path.to_string_lossy())?,
            Component::Bytes(bytes) => format!("<{} bytes>", bytes.len()),
        };
        Ok(format!("Policy({}, {component})", quoted(py, &self.id)?))
    }
}

impl Policy {
    /// Its limits in a set.
    pub(crate) fn limits(&self, set: &admit::Limits) -> admit::PolicyLimits {
        self.limits.of_policy(set)
    }

    /// Loads it.
    pub(crate) fn load(
        &self,
        engine: &Engine,
        limits: admit::PolicyLimits,
        prepare: Prepare,
    ) -> Result<admit::Policy, Error> {
        let options = PolicyOptions {
            limits: Some(limits),
            prepare,
            ..self.options.clone()
        };
        match &self.component {
            Component::File(path) => admit::Policy::from_file(engine, &self.id, path, options),
            Component::Bytes(bytes) => admit::Policy::from_bytes(engine, &self.id, bytes, options),
        }
    }
}

/// A stage by Graph's name.
pub(crate) fn stage(py: Python<'_>, name: &str) -> PyResult<Stage> {
    let stages = Stage::ALL
        .iter()
        .copied()
        .filter(|stage| stage.is_evaluated());
    one_of(py, "stage", name, stages, Stage::as_str)
}

/// When policies are configured, by name.
pub(crate) fn prepare(py: Python<'_>, name: &str) -> PyResult<Prepare> {
    let all = [Prepare::Snapshot, Prepare::EachTime].into_iter();
    one_of(py, "prepare", name, all, |prepare| match prepare {
        Prepare::Snapshot => "snapshot",
        Prepare::EachTime => "each-time",
    })
}

/// The one of this name, or an error that lists them.
pub(crate) fn one_of<T: Copy>(
    py: Python<'_>,
    what: &str,
    name: &str,
    all: impl Iterator<Item = T>,
    name_of: impl Fn(T) -> &'static str,
) -> PyResult<T> {
    let mut names = Vec::new();
    for one in all {
        if name_of(one) == name {
            return Ok(one);
        }
        names.push(name_of(one));
    }
    let detail = format!("unknown {what} `{name}`; known are {}", names.join(", "));
    Err(error::set(py, what, detail))
}
