//! The settings that the policy set gives a policy.

use crate::{
    contract::{fault, settings},
    decimal,
};

/// The settings of the policy, or a part of them: JSON that fits the policy's own schema.
///
/// Places are JSON pointers (RFC 6901), counted from this part. Absent and null give none; a value
/// of another type than the one asked for is a fault, as is a malformed pointer. State types in
/// `settings.schema.json`, and neither comes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Pointer of this part.
    base: String,
}

impl Settings {
    pub(crate) const fn new() -> Self {
        Self {
            base: String::new(),
        }
    }

    /// The part at a place, whether or not there is anything.
    pub fn at(&self, pointer: &str) -> Self {
        let mut base = String::with_capacity(self.base.len() + pointer.len());
        base.push_str(&self.base);
        base.push_str(pointer);
        Self { base }
    }

    /// The item of an array at a place, from 0, whether or not there is one.
    pub fn item(&self, pointer: &str, index: u32) -> Self {
        let mut part = self.at(pointer);
        part.base.push('/');
        decimal::push(&mut part.base, index);
        part
    }

    /// Every item of the array at a place; none where it is absent.
    pub fn items(&self, pointer: &str) -> impl Iterator<Item = Self> {
        let length = self.length(pointer).unwrap_or(0);
        (0..length).map(move |index| self.item(pointer, index))
    }

    /// A string.
    pub fn text(&self, pointer: &str) -> Option<String> {
        settings::text(&self.at(pointer).base)
    }

    /// A boolean.
    pub fn flag(&self, pointer: &str) -> Option<bool> {
        settings::flag(&self.at(pointer).base)
    }

    /// A number without fraction, within ±(2^53 - 1).
    pub fn integer(&self, pointer: &str) -> Option<i64> {
        settings::integer(&self.at(pointer).base)
    }

    /// Any number.
    pub fn number(&self, pointer: &str) -> Option<f64> {
        settings::number(&self.at(pointer).base)
    }

    /// How many items an array, or members an object has.
    pub fn count(&self, pointer: &str) -> Option<u32> {
        settings::count(&self.at(pointer).base)
    }

    /// How many items an array has. An object is a fault, unlike for [`count`](Self::count).
    pub fn length(&self, pointer: &str) -> Option<u32> {
        settings::length(&self.at(pointer).base)
    }

    /// The name of an object's member by its place, in the order of the names' bytes. A place past
    /// the end is a fault.
    pub fn key(&self, pointer: &str, index: u32) -> Option<String> {
        settings::key(&self.at(pointer).base, index)
    }

    /// The strings of an array; empty where it is absent. An item that is null is a fault, whose
    /// text is lost as a panic's is: have the schema refuse it.
    pub fn texts(&self, pointer: &str) -> Vec<String> {
        self.list(pointer, Self::text)
    }

    /// A GUID in the spelling that the callout's ids have, from any of its spellings; a text that
    /// is none is a fault.
    pub fn guid(&self, pointer: &str) -> Option<String> {
        settings::guid(&self.at(pointer).base)
    }

    /// The GUIDs of an array, as [`guid`](Self::guid) gives them; empty where it is absent. For null
    /// see [`texts`](Self::texts).
    pub fn guids(&self, pointer: &str) -> Vec<String> {
        self.list(pointer, Self::guid)
    }

    fn list(&self, pointer: &str, read: fn(&Self, &str) -> Option<String>) -> Vec<String> {
        self.items(pointer)
            .map(|item| match read(&item, "") {
                Some(text) => text,
                None => fault(|| item.error("", "nothing there, where an item was asked for")),
            })
            .collect()
    }

    /// A date-time in seconds since 1970-01-01T00:00:00Z, rounded down: RFC 3339 with an offset or
    /// `Z`, or a date alone, which means midnight UTC. A text that is none of these is a fault.
    pub fn timestamp(&self, pointer: &str) -> Option<i64> {
        settings::timestamp(&self.at(pointer).base)
    }

    /// A message that names a place, for the error of `configure`: `settings POINTER: PROBLEM`.
    pub fn error(&self, pointer: &str, problem: &str) -> String {
        let blank = if self.base.is_empty() && pointer.is_empty() {
            ""
        } else {
            " "
        };
        ["settings", blank, &self.base, pointer, ": ", problem].concat()
    }

    /// All settings as JSON text, keys sorted, no spaces; `{}` when there are none. The same for
    /// every part.
    pub fn document(&self) -> String {
        settings::document()
    }
}
