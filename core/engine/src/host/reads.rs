//! What a policy read.

use std::{borrow::Cow, collections::BTreeSet};

use admit_model::{Callout, FaultKind, Field, Places};

use super::fault;

/// What a policy read of the callout: a bit for each getter, and the pointers it made up itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reads {
    /// Whether anything is kept.
    are_kept: bool,
    fields: [u64; 4],
    /// Whether the lengths of the two lists were asked for.
    counts: [bool; 2],
    /// For each row of the two lists, a bit for each field.
    rows: [Vec<u128>; 2],
    pointers: BTreeSet<String>,
}

/// A place of the canonical document that was read.
pub(crate) struct Place {
    pub(crate) pointer: String,
    pub(crate) read: Read,
    /// Whether the policy made the pointer up itself and no getter has it, so that anything may
    /// stand in it.
    pub(crate) is_own: bool,
}

/// How a place of the canonical document was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// Its value.
    Value,
    /// Whether it is there.
    Presence,
    /// How many items its list has.
    Count,
}

impl Place {
    /// What was shown there, as JSON text.
    pub(crate) fn shown<'c>(
        &self,
        callout: &'c Callout,
        places: &mut Places<'c>,
    ) -> Option<Cow<'c, str>> {
        let pointer = &self.pointer;
        match (self.read, Field::at(pointer)) {
            (Read::Count, _) => Some(callout.count(pointer).to_string().into()),
            (Read::Presence, Some(field)) => Some(callout.has(field).to_string().into()),
            // A pointer that is malformed is not recorded.
            _ => places.json(pointer).ok().flatten().map(Cow::Borrowed),
        }
    }
}

impl Reads {
    pub(crate) fn new(are_kept: bool) -> Self {
        Self {
            are_kept,
            ..Self::default()
        }
    }

    /// Whether what was read is known.
    pub(crate) fn are_kept(&self) -> bool {
        self.are_kept
    }

    const POINTERS: usize = 4096;
    const POINTER_LENGTH: usize = 1024;

    pub(crate) fn field(&mut self, field: Field) {
        if let Some(bits) = self.fields.get_mut(field.index() / 64) {
            *bits |= u64::from(self.are_kept) << (field.index() % 64);
        }
    }

    pub(crate) fn count(&mut self, list: &str) {
        for (name, count) in Callout::LISTS.iter().zip(&mut self.counts) {
            *count |= self.are_kept && *name == list;
        }
    }

    pub(crate) fn row(&mut self, list: &str, field: Field, index: u32) {
        let Ok(index) = usize::try_from(index) else {
            return;
        };
        if !self.are_kept {
            return;
        }
        for (name, rows) in Callout::LISTS.iter().zip(&mut self.rows) {
            if *name == list {
                if rows.len() <= index {
                    rows.resize(index + 1, 0);
                }
                if let Some(bits) = rows.get_mut(index) {
                    *bits |= 1 << (field.index() % 128);
                }
            }
        }
    }

    pub(crate) fn pointer(&mut self, pointer: &str) -> wasmtime::Result<()> {
        if self.pointers.contains(pointer) {
            return Ok(());
        }
        if pointer.len() > Self::POINTER_LENGTH {
            return Err(fault(
                FaultKind::Answer,
                format!(
                    "a pointer of {} bytes; at most {}",
                    pointer.len(),
                    Self::POINTER_LENGTH
                ),
            ));
        }
        if self.pointers.len() == Self::POINTERS {
            return Err(fault(
                FaultKind::Answer,
                format!("more than {} different pointers read", Self::POINTERS),
            ));
        }
        // Kept in any case, since they are bounded: what is shown must not change what is decided.
        self.pointers.insert(pointer.into());
        Ok(())
    }

    /// Places of the canonical document: getters in declared order, then pointers of the policy's
    /// own in the order of their bytes. The empty pointer is the whole document.
    pub(crate) fn places(&self) -> Vec<Place> {
        let mut all: Vec<Place> = Vec::new();
        let mut push = |pointer: String, read, is_own| {
            all.push(Place {
                pointer,
                read,
                is_own,
            });
        };
        let mut own: BTreeSet<&str> = self.pointers.iter().map(String::as_str).collect();
        let bit = |field: Field| {
            self.fields
                .get(field.index() / 64)
                .is_some_and(|bits| bits >> (field.index() % 64) & 1 == 1)
        };
        for field in Field::all().filter(|field| bit(*field)) {
            let pointer = field.pointer();
            // Whoever read the whole has read whether it is there as well.
            if field.is_value() || own.remove(pointer) {
                own.remove(pointer);
                push(pointer.to_owned(), Read::Value, false);
            } else {
                push(pointer.to_owned(), Read::Presence, false);
            }
        }
        for ((list, count), rows) in Callout::LISTS.iter().zip(self.counts).zip(&self.rows) {
            if count {
                // Whoever read the whole list has read its length as well.
                let read = if own.remove(list) {
                    Read::Value
                } else {
                    Read::Count
                };
                push((*list).to_owned(), read, false);
            }
            for (index, bits) in rows.iter().enumerate() {
                for field in Field::all() {
                    let pointer = field.pointer();
                    if bits >> (field.index() % 128) & 1 == 1 && pointer.starts_with(list) {
                        let pointer = pointer.replace('*', &index.to_string());
                        own.remove(pointer.as_str());
                        push(pointer, Read::Value, false);
                    }
                }
            }
        }
        for pointer in own {
            push(
                pointer.to_owned(),
                Read::Value,
                Field::at(pointer).is_none(),
            );
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_bit() {
        assert!(Field::bound() <= 128, "rows keep a bit for each field");
    }
}
