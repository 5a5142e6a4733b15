//! Every member of a callout with every JSON type: what it takes, and what is said of the others.

use admit::Callout;
use admit::model::Field;
use admit_tests::{HEAD, corpus, golden};

/// Lists and what is in them, which are no fields, and other spellings.
const FURTHER: &[&str] = &[
    "/answers",
    "/answers/*",
    "/answers/*/answeredQuestion/choices",
    "/answers/*/answeredQuestion/choices/*",
    "/answers/*/answeredQuestion/choices/*/actualValue",
    "/answers/*/answeredQuestion/choices/*/displayValue",
    "/answers/*/answeredQuestion/choices/*/localizations",
    "/answers/*/answeredQuestion/choices/*/text",
    "/answers/*/answeredQuestion/localizations",
    "/answers/*/answeredQuestion/localizations/*",
    "/answers/*/answeredQuestion/localizations/*/languageCode",
    "/answers/*/answeredQuestion/text/defaultText",
    "/answers/*/answeredQuestion/text/localizedTexts",
    "/answers/*/answeredQuestion/text/localizedTexts/*",
    "/answers/*/answeredQuestion/text/localizedTexts/*/text",
    "/answers/*/answeredQuestion/textString",
    "/assignment/schedule/recurrence",
    "/callbackConfiguration/durationBeforeTimeout",
    "/requestSchedule",
    "/schedule/recurrence",
    "/verifiedCredentialsData",
    "/verifiedCredentialsData/*",
    "/verifiedCredentialsData/*/claims",
    "/verifiedCredentialsData/*/type",
    "/verifiedCredentialsData/*/type/*",
];

/// Every JSON type, by the names that errors and people use.
const TYPES: &[(&str, &str, &str)] = &[
    ("text", "a string", "\"x\""),
    ("object", "an object", "{}"),
    ("list", "an array", "[]"),
    ("number", "a number", "1"),
    ("boolean", "a boolean", "true"),
    ("null", "null", "null"),
];

/// A payload's shape: what the names begin with, and what stands around the data.
#[derive(Clone, Copy)]
enum Shape {
    Flat,
    Bare,
    Enveloped,
}

#[test]
fn every_member_takes_its_type_and_no_other() {
    let mut lines = String::new();
    let mut pointers: Vec<_> = Field::all().map(Field::pointer).collect();
    pointers.extend(FURTHER);
    pointers.sort_unstable();
    for pointer in pointers {
        let mut taken = Vec::new();
        let mut usual = String::new();
        let mut others = String::new();
        for (name, found, value) in TYPES {
            let Some(complaint) = complaint(pointer, value) else {
                taken.push(*name);
                continue;
            };
            // What is said of every other type is told once.
            match complaint.strip_suffix(&format!(", found {found}")) {
                Some(complaint) if usual.is_empty() => usual = complaint.into(),
                Some(complaint) if usual == complaint => {}
                _ => others.push_str(&format!("; {name}: {complaint}")),
            }
        }
        let taken = taken.join(", ");
        lines.push_str(&format!(
            "{pointer}: takes [{taken}]; else {usual}{others}\n"
        ));
    }
    let file = corpus().join("hostile/types.expect");
    golden(&file, &lines).unwrap_or_else(|problem| panic!("{problem}"));
}

/// What is said of a value at a pointer: the same in all three shapes, at the same place.
fn complaint(pointer: &str, value: &str) -> Option<String> {
    let [flat, bare, enveloped] = [Shape::Flat, Shape::Bare, Shape::Enveloped].map(|shape| {
        let payload = payload(pointer, value, shape);
        let error = Callout::parse(payload.as_bytes()).err()?;
        let prefix = if matches!(shape, Shape::Enveloped) {
            "/data"
        } else {
            ""
        };
        let place = format!("{prefix}{}", pointer.replace('*', "0"));
        assert!(
            error
                .place()
                .is_some_and(|found| found.eq_ignore_ascii_case(&place)),
            "{payload}: {error}"
        );
        Some(format!("{}: {}", error.kind(), error.detail()))
    });
    assert_eq!(flat, bare, "{pointer} {value}");
    assert_eq!(flat, enveloped, "{pointer} {value}");
    flat
}

/// A payload with a value at a pointer.
fn payload(pointer: &str, value: &str, shape: Shape) -> String {
    let spelt = |name: &str| match (shape, name.split_at_checked(1)) {
        (Shape::Flat, Some((first, rest))) => first.to_ascii_uppercase() + rest,
        _ => name.into(),
    };
    let mut inner = value.to_owned();
    let mut name = "";
    for segment in pointer
        .split('/')
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        name = segment;
        inner = match segment {
            "*" => format!("[{inner}]"),
            name => format!("{{\"{}\":{inner}}}", spelt(name)),
        };
    }
    // The members that every callout has, but for the one that is given.
    let mut data = inner;
    for member in HEAD.split(',') {
        if let Some((head, value)) = member.trim_start_matches('"').split_once("\":")
            && head != name
        {
            data = data.replacen('{', &format!("{{\"{}\":{value},", spelt(head)), 1);
        }
    }
    match shape {
        Shape::Enveloped => format!("{{\"data\":{data}}}"),
        Shape::Flat | Shape::Bare => data,
    }
}
