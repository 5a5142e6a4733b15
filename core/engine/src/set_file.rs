//! The policy set file, `admit.toml`.

use std::{collections::BTreeMap, fmt, path::Path, time::Duration};

use admit_model::{
    Combining, Error, ErrorKind, ExtensionRules, JoinApprovers, OnFault, Profile, Rule, Stage,
    WhenSilent,
};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use toml::Spanned;

use crate::{
    engine::Engine,
    limits::{Limits, PolicyLimits},
    policy::{Policy, PolicyOptions, Prepare},
    set::{PolicySet, SetOptions},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SetFile {
    source: String,
    #[serde(default)]
    rule: RuleName,
    #[serde(default)]
    when_silent: WhenSilentName,
    #[serde(default)]
    on_fault: OnFaultName,
    #[serde(default)]
    join_approvers: JoinApproversName,
    #[serde(default)]
    profile: ProfileName,
    extension: Option<ExtensionTable>,
    #[serde(default)]
    limits: LimitsTable,
    #[serde(default)]
    stage: BTreeMap<Spanned<String>, StageTable>,
    #[serde(default)]
    policy: Vec<PolicyTable>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RuleName {
    #[default]
    DenyOverrides,
    FirstApplicable,
    Unanimous,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WhenSilentName {
    #[default]
    Deny,
    Approve,
    Withhold,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OnFaultName {
    #[default]
    Deny,
    Withhold,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum JoinApproversName {
    #[default]
    Refuse,
    Union,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum ProfileName {
    #[default]
    #[serde(rename = "v1.0")]
    V1,
    #[serde(rename = "beta")]
    Beta,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ExtensionTable {
    file: String,
    catalog: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct StageTable {
    when_silent: Option<WhenSilentName>,
    on_fault: Option<OnFaultName>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LimitsTable {
    fuel: Option<Fuel>,
    deadline: Option<Time>,
    memory: Option<Size>,
    stack: Option<Size>,
    concurrency: Option<u32>,
}

/// Stack and concurrency belong to the engine, so a policy cannot have its own.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PolicyLimitsTable {
    fuel: Option<Fuel>,
    deadline: Option<Time>,
    memory: Option<Size>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PolicyTable {
    id: Spanned<String>,
    component: Spanned<String>,
    sha256: Option<Sha256Text>,
    stages: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    limits: PolicyLimitsTable,
    #[serde(default)]
    settings: toml::Table,
}

impl From<RuleName> for Rule {
    fn from(name: RuleName) -> Self {
        match name {
            RuleName::DenyOverrides => Self::DenyOverrides,
            RuleName::FirstApplicable => Self::FirstApplicable,
            RuleName::Unanimous => Self::Unanimous,
        }
    }
}

impl From<WhenSilentName> for WhenSilent {
    fn from(name: WhenSilentName) -> Self {
        match name {
            WhenSilentName::Deny => Self::Deny,
            WhenSilentName::Approve => Self::Approve,
            WhenSilentName::Withhold => Self::Withhold,
        }
    }
}

impl From<OnFaultName> for OnFault {
    fn from(name: OnFaultName) -> Self {
        match name {
            OnFaultName::Deny => Self::Deny,
            OnFaultName::Withhold => Self::Withhold,
        }
    }
}

/// Units of fuel, or none where metering is off.
#[derive(Clone, Copy)]
struct Fuel(Option<u64>);

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
struct Time(Duration);

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
struct Size(u64);

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
struct Sha256Text(String);

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

/// Loads a set from its file.
pub(crate) fn load(path: &Path, prepare: Prepare) -> Result<PolicySet, Error> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::new(ErrorKind::SetFile, format!("cannot be read: {error}"))
            .at(&shown)
            .caused_by(error)
    })?;
    let file = File {
        shown: &shown,
        text: &text,
    };
    let set: SetFile = toml::from_str(&text).map_err(|error| {
        let place = file.place(error.span().map(|span| span.start));
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        Error::new(ErrorKind::Set, message).at(place)
    })?;

    let defaults = defaults(&set);
    let engine_limits = engine_limits(&set, &defaults);
    let combining = Combining {
        rule: set.rule.into(),
        when_silent: set.when_silent.into(),
        on_fault: set.on_fault.into(),
        join_approvers: match set.join_approvers {
            JoinApproversName::Refuse => JoinApprovers::Refuse,
            JoinApproversName::Union => JoinApprovers::Union,
        },
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let options = SetOptions {
        source: set.source,
        profile: match set.profile {
            ProfileName::V1 => Profile::V1,
            ProfileName::Beta => Profile::Beta,
        },
        combining,
        stages: set
            .stage
            .iter()
            .map(|(name, table)| {
                let differing = Combining {
                    when_silent: table
                        .when_silent
                        .map_or(combining.when_silent, WhenSilent::from),
                    on_fault: table.on_fault.map_or(combining.on_fault, OnFault::from),
                    ..combining
                };
                Ok((file.stage(name)?, differing))
            })
            .collect::<Result<_, Error>>()?,
        extension: set
            .extension
            .map(|table| file.extension(folder, table))
            .transpose()?,
    };

    let engine = Engine::new(engine_limits)
        .map_err(|error| Error::new(error.kind(), error.to_string()).at(&shown))?;
    let mut policies: Vec<Policy> = Vec::with_capacity(set.policy.len());
    for table in set.policy {
        let at = file.place(Some(table.id.span().start));
        let id = table.id.into_inner();
        let settings = table.settings.into_iter().map(|(key, value)| {
            let value = json(value, &format!("settings/{key}"))?;
            Ok((key, value))
        });
        let settings = settings
            .collect::<Result<_, String>>()
            .map_err(|problem| Error::new(ErrorKind::Set, problem).of_policy(&id).at(&at))?;
        let options = PolicyOptions {
            settings: Value::Object(settings),
            stages: table
                .stages
                .map(|stages| stages.iter().map(|name| file.stage(name)).collect())
                .transpose()
                .map_err(|error: Error| error.of_policy(&id))?,
            limits: Some(policy_limits(&defaults, &table.limits)),
            prepare,
            sha256: table.sha256.map(|pin| pin.0),
        };
        let component = folder.join(table.component.get_ref());
        let policy = Policy::from_file(&engine, &id, &component, options).map_err(|error| {
            match error.kind() {
                // The component is at fault: its own path is the place.
                ErrorKind::PolicyFile => error,
                ErrorKind::PolicyFormat
                | ErrorKind::PolicyInterface
                | ErrorKind::PolicyMetadata
                | ErrorKind::PolicyLoad
                | ErrorKind::PolicyPin => error.at(component.display().to_string()),
                // What the set says is at fault.
                _ => {
                    let inner = error.place().map(str::to_owned);
                    error.at(match inner {
                        Some(inner) => format!("{at}: {inner}"),
                        None => at.clone(),
                    })
                }
            }
        })?;
        policies.push(policy);
    }
    PolicySet::new(&engine, options, policies).map_err(|error| {
        let inner = error.place().map(str::to_owned);
        error.at(match inner {
            Some(inner) => format!("{shown}: {inner}"),
            None => shown.clone(),
        })
    })
}

/// What the set says for every policy.
fn defaults(set: &SetFile) -> Limits {
    let default = Limits::default();
    let given = &set.limits;
    Limits {
        fuel: given.fuel.map_or(default.fuel, |fuel| fuel.0),
        deadline: given.deadline.map_or(default.deadline, |time| time.0),
        memory: given.memory.map_or(default.memory, |size| size.0),
        stack: given.stack.map_or(default.stack, |size| {
            usize::try_from(size.0).unwrap_or(usize::MAX)
        }),
        concurrency: given.concurrency.unwrap_or(default.concurrency),
    }
}

/// What the engine must be able to keep: fuel is metered where any policy wants it, and memory is
/// the most that any policy may have.
fn engine_limits(set: &SetFile, defaults: &Limits) -> Limits {
    let of_policies = set.policy.iter().map(|policy| &policy.limits);
    Limits {
        fuel: defaults.fuel.or_else(|| {
            of_policies
                .clone()
                .find_map(|limits| limits.fuel.and_then(|fuel| fuel.0))
        }),
        memory: of_policies
            .filter_map(|limits| limits.memory.map(|size| size.0))
            .fold(defaults.memory, u64::max),
        ..defaults.clone()
    }
}

fn policy_limits(set: &Limits, table: &PolicyLimitsTable) -> PolicyLimits {
    PolicyLimits {
        fuel: table.fuel.map_or(set.fuel, |fuel| fuel.0),
        deadline: table.deadline.map_or(set.deadline, |time| time.0),
        memory: table.memory.map_or(set.memory, |size| size.0),
    }
}

/// Settings as JSON: date-times as RFC 3339 text.
fn json(value: toml::Value, at: &str) -> Result<Value, String> {
    Ok(match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => serde_json::Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| format!("{at}: {number} is not a number in JSON"))?,
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(instant) => Value::String(instant.to_string()),
        toml::Value::Array(items) => Value::Array(
            items
                .into_iter()
                .enumerate()
                .map(|(index, item)| json(item, &format!("{at}/{index}")))
                .collect::<Result<_, _>>()?,
        ),
        toml::Value::Table(members) => Value::Object(
            members
                .into_iter()
                .map(|(key, value)| {
                    let value = json(value, &format!("{at}/{key}"))?;
                    Ok((key, value))
                })
                .collect::<Result<_, String>>()?,
        ),
    })
}

struct File<'f> {
    shown: &'f str,
    text: &'f str,
}

impl File<'_> {
    /// File, line and column of a byte.
    fn place(&self, byte: Option<usize>) -> String {
        let Some(before) = byte.and_then(|byte| self.text.get(..byte)) else {
            return self.shown.into();
        };
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.shown)
    }

    /// The rules of the extension file, with the set's catalog.
    fn extension(&self, folder: &Path, table: ExtensionTable) -> Result<ExtensionRules, Error> {
        let path = folder.join(&table.file);
        let shown = path.display();
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Error::new(ErrorKind::SetFile, format!("cannot be read: {error}"))
                .at(shown.to_string())
                .caused_by(error)
        })?;
        let rules = ExtensionRules::from_json(&text).map_err(|error| {
            Error::new(ErrorKind::Set, error.detail()).at(match error.place() {
                Some(inner) => format!("{shown}: {inner}"),
                None => shown.to_string(),
            })
        })?;
        match table.catalog {
            None => Ok(rules),
            Some(id) => rules.of_catalog(id.get_ref()).map_err(|error| {
                Error::new(ErrorKind::Set, error.detail()).at(self.place(Some(id.span().start)))
            }),
        }
    }

    fn stage(&self, name: &Spanned<String>) -> Result<Stage, Error> {
        Stage::ALL
            .iter()
            .copied()
            .find(|stage| stage.is_evaluated() && stage.as_str() == name.get_ref())
            .ok_or_else(|| {
                let known: Vec<_> = Stage::ALL
                    .iter()
                    .filter(|stage| stage.is_evaluated())
                    .map(|stage| stage.as_str())
                    .collect();
                Error::new(
                    ErrorKind::Set,
                    format!(
                        "unknown stage `{}`; known are {}",
                        name.get_ref(),
                        known.join(", ")
                    ),
                )
                .at(self.place(Some(name.span().start)))
            })
    }
}
