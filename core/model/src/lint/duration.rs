//! Graph's durations: Edm.Duration, the days-and-less part of ISO 8601.

use std::time::Duration;

/// The duration of this text; none where it is not one, or is negative.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    if rest.is_empty() || time == Some("") {
        return None;
    }
    let mut seconds = 0_u64;
    let mut nanoseconds = 0;
    let mut left = [("D", 86_400)].as_slice();
    for part in [Some(date), time].into_iter().flatten() {
        let mut part = part;
        while !part.is_empty() {
            let end = part.find(|char: char| !char.is_ascii_digit() && char != '.')?;
            let (number, behind) = part.split_at_checked(end)?;
            // Units come once, in their order.
            let at = left.iter().position(|(unit, _)| behind.starts_with(unit))?;
            let (unit, length) = left.get(at).copied()?;
            left = left.get(at + 1..).unwrap_or_default();
            let (whole, fraction) = match number.split_once('.') {
                Some((whole, fraction)) if unit == "S" => (whole, fraction),
                Some(_) => return None,
                None => (number, "0"),
            };
            let whole: u64 = whole.parse().ok()?;
            seconds = seconds.checked_add(whole.checked_mul(length)?)?;
            let digits = fraction.bytes().all(|byte| byte.is_ascii_digit()) && !fraction.is_empty();
            let fraction: String = fraction
                .chars()
                .chain("000000000".chars())
                .take(9)
                .collect();
            nanoseconds += fraction.parse::<u32>().ok().filter(|_| digits)?;
            part = behind.strip_prefix(unit)?;
        }
        left = &[("H", 3_600), ("M", 60), ("S", 1)];
    }
    Some(Duration::new(seconds, nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn durations_are_days_and_less() {
        for (text, seconds) in [
            ("P2D", Some(172_800)),
            ("PT1H", Some(3_600)),
            ("P1DT2H3M4S", Some(93_784)),
            ("PT0S", Some(0)),
            ("PT0.5S", Some(0)),
            ("P14D", Some(1_209_600)),
            ("P49710DT6H28M15S", Some(4_294_967_295)),
            ("P1W", None),
            ("P1M", None),
            ("P1Y", None),
            ("-P1D", None),
            ("P", None),
            ("PT", None),
            ("P1DT", None),
            ("1H", None),
            ("PT1", None),
            ("PT1H1H", None),
            ("PT1M1H", None),
            ("P1H", None),
            ("PT1D", None),
            ("PT1.5H", None),
            ("PT1.S", None),
            ("PT1.2.3S", None),
            ("pt1h", None),
            ("2 days, 0:00:00", None),
            ("P99999999999999999999D", None),
            ("", None),
        ] {
            let parsed = parse(text);
            assert_eq!(parsed.map(|time| time.as_secs()), seconds, "{text}");
        }
        assert!(parse("PT0.5S").is_some_and(|time| !time.is_zero()));
    }
}
