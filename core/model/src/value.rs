//! Values of settings and facts, read as the contract with policies says.

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;

use crate::{
    id,
    pointer::{PointerError, find},
};

/// Why a value cannot be read as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// The pointer is malformed.
    Pointer(PointerError),
    /// The value is something else than what was asked for.
    Type {
        /// Where it stands.
        pointer: String,
        /// What was asked for.
        wanted: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// An object has fewer members.
    Member {
        /// Where the object stands.
        pointer: String,
        /// Which member was asked for.
        index: u32,
        /// How many it has.
        count: usize,
    },
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pointer(error) => error.fmt(f),
            Self::Type {
                pointer,
                wanted,
                found,
            } => write!(f, "{found} at `{pointer}`, where {wanted} was asked for"),
            Self::Member {
                pointer,
                index,
                count,
            } => write!(f, "member {index} of `{pointer}`, which has {count}"),
        }
    }
}

impl std::error::Error for ValueError {}

/// A JSON value of settings or of a fact, its objects sorted by name
/// ([`Value::sort_all_objects`], which does something only where a host's serde_json keeps order).
///
/// Each reader gives none where the place is absent or null, and an error where something else
/// stands there than what was asked for.
#[derive(Clone, Copy, Debug)]
pub struct ValueReader<'v>(pub &'v Value);

type Read<T> = Result<Option<T>, ValueError>;

impl<'v> ValueReader<'v> {
    /// A string.
    ///
    /// # Errors
    ///
    /// See [`ValueError`]; so for the others.
    pub fn text(self, pointer: &str) -> Read<&'v str> {
        self.read(pointer, "a string", Value::as_str)
    }

    /// A GUID, in Graph's spelling.
    ///
    /// # Errors
    ///
    /// See [`ValueError`].
    pub fn guid(self, pointer: &str) -> Read<String> {
        self.read(pointer, "a GUID", |value| id::guid(value.as_str()?))
    }

    /// A date-time in seconds; see [`timestamp`].
    ///
    /// # Errors
    ///
    /// See [`ValueError`].
    pub fn timestamp(self, pointer: &str) -> Read<i64> {
        self.read(
            pointer,
            "a date-time with an offset, such as 2026-12-24T18:00:00+01:00,",
            |value| timestamp(value.as_str()?),
        )
    }

    /// A boolean.
    ///
    /// # Errors
    ///
    /// See [`ValueError`].
    pub fn flag(self, pointer: &str) -> Read<bool> {
        self.read(pointer, "a boolean", Value::as_bool)
    }

    /// A number without fraction, within ±(2^53 - 1): what every language holds exactly.
    ///
    /// # Errors
    ///
    /// See [`ValueError`].
    pub fn integer(self, pointer: &str) -> Read<i64> {
        const EXACT: i64 = (1 << 53) - 1;
        self.read(pointer, "an integer within ±(2^53 - 1)", |value| {
            value
                .as_i64()
                .filter(|number| (-EXACT..=EXACT).contains(number))
        })
    }

    /// Any number.
    ///
    /// # Errors
    ///
    /// See [`ValueError`].
    pub fn number(self, pointer: &str) -> Read<f64> {
        self.read(pointer, "a number", Value::as_f64)
    }

    /// How many items an array, or members an object has.
    ///
    /// # Errors
    ///
    /// See [`ValueError`].
    pub fn count(self, pointer: &str) -> Read<u32> {
        self.read(pointer, "an array or an object", |value| {
            let count = match value {
                Value::Array(items) => items.len(),
                Value::Object(members) => members.len(),
                _ => return None,
            };
            u32::try_from(count).ok()
        })
    }

    /// How many items an array has.
    ///
    /// # Errors
    ///
    /// See [`ValueError`].
    pub fn length(self, pointer: &str) -> Read<u32> {
        self.read(pointer, "an array", |value| {
            u32::try_from(value.as_array()?.len()).ok()
        })
    }

    /// The name of an object's member by its place, in the order of the names' bytes.
    ///
    /// # Errors
    ///
    /// See [`ValueError`].
    pub fn key(self, pointer: &str, index: u32) -> Read<&'v str> {
        let Some(members) = self.read(pointer, "an object", Value::as_object)? else {
            return Ok(None);
        };
        let key = usize::try_from(index)
            .ok()
            .and_then(|at| members.keys().nth(at));
        key.map(|key| Some(key.as_str()))
            .ok_or_else(|| ValueError::Member {
                pointer: pointer.into(),
                index,
                count: members.len(),
            })
    }

    fn read<T>(
        self,
        pointer: &str,
        wanted: &'static str,
        read: impl FnOnce(&'v Value) -> Option<T>,
    ) -> Read<T> {
        match find(self.0, pointer).map_err(ValueError::Pointer)? {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| ValueError::Type {
                pointer: pointer.into(),
                wanted,
                found: match value {
                    Value::Null => "null",
                    Value::Bool(_) => "a boolean",
                    Value::Number(_) => "a number",
                    Value::String(_) => "a string",
                    Value::Array(_) => "an array",
                    Value::Object(_) => "an object",
                },
            }),
        }
    }
}

/// JSON text with keys sorted by their bytes and no spaces, in whatever order the value keeps
/// them.
pub fn sorted_json(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(name.clone()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// Seconds since 1970-01-01T00:00:00Z, rounded down, of RFC 3339 text with an offset or `Z`, or of
/// a date alone, which means midnight UTC. None for any other text: an offset is never guessed.
pub fn timestamp(text: &str) -> Option<i64> {
    // jiff reads more than RFC 3339: other separators, zone names, years of six digits.
    let (date, rest) = text.split_at_checked(10)?;
    if !has_shape(date, "0000-00-00") {
        return None;
    }
    if rest.is_empty() {
        let date: Date = date.parse().ok()?;
        return Some(seconds(date.to_zoned(TimeZone::UTC).ok()?.timestamp()));
    }
    let (time, rest) = rest.split_at_checked(9)?;
    if !has_shape(time, "T00:00:00") {
        return None;
    }
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => {
            let after = fraction.trim_start_matches(|char: char| char.is_ascii_digit());
            if after.len() == fraction.len() {
                return None;
            }
            after
        }
        None => rest,
    };
    if !["Z", "+00:00", "-00:00"]
        .iter()
        .any(|shape| has_shape(offset, shape))
    {
        return None;
    }
    text.parse::<Timestamp>().ok().map(seconds)
}

/// Whether a text has a digit where the shape has `0`, and elsewhere the same, ignoring case.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text
            .bytes()
            .zip(shape.bytes())
            .all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                wanted => byte.eq_ignore_ascii_case(&wanted),
            })
}

/// Seconds since 1970-01-01T00:00:00Z, rounded down.
pub fn seconds(instant: Timestamp) -> i64 {
    if instant.subsec_nanosecond() < 0 {
        instant.as_second() - 1
    } else {
        instant.as_second()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_with_an_offset_and_dates_are_instants() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1969-12-31T23:59:59.5Z", Some(-1)),
            ("2026-11-20T13:00:00+01:00", Some(1_795_176_000)),
            ("2026-11-20t12:00:00.1234567z", Some(1_795_176_000)),
            ("2026-11-20", Some(1_795_132_800)),
            ("2026-11-20T12:00:00", None),
            ("20 November 2026", None),
            ("2026-02-30", None),
            ("20261120T120000Z", None),
            ("2026-11-20 12:00:00Z", None),
            ("2026-11-20T12:00:00.Z", None),
            ("2026-11-20T12:00:00+01", None),
            ("2026-11-20T12:00:00+01:00[America/New_York]", None),
            ("+002026-11-20T12:00:00Z", None),
            ("2026-11-20T12:00:60Z", Some(1_795_176_059)),
            ("2026-1é-20", None),
            ("", None),
        ] {
            assert_eq!(timestamp(text), seconds, "{text}");
        }
    }

    #[test]
    fn the_text_is_the_same_for_the_same_value() {
        let value = json!({"b": [1, {"z": null, "a": "ü"}], "a": 1.5});
        assert_eq!(
            sorted_json(&value),
            r#"{"a":1.5,"b":[1,{"a":"ü","z":null}]}"#
        );
        assert_eq!(sorted_json(&json!({})), "{}");
    }

    #[test]
    fn values_are_read_as_asked_or_not_at_all() {
        let value = json!({
            "t": "x", "i": 3, "n": 1.5, "l": [1, 2], "o": {"b": 1, "a": 2}, "z": null,
            "big": 9_007_199_254_740_992_i64,
            "g": "{C0DE0001-0001-4008-A00E-CF616BA1441C}", "d": "2026-11-20",
        });
        let reader = ValueReader(&value);
        assert_eq!(reader.text("/t"), Ok(Some("x")));
        assert_eq!(reader.text("/z"), Ok(None));
        assert_eq!(reader.text("/none"), Ok(None));
        assert_eq!(reader.integer("/i"), Ok(Some(3)));
        assert_eq!(reader.number("/i"), Ok(Some(3.0)));
        assert_eq!(reader.count("/l"), Ok(Some(2)));
        assert_eq!(reader.count("/o"), Ok(Some(2)));
        assert_eq!(reader.length("/l"), Ok(Some(2)));
        assert_eq!(reader.length("/z"), Ok(None));
        assert_eq!(reader.key("/o", 0), Ok(Some("a")));
        assert_eq!(
            reader.guid("/g"),
            Ok(Some("c0de0001-0001-4008-a00e-cf616ba1441c".into()))
        );
        assert_eq!(reader.timestamp("/d"), Ok(Some(1_795_132_800)));
        assert_eq!(
            reader.integer("/n").unwrap_err().to_string(),
            "a number at `/n`, where an integer within ±(2^53 - 1) was asked for"
        );
        assert_eq!(
            reader.length("/o").unwrap_err().to_string(),
            "an object at `/o`, where an array was asked for"
        );
        assert_eq!(
            reader.key("/o", 2).unwrap_err().to_string(),
            "member 2 of `/o`, which has 2"
        );
        for wrong in [
            reader.integer("/big").is_err(),
            reader.text("/i").is_err(),
            reader.flag("/t").is_err(),
            reader.guid("/t").is_err(),
            reader.timestamp("/t").is_err(),
            reader.count("/t").is_err(),
            reader.text("t").is_err(),
        ] {
            assert!(wrong);
        }
    }
}
