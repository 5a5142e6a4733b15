//! Lookups as a record: what was asked and what was answered.

use std::{collections::BTreeSet, fmt, sync::Arc};

use admit_model::{Callout, Error, ErrorKind, Fault, FaultKind};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, value::RawValue};
use sha2::{Digest as _, Sha256};

use super::{Fact, fact::Distinct};
use crate::policy::hex;

/// Every lookup of one evaluation with its answer.
///
/// [`Report::facts`](crate::Report::facts) gives it, and
/// [`Evaluation::with_facts`](crate::Evaluation::with_facts) evaluates with nothing else. Cheap to
/// clone. Two are equal where they have the same lookups with the same answers.
#[derive(Clone, Default)]
pub struct RecordedFacts(Arc<Record>);

#[derive(Default)]
struct Record {
    /// In the order of collection and key, each once.
    lookups: Vec<Recorded>,
    /// Policies whose time was over, or that found no instance: the machine's doing, not that of
    /// callout, set and facts.
    cut_short: Vec<String>,
    /// What was evaluated, and when; none of a bare list.
    origin: Option<Origin>,
}

struct Origin {
    callout: Of,
    now: Timestamp,
}

enum Of {
    Callout(Callout),
    /// SHA-256 of its bytes, in hexadecimal.
    Digest(String),
}

/// One lookup and its answer.
#[derive(Clone, PartialEq)]
pub struct Recorded {
    pub(super) collection: Arc<str>,
    pub(super) key: Arc<str>,
    pub(super) answer: Result<Option<Fact>, Fault>,
}

impl Recorded {
    /// The collection that was asked.
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// The key that it was asked for.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value, none where there was no such key, or how the lookup failed.
    ///
    /// # Errors
    ///
    /// The fault of each policy that made the lookup.
    pub fn answer(&self) -> Result<Option<&Fact>, &Fault> {
        self.answer.as_ref().map(Option::as_ref)
    }

    pub(super) fn place(&self) -> (&str, &str) {
        (&self.collection, &self.key)
    }

    pub(super) fn is(&self, collection: &str, key: &str) -> bool {
        *self.key == *key && *self.collection == *collection
    }
}

impl RecordedFacts {
    /// Lookups come in the order of collection and key.
    pub(crate) fn new(
        lookups: Vec<Recorded>,
        cut_short: Vec<String>,
        callout: &Callout,
        now: Timestamp,
    ) -> Self {
        Self(Arc::new(Record {
            lookups,
            cut_short,
            origin: Some(Origin {
                callout: Of::Callout(callout.clone()),
                now,
            }),
        }))
    }

    /// The lookups, in the order of collection and key, each once.
    pub fn iter(&self) -> impl Iterator<Item = &Recorded> {
        self.0.lookups.iter()
    }

    /// Whether nothing was looked up.
    pub fn is_empty(&self) -> bool {
        self.0.lookups.is_empty()
    }

    /// The instant of the evaluation that it is of; none of a list alone.
    pub fn now(&self) -> Option<Timestamp> {
        self.0.origin.as_ref().map(|origin| origin.now)
    }

    /// Ids of the policies that were cut short, by their deadline or for want of an instance. That
    /// depends on the machine: such an evaluation cannot be repeated.
    pub fn cut_short(&self) -> impl Iterator<Item = &str> {
        self.0.cut_short.iter().map(String::as_str)
    }

    /// The record of a report that carries its evidence: the whole report's JSON text, or the list
    /// that stands at `/evidence/facts` there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FactRecord`]: it is not such a report, is redacted, or names a lookup twice.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let refuse = |detail: String| Error::new(ErrorKind::FactRecord, detail);
        let malformed = |error: serde_json::Error| {
            refuse(format!("not a report, nor a list of lookups: {error}"))
        };
        let (place, record) = if text.trim_start().starts_with('[') {
            let facts = serde_json::from_str(text).map_err(malformed)?;
            let evidence = EvidenceItem {
                facts,
                cut_short: Vec::new(),
            };
            ("", (evidence, None))
        } else {
            let report: ReportItem<'_> = serde_json::from_str(text).map_err(malformed)?;
            if report.redacted {
                return Err(refuse(
                    "redacted: it has digests, and no values to evaluate with".into(),
                ));
            }
            let Some(evidence) = report.evidence else {
                return Err(refuse(
                    "carries no evidence; make the report with it (`admit eval --format json \
                     --evidence`)"
                        .into(),
                )
                .at("/evidence"));
            };
            let origin = Origin {
                callout: Of::Digest(report.callout_sha256),
                now: report.now,
            };
            ("/evidence/facts", (evidence, Some(origin)))
        };
        let (evidence, origin) = record;
        let mut lookups = Vec::with_capacity(evidence.facts.len());
        let mut seen = BTreeSet::new();
        for (index, item) in evidence.facts.into_iter().enumerate() {
            let refuse = |detail: String| refuse(detail).at(format!("{place}/{index}"));
            let item: Item =
                serde_json::from_str(item.get()).map_err(|error| refuse(error.to_string()))?;
            let recorded = item.read().map_err(refuse)?;
            if !seen.insert((Arc::clone(&recorded.collection), Arc::clone(&recorded.key))) {
                return Err(refuse("this lookup stands twice".into()));
            }
            lookups.push(recorded);
        }
        lookups.sort_unstable_by(|one, other| one.place().cmp(&other.place()));
        Ok(Self(Arc::new(Record {
            lookups,
            cut_short: evidence.cut_short,
            origin,
        })))
    }

    /// Whether an evaluation can be repeated with it: it is of this callout, and nothing of it was
    /// the machine's doing.
    pub(crate) fn check(&self, callout: &Callout) -> Result<(), Error> {
        let refuse = |detail: &str| Error::new(ErrorKind::FactRecord, detail);
        let is_of_it = match self.0.origin.as_ref().map(|origin| &origin.callout) {
            None => true,
            Some(Of::Callout(of)) => of.bytes() == callout.bytes(),
            Some(Of::Digest(digest)) => *digest == hex(&Sha256::digest(callout.bytes())),
        };
        if !is_of_it {
            return Err(refuse(
                "the record is of another callout; the list at `/evidence/facts` alone serves for \
                 any",
            ));
        }
        match self.0.cut_short.first() {
            None => Ok(()),
            Some(policy) => Err(refuse(
                "was cut short when this was recorded, by its deadline or for want of an instance; \
                 that depends on the machine and cannot be repeated",
            )
            .of_policy(policy.as_str())),
        }
    }

    pub(super) fn get(&self, collection: &str, key: &str) -> Option<&Recorded> {
        let lookups = &self.0.lookups;
        let at = lookups
            .binary_search_by(|recorded| recorded.place().cmp(&(collection, key)))
            .ok()?;
        lookups.get(at)
    }
}

impl PartialEq for RecordedFacts {
    fn eq(&self, other: &Self) -> bool {
        self.0.lookups == other.0.lookups && self.0.cut_short == other.0.cut_short
    }
}

// Keys and values are about people.
impl fmt::Debug for RecordedFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match &self.answer {
            Ok(Some(_)) => "a value",
            Ok(None) => "no such key",
            Err(fault) => fault.kind.as_str(),
        };
        write!(f, "{}: {answer}", self.collection)
    }
}

/// A report, as far as it is a record.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportItem<'t> {
    callout_sha256: String,
    now: Timestamp,
    #[serde(default)]
    redacted: bool,
    #[serde(borrow)]
    evidence: Option<EvidenceItem<'t>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EvidenceItem<'t> {
    #[serde(borrow)]
    facts: Vec<&'t RawValue>,
    #[serde(default)]
    cut_short: Vec<String>,
}

/// One lookup in a report's evidence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    collection: String,
    key: String,
    #[serde(default, deserialize_with = "present")]
    value: Option<Value>,
    fault: Option<FaultItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultItem {
    kind: String,
    detail: String,
}

/// Null is a value here: it says that there was no such key.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    // Not as a `Value`, which reads some members as numbers or JSON of serde_json's own.
    Distinct::deserialize(from).map(|Distinct(value)| Some(value))
}

impl Item {
    fn read(self) -> Result<Recorded, String> {
        let answer = match (self.value, self.fault) {
            (Some(value), None) => Ok(Fact::new(value).map_err(|error| error.to_string())?),
            (None, Some(FaultItem { kind, detail })) => Err(Fault {
                kind: FaultKind::ALL
                    .iter()
                    .copied()
                    .find(|known| known.as_str() == kind)
                    .ok_or_else(|| format!("there is no fault `{kind}`"))?,
                detail,
            }),
            _ => return Err("a lookup has either a `value` or a `fault`".into()),
        };
        Ok(Recorded {
            collection: self.collection.into(),
            key: self.key.into(),
            answer,
        })
    }
}
