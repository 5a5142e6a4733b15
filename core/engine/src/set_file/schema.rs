//! JSON schemas of what the set file has types of its own for.

use std::borrow::Cow;

use admit_model::Stage;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

use super::{
    tables::{FactsTable, StageTable},
    values::{Fuel, Sha256Text, Size, Time},
};
use crate::limits::Limits;

macro_rules! schema {
    ($ty:ident, $($json:tt)+) => {
        impl JsonSchema for $ty {
            fn schema_name() -> Cow<'static, str> {
                stringify!($ty).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ $($json)+ })
            }
        }
    };
}

schema!(Fuel,
    "description": "A number above 0, or false to turn metering off.",
    "anyOf": [{ "type": "integer", "minimum": 1 }, { "const": false }]
);
// The parser of times knows more forms than a pattern can say.
schema!(Time,
    "description": "A time above 0.",
    "type": "string",
    "pattern": "^[^-]*[1-9]",
    "examples": ["50ms", "2s"]
);
schema!(Size,
    "description": "A size, or a number of bytes.",
    "anyOf": [
        { "type": "string", "pattern": r"^[0-9]+\s*(KiB|MiB|GiB)\s*$", "examples": ["16MiB"] },
        { "type": "integer", "minimum": 1 },
    ]
);
schema!(Sha256Text,
    "description": "64 hexadecimal digits.",
    "type": "string",
    "pattern": "^[0-9A-Fa-f]{64}$"
);

impl Time {
    pub(super) fn default_text() -> String {
        format!("{}ms", Limits::default().deadline.as_millis())
    }
}

impl Size {
    pub(super) fn default_text(bytes: impl TryInto<u64>) -> String {
        let kib = bytes.try_into().unwrap_or_default() / 1024;
        if kib % 1024 == 0 {
            format!("{}MiB", kib / 1024)
        } else {
            format!("{kib}KiB")
        }
    }
}

fn stages() -> impl Iterator<Item = &'static str> {
    let evaluated = Stage::ALL.iter().filter(|stage| stage.is_evaluated());
    evaluated.map(|stage| stage.as_str())
}

/// A list of stages.
pub(super) fn stage_names(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "minItems": 1,
        "items": { "enum": stages().collect::<Vec<_>>() },
    })
}

/// A table for each stage.
pub(super) fn stage_tables(generator: &mut SchemaGenerator) -> Schema {
    let table = generator.subschema_for::<StageTable>();
    let tables: Map<String, Value> = stages()
        .map(|stage| (stage.to_owned(), table.clone().to_value()))
        .collect();
    json_schema!({
        "type": "object",
        "properties": tables,
        "additionalProperties": false,
    })
}

/// What a collection of facts may be called.
const COLLECTION: &str = "^[a-z0-9-]{1,64}$";

/// A list of collections.
pub(super) fn fact_names(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "items": { "type": "string", "pattern": COLLECTION },
    })
}

/// A table for each collection.
pub(super) fn fact_tables(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "patternProperties": { COLLECTION: generator.subschema_for::<FactsTable>() },
        "additionalProperties": false,
    })
}
