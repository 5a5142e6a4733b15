//! JSON pointers (RFC 6901) into JSON text.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A text that is not a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointerError(pub(crate) String);

impl fmt::Display for PointerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a JSON pointer: it is empty or starts with `/`, and `~` is followed by \
             `0` or `1`",
            self.0
        )
    }
}

impl std::error::Error for PointerError {}

/// The value at a pointer in valid JSON text: a string's text, otherwise the value's JSON text;
/// none where it is absent or null.
///
/// # Errors
///
/// The pointer is malformed.
pub fn lookup<'t>(text: &'t str, pointer: &str) -> Result<Option<Cow<'t, str>>, PointerError> {
    let Some(at) = lookup_json(text, pointer)? else {
        return Ok(None);
    };
    Ok(match at.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<BorrowedOrOwned<'t>>(at)
            .ok()
            .map(|value| value.0),
        _ => Some(Cow::Borrowed(at)),
    })
}

/// The JSON text of the value at a pointer in valid JSON text; none where it is absent or null.
///
/// # Errors
///
/// The pointer is malformed.
pub(crate) fn lookup_json<'t>(
    text: &'t str,
    pointer: &str,
) -> Result<Option<&'t str>, PointerError> {
    let mut at = text;
    for segment in &segments(pointer)? {
        match step(at, segment) {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    let at = at.trim();
    Ok((!at.is_empty() && !at.starts_with('n')).then_some(at))
}

/// The value at a pointer inside a JSON value; none where it is absent.
///
/// # Errors
///
/// The pointer is malformed.
pub(crate) fn find<'v>(
    value: &'v serde_json::Value,
    pointer: &str,
) -> Result<Option<&'v serde_json::Value>, PointerError> {
    segments(pointer)?;
    Ok(value.pointer(pointer))
}

fn segments(pointer: &str) -> Result<Vec<Cow<'_, str>>, PointerError> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let malformed = || PointerError(pointer.into());
    let rest = pointer.strip_prefix('/').ok_or_else(malformed)?;
    rest.split('/')
        .map(|segment| {
            if !segment.contains('~') {
                return Ok(Cow::Borrowed(segment));
            }
            let mut text = String::with_capacity(segment.len());
            let mut chars = segment.chars();
            while let Some(char) = chars.next() {
                match char {
                    '~' => match chars.next() {
                        Some('0') => text.push('~'),
                        Some('1') => text.push('/'),
                        _ => return Err(malformed()),
                    },
                    other => text.push(other),
                }
            }
            Ok(Cow::Owned(text))
        })
        .collect()
}

/// A string, borrowed where it has no escapes.
struct BorrowedOrOwned<'t>(Cow<'t, str>);

impl<'de> serde::Deserialize<'de> for BorrowedOrOwned<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text).map(Self)
    }
}

pub(crate) struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.into()))
    }
}

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

/// One step down: the text of a member or an item.
fn step<'t>(text: &'t str, segment: &str) -> Option<&'t str> {
    struct Step<'s>(&'s str);

    impl<'de> Visitor<'de> for Step<'_> {
        type Value = Option<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object or an array")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some(key) = map.next_key_seed(Text)? {
                // The first of two, as everywhere; they stand twice only in open objects.
                if found.is_none() && key == self.0 {
                    found = Some(map.next_value()?);
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(found)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            // RFC 6901: digits without a leading zero.
            let index = match self.0.as_bytes() {
                [b'0'] => Some(0),
                [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => {
                    self.0.parse::<usize>().ok()
                }
                _ => None,
            };
            let mut at = 0_usize;
            let mut found = None;
            loop {
                if Some(at) == index {
                    found = seq.next_element()?;
                    if found.is_none() {
                        break;
                    }
                } else if seq.next_element::<IgnoredAny>()?.is_none() {
                    break;
                }
                at += 1;
            }
            Ok(found)
        }
    }

    if !matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'[')) {
        return None;
    }
    let mut from = serde_json::Deserializer::from_str(text);
    serde::Deserializer::deserialize_any(&mut from, Step(segment))
        .ok()
        .flatten()
        .map(RawValue::get)
}
