//! JSON pointers (RFC 6901) into JSON text.

use std::{borrow::Cow, collections::HashMap, fmt};

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
    let mut at = text;
    for segment in &segments(pointer)? {
        match step(at, segment) {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    Ok(present(at).and_then(|at| match at.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<BorrowedOrOwned<'t>>(at)
            .ok()
            .map(|value| value.0),
        _ => Some(Cow::Borrowed(at)),
    }))
}

/// A value's text, none where it is null.
fn present(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty() && !text.starts_with('n')).then_some(text)
}

/// Places of one JSON text, for whoever looks for many: what is passed on the way is read once.
pub struct Places<'t> {
    text: &'t str,
    /// What there is inside of each place that was passed, by its pointer.
    opened: HashMap<String, Parts<'t>>,
}

enum Parts<'t> {
    List(Vec<&'t RawValue>),
    Object(HashMap<Cow<'t, str>, &'t RawValue>),
    None,
}

impl<'t> Places<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            opened: HashMap::new(),
        }
    }

    /// The JSON text at a pointer; none where it is absent or null.
    ///
    /// # Errors
    ///
    /// The pointer is malformed.
    pub fn json(&mut self, pointer: &str) -> Result<Option<&'t str>, PointerError> {
        let mut at = self.text;
        let ends = pointer.match_indices('/').map(|(end, _)| end);
        for (segment, end) in segments(pointer)?.iter().zip(ends) {
            let passed = pointer.get(..end).unwrap_or_default();
            if !self.opened.contains_key(passed) {
                self.opened.insert(passed.into(), Parts::of(at));
            }
            match self.opened.get(passed).and_then(|parts| parts.get(segment)) {
                Some(next) => at = next.get(),
                None => return Ok(None),
            }
        }
        Ok(present(at))
    }
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let parts = match text.trim_start().as_bytes().first() {
            Some(b'[') => serde_json::from_str(text).map(Self::List),
            Some(b'{') => serde_json::from_str(text).map(|Members(members)| Self::Object(members)),
            _ => return Self::None,
        };
        parts.unwrap_or(Self::None)
    }

    fn get(&self, segment: &str) -> Option<&'t RawValue> {
        match self {
            Self::List(items) => items.get(index(segment)?).copied(),
            Self::Object(members) => members.get(segment).copied(),
            Self::None => None,
        }
    }
}

/// The members of an object; the first of two, as everywhere.
struct Members<'t>(HashMap<Cow<'t, str>, &'t RawValue>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = HashMap::new();
                while let Some(name) = map.next_key_seed(Text)? {
                    let value = map.next_value()?;
                    members.entry(name).or_insert(value);
                }
                Ok(Members(members))
            }
        }

        from.deserialize_map(Pairs)
    }
}

/// RFC 6901: digits without a leading zero.
fn index(segment: &str) -> Option<usize> {
    match segment.as_bytes() {
        [b'0'] => Some(0),
        [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => segment.parse().ok(),
        _ => None,
    }
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
            let index = index(self.0);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Looking for many places gives what looking for each alone does.
    #[test]
    fn places_are_those_that_are_found_alone() {
        let text =
            r#" {"a":[1,{"b":"x","b":"y","c~/":null}, [ ]],"":{"":2},"t":"u\u00e9","n":1e999} "#;
        let mut places = Places::new(text);
        for pointer in [
            "",
            "/",
            "//",
            "/a",
            "/a/0",
            "/a/00",
            "/a/1",
            "/a/1/b",
            "/a/1/b/c",
            "/a/1/c~0~1",
            "/a/2",
            "/a/2/0",
            "/a/3",
            "/a/-",
            "/t",
            "/t/0",
            "/n",
            "/none",
            "/none/0",
        ] {
            let alone = lookup(text, pointer).unwrap().map(Cow::into_owned);
            let found = places.json(pointer).unwrap();
            let found = found.map(|found| match serde_json::from_str::<String>(found) {
                Ok(text) => text,
                Err(_) => found.to_owned(),
            });
            assert_eq!(found, alone, "{pointer}");
        }
        assert_eq!(places.json("/a/1/b"), Ok(Some("\"x\"")));
        assert_eq!(places.json("/n"), Ok(Some("1e999")));
        for malformed in ["a", "/a~", "/~2"] {
            assert!(places.json(malformed).is_err(), "{malformed}");
        }
    }
}
