//! One value.

use std::{fmt, sync::Arc};

use admit_model::sorted_json;
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// One value of a collection: JSON, but not null. Cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Fact(Arc<(Value, String)>);

impl Fact {
    /// Longest JSON text of a value, in bytes.
    pub const MAX_BYTES: usize = 256 * 1024;
    /// Deepest nesting of a value: a record of it, in a report, can be read again.
    pub const MAX_DEPTH: usize = 64;

    /// A value; none for null, which says that there is no such key.
    ///
    /// # Errors
    ///
    /// Its JSON text is longer than [`MAX_BYTES`](Self::MAX_BYTES), or it is nested deeper than
    /// [`MAX_DEPTH`](Self::MAX_DEPTH).
    pub fn new(value: Value) -> Result<Option<Self>, FactError> {
        if value.is_null() {
            return Ok(None);
        }
        if is_deeper(&value, Self::MAX_DEPTH) {
            return Err(FactError::new(format!(
                "a value nested more than {} deep",
                Self::MAX_DEPTH
            )));
        }
        let text = sorted_json(&value);
        if text.len() > Self::MAX_BYTES {
            return Err(FactError::new(format!(
                "a value of {} bytes; at most {}",
                text.len(),
                Self::MAX_BYTES
            )));
        }
        Ok(Some(Self(Arc::new((value, text)))))
    }

    /// A value from JSON text; none for null.
    ///
    /// # Errors
    ///
    /// The text is not JSON, names a member twice, is too long or too deep.
    pub fn from_json(text: &str) -> Result<Option<Self>, FactError> {
        let Distinct(value) =
            serde_json::from_str(text).map_err(|error| FactError::new(error.to_string()))?;
        Self::new(value)
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.0.0
    }

    /// The value as JSON text, keys sorted, no spaces.
    pub fn text(&self) -> &str {
        &self.0.1
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values are about people.
        write!(f, "Fact({} bytes)", self.text().len())
    }
}

/// Whether a value has more levels of lists and objects than this.
fn is_deeper(value: &Value, levels: usize) -> bool {
    let Some(left) = levels.checked_sub(1) else {
        return value.is_array() || value.is_object();
    };
    match value {
        Value::Array(items) => items.iter().any(|item| is_deeper(item, left)),
        Value::Object(members) => members.values().any(|member| is_deeper(member, left)),
        _ => false,
    }
}

/// Why a source gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FactError(String);

impl FactError {
    /// An error with what happened.
    pub fn new(detail: impl Into<String>) -> Self {
        Self(detail.into())
    }
}

/// A JSON value none of whose objects names a member twice: the second would be another answer.
pub(super) struct Distinct(pub(super) Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Seed.deserialize(from).map(Self)
    }
}

struct Seed;

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(de::Error::custom(format_args!(
                    "the member `{name}` stands twice"
                )));
            }
            members.insert(name, map.next_value_seed(Self)?);
        }
        Ok(Value::Object(members))
    }
}
