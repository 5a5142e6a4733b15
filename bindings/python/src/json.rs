//! Python's values as JSON text.

use std::io::Write as _;

use admit::{Error, ErrorKind};
use pyo3::{
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple},
};
use serde_json::Value;

use crate::{error::exception, python::type_name};

/// Deepest nesting that is written; what nests deeper may be a cycle. All that reads has a lower
/// bound.
const MAX_DEPTH: usize = 126;

/// Why a value has no JSON text.
pub(crate) enum Problem {
    /// It is not JSON.
    NotJson {
        /// JSON pointer of what is not.
        place: String,
        /// What is wrong with it.
        detail: String,
        /// Whether it nests too deep.
        is_deep: bool,
    },
    /// Looking at it raised an exception.
    Raised(PyErr),
}

impl Problem {
    fn new(detail: impl Into<String>) -> Self {
        Self::NotJson {
            place: String::new(),
            detail: detail.into(),
            is_deep: false,
        }
    }

    /// The same, inside of this member or item.
    fn within(mut self, name: &str) -> Self {
        if let Self::NotJson { place, .. } = &mut self {
            let name = name.replace('~', "~0").replace('/', "~1");
            place.insert_str(0, &name);
            place.insert(0, '/');
        }
        self
    }

    /// The exception: of one kind where it nests too deep, of another where it is not JSON; at a
    /// place of this beginning.
    pub(crate) fn raise(
        self,
        py: Python<'_>,
        deep: ErrorKind,
        other: ErrorKind,
        at: &str,
    ) -> PyErr {
        match self {
            Self::Raised(error) => error,
            Self::NotJson {
                place,
                detail,
                is_deep,
            } => {
                let error = Error::new(if is_deep { deep } else { other }, detail);
                let place = format!("{at}{place}");
                exception(
                    py,
                    &if place.is_empty() {
                        error
                    } else {
                        error.at(place)
                    },
                )
            }
        }
    }
}

impl From<PyErr> for Problem {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

/// A value as JSON text without spaces, members in their order.
///
/// None, booleans, integers of up to 64 bits, finite floats, strings without lone surrogates, lists,
/// tuples, and mappings with strings as keys.
pub(crate) fn text(value: &Bound<'_, PyAny>) -> Result<String, Problem> {
    let mut out = Vec::new();
    write(value, &mut out, MAX_DEPTH)?;
    String::from_utf8(out).map_err(|error| Problem::new(error.to_string()))
}

/// The same as a value.
pub(crate) fn value(value: &Bound<'_, PyAny>) -> Result<Value, Problem> {
    serde_json::from_str(&text(value)?).map_err(|error| Problem::new(error.to_string()))
}

fn write(value: &Bound<'_, PyAny>, out: &mut Vec<u8>, levels: usize) -> Result<(), Problem> {
    if let Ok(text) = value.cast::<PyString>() {
        return write_text(text, out);
    }
    if let Ok(members) = value.cast::<PyDict>() {
        // A copy, since what runs in between may change it.
        return write_members(&members.items(), out, below(levels)?);
    }
    if value.is_none() {
        out.extend_from_slice(b"null");
    } else if let Ok(flag) = value.cast::<PyBool>() {
        let text: &[u8] = if flag.is_true() { b"true" } else { b"false" };
        out.extend_from_slice(text);
    } else if let Ok(number) = value.cast::<PyInt>() {
        write_integer(number, out)?;
    } else if let Ok(number) = value.cast::<PyFloat>() {
        let number = serde_json::Number::from_f64(number.value())
            .ok_or_else(|| Problem::new("a number that is not finite"))?;
        // Writing to memory cannot fail.
        let _ = write!(out, "{number}");
    } else if let Ok(items) = value.cast::<PyList>() {
        write_items(items.iter(), out, below(levels)?)?;
    } else if let Ok(items) = value.cast::<PyTuple>() {
        write_items(items.iter(), out, below(levels)?)?;
    } else if let Ok(members) = value.cast::<PyMapping>() {
        write_members(&members.items()?, out, below(levels)?)?;
    } else {
        let kind = type_name(value);
        return Err(Problem::new(format!(
            "a value of type {kind}, which JSON does not have"
        )));
    }
    Ok(())
}

/// The levels that are left inside of a list or a mapping.
fn below(levels: usize) -> Result<usize, Problem> {
    levels.checked_sub(1).ok_or_else(|| Problem::NotJson {
        place: String::new(),
        detail: format!("nested more than {MAX_DEPTH} deep, or within itself"),
        is_deep: true,
    })
}

fn write_text(text: &Bound<'_, PyString>, out: &mut Vec<u8>) -> Result<(), Problem> {
    let text = text
        .to_str()
        .map_err(|_| Problem::new("a lone surrogate, which is no character"))?;
    serde_json::to_writer(out, text).map_err(|error| Problem::new(error.to_string()))
}

fn write_integer(number: &Bound<'_, PyInt>, out: &mut Vec<u8>) -> Result<(), Problem> {
    // Writing to memory cannot fail.
    let _ = if let Ok(number) = number.extract::<i64>() {
        write!(out, "{number}")
    } else if let Ok(number) = number.extract::<u64>() {
        write!(out, "{number}")
    } else {
        return Err(Problem::new("an integer of more than 64 bits"));
    };
    Ok(())
}

fn write_items<'py>(
    items: impl Iterator<Item = Bound<'py, PyAny>>,
    out: &mut Vec<u8>,
    levels: usize,
) -> Result<(), Problem> {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(&item, out, levels).map_err(|problem| problem.within(&index.to_string()))?;
    }
    out.push(b']');
    Ok(())
}

fn write_members(
    members: &Bound<'_, PyList>,
    out: &mut Vec<u8>,
    levels: usize,
) -> Result<(), Problem> {
    out.push(b'{');
    for (index, member) in members.iter().enumerate() {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = member.extract()?;
        if index > 0 {
            out.push(b',');
        }
        let Ok(name) = name.cast::<PyString>() else {
            let kind = type_name(&name);
            return Err(Problem::new(format!(
                "a key of type {kind}; keys are strings"
            )));
        };
        write_text(name, out)?;
        out.push(b':');
        write(&value, out, levels).map_err(|problem| problem.within(&name.to_string_lossy()))?;
    }
    out.push(b'}');
    Ok(())
}
