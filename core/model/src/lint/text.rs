//! Texts: quoting them, telling samples from values, and finding what was meant.

use std::borrow::Cow;

use super::rules::{self, Rule};
use crate::id::guid;

/// At most so many characters of a text, on one line.
pub(super) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    let is_short = text.len() <= most && !text.chars().any(char::is_control);
    if is_short {
        return Cow::Borrowed(text);
    }
    let clean = |char: char| if char.is_control() { ' ' } else { char };
    let mut short: String = text.chars().take(most).map(clean).collect();
    if text.chars().nth(most).is_some() {
        short.push_str("...");
    }
    Cow::Owned(short)
}

/// A text of the document in backticks.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", shortened(text, 80))
}

/// Names in backticks.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// What a text is instead of a value: the finding for it.
pub(super) fn sample(text: &str) -> Option<&'static Rule> {
    if is_expression(text) {
        Some(rules::EXPRESSION)
    } else if is_internal(text) {
        Some(rules::INTERNAL_NAME)
    } else {
        is_placeholder(text).then_some(rules::PLACEHOLDER)
    }
}

/// What to write instead of a sample.
pub(super) fn instead_of(sample: &Rule) -> &'static str {
    match sample.code {
        "expression" => {
            "send what the expression stands for; the engine of the workflow puts it in"
        }
        _ => "write the value itself",
    }
}

/// `@{...}`, or a call such as `@triggerBody()`. Doubled, the `@` stands for itself, but in
/// workflow definitions only.
fn is_expression(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('@') else {
        return false;
    };
    let rest = rest.strip_prefix('@').unwrap_or(rest);
    let end = rest
        .find(|char: char| !char.is_ascii_alphanumeric() && char != '_')
        .unwrap_or(rest.len());
    let (name, behind) = rest.split_at_checked(end).unwrap_or_default();
    match name {
        "" => behind.starts_with('{'),
        _ => behind.starts_with('('),
    }
}

/// Whether a text for people is likely not meant as it stands.
pub(super) fn is_doubtful(text: &str) -> bool {
    text.contains("@{") || text.starts_with("@@") || sample(text).is_some()
}

/// A type that leaked into Graph's page of the callback data.
fn is_internal(text: &str) -> bool {
    let start = text.get(..16).unwrap_or_default();
    start.eq_ignore_ascii_case("microsoft.igaelm") || text.contains(".ExternalModel.")
}

fn is_placeholder(text: &str) -> bool {
    let is_between =
        |open, close| text.len() > 2 && text.starts_with(open) && text.ends_with(close);
    matches!(text, "String" | "string" | "Edm.String" | "Guid")
        || is_between('<', '>')
        || (is_between('{', '}') && guid(text).is_none())
}

/// The name that was likely meant: the nearest one, if it is near.
pub(super) fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let limit = 1 + name.chars().count() / 5;
    names
        .into_iter()
        .map(|other| (distance(name, other), other))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

/// How many characters must be put in, left out or changed, ignoring ASCII case.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, char) in (1..).zip(one.chars()) {
        let mut diagonal = line - 1;
        let mut left = line;
        if let Some(first) = row.first_mut() {
            *first = line;
        }
        for (cell, against) in row.iter_mut().skip(1).zip(other.chars()) {
            let change = diagonal + usize::from(!char.eq_ignore_ascii_case(&against));
            diagonal = *cell;
            left = change.min(left + 1).min(*cell + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_found() {
        let names = ["stage", "state", "customExtensionStageInstanceDetail"];
        for (name, meant) in [
            (
                "customExtensionStageInstanceDetails",
                Some("customExtensionStageInstanceDetail"),
            ),
            ("stagge", Some("stage")),
            ("State", Some("state")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, names), meant, "{name}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn samples_are_told_from_values() {
        for (text, code) in [
            (
                "@{triggerBody()?['CustomExtensionStageInstanceId']}",
                Some("expression"),
            ),
            ("@triggerBody()?['Stage']", Some("expression")),
            ("@@triggerBody()", Some("expression")),
            ("Request @{guid()}", None),
            ("@@{guid()}", Some("expression")),
            ("@noor, please look", None),
            ("noor@contoso.example", None),
            ("@", None),
            ("String", Some("placeholder")),
            ("{id}", Some("placeholder")),
            ("<your id>", Some("placeholder")),
            ("{c0de0001-0001-4008-a00e-cf616ba1441c}", None),
            (
                "Microsoft.IGAELM.EC.FrontEnd.ExternalModel.accessPackageCustomExtensionStage",
                Some("internal-name"),
            ),
            ("", None),
        ] {
            assert_eq!(sample(text).map(|rule| rule.code), code, "{text}");
        }
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(quoted("a\nb"), "`a b`");
        assert_eq!(quoted(&"é".repeat(81)), format!("`{}...`", "é".repeat(80)));
    }
}
