//! Limits.

use std::time::Duration;

use pyo3::{
    prelude::*,
    types::{PyBool, PyDict, PyTuple},
};

use crate::{error, python::number};

/// What an evaluation may use: of a set, for every policy, or of one policy, where it differs.
///
/// Args:
///     fuel: Instructions, roughly, that one evaluation of a policy may execute; the same inputs always
///         use the same. False turns metering off. Default 50,000,000.
///     deadline: Wall-clock time of one policy's evaluation, in seconds; the backstop behind fuel.
///         Waiting for an instance and for facts counts. Default 0.25.
///     memory: Linear memory of one instance, in bytes. Default 16 MiB.
///     stack: Stack of one instance, in bytes; of a set only. Default 512 KiB.
///     concurrency: Instances that exist at once; of a set only. Default 64.
///
/// What is left out, or None, is the default, or for a policy what the set says.
///
/// Raises:
///     SetError: A limit that cannot be.
///     TypeError: A limit of another type.
#[pyclass(frozen, get_all, eq, module = "admit")]
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Limits {
    /// Instructions, roughly; False where metering is off, None where it is left out.
    fuel: Option<Fuel>,
    /// Seconds; None where it is left out.
    deadline: Option<f64>,
    /// Bytes; None where it is left out.
    memory: Option<u64>,
    /// Bytes; None where it is left out.
    stack: Option<usize>,
    /// Instances; None where it is left out.
    concurrency: Option<u32>,
}

/// A number of instructions, or none.
#[derive(Clone, Copy, PartialEq)]
enum Fuel {
    Metered(u64),
    Off,
}

impl<'py> IntoPyObject<'py> for &Fuel {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Fuel::Metered(fuel) => Ok(fuel.into_pyobject(py)?.into_any()),
            Fuel::Off => Ok(PyBool::new(py, false).to_owned().into_any()),
        }
    }
}

#[pymethods]
impl Limits {
    #[new]
    #[pyo3(signature = (*, fuel=None, deadline=None, memory=None, stack=None, concurrency=None))]
    fn new(
        fuel: Option<&Bound<'_, PyAny>>,
        deadline: Option<&Bound<'_, PyAny>>,
        memory: Option<&Bound<'_, PyAny>>,
        stack: Option<&Bound<'_, PyAny>>,
        concurrency: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            fuel: fuel.map(self::fuel).transpose()?,
            deadline: deadline.map(self::deadline).transpose()?,
            memory: limit("memory", memory)?,
            stack: limit("stack", stack)?,
            concurrency: limit("concurrency", concurrency)?,
        })
    }

    /// For `pickle`: arguments of the constructor.
    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let named = PyDict::new(py);
        named.set_item("fuel", self.fuel.as_ref())?;
        named.set_item("deadline", self.deadline)?;
        named.set_item("memory", self.memory)?;
        named.set_item("stack", self.stack)?;
        named.set_item("concurrency", self.concurrency)?;
        Ok((PyTuple::empty(py), named))
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        let of_each = (self.fuel.as_ref(), self.deadline, self.memory);
        let of_sets = (self.stack, self.concurrency);
        (of_each, of_sets).into_pyobject(py)?.hash()
    }

    fn __repr__(&self) -> String {
        let fuel = self.fuel.map(|fuel| match fuel {
            Fuel::Metered(fuel) => fuel.to_string(),
            Fuel::Off => "False".into(),
        });
        let given = [
            ("fuel", fuel),
            (
                "deadline",
                self.deadline.map(|seconds| format!("{seconds:?}")),
            ),
            ("memory", self.memory.map(|bytes| bytes.to_string())),
            ("stack", self.stack.map(|bytes| bytes.to_string())),
            (
                "concurrency",
                self.concurrency.map(|count| count.to_string()),
            ),
        ];
        let given = given.into_iter().filter_map(|(name, value)| {
            let value = value?;
            Some(format!("{name}={value}"))
        });
        format!("Limits({})", given.collect::<Vec<_>>().join(", "))
    }
}

/// A limit that is given as a number, none where it is left out.
fn limit<'py, T>(name: &str, given: Option<&Bound<'py, PyAny>>) -> PyResult<Option<T>>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    let Some(given) = given else { return Ok(None) };
    let number = number(name, given)?;
    let number = number.ok_or_else(|| cannot_be(given, name, "below 0, or too large"))?;
    Ok(Some(number))
}

fn fuel(given: &Bound<'_, PyAny>) -> PyResult<Fuel> {
    if given.cast::<PyBool>().is_ok_and(|flag| !flag.is_true()) {
        return Ok(Fuel::Off);
    }
    let fuel = number("fuel", given)?;
    fuel.map(Fuel::Metered)
        .ok_or_else(|| cannot_be(given, "fuel", "below 0, or too large"))
}

fn deadline(given: &Bound<'_, PyAny>) -> PyResult<f64> {
    let seconds = number("deadline", given)?.filter(|seconds| {
        let time = Duration::try_from_secs_f64(*seconds);
        time.is_ok_and(|time| !time.is_zero() && time < MAX_DEADLINE)
    });
    seconds.ok_or_else(|| {
        let detail = "not a number of seconds above 0 and below a day";
        cannot_be(given, "deadline", detail)
    })
}

fn cannot_be(given: &Bound<'_, PyAny>, name: &str, detail: &str) -> PyErr {
    error::set(given.py(), &format!("limits.{name}"), detail)
}

/// What is no deadline any more.
const MAX_DEADLINE: Duration = Duration::from_secs(86_400);

impl Limits {
    /// The limits of a set.
    pub(crate) fn of_set(&self) -> admit::Limits {
        let default = admit::Limits::default();
        admit::Limits {
            fuel: self.fuel(default.fuel),
            deadline: self.deadline(default.deadline),
            memory: self.memory.unwrap_or(default.memory),
            stack: self.stack.unwrap_or(default.stack),
            concurrency: self.concurrency.unwrap_or(default.concurrency),
        }
    }

    /// The limits of one of its policies.
    pub(crate) fn of_policy(&self, set: &admit::Limits) -> admit::PolicyLimits {
        admit::PolicyLimits {
            fuel: self.fuel(set.fuel),
            deadline: self.deadline(set.deadline),
            memory: self.memory.unwrap_or(set.memory),
        }
    }

    /// What a set has, and one policy cannot have for itself.
    pub(crate) fn of_sets_only(&self) -> Option<&'static str> {
        match self {
            Self { stack: Some(_), .. } => Some("stack"),
            Self {
                concurrency: Some(_),
                ..
            } => Some("concurrency"),
            _ => None,
        }
    }

    fn fuel(&self, default: Option<u64>) -> Option<u64> {
        match self.fuel {
            None => default,
            Some(Fuel::Metered(fuel)) => Some(fuel),
            Some(Fuel::Off) => None,
        }
    }

    fn deadline(&self, default: Duration) -> Duration {
        let given = self.deadline.map(Duration::try_from_secs_f64);
        given.and_then(Result::ok).unwrap_or(default)
    }
}
