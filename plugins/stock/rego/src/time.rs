//! Rego's functions of time that need no clock. All are in UTC: there are no time zones.

use anyhow::{Context as _, Result, bail};
use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, DateTime},
    tz::Offset,
};
use regorus::{Engine, Value};

/// Adds the functions to an engine.
pub(crate) fn add_to(engine: &mut Engine) -> Result<()> {
    let mut add = |name: &str, arguments, function: fn(&[Value]) -> Result<Value>| {
        let extension = move |arguments: Vec<Value>| function(&arguments);
        engine.add_extension(format!("time.{name}"), arguments, Box::new(extension))
    };
    add("parse_rfc3339_ns", 1, |arguments| {
        let text = text(arguments)?;
        let at: Timestamp = text
            .parse()
            .ok()
            .with_context(|| format!("`{text}` is no date-time of RFC 3339"))?;
        nanoseconds(at.as_nanosecond())
    })?;
    add("parse_duration_ns", 1, |arguments| {
        let text = text(arguments)?;
        let duration: SignedDuration = text
            .parse()
            .ok()
            .with_context(|| format!("`{text}` is no duration, such as `36h`"))?;
        nanoseconds(duration.as_nanos())
    })?;
    add("format", 1, |arguments| {
        Ok(timestamp(arguments)?.to_string().into())
    })?;
    add("date", 1, |arguments| {
        let at = civil(arguments)?;
        Ok(list([at.year().into(), at.month().into(), at.day().into()]))
    })?;
    add("clock", 1, |arguments| {
        let at = civil(arguments)?;
        Ok(list([
            at.hour().into(),
            at.minute().into(),
            at.second().into(),
        ]))
    })?;
    add("weekday", 1, |arguments| {
        Ok(civil(arguments)?.strftime("%A").to_string().into())
    })?;
    add("add_date", 4, add_date)
}

fn add_date(arguments: &[Value]) -> Result<Value> {
    let at = civil(arguments)?;
    let [_, years, months, days] = arguments else {
        bail!("needs an instant, years, months and days");
    };
    let number = |value: &Value| value.as_i64().ok().context("not a whole number");
    let (years, months, days) = (number(years)?, number(months)?, number(days)?);
    let moved = moved(at, years, months, days).context("out of the range of dates")?;
    nanoseconds(moved.as_nanosecond())
}

/// A day of the month that there is not runs over into the next month, as in OPA.
fn moved(at: DateTime, years: i64, months: i64, days: i64) -> Option<Timestamp> {
    let first = Date::new(at.year(), at.month(), 1).ok()?;
    let months = Span::new().try_years(years).ok()?.try_months(months).ok()?;
    let days = days.checked_add(i64::from(at.day()) - 1)?;
    let days = Span::new().try_days(days).ok()?;
    let date = first.checked_add(months).ok()?.checked_add(days).ok()?;
    Offset::UTC.to_timestamp(date.to_datetime(at.time())).ok()
}

fn text(arguments: &[Value]) -> Result<&str> {
    match arguments {
        [Value::String(text)] => Ok(text),
        _ => bail!("needs a text"),
    }
}

/// The instant of the first argument: nanoseconds, or these with the time zone UTC.
fn timestamp(arguments: &[Value]) -> Result<Timestamp> {
    let value = match arguments.first() {
        Some(Value::Array(pair)) => match pair.as_slice() {
            [value, Value::String(zone)] if matches!(zone.as_ref(), "" | "UTC") => Some(value),
            _ => bail!("the only time zone is UTC"),
        },
        value => value,
    };
    let nanoseconds = value
        .and_then(|value| value.as_i128().ok())
        .context("needs an instant in nanoseconds")?;
    let at = Timestamp::from_nanosecond(nanoseconds);
    at.ok().context("out of the range of dates")
}

fn civil(arguments: &[Value]) -> Result<DateTime> {
    Ok(Offset::UTC.to_datetime(timestamp(arguments)?))
}

/// As OPA: what does not fit 64 bits is an error.
fn nanoseconds(count: i128) -> Result<Value> {
    let count = i64::try_from(count).context("out of the range of nanoseconds in 64 bits")?;
    Ok(count.into())
}

fn list(numbers: [i64; 3]) -> Value {
    numbers.map(Value::from).to_vec().into()
}
