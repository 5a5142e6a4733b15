//! What policies were shown: values, for whoever asks for them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    FaultJson,
    text::{Form, Text},
};
use crate::{facts::Fact, host::Read, report};

/// What the policies were shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Evidence<'r> {
    /// What they read of the callout: JSON pointers into the canonical document, each with what
    /// stands there, or null. Of a list whose length was asked for it is the length, of an object
    /// that was only asked for, whether it is there.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "BTreeMap<String, serde_json::Value>")
    )]
    callout: BTreeMap<String, Value>,
    /// Every lookup of facts with its answer, each once.
    facts: Vec<Answered<'r>>,
    /// The policies that were cut short, by their deadline or for want of an instance: that depends
    /// on the machine, and such an evaluation cannot be repeated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    cut_short: Vec<&'r str>,
}

/// A lookup with its answer: a value, null where there is no such key, or a fault.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend("oneOf" = [{ "required": ["value"] }, { "required": ["fault"] }]))
)]
struct Answered<'r> {
    /// The collection.
    collection: &'r str,
    /// The key.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    key: Text<'r>,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    value: Option<Value>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultJson<'r>>,
}

/// A value in a report.
#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Null,
    Digest(String),
    Json(Box<RawValue>),
}

impl Value {
    /// JSON text as it is written.
    fn new(text: Option<&str>, form: Form) -> Self {
        match text {
            None => Self::Null,
            Some(text) if form.redact => Self::Digest(form.digest(text)),
            // It is JSON text, so there is no other case.
            Some(text) => RawValue::from_string(text.into()).map_or(Self::Null, Self::Json),
        }
    }
}

impl<'r> Evidence<'r> {
    pub(super) fn new(report: &'r report::Report, form: Form) -> Self {
        let mut callout = BTreeMap::new();
        let mut places = report.callout.places();
        for place in (report.outcomes.iter()).flat_map(|outcome| outcome.ran.reads.places()) {
            let pointer = form.pointer(&place);
            // Another policy may have read the value where this one asked for its presence.
            if place.read != Read::Value && callout.contains_key(&pointer) {
                continue;
            }
            let shown = place.shown(&report.callout, &mut places);
            callout.insert(pointer, Value::new(shown.as_deref(), form));
        }
        let facts = report.facts.iter().map(|recorded| {
            let (value, fault) = match recorded.answer() {
                Ok(fact) => (Some(Value::new(fact.map(Fact::text), form)), None),
                Err(fault) => (None, Some(FaultJson::new(fault, form))),
            };
            Answered {
                collection: recorded.collection(),
                key: form.text(recorded.key()),
                value,
                fault,
            }
        });
        Self {
            callout,
            facts: facts.collect(),
            cut_short: report.facts.cut_short().collect(),
        }
    }
}
