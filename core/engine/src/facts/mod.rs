//! Facts: what a policy may know beside the callout.
//!
//! A [`FactSource`] has the values of one collection, by key; [`Facts`] names the collections of a
//! set; [`lookups`] asks the sources while a callout is evaluated, and [`record`] keeps what they
//! said, so that the same callout can be evaluated again without them.

mod fact;
mod json;
mod lookups;
mod record;
mod sqlite;

use std::{collections::BTreeMap, fmt, sync::Arc, time::Instant};

use serde_json::Value;

pub(crate) use self::json::from_text;
pub(crate) use self::lookups::{Asked, From, Lookups, is_asking};
pub use self::{
    fact::{Fact, FactError},
    json::JsonFacts,
    record::{Recorded, RecordedFacts},
    sqlite::SqliteFacts,
};

/// Where the values of one collection come from.
///
/// Threads share a source. It is asked at most once for each key in one evaluation of a policy
/// set, and never for a collection that the policy was not granted.
///
/// A function `Fn(&str) -> Result<Option<Value>, E>` is a source:
///
/// ```
/// use admit::Facts;
/// use serde_json::json;
///
/// let facts = Facts::new().with("seats", |package: &str| {
///     Ok::<_, std::io::Error>(match package {
///         "0d000001-0007-400e-a014-d13244aa029e" => Some(json!({"used": 118, "bought": 120})),
///         _ => None,
///     })
/// });
/// ```
pub trait FactSource: Send + Sync {
    /// The value of a key; none where the collection has no such key. Keys that are GUIDs arrive
    /// in lower case with hyphens.
    ///
    /// The time that this takes counts against the policy's deadline. A source is not cut short:
    /// it should give up by itself once `deadline` has passed, and an answer that comes later is a
    /// deadline fault of the policy. A panic is a failure.
    ///
    /// # Errors
    ///
    /// Why there is no answer. It ends the policy's evaluation as a fault.
    fn lookup(&self, key: &str, deadline: Instant) -> Result<Option<Fact>, FactError>;
}

impl<F, E> FactSource for F
where
    F: Fn(&str) -> Result<Option<Value>, E> + Send + Sync,
    E: fmt::Display,
{
    fn lookup(&self, key: &str, _deadline: Instant) -> Result<Option<Fact>, FactError> {
        match self(key) {
            Ok(None) => Ok(None),
            Ok(Some(value)) => Fact::new(value),
            Err(error) => Err(FactError::new(error.to_string())),
        }
    }
}

/// The collections of facts that a policy set has, and their sources. Cheap to clone.
#[derive(Clone, Default)]
pub struct Facts(Arc<BTreeMap<String, Arc<dyn FactSource>>>);

impl Facts {
    /// No collections.
    pub fn new() -> Self {
        Self::default()
    }

    /// These and one more, named `[a-z0-9-]{1,64}`. One of the same name is replaced.
    #[must_use]
    pub fn with(mut self, collection: &str, source: impl FactSource + 'static) -> Self {
        Arc::make_mut(&mut self.0).insert(collection.into(), Arc::new(source));
        self
    }

    /// Names of the collections, in the order of their bytes.
    pub fn collections(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is a collection of this name.
    pub fn has(&self, collection: &str) -> bool {
        self.0.contains_key(collection)
    }

    pub(crate) fn source(&self, collection: &str) -> Option<&dyn FactSource> {
        self.0.get(collection).map(|source| &**source)
    }

    /// This collection alone, where there is one.
    pub(crate) fn one(&self, collection: &str) -> Option<Self> {
        let source = Arc::clone(self.0.get(collection)?);
        Some(Self(Arc::new([(collection.into(), source)].into())))
    }

    pub(crate) fn extend(&mut self, others: Self) {
        let others = others.0.iter();
        let others = others.map(|(name, source)| (name.clone(), Arc::clone(source)));
        Arc::make_mut(&mut self.0).extend(others);
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A source that is declared and not there: of a set that was loaded without its sources.
pub(crate) struct Unattached;

impl FactSource for Unattached {
    fn lookup(&self, _key: &str, _deadline: Instant) -> Result<Option<Fact>, FactError> {
        Err(FactError::new(
            "not attached: the set was loaded to evaluate with recorded facts",
        ))
    }
}
