//! For how long the service waits for an answer.

use jiff::{SignedDuration, SpanRelativeTo, fmt::temporal::SpanParser};

use crate::decision::Note;

/// The shortest time for which entitlement management waits: 5 minutes, in seconds.
///
/// Source of both bounds: <https://learn.microsoft.com/graph/api/resources/customextensioncallbackconfiguration>
pub const MIN_TIMEOUT_SECONDS: u32 = 5 * 60;

/// The longest time for which entitlement management waits: 14 days, in seconds.
pub const MAX_TIMEOUT_SECONDS: u32 = 14 * 24 * 60 * 60;

/// Whole seconds of the time that a callback configuration gives.
///
/// What is wrong with it is a note: of a callout it is one, of an extension an error.
pub(crate) fn timeout(given: Option<&str>) -> Result<u32, Note> {
    let Some(given) = given else {
        return Err(Note::new(
            "callback-timeout-missing",
            "the callback configuration has no `timeoutDuration`: for how long the service waits \
             is unknown",
        ));
    };
    let Some(duration) = duration(given) else {
        return Err(Note::new(
            "callback-timeout-malformed",
            format!(
                "`{}` is not a duration in days, hours, minutes and seconds such as `PT1H`",
                shown(given)
            ),
        ));
    };
    let [min, max] = [MIN_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS]
        .map(|bound| SignedDuration::from_secs(bound.into()));
    u32::try_from(duration.as_secs())
        .ok()
        .filter(|_| (min..=max).contains(&duration))
        .ok_or_else(|| {
            Note::new(
                "callback-timeout-range",
                format!(
                    "`{}` is not within `PT5M` and `P14D`, between which the service waits",
                    shown(given)
                ),
            )
        })
}

/// Graph's `Edm.Duration`: ISO 8601 without years, months and weeks, whose length is not fixed or
/// which Graph does not have. None for any other text.
pub(crate) fn duration(text: &str) -> Option<SignedDuration> {
    // jiff reads more: those units, small letters, a comma, fractions of hours and minutes.
    let (days, time) = text.split_once('T').unwrap_or((text, ""));
    let days = days.strip_prefix('-').unwrap_or(days).strip_prefix('P')?;
    let is = |part: &str, units: &[u8]| {
        part.bytes()
            .all(|byte| byte.is_ascii_digit() || units.contains(&byte))
    };
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "S"));
    if !is(days, b"D") || !is(whole, b"HMS") || !is(fraction, b"S") {
        return None;
    }
    let span = SpanParser::new().parse_span(text).ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}

/// The beginning of a text: a payload may have anything there.
pub(crate) fn shown(text: &str) -> String {
    const LIMIT: usize = 64;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{} ...", text.get(..end).unwrap_or_default()),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_bounded() {
        let (malformed, range) = ("callback-timeout-malformed", "callback-timeout-range");
        for (text, expected) in [
            ("PT5M", Ok(300)),
            ("P14D", Ok(1_209_600)),
            ("PT1H", Ok(3_600)),
            ("PT336H", Ok(1_209_600)),
            ("P1DT12H30M15S", Ok(131_415)),
            ("PT300.5S", Ok(300)),
            ("PT90M", Ok(5_400)),
            ("P0DT300S", Ok(300)),
            ("PT4M59S", Err(range)),
            ("PT299.999S", Err(range)),
            ("P14DT1S", Err(range)),
            ("P14DT0.5S", Err(range)),
            ("PT0S", Err(range)),
            ("P0D", Err(range)),
            ("-PT5M", Err(range)),
            ("-P14D", Err(range)),
            ("P10000D", Err(range)),
            ("PT99999999999H", Err(malformed)),
            ("PT99999999999999999999999H", Err(malformed)),
            ("P1M", Err(malformed)),
            ("P1Y", Err(malformed)),
            ("P2W", Err(malformed)),
            ("P0Y1D", Err(malformed)),
            ("P", Err(malformed)),
            ("PT", Err(malformed)),
            ("P1DT", Err(malformed)),
            ("PT5", Err(malformed)),
            ("PT1H1H", Err(malformed)),
            ("PT1M1H", Err(malformed)),
            ("PT1,5H", Err(malformed)),
            ("PT1.5H", Err(malformed)),
            ("PT90.5M", Err(malformed)),
            ("P1.5D", Err(malformed)),
            ("pt1h", Err(malformed)),
            ("+PT1H", Err(malformed)),
            ("--PT1H", Err(malformed)),
            (" PT1H", Err(malformed)),
            ("PT1H ", Err(malformed)),
            ("PT1H\n", Err(malformed)),
            ("1 hour", Err(malformed)),
            ("3600", Err(malformed)),
            ("01:00:00", Err(malformed)),
            ("", Err(malformed)),
        ] {
            let found = timeout(Some(text)).map_err(|note| note.code);
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(timeout(None).unwrap_err().code, "callback-timeout-missing");
    }

    #[test]
    fn what_is_shown_of_a_time_is_bounded() {
        let note = timeout(Some(&"ü".repeat(1_000_000))).unwrap_err();
        assert!(note.detail.len() < 300, "{}", note.detail);
    }
}
