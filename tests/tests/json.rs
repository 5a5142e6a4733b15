//! JSON as others test it: every case of the lists in `corpus/json`, in every place of a payload.

use std::{collections::BTreeMap, fs};

use admit::Callout;
use admit_tests::{Json, Probe, bytes, corpus};
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;

#[derive(Deserialize)]
struct List {
    group: Vec<Group>,
}

/// Cases that are treated alike.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Group {
    #[expect(dead_code, reason = "read by people")]
    why: Option<String>,
    /// `accepted`, or the kinds of error that are right.
    gives: Vec<String>,
    /// The same inside open objects, where it differs.
    in_open: Option<Vec<String>>,
    /// The same as the whole payload, where it is not plain from the type.
    whole: Option<Vec<String>>,
    cases: BTreeMap<String, String>,
}

#[derive(Clone)]
struct Case {
    text: Vec<u8>,
    gives: Vec<String>,
    in_open: Vec<String>,
    whole: Option<Vec<String>>,
}

/// What a place takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// Anything: an unknown member.
    Any,
    /// Anything: part of an open object.
    AnyOpen,
    Open,
    Object,
    Rows,
    Texts,
    Text,
    Flag,
    Number,
    Content,
}
use Wants::{Any, AnyOpen, Content, Flag, Number, Object, Open, Rows, Text, Texts};

/// Where the text goes, its place in an error, its pointer in the document, and what is taken.
/// Beside an envelope's data nothing is kept, but all is checked.
const SPOTS: &[(&str, &str, Option<&str>, Wants)] = &[
    (r#"{HEAD,"x":PIECE}"#, "/x", Some("/x"), Any),
    (r#"{"x":PIECE,HEAD}"#, "/x", Some("/x"), Any),
    (r#"{HEAD,"x":{"y":PIECE,"z":1}}"#, "/x/y", Some("/x/y"), Any),
    (r#"{HEAD,"x":[0,PIECE,[]]}"#, "/x/1", Some("/x/1"), Any),
    (
        r#"{HEAD,"x":[{"y":[PIECE,1]}]}"#,
        "/x/0/y/0",
        Some("/x/0/y/0"),
        Any,
    ),
    (r#"{"data":{HEAD,"x":PIECE}}"#, "/data/x", Some("/x"), Any),
    (r#"{"x":PIECE,"data":{HEAD}}"#, "/x", None, Any),
    (
        r#"{HEAD,"requestor":{"x":PIECE}}"#,
        "/requestor/x",
        Some("/requestor/x"),
        Any,
    ),
    (
        r#"{HEAD,"answers":[{},{"x":PIECE}]}"#,
        "/answers/1/x",
        Some("/answers/1/x"),
        Any,
    ),
    (
        r#"{HEAD,"verifiedCredentialsData":[{"claims":{"x":PIECE}}]}"#,
        "/verifiedCredentialsData/0/claims/x",
        Some("/verifiedCredentialsData/0/claims/x"),
        AnyOpen,
    ),
    (
        r#"{HEAD,"schedule":{"recurrence":{"x":[[PIECE,1]]}}}"#,
        "/schedule/recurrence/x/0/0",
        Some("/schedule/recurrence/x/0/0"),
        AnyOpen,
    ),
    (
        r#"{HEAD,"verifiedCredentialsData":[{"claims":PIECE}]}"#,
        "/verifiedCredentialsData/0/claims",
        Some("/verifiedCredentialsData/0/claims"),
        Open,
    ),
    (
        r#"{HEAD,"requestor":PIECE}"#,
        "/requestor",
        Some("/requestor"),
        Object,
    ),
    (
        r#"{HEAD,"answers":PIECE}"#,
        "/answers",
        Some("/answers"),
        Rows,
    ),
    (
        r#"{HEAD,"verifiedCredentialsData":[{"type":PIECE}]}"#,
        "/verifiedCredentialsData/0/type",
        Some("/verifiedCredentialsData/0/type"),
        Texts,
    ),
    (r#"{HEAD,"status":PIECE}"#, "/status", Some("/status"), Text),
    (
        r#"{HEAD,"assignment":{"isExtended":PIECE}}"#,
        "/assignment/isExtended",
        Some("/assignment/isExtended"),
        Flag,
    ),
    (
        r#"{HEAD,"answers":[{"answeredQuestion":{"sequence":PIECE}}]}"#,
        "/answers/0/answeredQuestion/sequence",
        Some("/answers/0/answeredQuestion/sequence"),
        Number,
    ),
    (
        r#"{HEAD,"answers":[{"answeredQuestion":{"text":PIECE}}]}"#,
        "/answers/0/answeredQuestion/text",
        Some("/answers/0/answeredQuestion/text"),
        Content,
    ),
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for list in ["accept", "refuse", "open"] {
        for group in read(list).group {
            for (name, text) in &group.cases {
                let case = Case {
                    text: bytes(text),
                    gives: group.gives.clone(),
                    in_open: group.in_open.clone().unwrap_or(group.gives.clone()),
                    whole: group.whole.clone(),
                };
                trials.push(Trial::test(name, move || run(&case)));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

#[expect(clippy::panic, reason = "a list that cannot be read is a broken test")]
fn read(list: &str) -> List {
    let path = corpus().join("json").join(list).with_extension("toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{list}: {error}"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{list}: {error}"))
}

fn run(case: &Case) -> Result<(), Failed> {
    let value = std::str::from_utf8(&case.text)
        .ok()
        .and_then(|text| Json::parse(text).ok());
    for (around, at, pointer, wants) in SPOTS {
        let probe = Probe::new(around, &case.text);
        let right = right(case, value.as_ref(), *wants);
        let shown = value.clone().map(|value| shown(value, *wants));
        check(&probe, &right, at, pointer.zip(shown.as_ref()))
            .map_err(|problem| format!("in {around}: {problem}"))?;
    }
    let whole = case
        .whole
        .clone()
        .unwrap_or_else(|| whole(case, value.as_ref()));
    let probe = Probe::new("PIECE", &case.text);
    check(&probe, &whole, "/", None).map_err(|problem| format!("as the whole: {problem}").into())
}

/// What is right where this is wanted.
fn right(case: &Case, value: Option<&Json>, wants: Wants) -> Vec<String> {
    let mut right = match wants {
        Open | AnyOpen => case.in_open.clone(),
        _ => case.gives.clone(),
    };
    match value {
        Some(value) if !fits(value, wants) => vec!["callout-type".into()],
        Some(_) => right,
        // The type may be wrong before the text is.
        None => {
            if !matches!(wants, Any | AnyOpen) {
                right.push("callout-type".into());
            }
            right
        }
    }
}

fn fits(value: &Json, wants: Wants) -> bool {
    match (value, wants) {
        (_, Any | AnyOpen)
        | (Json::Null, _)
        | (Json::Object(_), Object | Open | Content)
        | (Json::Text(_), Text | Content)
        | (Json::Flag(_), Flag)
        | (Json::Number(_), Number) => true,
        (Json::List(items), Rows) => items.iter().all(|item| matches!(item, Json::Object(_))),
        (Json::List(items), Texts) => items.iter().all(|item| matches!(item, Json::Text(_))),
        _ => false,
    }
}

/// The value as the document has it there.
fn shown(value: Json, wants: Wants) -> Json {
    match (wants, value) {
        (Open | AnyOpen, value) => value,
        // Content without a default text says nothing.
        (Content, Json::Object(_)) => Json::Null,
        (_, value) => value.canonical(),
    }
}

/// No case is a callout by itself.
fn whole(case: &Case, value: Option<&Json>) -> Vec<String> {
    let kind = |kind: &str| vec![kind.to_owned()];
    match value {
        Some(Json::Object(_)) if case.gives == ["accepted"] => kind("callout-missing"),
        Some(Json::Object(_)) => case.gives.clone(),
        Some(_) => kind("callout-type"),
        None => [case.gives.clone(), kind("callout-type")].concat(),
    }
}

/// Whether the payload is taken or refused as is right, and what is kept or said of it.
fn check(
    probe: &Probe,
    right: &[String],
    at: &str,
    kept: Option<(&str, &Json)>,
) -> Result<(), String> {
    let callout = match Callout::parse(&probe.payload) {
        Ok(callout) => callout,
        Err(error) => {
            let place = error.place().unwrap_or_default();
            let is_placed = match error.kind() {
                admit::ErrorKind::CalloutSyntax => {
                    probe.side(place).is_some_and(|side| side != "before")
                }
                _ => place.starts_with(at),
            };
            if !right.iter().any(|kind| kind == error.kind().as_str()) || !is_placed {
                return Err(format!(
                    "{right:?} is right; found {}: {error}",
                    error.kind()
                ));
            }
            return Ok(());
        }
    };
    if right != ["accepted"] {
        return Err(format!("{right:?} is right; it was accepted"));
    }
    let document = callout.document();
    let again = Callout::parse(document.as_bytes())
        .map_err(|error| format!("not read again: {document}: {error}"))?;
    if again.document() != document {
        return Err(format!("read again it is another: {document}"));
    }
    if let Some((pointer, value)) = kept {
        let shown = callout.field(pointer).map_err(|error| error.to_string())?;
        if !value.is_shown_as(shown.as_deref()) {
            return Err(format!("{value:?} is shown as {shown:?}"));
        }
    }
    Ok(())
}
