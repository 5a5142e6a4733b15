//! Ids that are GUIDs.

/// A GUID in the spelling that callouts use for policies: lower case with hyphens. Takes any case,
/// braces around it, and hyphens or none. None where the text is not a GUID.
///
/// Compare ids of settings in this spelling: a comparison that misses by case may let something
/// through.
///
/// ```
/// assert_eq!(
///     admit_policy::guid("{0A000001-0004-400B-A011-2AC39FE6A35D}").as_deref(),
///     Some("0a000001-0004-400b-a011-2ac39fe6a35d")
/// );
/// assert_eq!(admit_policy::guid("finance"), None);
/// ```
pub fn guid(text: &str) -> Option<String> {
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => text,
    };
    let hyphens = inner.len() == 36;
    if !hyphens && inner.len() != 32 {
        return None;
    }
    let mut id = String::with_capacity(36);
    for (at, byte) in inner.bytes().enumerate() {
        if hyphens && matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        if !byte.is_ascii_hexdigit() {
            return None;
        }
        if matches!(id.len(), 8 | 13 | 18 | 23) {
            id.push('-');
        }
        id.push(byte.to_ascii_lowercase() as char);
    }
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::guid;

    const ID: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";

    #[test]
    fn spellings_are_made_one() {
        for spelling in [
            ID.to_owned(),
            ID.to_uppercase(),
            format!("{{{ID}}}"),
            ID.replace('-', ""),
        ] {
            assert_eq!(guid(&spelling).as_deref(), Some(ID), "{spelling}");
        }
    }

    #[test]
    fn other_texts_are_not_ids() {
        for text in [
            "",
            "{}",
            "0a000001",
            "0a000001-0004-400b-a011-2ac39fe6a35",
            "0a000001-0004-400b-a011-2ac39fe6a35g",
            "0a0000010004-400b-a011-2ac39fe6a35d-",
            "{0a000001-0004-400b-a011-2ac39fe6a35d",
            "0a000001-0004-400b-a011-2ac39fe6a35d ",
        ] {
            assert_eq!(guid(text), None, "{text}");
        }
    }
}
