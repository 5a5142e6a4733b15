//! Text for workflow definitions of Logic Apps.
//!
//! There a string that begins with `@` is an expression and `@{` begins one anywhere; a doubled
//! `@` is a plain one. Source: the Logic Apps page "Schema reference guide for the Workflow
//! Definition Language". So a body that is pasted must have them doubled, and a body that is sent
//! must not.

use crate::json::{NO_NAMES, Reader, Result, Token};

/// JSON text, its strings so that a workflow takes them as they are meant.
pub(crate) fn text(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    // What is written here is our own JSON.
    if value(&mut Reader::new(json), &mut out).is_err() {
        return json.into();
    }
    out
}

fn value(reader: &mut Reader<'_>, out: &mut String) -> Result<()> {
    match reader.token()? {
        Token::Object => {
            let mut separator = '{';
            reader.object(&NO_NAMES, |reader, key| {
                out.push(separator);
                separator = ',';
                string(&reader.text_of(key.name), out);
                out.push(':');
                value(reader, out)
            })?;
            if separator == '{' {
                out.push('{');
            }
            out.push('}');
        }
        Token::List => {
            out.push('[');
            reader.list("an array", |reader, index| {
                if index > 0 {
                    out.push(',');
                }
                value(reader, out)
            })?;
            out.push(']');
        }
        Token::Text => {
            if let Some(text) = reader.text()? {
                string(&reader.text_of(text), out);
            }
        }
        _ => {
            let start = reader.at();
            reader.check(true)?;
            out.push_str(reader.since(start));
        }
    }
    Ok(())
}

fn string(text: &str, out: &mut String) {
    let mut doubled = String::with_capacity(text.len() + 1);
    if text.starts_with('@') && !text.starts_with("@{") {
        doubled.push('@');
    }
    doubled.push_str(&text.replace("@{", "@@{"));
    if let Ok(json) = serde_json::to_string(&doubled) {
        out.push_str(&json);
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn what_begins_an_expression_is_doubled() {
        let plain = r##"{"@odata.type":"#x","a":["@user","@{x}","mail a@b, @{y} @z",true,1.50,{}],"b":"@@"}"##;
        let doubled = r##"{"@@odata.type":"#x","a":["@@user","@@{x}","mail a@b, @@{y} @z",true,1.50,{}],"b":"@@@"}"##;
        assert_eq!(text(plain), doubled);
    }
}
