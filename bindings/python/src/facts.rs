//! Facts: Python's sources, files and databases, and what was recorded.

use std::{
    cell::RefCell,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use admit::{Error, ErrorKind, Fact, FactError, FactSource};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::PyTypeError,
    prelude::*,
    types::{PyMapping, PyString},
};

use crate::{
    error::{OrRaise as _, exception},
    json::{self, Problem},
    python::{datetime, is_exit, is_mapping, loads, member, quoted, shown, type_name},
};

/// The facts of a set, from a mapping of names to sources, and which of those are functions.
pub(crate) fn facts(given: Option<&Bound<'_, PyMapping>>) -> PyResult<(admit::Facts, Functions)> {
    let mut facts = admit::Facts::new();
    let mut functions = Functions::default();
    let Some(given) = given else {
        return Ok((facts, functions));
    };
    for item in given.items()?.iter() {
        let (name, source): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let Ok(name) = name.cast::<PyString>() else {
            let kind = type_name(&name);
            return Err(PyTypeError::new_err(format!(
                "facts are named by strings, not {kind}"
            )));
        };
        facts = with(facts, &mut functions, name.to_str()?, &source)?;
    }
    Ok((facts, functions))
}

/// The facts and one more collection.
fn with(
    facts: admit::Facts,
    functions: &mut Functions,
    name: &str,
    source: &Bound<'_, PyAny>,
) -> PyResult<admit::Facts> {
    let py = source.py();
    if let Ok(source) = source.cast::<JsonFacts>() {
        return Ok(facts.with(name, source.get().0.clone()));
    }
    if let Ok(source) = source.cast::<SqliteFacts>() {
        return Ok(facts.with(name, Shared(Arc::clone(&source.get().0))));
    }
    let is_mapping = is_mapping(source)?;
    // Before paths: what can be called may have `__fspath__` as well, as a mock has everything.
    if !is_mapping && source.is_callable() {
        let function = Arc::new(Function {
            collection: name.into(),
            function: source.clone().unbind(),
        });
        functions.0.push(Arc::clone(&function));
        return Ok(facts.with(name, Shared(function)));
    }
    if is_mapping || source.extract::<PathBuf>().is_ok() {
        return Ok(facts.with(name, JsonFacts::new(py, source)?.0));
    }
    let kind = type_name(source);
    Err(PyTypeError::new_err(format!(
        "the facts `{name}` are a mapping, the path of a JSON file, a function, JsonFacts or \
         SqliteFacts, not {kind}"
    )))
}

/// A source that a set does not have alone.
struct Shared<S>(Arc<S>);

impl<S: FactSource> FactSource for Shared<S> {
    fn lookup(&self, key: &str, deadline: Instant) -> Result<Option<Fact>, FactError> {
        self.0.lookup(key, deadline)
    }
}

/// The functions that a set asks, for Python's collector of cycles: one that refers to its own set keeps
/// it alive otherwise. They cannot be taken out; a cycle always has something that can be changed.
#[derive(Default)]
pub(crate) struct Functions(Vec<Arc<Function>>);

impl Functions {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Shows them to the collector. Nothing else owns them: each is one reference, and the set's.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        (self.0.iter()).try_for_each(|function| visit.call(&function.function))
    }
}

/// A function of Python's, as a source.
pub(crate) struct Function {
    collection: Box<str>,
    function: Py<PyAny>,
}

impl FactSource for Function {
    fn lookup(&self, key: &str, deadline: Instant) -> Result<Option<Fact>, FactError> {
        let closing = || FactError::new("the interpreter is shutting down");
        let _under_way = UnderWay::begin().ok_or_else(closing)?;
        let answer = Python::try_attach(|py| {
            self.ask(py, key, deadline)
                .map_err(|problem| match problem {
                    Problem::Raised(error) => self.raised(py, key, error),
                    Problem::NotJson { place, detail, .. } => {
                        let at = if place.is_empty() {
                            place
                        } else {
                            format!(" at {place}")
                        };
                        FactError::new(format!("it returned {detail}{at}"))
                    }
                })
        });
        match answer {
            Some(text) => match text? {
                Some(text) => Fact::from_json(&text),
                None => Ok(None),
            },
            None => Err(closing()),
        }
    }
}

impl Function {
    /// The value as JSON text; none for None.
    fn ask(&self, py: Python<'_>, key: &str, deadline: Instant) -> Result<Option<String>, Problem> {
        let function = self.function.bind(py);
        let context = CONTEXT.with_borrow(|context| Some(context.as_ref()?.clone_ref(py)));
        let mut value = match context {
            Some(context) => (context.bind(py)).call_method1("run", (function, key))?,
            None => function.call1((key,))?,
        };
        if value.hasattr(pyo3::intern!(py, "__await__"))? {
            let left = deadline.saturating_duration_since(Instant::now());
            let result = member!(py, "admit._aio", "result")?;
            value = result.call1((value, left.as_secs_f64()))?;
        }
        if value.is_none() {
            return Ok(None);
        }
        json::text(&value, Fact::MAX_BYTES).map(Some)
    }

    /// Keeps the exception for the report, and says it.
    fn raised(&self, py: Python<'_>, key: &str, error: PyErr) -> FactError {
        let said = FactError::new(error.to_string());
        let failure = Raised {
            collection: self.collection.clone(),
            key: key.into(),
            is_exit: is_exit(py, &error),
            error,
        };
        RAISED.with_borrow_mut(|raised| raised.push(failure));
        said
    }
}

/// An exception of a source.
pub(crate) struct Raised {
    collection: Box<str>,
    key: Box<str>,
    /// Whether it is one that ends programs, such as `KeyboardInterrupt`: no fault of the source.
    pub(crate) is_exit: bool,
    error: PyErr,
}

impl Raised {
    pub(crate) fn into_error(self) -> PyErr {
        self.error
    }
}

/// A lookup that is under way. The interpreter waits for it when the program ends: a thread that comes
/// back to an interpreter that is gone would end the process with a crash.
struct UnderWay(());

/// How many lookups are under way.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
/// Whether the program is ending.
static CLOSING: AtomicBool = AtomicBool::new(false);

impl UnderWay {
    /// None when the program is ending.
    fn begin() -> Option<Self> {
        UNDER_WAY.fetch_add(1, SeqCst);
        let under_way = Self(());
        (!CLOSING.load(SeqCst)).then_some(under_way)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, SeqCst);
    }
}

/// Begins no more lookups, and waits for those that are under way, but not for ever.
#[pyfunction]
pub(crate) fn close(py: Python<'_>) {
    const LONGEST: Duration = Duration::from_secs(5);
    CLOSING.store(true, SeqCst);
    py.detach(|| {
        let begun = Instant::now();
        while UNDER_WAY.load(SeqCst) > 0 && begun.elapsed() < LONGEST {
            thread::sleep(Duration::from_millis(1));
        }
    });
}

/// A copy of the context variables that a thread sees, for another thread that asks sources.
pub(crate) fn copy_context(py: Python<'_>) -> PyResult<Py<PyAny>> {
    let context = member!(py, "contextvars", "copy_context")?.call0()?;
    Ok(context.unbind())
}

/// Does something, such as many evaluations, on a thread that Python does not know, within the context
/// that another one sees. The thread stays the same one to Python meanwhile.
pub(crate) fn within<R: Send>(context: Py<PyAny>, work: impl FnOnce() -> R + Send) -> Option<R> {
    Python::try_attach(|py| {
        let outer = CONTEXT.replace(Some(context));
        let result = py.detach(work);
        CONTEXT.set(outer);
        result
    })
}

thread_local! {
    /// The context that sources are asked in; none for that of the thread.
    static CONTEXT: RefCell<Option<Py<PyAny>>> = const { RefCell::new(None) };
    /// What the sources raised in the evaluation that this thread is in.
    static RAISED: RefCell<Vec<Raised>> = const { RefCell::new(Vec::new()) };
}

/// Does something, and gives what sources raised meanwhile on this thread.
pub(crate) fn raised_while<R>(evaluate: impl FnOnce() -> R) -> (R, Vec<Raised>) {
    // A source may evaluate, too.
    let outer = RAISED.take();
    let result = evaluate();
    (result, RAISED.replace(outer))
}

/// A lookup that raised an exception: the policy's evaluation became a fault by it.
#[pyclass(frozen, get_all, module = "admit")]
pub(crate) struct FactFailure {
    /// The collection that was asked.
    collection: String,
    /// The key that it was asked for.
    key: String,
    /// What its function raised, with its traceback.
    exception: Py<PyAny>,
}

impl FactFailure {
    pub(crate) fn new(py: Python<'_>, raised: Raised) -> Self {
        Self {
            collection: raised.collection.into(),
            key: raised.key.into(),
            exception: raised.error.into_value(py).into_any(),
        }
    }
}

#[pymethods]
impl FactFailure {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.exception)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let exception = self.exception.bind(py).repr()?;
        let says = format!("{} of {}: {exception}", self.collection, self.key);
        Ok(shown("FactFailure", &says))
    }
}

/// Facts that are all in memory: a JSON object, whose members' names are the keys.
///
/// Read once, when it is made. Keys that are GUIDs are found in every spelling; a value that is None or
/// null says that there is no such key. Immutable, and shared by sets and threads.
///
/// Args:
///     source: A mapping of keys to values, or the path of a file that holds one JSON object.
///
/// Raises:
///     FactSourceError: The file cannot be read or is no such object, or a value is not JSON.
///     TypeError: `source` is of another type.
#[pyclass(frozen, module = "admit")]
pub(crate) struct JsonFacts(admit::JsonFacts);

#[pymethods]
impl JsonFacts {
    #[new]
    fn new(py: Python<'_>, source: &Bound<'_, PyAny>) -> PyResult<Self> {
        const KIND: ErrorKind = ErrorKind::FactSource;
        if is_mapping(source)? {
            let value = json::value(source).map_err(|problem| problem.raise(py, KIND, KIND, ""))?;
            return admit::JsonFacts::new(value).map(Self).or_raise(py);
        }
        let Ok(path) = source.extract::<PathBuf>() else {
            let kind = type_name(source);
            return Err(PyTypeError::new_err(format!(
                "JSON facts are a mapping or a path, not {kind}"
            )));
        };
        let facts = py.detach(|| admit::JsonFacts::from_file(path));
        facts.map(Self).or_raise(py)
    }

    fn __repr__(&self) -> String {
        // Keys and values are about people.
        format!("<admit.{:?}>", self.0)
    }
}

/// Facts from an SQLite database, asked at each lookup.
///
/// The database is opened for reading only. A row becomes an object with a member for each column.
/// Immutable, and shared by sets and threads.
///
/// Args:
///     path: The database.
///     query: A query that only reads, with the one parameter `?1`, the key.
///     json_columns: Columns whose text is JSON, such as what `json_group_array` gives.
///
/// Raises:
///     FactSourceError: The database or the query cannot be used.
#[pyclass(frozen, module = "admit")]
pub(crate) struct SqliteFacts(Arc<admit::SqliteFacts>);

#[pymethods]
impl SqliteFacts {
    #[new]
    #[pyo3(signature = (path, query, *, json_columns=None))]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        query: &str,
        json_columns: Option<Vec<String>>,
    ) -> PyResult<Self> {
        let facts = py.detach(|| {
            admit::SqliteFacts::open(path, query)?
                .with_json_columns(json_columns.iter().flatten().map(String::as_str))
        });
        facts.map(|facts| Self(Arc::new(facts))).or_raise(py)
    }

    fn __repr__(&self) -> String {
        format!("<admit.{:?}>", self.0)
    }
}

/// Collection, key and value of a lookup.
type Answered<'py> = (String, String, Option<Bound<'py, PyAny>>);

/// Every lookup of one evaluation with its answer, to evaluate the same callout again without sources.
///
/// `Report.facts` gives it. Immutable, and shared by threads.
#[pyclass(frozen, module = "admit")]
pub(crate) struct RecordedFacts(pub(crate) admit::RecordedFacts);

#[pymethods]
impl RecordedFacts {
    /// Reads the record of a report.
    ///
    /// Args:
    ///     text: A report's JSON text with its evidence, as `Report.to_json(evidence=True)` gives it.
    ///
    /// Returns:
    ///     The record.
    ///
    /// Raises:
    ///     FactRecordError: It is not such a report, or is redacted.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Self> {
        let refused = || {
            let detail = "not UTF-8; give a report that carries its evidence";
            exception(py, &Error::new(ErrorKind::FactRecord, detail))
        };
        let recorded = if let Ok(text) = text.cast::<PyString>() {
            admit::RecordedFacts::from_json(text.to_str().map_err(|_| refused())?)
        } else {
            let bytes: &[u8] = text.extract().map_err(|_| {
                let kind = type_name(text);
                PyTypeError::new_err(format!("a report is a string or bytes, not {kind}"))
            })?;
            admit::RecordedFacts::from_json(str::from_utf8(bytes).map_err(|_| refused())?)
        };
        recorded.map(Self).or_raise(py)
    }

    /// The lookups that were answered.
    ///
    /// Returns:
    ///     Of each lookup its collection, its key and its value, None where there was no such key, in
    ///     the order of collection and key. Lookups that failed are left out; the report has them.
    fn answers<'py>(&self, py: Python<'py>) -> PyResult<Vec<Answered<'py>>> {
        let answered = self.0.iter().filter_map(|recorded| {
            let fact = recorded.answer().ok()?;
            let value = fact.map(|fact| loads(py, fact.text())).transpose();
            let (collection, key) = (recorded.collection(), recorded.key());
            Some(value.map(|value| (collection.to_owned(), key.to_owned(), value)))
        });
        answered.collect()
    }

    /// The instant of the evaluation that it is of, a datetime in UTC; None where only lookups were read.
    #[getter]
    fn now<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let now = self.0.now();
        now.map(|now| datetime(py, now)).transpose()
    }

    /// Ids of the policies that were cut short, by their deadline or for want of an instance: that
    /// depends on the machine, and such an evaluation cannot be repeated.
    #[getter]
    fn cut_short(&self) -> Vec<String> {
        self.0.cut_short().map(str::to_owned).collect()
    }

    fn __len__(&self) -> usize {
        self.0.iter().count()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<Self>();
        other.is_ok_and(|other| other.get().0 == self.0)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let lookups = self.0.iter().map(|recorded| {
            let key = quoted(py, recorded.key())?;
            Ok(format!("{}[{key}]", recorded.collection()))
        });
        let lookups = lookups.collect::<PyResult<Vec<_>>>()?;
        Ok(shown("RecordedFacts", &lookups.join(", ")))
    }
}
