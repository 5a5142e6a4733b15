//! A policy's settings.

use admit_model::{FaultKind, PointerError, find};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wasmtime::StoreContextMut;

use super::{Instance, State, fault};

/// A policy's settings: JSON, its canonical text and that text's digest.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) value: Value,
    /// Keys sorted, no spaces.
    pub(crate) text: String,
    pub(crate) sha256: [u8; 32],
}

impl Settings {
    pub(crate) fn new(value: Value) -> Self {
        let mut text = String::new();
        write(&value, &mut text);
        Self {
            sha256: Sha256::digest(text.as_bytes()).into(),
            value,
            text,
        }
    }
}

/// Writes JSON with sorted keys, whatever order the host's serde_json keeps them in.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<_> = members.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                if let Some(value) = members.get(key) {
                    write(value, out);
                }
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// The value at a pointer; none where absent or null.
fn at<'v>(value: &'v Value, pointer: &str) -> wasmtime::Result<Option<&'v Value>> {
    find(value, pointer)
        .map(|found| found.filter(|value| !value.is_null()))
        .map_err(|error: PointerError| fault(FaultKind::Settings, error.to_string()))
}

/// The value at a pointer as the type asked for; another type is a fault.
fn typed<'v, T>(
    value: &'v Value,
    pointer: &str,
    wanted: &str,
    read: impl FnOnce(&'v Value) -> Option<T>,
) -> wasmtime::Result<Option<T>> {
    let Some(value) = at(value, pointer)? else {
        return Ok(None);
    };
    match read(value) {
        Some(read) => Ok(Some(read)),
        None => Err(fault(
            FaultKind::Settings,
            format!("setting `{pointer}` is not {wanted}"),
        )),
    }
}

type Store<'s> = StoreContextMut<'s, State>;

pub(super) fn link(instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    instance.func_wrap("text", |store: Store<'_>, (pointer,): (Box<str>,)| {
        let text = typed(
            &store.data().settings.value,
            &pointer,
            "a string",
            Value::as_str,
        )?;
        Ok((text.map(Box::<str>::from),))
    })?;
    instance.func_wrap("flag", |store: Store<'_>, (pointer,): (Box<str>,)| {
        Ok((typed(
            &store.data().settings.value,
            &pointer,
            "a boolean",
            Value::as_bool,
        )?,))
    })?;
    instance.func_wrap("integer", |store: Store<'_>, (pointer,): (Box<str>,)| {
        Ok((typed(
            &store.data().settings.value,
            &pointer,
            "a number without fraction that fits 64 bits",
            Value::as_i64,
        )?,))
    })?;
    instance.func_wrap("number", |store: Store<'_>, (pointer,): (Box<str>,)| {
        Ok((typed(
            &store.data().settings.value,
            &pointer,
            "a number",
            Value::as_f64,
        )?,))
    })?;
    instance.func_wrap("count", |store: Store<'_>, (pointer,): (Box<str>,)| {
        Ok((typed(
            &store.data().settings.value,
            &pointer,
            "an array or an object",
            |value| {
                let count = match value {
                    Value::Array(items) => items.len(),
                    Value::Object(members) => members.len(),
                    _ => return None,
                };
                u32::try_from(count).ok()
            },
        )?,))
    })?;
    instance.func_wrap(
        "key",
        |store: Store<'_>, (pointer, index): (Box<str>, u32)| {
            let members = typed(
                &store.data().settings.value,
                &pointer,
                "an object",
                Value::as_object,
            )?;
            let Some(members) = members else {
                return Ok((None,));
            };
            let mut keys: Vec<_> = members.keys().collect();
            keys.sort_unstable();
            match usize::try_from(index).ok().and_then(|at| keys.get(at)) {
                Some(key) => Ok((Some(Box::<str>::from(key.as_str())),)),
                None => Err(fault(
                    FaultKind::Settings,
                    format!(
                        "member {index} of setting `{pointer}`, which has {}",
                        keys.len()
                    ),
                )),
            }
        },
    )?;
    instance.func_wrap("document", |store: Store<'_>, (): ()| {
        Ok((Box::<str>::from(store.data().settings.text.as_str()),))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_same_for_the_same_settings() {
        let settings =
            Settings::new(serde_json::json!({"b": [1, {"z": null, "a": "ü"}], "a": 1.5}));
        assert_eq!(settings.text, r#"{"a":1.5,"b":[1,{"a":"ü","z":null}]}"#);
        assert_eq!(Settings::new(serde_json::json!({})).text, "{}");
    }
}
