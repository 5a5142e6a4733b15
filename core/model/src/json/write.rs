//! Writing JSON text without spaces.

use std::borrow::Cow;

use super::{Reader, Result, Token, scan::is_plain};

/// Writes a string with the escapes that JSON needs; most texts need none.
pub(crate) fn string(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else if let Ok(json) = serde_json::to_string(text) {
        out.push_str(&json);
    }
}

/// Copies the value that comes next, but for spaces and escapes; names and texts go through
/// `text`.
pub(crate) fn copy(
    reader: &mut Reader<'_>,
    out: &mut String,
    text: fn(&str) -> Cow<'_, str>,
) -> Result<()> {
    match reader.token()? {
        Token::Object => {
            out.push('{');
            let mut is_first = true;
            reader.open_object(|reader, name| {
                separator(out, &mut is_first);
                string(&text(&reader.text_of(name)), out);
                out.push(':');
                copy(reader, out, text)
            })?;
            out.push('}');
            Ok(())
        }
        Token::List => list(reader, out, |reader, out| copy(reader, out, text)),
        _ => scalar(reader, out, text),
    }
}

/// Texts stay as they are.
pub(crate) fn as_it_is(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// A comma, but for the first.
pub(crate) fn separator(out: &mut String, is_first: &mut bool) {
    if !std::mem::take(is_first) {
        out.push(',');
    }
}

/// Copies the list that comes next, its items by `item`.
pub(crate) fn list(
    reader: &mut Reader<'_>,
    out: &mut String,
    item: impl Fn(&mut Reader<'_>, &mut String) -> Result<()>,
) -> Result<()> {
    out.push('[');
    reader.list("an array", |reader, index| {
        if index > 0 {
            out.push(',');
        }
        item(reader, out)
    })?;
    out.push(']');
    Ok(())
}

/// Copies a string, number, boolean or null.
pub(crate) fn scalar(
    reader: &mut Reader<'_>,
    out: &mut String,
    text: fn(&str) -> Cow<'_, str>,
) -> Result<()> {
    if reader.token()? == Token::Text {
        if let Some(found) = reader.text()? {
            string(&text(&reader.text_of(found)), out);
        }
        return Ok(());
    }
    let start = reader.at();
    reader.check(true)?;
    out.push_str(reader.since(start));
    Ok(())
}
