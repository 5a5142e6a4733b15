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
    let Some(rest) = text.strip_prefix('@') else {
        return Cow::Owned(text.replace("@{", "@@{"));
    };
    // Behind a doubled `@` at the beginning nothing is undoubled any more. Rather than rely on
    // nothing being evaluated there either, the first `@` becomes an expression of its own.
    if rest.contains("@{") {
        return Cow::Owned(format!("@{{'@'}}{}", rest.replace("@{", "@@{")));
    }
    Cow::Owned(format!("@{text}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{doubled, text};

    /// What a workflow makes of a text, as the designer's own parser reads it: a doubled `@` at the
    /// beginning is one, and everything behind it stays; otherwise `@@{` is `@{`.
    fn evaluated(text: &str) -> String {
        if let Some(rest) = text.strip_prefix("@@") {
            return format!("@{rest}");
        }
        let (first, mut rest) = match text.strip_prefix("@{'@'}") {
            Some(rest) => ("@", rest),
            None => ("", text),
        };
        assert!(
            !text.starts_with('@') || first == "@",
            "an expression: {text}"
        );
        let mut out = first.to_owned();
        while let Some(at) = rest.find("@{") {
            let (before, behind) = rest.split_at(at);
            assert!(before.ends_with('@'), "an expression inside: {text}");
            out.push_str(before);
            out.push('{');
            rest = &behind[2..];
        }
        out + rest
    }

    #[test]
    fn what_begins_an_expression_is_doubled() {
        let plain = r##"{"@odata.type":"#x","a":["@user","@{x}","mail a@b, @{y} @z",true,1.50,{}],"b":"@@"}"##;
        let doubled = r##"{"@@odata.type":"#x","a":["@@user","@@{x}","mail a@b, @@{y} @z",true,1.50,{}],"b":"@@@"}"##;
        assert_eq!(text(plain), doubled);
    }

    #[test]
    fn a_text_that_begins_one_and_has_one_is_kept() {
        for (plain, written) in [
            ("@a @{b}", "@{'@'}a @@{b}"),
            ("@@{b}", "@{'@'}@@{b}"),
            ("@{a}@{b}", "@{'@'}{a}@@{b}"),
            ("a@@{b}", "a@@@{b}"),
            ("@", "@@"),
        ] {
            assert_eq!(doubled(plain), written);
            assert_eq!(evaluated(written), plain);
        }
    }

    proptest! {
        #[test]
        fn a_workflow_reads_the_text(plain in "[@{}'a ]{0,12}") {
            prop_assert_eq!(evaluated(&doubled(&plain)), plain);
        }
    }
}
