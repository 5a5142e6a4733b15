//! Unit tests of policies, without WebAssembly and without a host.
//!
//! A [`Fixture`] is one callout with settings, facts and an instant. It runs a policy as the host
//! does, and what would be a fault there is an error here.
//!
//! ```
//! use admit_policy::{Callout, Policy, Settings, Verdict, testing::Fixture};
//!
//! struct NoGuests;
//!
//! impl Policy for NoGuests {
//!     fn configure(_: &Settings) -> Result<Self, String> {
//!         Ok(NoGuests)
//!     }
//!
//!     fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
//!         Ok(match callout.target().connected_organization_id() {
//!             Some(_) => Verdict::deny("guest", ""),
//!             None => Verdict::approve("member", ""),
//!         })
//!     }
//! }
//!
//! let fixture = Fixture::from_json(
//!     r#"{
//!         "stage": "assignmentRequestCreated",
//!         "accessPackageAssignmentRequestId": "c0de0001-0001-4008-a00e-cf616ba1441c",
//!         "customExtensionStageInstanceId": "c0de0001-0002-4009-a00f-cf61f18d0e87"
//!     }"#,
//! );
//! assert_eq!(fixture.evaluate::<NoGuests>(), Ok(Verdict::approve("member", "")));
//! ```

mod check;
pub(crate) mod run;

use std::{collections::BTreeMap, fs, path::Path};

use admit_model::{Callout as Payload, guid};
use serde_json::Value;

use crate::{Callout, Policy, Settings, Verdict};

/// One callout with the settings, the facts and the instant of its evaluation.
///
/// What is wrong with a fixture itself shows as an error of [`evaluate`](Self::evaluate), so that
/// fixtures can be written as one chain.
#[derive(Clone, Debug)]
pub struct Fixture {
    given: Result<Given, String>,
}

/// What a run reads.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) callout: Payload,
    pub(crate) settings: Value,
    pub(crate) facts: BTreeMap<String, BTreeMap<String, Value>>,
    pub(crate) now: jiff::Timestamp,
}

impl Fixture {
    /// A callout as the service sends it, in any of its three shapes. Settings are `{}`, there are
    /// no facts, and it is 2026-01-01T00:00:00Z.
    pub fn from_json(text: &str) -> Self {
        let given = Payload::parse(text.as_bytes())
            .map_err(|error| format!("fixture: {error}"))
            .and_then(|callout| {
                if !callout.is_evaluated() {
                    return Err("fixture: policies are not asked about this callout".into());
                }
                let now = "2026-01-01T00:00:00Z"
                    .parse()
                    .map_err(|error| format!("fixture: {error}"))?;
                Ok(Given {
                    callout,
                    settings: Value::Object(serde_json::Map::new()),
                    facts: BTreeMap::new(),
                    now,
                })
            });
        Self { given }
    }

    /// As [`from_json`](Self::from_json), from a file.
    pub fn from_file(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        match fs::read_to_string(path) {
            Ok(text) => Self::from_json(&text),
            Err(error) => Self {
                given: Err(format!("fixture {}: {error}", path.display())),
            },
        }
    }

    /// The policy's settings, JSON text. They are not checked against the policy's schema.
    pub fn settings(self, json: &str) -> Self {
        self.with(|given| {
            given.settings = parse("settings", json)?;
            given.settings.sort_all_objects();
            Ok(())
        })
    }

    /// The instant of the evaluation, RFC 3339 with an offset or `Z`.
    pub fn now(self, text: &str) -> Self {
        self.with(|given| {
            given.now = text
                .parse()
                .map_err(|error| format!("fixture, now `{text}`: {error}"))?;
            Ok(())
        })
    }

    /// A value of a fact collection, JSON text; null is no such key, and a key that is a GUID is
    /// found in any spelling. This also grants the collection.
    pub fn fact(self, collection: &str, key: &str, json: &str) -> Self {
        self.with(|given| {
            let value = parse("fact", json)?;
            given
                .facts
                .entry(collection.into())
                .or_default()
                .insert(guid(key).unwrap_or_else(|| key.into()), value);
            Ok(())
        })
    }

    /// Grants a fact collection that may have no values.
    pub fn collection(self, collection: &str) -> Self {
        self.with(|given| {
            given.facts.entry(collection.into()).or_default();
            Ok(())
        })
    }

    /// Configures a policy with the settings.
    ///
    /// # Errors
    ///
    /// The policy's own error, or what would be a fault.
    pub fn configure<P: Policy>(&self) -> Result<P, String> {
        run::during(self.given()?, run::Phase::Configure, || {
            P::configure(&Settings::new())
        })
    }

    /// Configures a policy and has it answer the callout.
    ///
    /// # Errors
    ///
    /// The policy's own error, or what would be a fault: a panic, a value of another type than the
    /// one asked for, a place past the end, a lookup that is not granted, a verdict that the
    /// contract does not allow or the stage cannot take.
    pub fn evaluate<P: Policy>(&self) -> Result<Verdict, String> {
        let given = self.given()?;
        let policy = self
            .configure::<P>()
            .map_err(|error| format!("configure: {error}"))?;
        let verdict = run::during(given, run::Phase::Evaluate, || {
            policy.evaluate(&Callout::new())
        })?;
        check::check(&verdict, given.callout.stage())?;
        Ok(verdict)
    }

    fn given(&self) -> Result<&Given, String> {
        self.given.as_ref().map_err(Clone::clone)
    }

    fn with(mut self, change: impl FnOnce(&mut Given) -> Result<(), String>) -> Self {
        if let Ok(given) = &mut self.given
            && let Err(error) = change(given)
        {
            self.given = Err(error);
        }
        self
    }
}

fn parse(what: &str, json: &str) -> Result<Value, String> {
    serde_json::from_str(json).map_err(|error| format!("fixture, {what} `{json}`: {error}"))
}
