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

/// Longest text that is written of settings and of a mapping of facts, in bytes.
pub(crate) const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Why a value has no JSON text.
pub(crate) enum Problem {
    /// It is not JSON.
    NotJson {
        /// JSON pointer of what is not.
        place: String,
        /// What is wrong with it.
        detail: String,
        /// Whether it nests too deep or is too long.
        is_limit: bool,
    },
    /// Looking at it raised an exception.
    Raised(PyErr),
}

impl Problem {
    fn new(detail: impl Into<String>) -> Self {
        Self::NotJson {
            place: String::new(),
            detail: detail.into(),
            is_limit: false,
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

    /// The exception: of one kind where it nests too deep or is too long, of another where it is not
    /// JSON; at a place of this beginning.
    pub(crate) fn raise(
        self,
        py: Python<'_>,
        limit: ErrorKind,
        other: ErrorKind,
        at: &str,
    ) -> PyErr {
        match self {
            Self::Raised(error) => error,
            Self::NotJson {
                place,
                detail,
                is_limit,
            } => {
                let error = Error::new(if is_limit { limit } else { other }, detail);
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
/// tuples, and mappings with strings as keys. What comes to more bytes than these is refused before it
/// is written: a list that has another one twice, and so on, doubles with each level.
pub(crate) fn text(value: &Bound<'_, PyAny>, longest: usize) -> Result<String, Problem> {
    let mut out = Out {
        text: Vec::new(),
        longest,
    };
    write(value, &mut out, MAX_DEPTH)?;
    String::from_utf8(out.text).map_err(|error| Problem::new(error.to_string()))
}

/// The same as a value.
pub(crate) fn value(value: &Bound<'_, PyAny>) -> Result<Value, Problem> {
    serde_json::from_str(&text(value, MAX_BYTES)?).map_err(|error| Problem::new(error.to_string()))
}

/// Text that is written, and how long it may become.
struct Out {
    text: Vec<u8>,
    longest: usize,
}

fn write(value: &Bound<'_, PyAny>, out: &mut Out, levels: usize) -> Result<(), Problem> {
    if out.text.len() > out.longest {
        return Err(limit(format!("more than {} bytes", out.longest)));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return write_text(text, out);
    }
    if let Ok(members) = value.cast::<PyDict>() {
        // A copy, since what runs in between may change it.
        return write_members(&members.items(), out, below(levels)?);
    }
    if value.is_none() {
        out.text.extend_from_slice(b"null");
    } else if let Ok(flag) = value.cast::<PyBool>() {
        let text: &[u8] = if flag.is_true() { b"true" } else { b"false" };
        out.text.extend_from_slice(text);
    } else if let Ok(number) = value.cast::<PyInt>() {
        write_integer(number, out)?;
    } else if let Ok(number) = value.cast::<PyFloat>() {
        let number = serde_json::Number::from_f64(number.value())
            .ok_or_else(|| Problem::new("a number that is not finite"))?;
        // Writing to memory cannot fail.
        let _ = write!(out.text, "{number}");
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
    let deep = || {
        limit(format!(
            "nested more than {MAX_DEPTH} deep, or within itself"
        ))
    };
    levels.checked_sub(1).ok_or_else(deep)
}

fn limit(detail: String) -> Problem {
    Problem::NotJson {
        place: String::new(),
        detail,
        is_limit: true,
    }
}

fn write_text(text: &Bound<'_, PyString>, out: &mut Out) -> Result<(), Problem> {
    let text = text
        .to_str()
        .map_err(|_| Problem::new("a lone surrogate, which is no character"))?;
    serde_json::to_writer(&mut out.text, text).map_err(|error| Problem::new(error.to_string()))
}

fn write_integer(number: &Bound<'_, PyInt>, out: &mut Out) -> Result<(), Problem> {
    // Writing to memory cannot fail.
    let _ = if let Ok(number) = number.extract::<i64>() {
        write!(out.text, "{number}")
    } else if let Ok(number) = number.extract::<u64>() {
        write!(out.text, "{number}")
    } else {
        return Err(Problem::new("an integer of more than 64 bits"));
    };
    Ok(())
}

fn write_items<'py>(
    items: impl Iterator<Item = Bound<'py, PyAny>>,
    out: &mut Out,
    levels: usize,
) -> Result<(), Problem> {
    out.text.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.text.push(b',');
        }
        write(&item, out, levels).map_err(|problem| problem.within(&index.to_string()))?;
    }
    out.text.push(b']');
    Ok(())
}

fn write_members(members: &Bound<'_, PyList>, out: &mut Out, levels: usize) -> Result<(), Problem> {
    out.text.push(b'{');
    for (index, member) in members.iter().enumerate() {
        let Ok((name, value)) = member.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() else {
            return Err(Problem::new("a mapping whose items are not pairs"));
        };
        if index > 0 {
            out.text.push(b',');
        }
        let Ok(name) = name.cast::<PyString>() else {
            let kind = type_name(&name);
            return Err(Problem::new(format!(
                "a key of type {kind}; keys are strings"
            )));
        };
        write_text(name, out)?;
        out.text.push(b':');
        write(&value, out, levels).map_err(|problem| problem.within(&name.to_string_lossy()))?;
    }
    out.text.push(b'}');
    Ok(())
}
