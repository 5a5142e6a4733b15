//! JSON as serde_json reads it, to hold other readings against.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// A JSON value: numbers as they are written, members in their order, repeated ones as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// A boolean.
    Flag(bool),
    /// A number's text.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// The value of a JSON text. Cost: its length for each level of nesting.
    ///
    /// # Errors
    ///
    /// It is not JSON, or holds a lone surrogate.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        let raw: &RawValue = serde_json::from_str(text)?;
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text)?;
                let members = members
                    .into_iter()
                    .map(|(key, value)| Ok((key, Self::parse(value.get())?)));
                Self::Object(members.collect::<serde_json::Result<_>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                let items = items.into_iter().map(|item| Self::parse(item.get()));
                Self::List(items.collect::<serde_json::Result<_>>()?)
            }
            Some(b'"') => Self::Text(serde_json::from_str(text)?),
            Some(b't' | b'f') => Self::Flag(serde_json::from_str(text)?),
            Some(b'n') => Self::Null,
            _ => Self::Number(text.into()),
        })
    }

    /// The value as the canonical document shows it where its type is not known: names in
    /// camelCase, without type annotations and members that are null.
    #[must_use]
    pub fn canonical(self) -> Self {
        match self {
            Self::List(items) => Self::List(items.into_iter().map(Self::canonical).collect()),
            Self::Object(members) => Self::Object(
                members
                    .into_iter()
                    .filter(|(key, value)| {
                        *value != Self::Null && !key.eq_ignore_ascii_case("@odata.type")
                    })
                    .map(|(mut key, value)| {
                        if let Some(first) = key.get_mut(..1) {
                            first.make_ascii_lowercase();
                        }
                        (key, value.canonical())
                    })
                    .collect(),
            ),
            scalar => scalar,
        }
    }

    /// Whether [`field`] gives this value for what it showed.
    ///
    /// [`field`]: admit::Callout::field
    pub fn is_shown_as(&self, shown: Option<&str>) -> bool {
        match (self, shown) {
            (Self::Null, shown) => shown.is_none(),
            (Self::Text(text), Some(shown)) => text == shown,
            (value, Some(shown)) => Self::parse(shown).is_ok_and(|shown| shown == *value),
            _ => false,
        }
    }
}

impl fmt::Display for Json {
    /// JSON text without spaces; escapes are serde_json's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |text: &str| serde_json::to_string(text).map_err(|_| fmt::Error);
        match self {
            Self::Null => f.write_str("null"),
            Self::Flag(flag) => flag.fmt(f),
            Self::Number(number) => f.write_str(number),
            Self::Text(value) => f.write_str(&text(value)?),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "[" } else { "," })?;
                }
                f.write_str(if items.is_empty() { "[]" } else { "]" })
            }
            Self::Object(members) => {
                for (index, (key, value)) in members.iter().enumerate() {
                    let before = if index == 0 { "{" } else { "," };
                    write!(f, "{before}{}:{value}", text(key)?)?;
                }
                f.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        from.deserialize_map(Pairs)
    }
}
