//! The instant of an evaluation.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use wasmtime::StoreContextMut;

use super::{Instance, State};

/// The instant of an evaluation, as every policy sees it.
#[derive(Debug)]
pub(crate) struct Now {
    pub(crate) seconds: i64,
    pub(crate) text: String,
}

impl Now {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            seconds: floor(now),
            text: now.to_string(),
        }
    }
}

/// Seconds since the epoch, rounded down.
fn floor(instant: Timestamp) -> i64 {
    let seconds = instant.as_second();
    if instant.subsec_nanosecond() < 0 {
        seconds - 1
    } else {
        seconds
    }
}

/// RFC 3339 with an offset, or a date alone, which is midnight UTC.
fn timestamp(text: &str) -> Option<i64> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(floor(instant));
    }
    let is_date = text.len() == 10 && !text.contains(['T', 't', ' ']);
    let date: Date = is_date.then(|| text.parse().ok())??;
    Some(floor(date.to_zoned(TimeZone::UTC).ok()?.timestamp()))
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
        |mut store: StoreContextMut<'_, State>, (text,): (Box<str>,)| {
            store.data_mut().evaluation()?;
            Ok((timestamp(&text),))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_an_offset_and_dates_are_instants() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1969-12-31T23:59:59.5Z", Some(-1)),
            ("2026-11-20T13:00:00+01:00", Some(1_795_176_000)),
            ("2026-11-20T12:00:00.1234567Z", Some(1_795_176_000)),
            ("2026-11-20", Some(1_795_132_800)),
            ("2026-11-20T12:00:00", None),
            ("20 November 2026", None),
            ("", None),
        ] {
            assert_eq!(timestamp(text), seconds, "{text}");
        }
    }
}
