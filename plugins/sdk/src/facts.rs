//! Facts from outside the callout.

use crate::contract::facts;

/// One value of a fact collection, by its key. The policy names the collection in its
/// `policy.toml`, and the policy set grants it.
///
/// None always means absence: a source that fails, a collection that was not granted, and a value
/// of another type than the one asked for end the evaluation as a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact<'a> {
    pub(crate) collection: &'a str,
    pub(crate) key: &'a str,
}

impl Fact<'_> {
    /// The whole value as JSON text; none where the collection has no such key.
    pub fn lookup(&self) -> Option<String> {
        facts::lookup(self.collection, self.key)
    }

    /// A string inside the value, by its JSON pointer; none where absent or null.
    pub fn text(&self, pointer: &str) -> Option<String> {
        facts::text(self.collection, self.key, pointer)
    }

    /// A GUID inside the value, in the spelling that the callout's ids have; none where absent or
    /// null.
    pub fn guid(&self, pointer: &str) -> Option<String> {
        facts::guid(self.collection, self.key, pointer)
    }

    /// A date-time inside the value, in seconds since 1970-01-01T00:00:00Z; none where absent or
    /// null.
    pub fn timestamp(&self, pointer: &str) -> Option<i64> {
        facts::timestamp(self.collection, self.key, pointer)
    }

    /// A boolean inside the value; none where absent or null.
    pub fn flag(&self, pointer: &str) -> Option<bool> {
        facts::flag(self.collection, self.key, pointer)
    }

    /// A number without fraction, within ±(2^53 - 1); none where absent or null.
    pub fn integer(&self, pointer: &str) -> Option<i64> {
        facts::integer(self.collection, self.key, pointer)
    }

    /// A number inside the value; none where absent or null.
    pub fn number(&self, pointer: &str) -> Option<f64> {
        facts::number(self.collection, self.key, pointer)
    }

    /// How many items an array or members an object inside the value has; none where absent.
    pub fn count(&self, pointer: &str) -> Option<u32> {
        facts::count(self.collection, self.key, pointer)
    }
}
