//! Facts from outside the callout.

use admit_model::{FaultKind, ValueError, ValueReader};
use serde_json::Value;
use wasmtime::StoreContextMut;

use super::{HostFault, Instance, State, fault};
use crate::facts::Fact;

type Store<'s> = StoreContextMut<'s, State>;

/// The value of a key in a collection that the policy was granted.
fn lookup<'s>(
    store: &'s mut Store<'_>,
    collection: &str,
    key: &str,
) -> wasmtime::Result<Option<&'s Fact>> {
    let evaluation = store.data_mut().evaluation()?;
    if !evaluation.granted.iter().any(|name| name == collection) {
        return Err(fault(
            FaultKind::Facts,
            format!("looked up `{collection}`, which it was not granted"),
        ));
    }
    evaluation
        .lookups
        .get(collection, key, evaluation.deadline)
        .map_err(|fault| wasmtime::Error::new(HostFault(fault)))
}

/// A lookup inside a value; what cannot be read as asked is a fault.
fn inside<T>(
    mut store: Store<'_>,
    (collection, key, pointer): (Box<str>, Box<str>, Box<str>),
    read: impl for<'v> FnOnce(ValueReader<'v>, &str) -> Result<Option<T>, ValueError>,
) -> wasmtime::Result<(Option<T>,)> {
    let fact = lookup(&mut store, &collection, &key)?;
    let value = fact.map_or(&Value::Null, Fact::value);
    read(ValueReader(value), &pointer)
        .map(|value| (value,))
        .map_err(|error| {
            fault(
                FaultKind::Facts,
                format!("the fact `{collection}`: {error}"),
            )
        })
}

pub(super) fn link(instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    instance.func_wrap(
        "lookup",
        |mut store: Store<'_>, (collection, key): (Box<str>, Box<str>)| {
            let fact = lookup(&mut store, &collection, &key)?;
            Ok((fact.map(|fact| Box::<str>::from(fact.text())),))
        },
    )?;
    instance.func_wrap("text", |store: Store<'_>, at| {
        inside(store, at, |value, pointer| {
            Ok(value.text(pointer)?.map(Box::<str>::from))
        })
    })?;
    instance.func_wrap("guid", |store: Store<'_>, at| {
        inside(store, at, |value, pointer| value.guid(pointer))
    })?;
    instance.func_wrap("timestamp", |store: Store<'_>, at| {
        inside(store, at, |value, pointer| value.timestamp(pointer))
    })?;
    instance.func_wrap("flag", |store: Store<'_>, at| {
        inside(store, at, |value, pointer| value.flag(pointer))
    })?;
    instance.func_wrap("integer", |store: Store<'_>, at| {
        inside(store, at, |value, pointer| value.integer(pointer))
    })?;
    instance.func_wrap("number", |store: Store<'_>, at| {
        inside(store, at, |value, pointer| value.number(pointer))
    })?;
    instance.func_wrap("count", |store: Store<'_>, at| {
        inside(store, at, |value, pointer| value.count(pointer))
    })?;
    instance.func_wrap("length", |store: Store<'_>, at| {
        inside(store, at, |value, pointer| value.length(pointer))
    })
}
