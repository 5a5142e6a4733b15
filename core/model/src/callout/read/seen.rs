//! Which members of an object were seen: none may stand twice.

use std::{borrow::Cow, collections::HashSet};

use super::Reader;
use crate::error::ErrorKind;

/// The error for a member that stands twice.
pub(super) fn repeated<E: serde::de::Error>(reader: &mut Reader<'_>, key: &str) -> E {
    let error = reader.fail(
        ErrorKind::CalloutRepeated,
        format!("member `{key}` stands twice in one object (case is ignored)"),
    );
    reader.path.push(key.into());
    error
}

/// The members of one object that were seen.
pub(super) struct Seen {
    known: u64,
    /// Where this object's unknown keys begin.
    start: usize,
    /// Their lower-case forms, once they are many.
    many: HashSet<String>,
}

impl Seen {
    const FEW: usize = 16;

    pub(super) fn new(reader: &Reader<'_>) -> Self {
        Self {
            known: 0,
            start: reader.unknown.len(),
            many: HashSet::new(),
        }
    }

    /// Whether this is the first member of that name.
    pub(super) fn first<'de>(
        &mut self,
        reader: &mut Reader<'de>,
        key: &Cow<'de, str>,
        known: Option<usize>,
    ) -> bool {
        if let Some(at) = known {
            let bit = 1_u64 << (at % 64);
            let first = self.known & bit == 0;
            self.known |= bit;
            return first;
        }
        let mine = reader.unknown.get(self.start..).unwrap_or_default();
        if mine.len() < Self::FEW {
            if mine.iter().any(|other| other.eq_ignore_ascii_case(key)) {
                return false;
            }
            reader.unknown.push(key.clone());
            return true;
        }
        if self.many.is_empty() {
            self.many
                .extend(mine.iter().map(|other| other.to_ascii_lowercase()));
        }
        self.many.insert(key.to_ascii_lowercase())
    }

    pub(super) fn close(self, reader: &mut Reader<'_>) {
        reader.unknown.truncate(self.start);
    }
}
