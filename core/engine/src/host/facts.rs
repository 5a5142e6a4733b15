//! Facts from outside the callout.
//!
//! Policy sets cannot declare sources yet, so every lookup is one that was not granted.

use admit_model::FaultKind;
use wasmtime::StoreContextMut;

use super::{Instance, State, fault};

type Store<'s> = StoreContextMut<'s, State>;

fn not_granted(store: &mut Store<'_>, collection: &str) -> wasmtime::Error {
    if let Err(error) = store.data_mut().evaluation() {
        return error;
    }
    fault(
        FaultKind::Facts,
        format!("looked up `{collection}`, which it was not granted"),
    )
}

/// A lookup inside a value.
macro_rules! inside {
    ($instance:ident, $name:literal, $result:ty) => {
        $instance.func_wrap(
            $name,
            |mut store: Store<'_>,
             (collection, _key, _pointer): (Box<str>, Box<str>, Box<str>)|
             -> wasmtime::Result<(Option<$result>,)> {
                Err(not_granted(&mut store, &collection))
            },
        )?
    };
}

pub(super) fn link(instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    instance.func_wrap(
        "lookup",
        |mut store: Store<'_>,
         (collection, _key): (Box<str>, Box<str>)|
         -> wasmtime::Result<(Option<Box<str>>,)> {
            Err(not_granted(&mut store, &collection))
        },
    )?;
    inside!(instance, "text", Box<str>);
    inside!(instance, "guid", Box<str>);
    inside!(instance, "timestamp", i64);
    inside!(instance, "flag", bool);
    inside!(instance, "integer", i64);
    inside!(instance, "number", f64);
    inside!(instance, "count", u32);
    Ok(())
}
