//! JSON schemas of what is read and written.

use std::fmt;

use admit_model::{Callout, graph};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings, transform};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value;

use crate::{report, set_file};

/// A JSON schema (2020-12) of something that is read or written, made of the types that read or
/// write it. With the feature `schema`.
///
/// A schema says what JSON Schema can say; the library checks more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Schema {
    /// What an extension receives.
    Callout,
    /// The body of the answer: Graph's `resume` action.
    Resume,
    /// The body that creates a custom extension in Graph.
    Extension,
    /// The policy set file, `admit.toml`.
    Set,
    /// The report.
    Report,
}

impl Schema {
    /// Every schema.
    pub const ALL: [Self; 5] = [
        Self::Callout,
        Self::Resume,
        Self::Extension,
        Self::Set,
        Self::Report,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Callout => "callout",
            Self::Resume => "resume",
            Self::Extension => "extension",
            Self::Set => "set",
            Self::Report => "report",
        }
    }

    /// What it is the schema of.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Callout => "what an extension receives",
            Self::Resume => "the body of the answer",
            Self::Extension => "the body that creates an extension",
            Self::Set => "the policy set file, admit.toml",
            Self::Report => "the report",
        }
    }

    /// The schema of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|schema| schema.name() == name)
    }

    /// The schema as JSON text, laid out, without a newline at the end: always the same bytes.
    pub fn to_json(self) -> String {
        let schema = match self {
            Self::Callout => reader().into_root_schema_for::<Callout>(),
            Self::Resume => reader().into_root_schema_for::<graph::ResumeBody>(),
            Self::Extension => reader().into_root_schema_for::<graph::CustomCalloutExtension>(),
            Self::Set => set_file(),
            Self::Report => SchemaSettings::draft2020_12()
                .for_serialize()
                .into_generator()
                .into_root_schema_for::<report::json::Report<'static>>(),
        };
        let mut schema = schema.to_value();
        if let Some(root) = schema.as_object_mut() {
            let id = format!("urn:admit:schema:{}", self.name());
            root.insert("$id".into(), id.into());
        }
        // Strings, numbers and lists only: writing them as JSON cannot fail.
        serde_json::to_string_pretty(&Ordered(&schema)).unwrap_or_default()
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn reader() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

/// TOML has no null: what may be absent is not null.
fn set_file() -> schemars::Schema {
    let without_null = transform::RecursiveTransform(|schema: &mut schemars::Schema| {
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|ty| ty != "null");
            if let [one] = types.as_slice() {
                let one = one.clone();
                schema.insert("type".into(), one);
            }
        }
        if let Some(Value::Array(any)) = schema.get_mut("anyOf") {
            any.retain(|any| any.get("type").is_none_or(|ty| ty != "null"));
            if let [Value::Object(one)] = any.as_slice() {
                let one = one.clone();
                schema.remove("anyOf");
                schema.ensure_object().extend(one);
            }
        }
    });
    let settings = SchemaSettings::draft2020_12().with_transform(without_null);
    settings
        .into_generator()
        .into_root_schema_for::<set_file::SetFile>()
}

/// JSON with the members of each object in one order, whatever order the map keeps: what a schema
/// is comes first, definitions last.
struct Ordered<'v>(&'v Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Ordered)),
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(name, _)| (rank(name), *name));
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, &Ordered(value))?;
                }
                map.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

fn rank(name: &str) -> usize {
    const FIRST: [&str; 5] = ["$schema", "$id", "title", "description", "type"];
    match name {
        "$defs" => FIRST.len() + 1,
        name => FIRST
            .iter()
            .position(|first| *first == name)
            .unwrap_or(FIRST.len()),
    }
}
