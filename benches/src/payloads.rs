//! Callouts of four sizes as the service sends them: flat, without spaces, members in their order.

#![expect(
    clippy::unwrap_used,
    reason = "the corpus is compiled in; a bench without payloads says so by failing"
)]

use std::{fmt, iter};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

const CREATED: &str = include_str!("../../tests/corpus/callouts/01-request-created.flat.json");
const ANSWERS: &str = include_str!("../../tests/corpus/callouts/10-answers-all-kinds.flat.json");
const LARGE: &str = include_str!("../../tests/corpus/callouts/26-large-answers.flat.json");

/// What the smallest payload keeps of a callout.
const FEW: [&str; 7] = [
    "AccessPackageAssignmentRequestId",
    "CallbackUriPath",
    "CustomExtensionStageInstanceId",
    "Stage",
    "RequestType",
    "AccessPackage",
    "Requestor",
];

/// The payloads that are parsed, by size, smallest first.
pub fn payloads() -> [(&'static str, String); 4] {
    [
        ("0.7KB", with_few_members(CREATED)),
        ("3KB", minified(ANSWERS)),
        ("8KB", with_answers(ANSWERS, 26)),
        ("95KB", minified(LARGE)),
    ]
}

/// The payload that is evaluated: one of the sizes above.
pub fn usual_payload() -> String {
    minified(ANSWERS)
}

/// JSON without spaces, members in their order.
fn minified(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut in_string = false;
    let mut escaped = false;
    for char in json.chars() {
        if in_string {
            in_string = char != '"' || escaped;
            escaped = char == '\\' && !escaped;
            out.push(char);
        } else if !char.is_ascii_whitespace() {
            in_string = char == '"';
            out.push(char);
        }
    }
    out
}

fn with_few_members(callout: &str) -> String {
    let callout = minified(callout);
    let mut callout: Members<'_> = serde_json::from_str(&callout).unwrap();
    callout.0.retain(|(key, _)| FEW.contains(key));
    callout.to_json()
}

/// The callout with so many answers: its own, over and over.
fn with_answers(callout: &str, count: usize) -> String {
    let callout = minified(callout);
    let mut callout: Members<'_> = serde_json::from_str(&callout).unwrap();
    let (_, answers) = callout
        .0
        .iter_mut()
        .find(|(key, _)| *key == "Answers")
        .unwrap();
    let own: Vec<&RawValue> = serde_json::from_str(answers).unwrap();
    let many: Vec<_> = own
        .iter()
        .cycle()
        .take(count)
        .map(|raw| raw.get())
        .collect();
    *answers = format!("[{}]", many.join(","));
    callout.to_json()
}

/// An object's members in their order, values as text.
struct Members<'j>(Vec<(&'j str, String)>);

impl Members<'_> {
    fn to_json(&self) -> String {
        let members: Vec<_> = self
            .0
            .iter()
            .map(|(key, value)| format!("\"{key}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                iter::from_fn(|| map.next_entry::<&str, &RawValue>().transpose())
                    .map(|entry| entry.map(|(key, value)| (key, value.get().to_owned())))
                    .collect::<Result<_, _>>()
                    .map(Members)
            }
        }

        from.deserialize_map(InOrder)
    }
}
