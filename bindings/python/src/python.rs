//! What lies on Python's side: members of its modules, instants, how values are shown.

use jiff::Timestamp;
use pyo3::{
    exceptions::{PyException, PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::{PyBool, PyDateTime, PyDelta, PyDeltaAccess as _, PyDict, PyString, PyTzInfo},
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

/// Whether it is a mapping.
///
/// # Errors
///
/// What asking raised, such as `KeyboardInterrupt`: a class may be asked in Python, and `cast` would take an
/// exception for a no.
pub(crate) fn is_mapping(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    if value.is_instance_of::<PyDict>() {
        return Ok(true);
    }
    value.is_instance(member!(value.py(), "collections.abc", "Mapping")?)
}

/// A number, none where it is beyond those of its type.
///
/// # Errors
///
/// What is no number is a `TypeError`, and so is a bool, which would count as 0 or 1.
pub(crate) fn number<'py, T>(what: &str, given: &Bound<'py, PyAny>) -> PyResult<Option<T>>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    if given.is_instance_of::<PyBool>() {
        return Err(PyTypeError::new_err(format!(
            "{what} is a number, not bool"
        )));
    }
    match given.extract() {
        Ok(number) => Ok(Some(number)),
        Err(error) if error.is_instance_of::<PyOverflowError>(given.py()) => Ok(None),
        Err(error) => Err(error),
    }
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
    let instant = Timestamp::new(seconds, since.get_microseconds() * 1000);
    instant.ok().filter(has_datetime).ok_or_else(no_datetime)
}

/// Whether `datetime` has it in UTC: that begins later than instants do, with the year 1, and ends later.
fn has_datetime(instant: &Timestamp) -> bool {
    instant.as_second() >= -62_135_596_800
}

fn no_datetime() -> PyErr {
    PyValueError::new_err("not an instant from 0001-01-01T00:00:00Z to 9999-12-30T22:00:00Z")
}

/// An instant as a `datetime` in UTC.
///
/// # Errors
///
/// A `ValueError` where it has none.
pub(crate) fn datetime<'py>(py: Python<'py>, instant: Timestamp) -> PyResult<Bound<'py, PyAny>> {
    if !has_datetime(&instant) {
        return Err(no_datetime());
    }
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

/// Whether it is an exception that ends programs, such as `KeyboardInterrupt`: nobody's result.
pub(crate) fn is_exit(py: Python<'_>, error: &PyErr) -> bool {
    !error.is_instance_of::<PyException>(py)
}
