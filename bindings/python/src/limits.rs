//! Limits.

use std::time::Duration;

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBool, PyDict, PyTuple},
};

use crate::error;

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

impl<'py> FromPyObject<'_, 'py> for Fuel {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match given.cast::<PyBool>() {
            Ok(flag) if !flag.is_true() => Ok(Self::Off),
            Ok(_) => Err(PyTypeError::new_err("fuel is a number, or False")),
            Err(_) => given.extract().map(Self::Metered),
        }
    }
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
        py: Python<'_>,
        fuel: Option<Fuel>,
        deadline: Option<f64>,
        memory: Option<u64>,
        stack: Option<usize>,
        concurrency: Option<u32>,
    ) -> PyResult<Self> {
        if let Some(seconds) = deadline {
            let time = Duration::try_from_secs_f64(seconds);
            if !time.is_ok_and(|time| !time.is_zero() && time < MAX_DEADLINE) {
                let detail = "deadline is not a number of seconds above 0 and below a day";
                return Err(error::set(py, "limits", detail));
            }
        }
        Ok(Self {
            fuel,
            deadline,
            memory,
            stack,
            concurrency,
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
