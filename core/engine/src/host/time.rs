//! The instant of an evaluation.

use admit_model::{seconds, timestamp};
use jiff::Timestamp;
use wasmtime::StoreContextMut;

use super::{Instance, State};

/// The instant of an evaluation, as every policy sees it.
#[derive(Debug)]
pub(crate) struct Now {
    pub(crate) instant: Timestamp,
    pub(crate) seconds: i64,
    pub(crate) text: String,
}

impl Now {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            instant: now,
            seconds: seconds(now),
            text: now.to_string(),
        }
    }
}

pub(super) fn link(instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    instance.func_wrap("now", |mut store: StoreContextMut<'_, State>, (): ()| {
        Ok((store.data_mut().evaluation()?.now.seconds,))
    })?;
    instance.func_wrap(
        "now-text",
        |mut store: StoreContextMut<'_, State>, (): ()| {
            let text = store.data_mut().evaluation()?.now.text.as_str();
            Ok((Box::<str>::from(text),))
        },
    )?;
    instance.func_wrap(
        "timestamp",
        // A pure function of its argument, so `configure` may call it too.
        |_: StoreContextMut<'_, State>, (text,): (Box<str>,)| Ok((timestamp(&text),)),
    )
}
