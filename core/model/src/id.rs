//! Ids.

use std::{borrow::Cow, fmt, sync::Arc};

/// Id of a policy within a set: `[a-z0-9-]{1,64}`. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PolicyId(Arc<str>);

impl PolicyId {
    /// The id, or none where it is not `[a-z0-9-]{1,64}`.
    pub fn new(id: &str) -> Option<Self> {
        crate::verdict::code_is_valid(id).then(|| Self(id.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for PolicyId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The GUID in Graph's spelling, lower case with hyphens, from any of its spellings: with or
/// without hyphens or braces, in any case. None where the text is not a GUID.
pub fn guid(text: &str) -> Option<String> {
    uuid::Uuid::try_parse(text)
        .ok()
        .map(|id| id.hyphenated().to_string())
}

/// As [`guid`], borrowed where the text is in Graph's spelling already.
pub fn canonical_guid(text: &str) -> Option<Cow<'_, str>> {
    if is_plain_guid(text.as_bytes()) {
        return Some(Cow::Borrowed(text));
    }
    guid(text).map(Cow::Owned)
}

/// Whether the text is a GUID in Graph's spelling already.
pub(crate) fn is_plain_guid(text: &[u8]) -> bool {
    let Ok(bytes) = <&[u8; 36]>::try_from(text) else {
        return false;
    };
    // Without branches and one thing at a time, so that many bytes are looked at together.
    let is_digit = |byte: u8| (byte.wrapping_sub(b'0') < 10) | (byte.wrapping_sub(b'a') < 6);
    let digits = bytes
        .iter()
        .fold(0_u8, |count, byte| count + u8::from(is_digit(*byte)));
    digits == 32
        && [8, 13, 18, 23]
            .iter()
            .all(|at| bytes.get(*at) == Some(&b'-'))
}
