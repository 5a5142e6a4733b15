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
        for outcome in &report.outcomes {
            for (pointer, read) in outcome.ran.reads.to_pointers() {
                // Another policy may have read the value where this one asked for its presence.
                if read != Read::Value && callout.contains_key(&pointer) {
                    continue;
                }
                let shown = read.shown(&report.callout, &pointer);
                let value = Value::new(shown.as_deref(), form);
                callout.insert(pointer, value);
            }
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
        }
    }
}
