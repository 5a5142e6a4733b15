//! Callouts, and what may be given for one.

use std::borrow::Cow;

use admit::{Error, ErrorKind};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    types::{PyBytes, PyMapping, PyString},
};

use crate::{
    error::{OrRaise as _, exception},
    json,
    python::{datetime, instant, loads, shown, type_name},
    report::Note,
};

/// A document of Graph's that was given; can be read without the interpreter.
pub(crate) enum Payload {
    Bytes(PyBackedBytes),
    Text(PyBackedStr),
    Json(String),
}

impl Payload {
    /// What was given for something, with the kind of error where it is not JSON.
    pub(crate) fn new(given: &Bound<'_, PyAny>, what: &str, kind: ErrorKind) -> PyResult<Self> {
        let py = given.py();
        if let Ok(bytes) = given.cast::<PyBytes>() {
            return Ok(Self::Bytes(bytes.clone().into()));
        }
        if let Ok(text) = given.cast::<PyString>() {
            return PyBackedStr::try_from(text.clone())
                .map(Self::Text)
                .map_err(|_| {
                    let detail = "a lone surrogate, which is no character";
                    exception(py, &Error::new(kind, detail))
                });
        }
        if given.cast::<PyMapping>().is_err() {
            let found = type_name(given);
            return Err(PyTypeError::new_err(format!(
                "{what} is bytes, a string or a mapping, not {found}"
            )));
        }
        let limit = match kind {
            ErrorKind::CalloutSyntax => ErrorKind::CalloutLimit,
            kind => kind,
        };
        let text = json::text(given, admit::Callout::MAX_BYTES);
        let text = text.map_err(|problem| problem.raise(py, limit, kind, ""));
        text.map(Self::Json)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Text(text) => text.as_bytes(),
            Self::Json(text) => text.as_bytes(),
        }
    }
}

/// What was given for a callout.
pub(crate) enum Given {
    Callout(admit::Callout),
    Payload(Payload),
}

impl Given {
    pub(crate) fn new(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(callout) = given.cast::<Callout>() {
            return Ok(Self::Callout(callout.get().0.clone()));
        }
        let payload = Payload::new(given, "a callout", ErrorKind::CalloutSyntax);
        payload.map(Self::Payload)
    }

    /// Reads it.
    pub(crate) fn parse(&self) -> Result<Cow<'_, admit::Callout>, Error> {
        match self {
            Self::Callout(callout) => Ok(Cow::Borrowed(callout)),
            Self::Payload(payload) => admit::Callout::parse(payload.bytes()).map(Cow::Owned),
        }
    }
}

/// One payload of a custom extension, read strictly.
///
/// Immutable, and shared by threads. Reading one once and evaluating it many times saves the reading.
#[pyclass(frozen, module = "admit")]
pub(crate) struct Callout(pub(crate) admit::Callout);

#[pymethods]
impl Callout {
    /// Reads a callout.
    ///
    /// Args:
    ///     payload: The payload as bytes, as text, or as a mapping such as `json.loads` gives. Bytes
    ///         are best: nothing has touched them.
    ///
    /// Returns:
    ///     The callout.
    ///
    /// Raises:
    ///     AdmitError: It is not a callout; `CalloutSyntaxError` and its siblings say what is wrong.
    ///         Values that JSON does not have (NaN, integers beyond 64 bits, lone surrogates, objects
    ///         of other types) are a `CalloutSyntaxError`, cycles and more than 1 MiB a
    ///         `CalloutLimitError`.
    ///     TypeError: `payload` is of another type.
    #[staticmethod]
    fn parse(py: Python<'_>, payload: &Bound<'_, PyAny>) -> PyResult<Self> {
        let given = Given::new(payload)?;
        let callout = py.detach(|| given.parse().map(Cow::into_owned));
        callout.map(Self).or_raise(py)
    }

    /// The request's id, a GUID in lower case with hyphens.
    #[getter]
    fn request_id(&self) -> &str {
        self.0.request_id()
    }

    /// The instance's id, as it was sent; empty where there is none.
    #[getter]
    fn instance_id(&self) -> &str {
        self.0.instance_id()
    }

    /// What identifies the question: `request_id/instance_id`, the same when the service asks again.
    #[getter]
    fn key(&self) -> String {
        self.0.key()
    }

    /// Graph's name of the stage that asks, such as `assignmentRequestCreated`.
    #[getter]
    fn stage(&self) -> &'static str {
        self.0.stage().as_str()
    }

    /// Whether it asks something: connection tests and callouts of the 2021 preview do not, and are
    /// not evaluated.
    #[getter]
    fn is_evaluated(&self) -> bool {
        self.0.is_evaluated()
    }

    /// Remarks on the payload.
    #[getter]
    fn notes(&self) -> Vec<Note> {
        self.0.notes().iter().map(Note::from).collect()
    }

    /// For how many seconds the service waits for an answer; None where it does not say.
    #[getter]
    fn timeout_seconds(&self) -> Option<u32> {
        self.0.timeout_seconds()
    }

    /// Until when an answer is taken.
    ///
    /// Args:
    ///     arrived: When the callout arrived, a datetime with a time zone.
    ///
    /// Returns:
    ///     The instant, in UTC; None where the callout does not say.
    ///
    /// Raises:
    ///     TypeError: `arrived` is not a datetime.
    ///     ValueError: `arrived` has no time zone.
    fn deadline<'py>(
        &self,
        py: Python<'py>,
        arrived: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let until = self.0.deadline(instant(py, Some(arrived))?);
        until.map(|until| datetime(py, until)).transpose()
    }

    /// The canonical document, which policies see: Graph's v1.0 form of the payload's data.
    ///
    /// Returns:
    ///     The document as a dict.
    fn document<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, self.0.document())
    }

    /// The payload as it was given; of a mapping, its JSON text.
    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.bytes())
    }

    /// It is pickled as its payload.
    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((slf.getattr("parse")?, (slf.get().__bytes__(slf.py()),)))
    }

    fn __repr__(&self) -> String {
        shown(
            "Callout",
            &format!("{} at {}", self.0.key(), self.0.stage()),
        )
    }
}
