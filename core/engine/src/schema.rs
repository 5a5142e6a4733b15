//! JSON schemas of what is read and written.

use std::fmt;

use admit_model::{Callout, graph};
use schemars::{JsonSchema, generate::SchemaSettings, transform::RecursiveTransform};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value};

use crate::{report::json::Report, set_file::SetFile};

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
        let declared = SchemaSettings::draft2020_12();
        let derived = declared.clone().with_transform(RecursiveTransform(tidy));
        let schema = match self {
            Self::Callout => root::<Callout>(declared),
            Self::Resume => root::<graph::ResumeBody>(declared),
            Self::Extension => root::<graph::CustomCalloutExtension>(declared),
            Self::Set => root::<SetFile>(derived),
            Self::Report => root::<Report<'static>>(derived.for_serialize()),
        };
        let mut schema = schema.to_value();
        if let Some(root) = schema.as_object_mut() {
            let id = format!("urn:admit:schema:{}", self.name());
            root.insert("$id".into(), id.into());
        }
        // Strings, numbers and lists only: writing them as JSON cannot fail.
        serde_json::to_string_pretty(&Ordered(&schema, Of::Schema)).unwrap_or_default()
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn root<T: JsonSchema>(settings: SchemaSettings) -> schemars::Schema {
    settings.into_generator().into_root_schema_for::<T>()
}

/// Takes away what a derive leaves: the lines of doc comments, formats of integers that only Rust
/// knows, and null for what is absent instead.
fn tidy(schema: &mut schemars::Schema) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    if matches!(
        schema.get("format").and_then(Value::as_str),
        Some("uint32" | "uint64")
    ) {
        schema.remove("format");
    }
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| {
        required
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == name))
    };
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, property) in properties {
            if let Value::Object(property) = property
                && !is_required(name)
            {
                without_null(property);
            }
        }
    }
}

fn without_null(schema: &mut Map<String, Value>) {
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
            schema.extend(one);
        }
    }
}

/// JSON with the members of each object in one order, whatever order the map keeps: what a schema
/// is comes first, definitions last.
struct Ordered<'v>(&'v Value, Of);

/// What the members of an object are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// Keywords.
    Schema,
    /// Names.
    Names,
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => {
                serializer.collect_seq(items.iter().map(|item| Ordered(item, Of::Schema)))
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(name, _)| match self.1 {
                    Of::Schema => (rank(name), *name),
                    Of::Names => (0, *name),
                });
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    let of = match (self.1, name.as_str()) {
                        (Of::Schema, "properties" | "patternProperties" | "$defs") => Of::Names,
                        _ => Of::Schema,
                    };
                    map.serialize_entry(name, &Ordered(value, of))?;
                }
                map.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

fn rank(name: &str) -> usize {
    const FIRST: [&str; 5] = ["$schema", "$id", "title", "description", "type"];
    const LAST: [&str; 4] = ["if", "then", "else", "$defs"];
    let among = |names: &[&str]| names.iter().position(|one| *one == name);
    among(&FIRST)
        .or_else(|| Some(FIRST.len() + 1 + among(&LAST)?))
        .unwrap_or(FIRST.len())
}
