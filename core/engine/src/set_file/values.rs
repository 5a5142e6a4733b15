//! Single values of `admit.toml`.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// Units of fuel, or none where metering is off.
#[derive(Clone, Copy)]
pub(super) struct Fuel(pub(super) Option<u64>);

impl<'de> Deserialize<'de> for Fuel {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Fuel;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number above 0, or false to turn metering off")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Fuel, E> {
                if on {
                    return Err(E::invalid_value(de::Unexpected::Bool(on), &self));
                }
                Ok(Fuel(None))
            }

            fn visit_i64<E: de::Error>(self, units: i64) -> Result<Fuel, E> {
                match u64::try_from(units) {
                    Ok(units) if units > 0 => Ok(Fuel(Some(units))),
                    _ => Err(E::invalid_value(de::Unexpected::Signed(units), &self)),
                }
            }
        }
        from.deserialize_any(Visitor)
    }
}

/// A time such as `50ms`.
#[derive(Clone, Copy)]
pub(super) struct Time(pub(super) Duration);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|time| Duration::try_from(time).ok())
            .filter(|time| !time.is_zero())
            .map(Self)
            .ok_or_else(|| {
                de::Error::custom(format!(
                    "`{text}` is not a time above 0 such as `50ms` or `2s`"
                ))
            })
    }
}

/// A size such as `16MiB`, or bytes.
#[derive(Clone, Copy)]
pub(super) struct Size(pub(super) u64);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Size;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a size such as \"16MiB\", \"512KiB\", \"1GiB\", or a number of bytes")
            }

            fn visit_i64<E: de::Error>(self, bytes: i64) -> Result<Size, E> {
                u64::try_from(bytes)
                    .map(Size)
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(bytes), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Size, E> {
                size(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        from.deserialize_any(Visitor)
    }
}

fn size(text: &str) -> Option<Size> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let factor: u64 = match unit.trim() {
        "KiB" => 1024,
        "MiB" => 1024 * 1024,
        "GiB" => 1024 * 1024 * 1024,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor).map(Size)
}

/// A SHA-256 in hexadecimal.
pub(super) struct Sha256Text(pub(super) String);

impl<'de> Deserialize<'de> for Sha256Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self(text));
        }
        Err(de::Error::custom(
            "not a SHA-256: 64 hexadecimal digits, as `admit inspect` prints them",
        ))
    }
}

/// Settings as JSON: date-times as RFC 3339 text.
pub(super) fn json(value: &toml::Value, at: &str) -> Result<Value, String> {
    Ok(match value {
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => serde_json::Number::from_f64(*number)
            .map(Value::Number)
            .ok_or_else(|| format!("{at}: {number} is not a number in JSON"))?,
        toml::Value::Boolean(flag) => Value::Bool(*flag),
        toml::Value::Datetime(instant) => Value::String(instant.to_string()),
        toml::Value::Array(items) => Value::Array(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| json(item, &format!("{at}/{index}")))
                .collect::<Result<_, _>>()?,
        ),
        toml::Value::Table(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| {
                    let value = json(value, &format!("{at}/{key}"))?;
                    Ok((key.clone(), value))
                })
                .collect::<Result<_, String>>()?,
        ),
    })
}
