//! A policy's settings.

use admit_model::{FaultKind, ValueError, ValueReader, sorted_json};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wasmtime::StoreContextMut;

use super::{Instance, State, fault};

/// A policy's settings: JSON, its canonical text and that text's digest.
#[derive(Debug)]
pub(crate) struct Settings {
    value: Value,
    /// Keys sorted, no spaces.
    text: String,
    pub(crate) sha256: [u8; 32],
}

impl Settings {
    pub(crate) fn new(mut value: Value) -> Self {
        value.sort_all_objects();
        let text = sorted_json(&value);
        Self {
            sha256: Sha256::digest(text.as_bytes()).into(),
            value,
            text,
        }
    }
}

type Store<'s> = StoreContextMut<'s, State>;

/// Reads the settings; what cannot be read as asked is a fault.
fn read<T>(
    store: &Store<'_>,
    read: impl FnOnce(ValueReader<'_>) -> Result<Option<T>, ValueError>,
) -> wasmtime::Result<(Option<T>,)> {
    read(ValueReader(&store.data().settings.value))
        .map(|value| (value,))
        .map_err(|error| fault(FaultKind::Settings, error.to_string()))
}

pub(super) fn link(instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    instance.func_wrap("text", |store: Store<'_>, (at,): (Box<str>,)| {
        read(&store, |settings| {
            Ok(settings.text(&at)?.map(Box::<str>::from))
        })
    })?;
    instance.func_wrap("guid", |store: Store<'_>, (at,): (Box<str>,)| {
        read(&store, |settings| settings.guid(&at))
    })?;
    instance.func_wrap("timestamp", |store: Store<'_>, (at,): (Box<str>,)| {
        read(&store, |settings| settings.timestamp(&at))
    })?;
    instance.func_wrap("flag", |store: Store<'_>, (at,): (Box<str>,)| {
        read(&store, |settings| settings.flag(&at))
    })?;
    instance.func_wrap("integer", |store: Store<'_>, (at,): (Box<str>,)| {
        read(&store, |settings| settings.integer(&at))
    })?;
    instance.func_wrap("number", |store: Store<'_>, (at,): (Box<str>,)| {
        read(&store, |settings| settings.number(&at))
    })?;
    instance.func_wrap("count", |store: Store<'_>, (at,): (Box<str>,)| {
        read(&store, |settings| settings.count(&at))
    })?;
    instance.func_wrap("length", |store: Store<'_>, (at,): (Box<str>,)| {
        read(&store, |settings| settings.length(&at))
    })?;
    instance.func_wrap("key", |store: Store<'_>, (at, index): (Box<str>, u32)| {
        read(&store, |settings| {
            Ok(settings.key(&at, index)?.map(Box::<str>::from))
        })
    })?;
    instance.func_wrap("document", |store: Store<'_>, (): ()| {
        Ok((Box::<str>::from(store.data().settings.text.as_str()),))
    })
}
