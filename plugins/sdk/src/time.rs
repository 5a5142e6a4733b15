//! Date-times in settings, which are read before there is a callout and thus without the host's
//! `timestamp`. Reads the same texts and gives the same seconds.

/// Seconds since 1970-01-01T00:00:00Z, rounded down, of RFC 3339 text with an offset or `Z`, or of
/// a date alone, which means midnight UTC. None for any other text.
pub(crate) fn timestamp(text: &str) -> Option<i64> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.number(4)?;
    rest.skip(b"-")?;
    let month = rest.number(2)?;
    rest.skip(b"-")?;
    let day = rest.number(2)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let midnight = days_since_epoch(year, month, day) * 86_400;
    if rest.0.is_empty() {
        return Some(midnight);
    }

    rest.skip(b"Tt")?;
    let hour = rest.number(2)?;
    rest.skip(b":")?;
    let minute = rest.number(2)?;
    rest.skip(b":")?;
    let second = rest.number(2)?;
    // A leap second counts as the second before it: the time line has no place for it.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if rest.skip(b".").is_some() {
        // A fraction is cut off, which rounds down on both sides of 1970.
        rest.number(1)?;
        while rest.number(1).is_some() {}
    }

    let offset = if rest.skip(b"Zz").is_some() {
        0
    } else {
        let sign = if rest.skip(b"-").is_some() {
            -1
        } else {
            rest.skip(b"+")?;
            1
        };
        let hours = rest.number(2)?;
        rest.skip(b":")?;
        let minutes = rest.number(2)?;
        if hours > 23 || minutes > 59 {
            return None;
        }
        sign * (hours * 3600 + minutes * 60)
    };
    rest.0
        .is_empty()
        .then(|| midnight + hour * 3600 + minute * 60 + second.min(59) - offset)
}

/// What is still to be read.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    /// Takes one byte if it is one of these.
    fn skip(&mut self, any_of: &[u8]) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        any_of.contains(first).then(|| self.0 = rest)
    }

    /// Takes so many digits; nothing if there are fewer.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        let mut number = 0;
        for byte in head {
            if !byte.is_ascii_digit() {
                return None;
            }
            number = number * 10 + i64::from(byte - b'0');
        }
        self.0 = rest;
        Some(number)
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March: the leap day is then the last day of its year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Months from March have 31, 30, 31, 30, 31 days in turns of five, 153 in all.
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    // From 1 March of the year 0 to 1970-01-01.
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::timestamp;

    #[test]
    fn date_times_are_read_with_their_offset() {
        assert_eq!(timestamp("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(timestamp("2026-11-20T12:00:00Z"), Some(1_795_176_000));
        assert_eq!(timestamp("2026-11-20T13:30:00+01:30"), Some(1_795_176_000));
        assert_eq!(
            timestamp("2026-11-20t07:00:00.9999999-05:00"),
            Some(1_795_176_000)
        );
        assert_eq!(timestamp("2026-11-20"), timestamp("2026-11-20T00:00:00Z"));
        assert_eq!(timestamp("1969-12-31T23:59:59.5Z"), Some(-1));
        assert_eq!(
            timestamp("2016-12-31T23:59:60Z"),
            timestamp("2016-12-31T23:59:59Z")
        );
    }

    #[test]
    fn nothing_is_guessed() {
        for text in [
            "",
            "tomorrow",
            "2026-11-20T12:00:00",
            "2026-11-20T12:00Z",
            "2026-11-20 12:00:00Z",
            "2026-11-20T12:00:00.Z",
            "2026-11-20T12:00:00+0100",
            "2026-11-20T12:00:00Z ",
            "2026-11-20T24:00:00Z",
            "2026-11-20T12:00:00+01:00[Europe/Berlin]",
            "2025-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-11-31",
            "+2026-11-20",
        ] {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    /// Every day of four centuries, against a library.
    #[test]
    fn days_are_counted_as_the_calendar_does() {
        let mut day = jiff::civil::date(1899, 12, 31);
        for _ in 0..146_100 {
            let expected = day
                .to_zoned(jiff::tz::TimeZone::UTC)
                .map(|zoned| zoned.timestamp().as_second());
            assert_eq!(timestamp(&day.to_string()), expected.ok(), "{day}");
            day = day.tomorrow().unwrap();
        }
    }
}
