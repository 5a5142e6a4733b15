//! Facts that are all in memory: a JSON object, from a file or from code.

use std::{collections::BTreeMap, fmt, fs, path::Path, time::Instant};

use admit_model::{Error, ErrorKind, guid};
use serde_json::Value;

use super::{
    FactSource,
    fact::{Distinct, Fact, FactError},
};

/// Facts from a JSON object: its members' names are the keys. Read once, when it is made.
#[derive(Clone)]
pub struct JsonFacts(BTreeMap<String, Option<Fact>>);

impl JsonFacts {
    /// Facts from a file that holds one JSON object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FactSource`]: it cannot be read, is not JSON in UTF-8, names a member twice, or
    /// what [`new`](Self::new) refuses.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            Error::new(ErrorKind::FactSource, format!("cannot be read: {error}"))
                .at(shown.to_string())
                .caused_by(error)
        })?;
        let value = read(&text, ErrorKind::FactSource, |line, column| {
            format!("{shown}:{line}:{column}")
        })?;
        Self::new(value).map_err(|error| error.within(&shown.to_string()))
    }

    /// Facts from the text of one JSON object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FactSource`]: it is not JSON, names a member twice, or what
    /// [`new`](Self::new) refuses.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Self::new(from_text(text, ErrorKind::FactSource)?)
    }

    /// Facts from a JSON object. A member that is null is no key. Keys that are GUIDs are found in
    /// every spelling.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FactSource`]: it is not an object, a value is longer than
    /// [`Fact::MAX_BYTES`], or two keys are the same GUID.
    pub fn new(value: Value) -> Result<Self, Error> {
        let Value::Object(members) = value else {
            return Err(Error::new(
                ErrorKind::FactSource,
                "not a JSON object; facts are an object, key -> value",
            ));
        };
        let mut facts = BTreeMap::new();
        for (name, value) in members {
            let place = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            let wrong = |detail: String| Error::new(ErrorKind::FactSource, detail).at(&place);
            let fact = Fact::new(value).map_err(|error| wrong(error.to_string()))?;
            let key = guid(&name).unwrap_or(name);
            // A null counts here: it would say that the other is not there.
            if facts.insert(key, fact).is_some() {
                return Err(wrong("the same GUID as another key".into()));
            }
        }
        Ok(Self(facts))
    }
}

impl FactSource for JsonFacts {
    fn lookup(&self, key: &str, _deadline: Instant) -> Result<Option<Fact>, FactError> {
        Ok(self.0.get(key).cloned().flatten())
    }
}

impl fmt::Debug for JsonFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys and values are about people.
        write!(f, "JsonFacts({} keys)", self.0.values().flatten().count())
    }
}

/// JSON text of which no object names a member twice; an error of this kind otherwise.
pub(crate) fn from_text(text: &str, kind: ErrorKind) -> Result<Value, Error> {
    read(text, kind, |line, column| {
        format!("line {line} column {column}")
    })
}

/// The same, with how a place in the text is said.
fn read(
    text: &str,
    kind: ErrorKind,
    place: impl FnOnce(usize, usize) -> String,
) -> Result<Value, Error> {
    let Distinct(value) = serde_json::from_str(text).map_err(|error| {
        // serde_json's message ends in the place, which is said in front here.
        let said = format!(" at line {} column {}", error.line(), error.column());
        Error::new(kind, error.to_string().replace(&said, ""))
            .at(place(error.line(), error.column()))
    })?;
    Ok(value)
}
