//! What the author says about a policy: `policy.toml` and `settings.schema.json`.

use std::{fs, io, path::Path};

use admit_wit::Metadata;
use serde::Deserialize;
use serde_json::Value;

use crate::{Error, json::json};

/// The stages that a policy may answer, by Graph's names.
pub const STAGES: [&str; 7] = [
    "assignmentRequestCreated",
    "assignmentRequestApproved",
    "assignmentRequestDeterminingApprovalRequirements",
    "assignmentRequestGranted",
    "assignmentRequestRemoved",
    "assignmentFourteenDaysBeforeExpiration",
    "assignmentOneDayBeforeExpiration",
];

/// The file that describes a policy.
const DESCRIPTION: &str = "policy.toml";

/// The file with the JSON Schema of its settings; absent when it takes none.
const SCHEMA: &str = "settings.schema.json";

/// `policy.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Description {
    name: toml::Spanned<String>,
    version: toml::Spanned<String>,
    #[serde(default)]
    description: String,
    stages: toml::Spanned<Vec<toml::Spanned<String>>>,
    #[serde(default)]
    facts: Vec<toml::Spanned<String>>,
    #[serde(default)]
    settings: toml::Table,
}

/// Reads what stands in a directory.
pub(crate) fn read(directory: &Path) -> Result<Metadata, Error> {
    let path = directory.join(DESCRIPTION);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::Description {
                place: path.display().to_string(),
                detail: "there is no such file; it says what the policy is:\n\
                         name = \"my-policy\"\n\
                         version = \"0.1.0\"\n\
                         description = \"One sentence for the person who chooses policies.\"\n\
                         stages = [\"assignmentRequestCreated\"]"
                    .into(),
            });
        }
        Err(source) => return Err(Error::Read { path, source }),
    };
    let at = |offset: usize, detail: String| Error::Description {
        place: place(&path, &text, offset),
        detail,
    };

    let description: Description = toml::from_str(&text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        at(offset, error.message().to_owned())
    })?;
    let name = description.name.get_ref();
    if !is_name(name) {
        return Err(at(
            description.name.span().start,
            format!("the name `{name}` is not 1 to 64 of a-z, 0-9 and `-`"),
        ));
    }
    if description.version.get_ref().trim().is_empty() {
        return Err(at(
            description.version.span().start,
            "the version is empty; write one such as \"0.1.0\"".into(),
        ));
    }
    if description.stages.get_ref().is_empty() {
        return Err(at(
            description.stages.span().start,
            format!(
                "a policy answers at least one stage; the stages are {}",
                STAGES.join(", ")
            ),
        ));
    }
    let mut stages: Vec<String> = Vec::new();
    for stage in description.stages.get_ref() {
        let name = stage.get_ref();
        if !STAGES.contains(&name.as_str()) {
            return Err(at(
                stage.span().start,
                format!(
                    "there is no stage `{name}`; the stages are {}",
                    STAGES.join(", ")
                ),
            ));
        }
        if stages.contains(name) {
            return Err(at(
                stage.span().start,
                format!("the stage `{name}` stands here twice"),
            ));
        }
        stages.push(name.clone());
    }
    let mut facts: Vec<String> = Vec::new();
    for collection in &description.facts {
        let name = collection.get_ref();
        if name.trim().is_empty() || facts.contains(name) {
            return Err(at(
                collection.span().start,
                format!("the fact collection `{name}` is empty or stands here twice"),
            ));
        }
        facts.push(name.clone());
    }

    let settings = (description.settings.into_iter())
        .map(|(name, value)| Some((name, from_toml(value)?)))
        .collect::<Option<_>>()
        .ok_or_else(|| at(0, "a number of `settings` is none in JSON".into()))?;

    Ok(Metadata {
        name: description.name.into_inner(),
        version: description.version.into_inner(),
        description: description.description,
        contract: admit_wit::CONTRACT_VERSION.into(),
        stages,
        facts,
        settings_schema: schema(directory)?,
        settings,
    })
}

/// A value of TOML as JSON: date-times as RFC 3339 text; none for numbers that JSON has not.
fn from_toml(value: toml::Value) -> Option<Value> {
    Some(match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => Value::Number(serde_json::Number::from_f64(number)?),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(instant) => Value::String(instant.to_string()),
        toml::Value::Array(items) => {
            Value::Array(items.into_iter().map(from_toml).collect::<Option<_>>()?)
        }
        toml::Value::Table(members) => Value::Object(
            (members.into_iter())
                .map(|(name, value)| Some((name, from_toml(value)?)))
                .collect::<Option<_>>()?,
        ),
    })
}

/// The settings schema, if there is one.
fn schema(directory: &Path) -> Result<Option<Value>, Error> {
    let path = directory.join(SCHEMA);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::Read { path, source }),
    };
    let schema = json(&text).map_err(|error| Error::Description {
        place: format!("{}:{}:{}", path.display(), error.line(), error.column()),
        detail: format!("not JSON: {error}"),
    })?;
    if !schema.is_object() {
        return Err(Error::Description {
            place: path.display().to_string(),
            detail: "a JSON Schema of settings is an object, such as \
                     {\"type\": \"object\", \"properties\": {}, \"additionalProperties\": false}"
                .into(),
        });
    }
    Ok(Some(schema))
}

pub(crate) fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// `file:line:column` of a byte offset.
fn place(path: &Path, text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |rest| rest.chars().count())
        + 1;
    format!("{}:{line}:{column}", path.display())
}
