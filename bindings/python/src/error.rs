//! Exceptions, made of the engine's errors.

use admit::{Error, ErrorKind};
use pyo3::{exceptions::PyRuntimeError, intern, prelude::*};

use crate::python::member;

/// The exception for an error: of the class that its kind has in `admit._errors`.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    make(py, error).unwrap_or_else(|failed| failed)
}

fn make(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let classes = member!(py, "admit._errors", "CLASSES")?;
    let Ok(class) = classes.get_item(error.kind().code()) else {
        return Ok(PyRuntimeError::new_err(error.to_string()));
    };
    let made = class.call1((error.detail(), error.policy(), error.place()))?;
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
    if let Some(number) = cause.and_then(std::io::Error::raw_os_error) {
        made.setattr(intern!(py, "errno"), number)?;
    }
    Ok(PyErr::from_value(made))
}

/// An error of what a policy set says.
pub(crate) fn set(py: Python<'_>, at: &str, detail: impl Into<String>) -> PyErr {
    exception(py, &Error::new(ErrorKind::Set, detail).at(at))
}

/// Turns errors of the engine into exceptions.
pub(crate) trait OrRaise<T> {
    /// The value, or the exception.
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T, Error> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| exception(py, &error))
    }
}
