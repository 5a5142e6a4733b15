//! What lies on Python's side: members of its modules, instants, how values are shown.

use jiff::Timestamp;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyDateTime, PyDelta, PyDeltaAccess as _, PyString, PyTzInfo},
};

/// A member of one of the package's modules, imported once.
macro_rules! member {
    ($py:expr, $module:literal, $name:literal) => {{
        static MEMBER: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::PyAny>> =
            pyo3::sync::PyOnceLock::new();
        MEMBER.import($py, $module, $name)
    }};
}
pub(crate) use member;

/// JSON text as Python's `json` reads it.
pub(crate) fn loads<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    member!(py, "json", "loads")?.call1((text,))
}

/// What is given of a class, `<admit.NAME ...>`.
pub(crate) fn shown(name: &str, says: &str) -> String {
    format!("<admit.{name} {says}>")
}

/// A text as Python writes it.
pub(crate) fn quoted(py: Python<'_>, text: &str) -> PyResult<String> {
    Ok(PyString::new(py, text).repr()?.to_string_lossy().into())
}

/// The name of a value's type.
pub(crate) fn type_name(value: &Bound<'_, PyAny>) -> String {
    let name = value.get_type().name();
    name.map_or_else(|_| "object".into(), |name| name.to_string_lossy().into())
}

/// The instant that is given, or the clock's, in whole microseconds: what `datetime` can say.
pub(crate) fn instant(py: Python<'_>, given: Option<&Bound<'_, PyAny>>) -> PyResult<Timestamp> {
    let Some(given) = given else {
        let micros = Timestamp::now().as_microsecond();
        return Timestamp::from_microsecond(micros)
            .map_err(|error| PyValueError::new_err(error.to_string()));
    };
    let Ok(given) = given.cast::<PyDateTime>() else {
        let kind = type_name(given);
        return Err(PyTypeError::new_err(format!(
            "an instant is a datetime with a time zone, not {kind}"
        )));
    };
    if given.call_method0("utcoffset")?.is_none() {
        return Err(PyValueError::new_err(
            "a datetime without a time zone is no instant: give one with `tzinfo`, such as \
             datetime.now(timezone.utc)",
        ));
    }
    let since = given.sub(epoch(py)?)?;
    let since = since.cast::<PyDelta>()?;
    let seconds = i64::from(since.get_days()) * 86_400 + i64::from(since.get_seconds());
    Timestamp::new(seconds, since.get_microseconds() * 1000)
        .map_err(|error| PyValueError::new_err(error.to_string()))
}

/// An instant as a `datetime` in UTC.
pub(crate) fn datetime<'py>(py: Python<'py>, instant: Timestamp) -> PyResult<Bound<'py, PyAny>> {
    let micros = instant.as_microsecond();
    let days = micros.div_euclid(86_400_000_000);
    let within = micros.rem_euclid(86_400_000_000);
    let number = |number: i64| {
        i32::try_from(number).map_err(|error| PyValueError::new_err(error.to_string()))
    };
    let (seconds, micros) = (number(within / 1_000_000)?, number(within % 1_000_000)?);
    let since = PyDelta::new(py, number(days)?, seconds, micros, false)?;
    epoch(py)?.add(since)
}

fn epoch(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let epoch = EPOCH.get_or_try_init(py, || {
        let utc = PyTzInfo::utc(py)?;
        let epoch = PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&utc))?;
        PyResult::Ok(epoch.into_any().unbind())
    })?;
    Ok(epoch.bind(py))
}

/// A member of an enum of `admit._enums`, by its value.
pub(crate) fn member_of<'py>(
    class: PyResult<&Bound<'py, PyAny>>,
    value: &str,
) -> PyResult<Bound<'py, PyAny>> {
    class?.call1((value,))
}

/// Why something has no truth value: an `if` that forgets to compare would let everybody through.
pub(crate) fn no_truth(what: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!("{what} is neither true nor false: {instead}"))
}

/// Why something is not pickled: what to do instead.
pub(crate) fn not_pickled(what: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!("{what} cannot be pickled or copied: {instead}"))
}
