//! Facts from outside the callout.

use crate::{contract::facts, decimal};

/// One value of a fact collection, by its key. The policy names the collection in its
/// `policy.toml`, and the policy set grants it.
///
/// None always means absence, of the key or of a place inside its value, or null: a source that
/// fails, a collection that was not granted, and a value of another type than the one asked for end
/// the evaluation as a fault. What absence means is the policy's to say: deny, unless the
/// collection is known to list everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact<'a> {
    pub(crate) collection: &'a str,
    pub(crate) key: &'a str,
}

impl Fact<'_> {
    /// Whether the collection has the key. Nothing is copied: the value must be an object, as rows
    /// of a database are, or an array; of others ask for the value itself.
    pub fn exists(&self) -> bool {
        self.count("").is_some()
    }

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

    /// How many items an array inside the value has; none where absent or null. An object is a
    /// fault, unlike for [`count`](Self::count).
    pub fn length(&self, pointer: &str) -> Option<u32> {
        facts::length(self.collection, self.key, pointer)
    }

    /// The strings of an array inside the value; none where it is absent or null. Empty and absent
    /// are not the same: a list that is not there says nothing.
    ///
    /// # Errors
    ///
    /// An item is null, with its place: for `?` in [`Policy::evaluate`](crate::Policy::evaluate).
    pub fn texts(&self, pointer: &str) -> Result<Option<Vec<String>>, String> {
        self.items(pointer, facts::text)
    }

    /// The GUIDs of an array inside the value, as [`guid`](Self::guid) gives them; none where it is
    /// absent or null.
    ///
    /// # Errors
    ///
    /// An item is null, with its place: for `?` in [`Policy::evaluate`](crate::Policy::evaluate).
    pub fn guids(&self, pointer: &str) -> Result<Option<Vec<String>>, String> {
        self.items(pointer, facts::guid)
    }

    fn items(
        &self,
        pointer: &str,
        read: fn(&str, &str, &str) -> Option<String>,
    ) -> Result<Option<Vec<String>>, String> {
        let Some(length) = self.length(pointer) else {
            return Ok(None);
        };
        let mut items = Vec::with_capacity(length as usize);
        for index in 0..length {
            let mut place = [pointer, "/"].concat();
            decimal::push(&mut place, index);
            match read(self.collection, self.key, &place) {
                Some(item) => items.push(item),
                None => {
                    let parts = [
                        "the fact `",
                        self.collection,
                        "`: nothing at `",
                        &place,
                        "`",
                    ];
                    return Err(parts.concat());
                }
            }
        }
        Ok(Some(items))
    }
}
