//! Text for workflow definitions of Logic Apps.
//!
//! There a string that begins with `@` is an expression and `@{` begins one anywhere; a doubled
//! `@` is a plain one. Source: the Logic Apps page "Schema reference guide for the Workflow
//! Definition Language". So a body that is pasted must have them doubled, and a body that is sent
//! must not.

use std::borrow::Cow;

use crate::json::{Reader, copy};

/// JSON text, its names and texts so that a workflow takes them as they are meant.
pub(crate) fn text(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    // What is written here is our own JSON.
    match copy(&mut Reader::new(json), &mut out, doubled) {
        Ok(()) => out,
        Err(_) => String::new(),
    }
}

fn doubled(text: &str) -> Cow<'_, str> {
    let inside = text.replace("@{", "@@{");
    if text.starts_with('@') && !text.starts_with("@{") {
        return Cow::Owned(format!("@{inside}"));
    }
    Cow::Owned(inside)
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
