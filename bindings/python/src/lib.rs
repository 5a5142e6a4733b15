//! The native half of the Python package `admit`.
//!
//! Handles are frozen and shared by threads. The interpreter lock is released while something is
//! loaded or evaluated, and taken again for facts that are Python's ([`facts`]) and no others.
//! Whatever fails is an exception made of the engine's one table of errors ([`error`]). The names
//! that users see are those of `python/admit/__init__.py`; documentation is written here, and a test
//! holds the stubs against it.

#![forbid(unsafe_code)]

mod approval;
mod callout;
mod error;
mod evaluate;
mod facts;
mod findings;
mod inspection;
mod json;
mod limits;
mod policy;
mod python;
mod report;
mod set;

use pyo3::prelude::*;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The native half of `admit`: its classes and functions, which `admit` itself names.
#[pymodule(gil_used = false)]
mod _admit {
    use admit::{ErrorKind, FaultKind};
    use pyo3::{exceptions::PyImportError, prelude::*, sync::PyOnceLock};

    #[pymodule_export]
    use crate::{
        approval::{ApprovalStage, Approver},
        callout::Callout,
        facts::{FactFailure, JsonFacts, RecordedFacts, SqliteFacts},
        findings::{Finding, SetFinding, check, lint_callout, lint_extension, lint_resume},
        inspection::{Inspection, inspect},
        limits::Limits,
        policy::Policy,
        report::{Fault, Note, Outcome, Reason, Report, ResumeRequest, Verdict},
        set::PolicySet,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        only_interpreter(py)?;
        let close = wrap_pyfunction!(crate::facts::close, module)?;
        py.import("atexit")?.call_method1("register", (close,))?;
        let errors: Vec<_> = (ErrorKind::ALL.iter())
            .map(|kind| (kind.code(), kind.as_str(), kind.meaning()))
            .collect();
        let faults: Vec<_> = (FaultKind::ALL.iter())
            .map(|kind| (kind.code(), kind.as_str()))
            .collect();
        module.add("ERROR_KINDS", errors)?;
        module.add("FAULT_KINDS", faults)?;
        module.add("CONTRACT_VERSION", admit::CONTRACT_VERSION)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    /// Refuses a second interpreter: exceptions and enumerations would be those of the first, and no
    /// `except` and no `is` would know them. Newer versions of Python refuse most by themselves.
    fn only_interpreter(py: Python<'_>) -> PyResult<()> {
        static FIRST: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
        // Each interpreter has its own.
        let sys = py.import("sys")?;
        if FIRST.get_or_init(py, || sys.clone().unbind()).is(&sys) {
            return Ok(());
        }
        Err(PyImportError::new_err(
            "admit is imported in another interpreter of this process already, and does not support \
             subinterpreters",
        ))
    }
}
