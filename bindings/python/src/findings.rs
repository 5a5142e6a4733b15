//! Findings: of lint and of check.

use std::path::PathBuf;

use admit::{ErrorKind, FileOptions};
use pyo3::{prelude::*, types::PyMapping};

use crate::{
    callout::Payload,
    facts::facts,
    python::{member, member_of, shown},
};

/// One thing that is wrong or doubtful with a payload or a body.
#[pyclass(frozen, eq, module = "admit")]
#[derive(PartialEq)]
pub(crate) struct Finding(admit::Finding);

#[pymethods]
impl Finding {
    /// Stable name of the rule.
    #[getter]
    fn code(&self) -> &'static str {
        self.0.code
    }

    /// How bad it is.
    #[getter]
    fn severity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        severity(py, self.0.severity)
    }

    /// Where: a JSON pointer, or a place in the text.
    #[getter]
    fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong.
    #[getter]
    fn problem(&self) -> &str {
        &self.0.problem
    }

    /// What to write instead.
    #[getter]
    fn instead(&self) -> &str {
        &self.0.instead
    }

    /// Who says so.
    #[getter]
    fn source(&self) -> &'static str {
        self.0.source
    }

    fn __repr__(&self) -> String {
        let admit::Finding {
            code,
            severity,
            path,
            problem,
            ..
        } = &self.0;
        shown(
            "Finding",
            &format!("{severity} {code} at {path:?}: {problem}"),
        )
    }
}

/// One thing that is wrong or doubtful with a policy set.
#[pyclass(frozen, eq, module = "admit")]
#[derive(PartialEq)]
pub(crate) struct SetFinding(pub(crate) admit::SetFinding);

#[pymethods]
impl SetFinding {
    /// Stable name of the rule or, for an error, of its kind.
    #[getter]
    fn code(&self) -> &'static str {
        self.0.code
    }

    /// How bad it is. With an error the set cannot be loaded.
    #[getter]
    fn severity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        severity(py, self.0.severity)
    }

    /// Id of the policy that is concerned; None where it is the set.
    #[getter]
    fn policy(&self) -> Option<&str> {
        self.0.policy.as_deref()
    }

    /// Where: a file, with line and column where that is known; None for a set from code.
    #[getter]
    fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// What is wrong or doubtful.
    #[getter]
    fn problem(&self) -> &str {
        &self.0.problem
    }

    /// The lines that the problem is about, with a caret below; None where they are not shown.
    #[getter]
    fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// What to write instead; None where the problem says it.
    #[getter]
    fn instead(&self) -> Option<&str> {
        self.0.instead.as_deref()
    }

    fn __repr__(&self) -> String {
        let admit::SetFinding {
            code,
            severity,
            problem,
            ..
        } = &self.0;
        shown("SetFinding", &format!("{severity} {code}: {problem}"))
    }
}

fn severity<'py>(py: Python<'py>, severity: admit::Severity) -> PyResult<Bound<'py, PyAny>> {
    member_of(member!(py, "admit._enums", "Severity"), severity.as_str())
}

type Lint = fn(&[u8]) -> Vec<admit::Finding>;

fn lint(
    given: &Bound<'_, PyAny>,
    what: &str,
    kind: ErrorKind,
    lint: Lint,
) -> PyResult<Vec<Finding>> {
    let payload = Payload::new(given, what, kind)?;
    let findings = given.py().detach(|| lint(payload.bytes()));
    Ok(findings.into_iter().map(Finding).collect())
}

/// Says what is wrong or doubtful with a callout, in any of its shapes.
///
/// Args:
///     callout: The payload as bytes, text or a mapping.
///
/// Returns:
///     At most 100 findings, the worst first.
///
/// Raises:
///     CalloutSyntaxError: `callout` is a mapping with values that JSON does not have.
///     TypeError: `callout` is of another type.
#[pyfunction]
pub(crate) fn lint_callout(callout: &Bound<'_, PyAny>) -> PyResult<Vec<Finding>> {
    lint(
        callout,
        "a callout",
        ErrorKind::CalloutSyntax,
        admit::lint_callout,
    )
}

/// Says what is wrong or doubtful with the body of Graph's `resume` action, before it is sent.
///
/// Args:
///     body: The body as bytes, text or a mapping.
///
/// Returns:
///     At most 100 findings, the worst first.
///
/// Raises:
///     GraphObjectError: `body` is a mapping with values that JSON does not have.
///     TypeError: `body` is of another type.
#[pyfunction]
pub(crate) fn lint_resume(body: &Bound<'_, PyAny>) -> PyResult<Vec<Finding>> {
    lint(body, "a body", ErrorKind::GraphObject, admit::lint_resume)
}

/// Says what is wrong or doubtful with a custom extension that is to be created, or with the record of
/// one of its calls.
///
/// Args:
///     extension: The definition as bytes, text or a mapping.
///
/// Returns:
///     At most 100 findings, the worst first.
///
/// Raises:
///     GraphObjectError: `extension` is a mapping with values that JSON does not have.
///     TypeError: `extension` is of another type.
#[pyfunction]
pub(crate) fn lint_extension(extension: &Bound<'_, PyAny>) -> PyResult<Vec<Finding>> {
    lint(
        extension,
        "an extension",
        ErrorKind::GraphObject,
        admit::lint_extension,
    )
}

/// Says everything that is wrong with a policy set file or, where nothing is, everything that is
/// doubtful with its set.
///
/// The set is loaded, and nothing is evaluated.
///
/// Args:
///     path: The file.
///     facts: Facts of the host, as for `PolicySet.from_file`; they may be missing.
///
/// Returns:
///     The findings, the worst first. The set can be loaded where none is an error.
#[pyfunction]
#[pyo3(signature = (path, *, facts=None))]
pub(crate) fn check(
    py: Python<'_>,
    path: PathBuf,
    facts: Option<&Bound<'_, PyMapping>>,
) -> PyResult<Vec<SetFinding>> {
    let options = FileOptions {
        facts: self::facts(facts)?.0,
        ..FileOptions::default()
    };
    let findings = py.detach(|| admit::PolicySet::check_file(path, options));
    Ok(findings.into_iter().map(SetFinding).collect())
}
