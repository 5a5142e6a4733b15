//! What a policy is, without running it.

use std::{fs, path::PathBuf};

use admit::{Engine, Error, ErrorKind};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyBytes};

use crate::{
    error::OrRaise as _,
    python::{loads, shown, type_name},
};

/// What a policy's component is and can do, found without running it.
#[pyclass(frozen, module = "admit")]
pub(crate) struct Inspection(admit::Inspection);

#[pymethods]
impl Inspection {
    /// SHA-256 of the component's bytes in hexadecimal: the policy's identity.
    #[getter]
    fn sha256(&self) -> String {
        self.0.sha256()
    }

    /// The component's size, in bytes.
    #[getter]
    fn size(&self) -> usize {
        self.0.size()
    }

    /// Every function that it imports, as `interface.function`, sorted.
    #[getter]
    fn imports(&self) -> Vec<String> {
        self.0.imports().to_vec()
    }

    /// What of the callout its imports let it read, whatever it does: JSON pointers into the canonical
    /// document, `*` for any index; None where they set no bound.
    #[getter]
    fn readable(&self) -> Option<Vec<&'static str>> {
        self.0.readable()
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.metadata().name
    }

    /// Its version.
    #[getter]
    fn version(&self) -> &str {
        &self.0.metadata().version
    }

    /// What it does.
    #[getter]
    fn description(&self) -> &str {
        &self.0.metadata().description
    }

    /// The version of the contract that it was built for.
    #[getter]
    fn contract(&self) -> &str {
        &self.0.metadata().contract
    }

    /// The stages that it answers, by Graph's names.
    #[getter]
    fn stages(&self) -> Vec<String> {
        self.0.metadata().stages.clone()
    }

    /// The collections of facts that it asks for.
    #[getter]
    fn facts(&self) -> Vec<String> {
        self.0.metadata().facts.clone()
    }

    /// The JSON schema of its settings, as a dict; None where it takes none.
    #[getter]
    fn settings_schema<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let schema = self.0.metadata().settings_schema.as_ref();
        schema
            .map(|schema| loads(py, &schema.to_string()))
            .transpose()
    }

    /// Settings that the policy brings itself, such as rules as text, as a dict; a set gives no others of
    /// these names.
    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let settings = self.0.metadata().settings.clone();
        loads(py, &serde_json::Value::Object(settings).to_string())
    }

    fn __repr__(&self) -> String {
        let says = format!("{} {} {}", self.name(), self.version(), self.0.sha256());
        shown("Inspection", &says)
    }
}

/// Looks at a policy: its digest, its imports, and what it says about itself. It is not run.
///
/// Args:
///     component: The component: its path, or its bytes.
///
/// Returns:
///     What was found.
///
/// Raises:
///     AdmitError: It cannot be read or is no policy: `PolicyFileError`, which is an `OSError`,
///         `PolicyFormatError`, which is a `ValueError`, and their siblings.
///     TypeError: `component` is of another type.
#[pyfunction]
pub(crate) fn inspect(py: Python<'_>, component: &Bound<'_, PyAny>) -> PyResult<Inspection> {
    let bytes = component.cast::<PyBytes>().ok();
    let path = match bytes {
        Some(_) => PathBuf::new(),
        None => component.extract().map_err(|_| {
            let kind = type_name(component);
            PyTypeError::new_err(format!("a component is a path or bytes, not {kind}"))
        })?,
    };
    let bytes = bytes.map(|bytes| bytes.as_bytes());
    let inspection = py.detach(|| {
        let engine = Engine::new(admit::Limits {
            concurrency: 1,
            ..admit::Limits::default()
        })?;
        if let Some(bytes) = bytes {
            return admit::Inspection::of(&engine, bytes);
        }
        let shown = path.display().to_string();
        let bytes = fs::read(&path).map_err(|error| {
            Error::new(ErrorKind::PolicyFile, format!("cannot be read: {error}"))
                .at(&shown)
                .caused_by(error)
        })?;
        admit::Inspection::of(&engine, &bytes).map_err(|error| error.at(shown))
    });
    inspection.map(Inspection).or_raise(py)
}
