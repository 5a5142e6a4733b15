//! Lookups as a record: what was asked and what was answered.

use std::{collections::BTreeSet, sync::Arc};

use admit_model::{Error, ErrorKind, Fault, FaultKind};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Fact, fact::Distinct};

/// Every lookup of one evaluation with its answer.
///
/// [`Report::facts`](crate::Report::facts) gives it, and
/// [`Evaluation::with_facts`](crate::Evaluation::with_facts) evaluates with nothing else. Cheap to
/// clone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordedFacts(
    /// In the order of collection and key, each once.
    Arc<[Recorded]>,
);

/// One lookup and its answer.
#[derive(Clone, Debug, PartialEq)]
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
    /// The lookups, in the order of collection and key.
    pub fn iter(&self) -> impl Iterator<Item = &Recorded> {
        self.0.iter()
    }

    /// Whether nothing was looked up.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The record of a report that carries its evidence: the whole report's JSON text, or the list
    /// that stands at `/evidence/facts` there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FactRecord`]: it is not such a report, is redacted, or names a lookup twice.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let refuse = |detail: String| Error::new(ErrorKind::FactRecord, detail);
        let Distinct(mut document) = serde_json::from_str(text).map_err(|error| {
            refuse(format!(
                "not JSON: {error}; give a report that carries its evidence"
            ))
        })?;
        if document.get("redacted") == Some(&Value::Bool(true)) {
            return Err(refuse(
                "redacted: it has digests, and no values to evaluate with".into(),
            ));
        }
        let (place, list) = match document {
            Value::Array(_) => ("", document),
            _ => match document.pointer_mut("/evidence/facts") {
                Some(list) => ("/evidence/facts", list.take()),
                None => {
                    return Err(refuse(
                        "carries no evidence; make the report with it (`admit eval --format json \
                         --evidence`)"
                            .into(),
                    )
                    .at("/evidence/facts"));
                }
            },
        };
        let Value::Array(items) = list else {
            return Err(refuse("not a list of lookups".into()).at(place));
        };
        let mut seen = BTreeSet::new();
        let mut record = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let refuse = |detail: String| refuse(detail).at(format!("{place}/{index}"));
            let item: Item =
                serde_json::from_value(item).map_err(|error| refuse(error.to_string()))?;
            let recorded = item.read().map_err(refuse)?;
            if !seen.insert((Arc::clone(&recorded.collection), Arc::clone(&recorded.key))) {
                return Err(refuse("this lookup stands twice".into()));
            }
            record.push(recorded);
        }
        Ok(record.into_iter().collect())
    }

    pub(super) fn get(&self, collection: &str, key: &str) -> Option<&Recorded> {
        let at = self
            .0
            .binary_search_by(|recorded| recorded.place().cmp(&(collection, key)))
            .ok()?;
        self.0.get(at)
    }
}

impl FromIterator<Recorded> for RecordedFacts {
    fn from_iter<I: IntoIterator<Item = Recorded>>(recorded: I) -> Self {
        let mut all: Vec<_> = recorded.into_iter().collect();
        all.sort_unstable_by(|one, other| one.place().cmp(&other.place()));
        Self(all.into())
    }
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
