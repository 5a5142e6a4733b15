//! What a policy read.

use std::collections::BTreeSet;

use admit_model::{Callout, FaultKind, Field};

use super::fault;

/// What a policy read of the callout: a bit for each getter, and the pointers it made up itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reads {
    fields: [u64; 4],
    /// Whether the lengths of the two lists were asked for.
    counts: [bool; 2],
    /// For each row of the two lists, a bit for each field.
    rows: [Vec<u128>; 2],
    pointers: BTreeSet<String>,
}

impl Reads {
    const POINTERS: usize = 4096;
    const POINTER_LENGTH: usize = 1024;

    pub(crate) fn field(&mut self, field: Field) {
        if let Some(bits) = self.fields.get_mut(field.index() / 64) {
            *bits |= 1 << (field.index() % 64);
        }
    }

    pub(crate) fn count(&mut self, list: &str) {
        for (name, count) in Callout::LISTS.iter().zip(&mut self.counts) {
            *count |= *name == list;
        }
    }

    pub(crate) fn row(&mut self, list: &str, field: Field, index: u32) {
        let Ok(index) = usize::try_from(index) else {
            return;
        };
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
        self.pointers.insert(pointer.into());
        Ok(())
    }

    /// JSON pointers into the canonical document: getters in declared order, then pointers of the
    /// policy's own in the order of their bytes. The empty pointer is the whole document.
    pub(crate) fn to_pointers(&self) -> Vec<String> {
        let mut all = Vec::new();
        let bit = |field: Field| {
            self.fields
                .get(field.index() / 64)
                .is_some_and(|bits| bits >> (field.index() % 64) & 1 == 1)
        };
        for field in Field::all().filter(|field| bit(*field)) {
            all.push(field.pointer().to_owned());
        }
        for ((list, count), rows) in Callout::LISTS.iter().zip(self.counts).zip(&self.rows) {
            if count {
                all.push((*list).to_owned());
            }
            for (index, bits) in rows.iter().enumerate() {
                for field in Field::all() {
                    let pointer = field.pointer();
                    if bits >> (field.index() % 128) & 1 == 1 && pointer.starts_with(list) {
                        all.push(pointer.replace('*', &index.to_string()));
                    }
                }
            }
        }
        for pointer in &self.pointers {
            if !all.contains(pointer) {
                all.push(pointer.clone());
            }
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
