//! What an extension receives: tolerant, as the reader is.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::{
    GUID,
    object::{Maker, Style, Unknown, merge, pascal, spelled_stages},
};
use crate::{
    Callout,
    graph::{AccessPackageAssignmentRequestCalloutData, Member, Object as _},
    stage::Stage,
};

const DESCRIPTION: &str = "What Microsoft Entra entitlement management sends to a custom \
    extension: one flat object in PascalCase; or the envelope that Graph documents; or its data \
    alone. Members that are not listed are allowed, and null stands for an absent member. The \
    service's test of the endpoint is valid, and so is the model that was retired in 2023, though \
    neither is evaluated. admit reads more than this: names in any case. It refuses more, too: \
    members that stand twice, and a callback path that names another request.";

/// The data, with names in one case.
struct Data {
    is_flat: bool,
}

impl Data {
    fn name(&self, name: &str) -> String {
        if self.is_flat {
            pascal(name)
        } else {
            name.into()
        }
    }

    /// The data of a callout that has a stage.
    fn schema(&self, generator: &mut SchemaGenerator) -> Value {
        let mut schema = self.data(generator);
        let stage = self.name("stage");
        let request_id = self.name("accessPackageAssignmentRequestId");
        let instance_id = self.name("customExtensionStageInstanceId");
        let callback_path = self.name("callbackUriPath");
        // As the reader takes GUIDs: with or without hyphens or braces.
        let guid = format!(r"(\{{{GUID}\}}|(urn:uuid:)?{GUID}|[0-9A-Fa-f]{{32}})");
        let resume = "[Rr][Ee][Ss][Uu][Mm][Ee]";
        let segments = r"(/(?!\.\.?/)[A-Za-z0-9._()'-]+)*";
        merge(
            &mut schema,
            json!({
                "required": [stage],
                "if": {
                    "required": [stage],
                    "properties": {
                        (stage.as_str()): { "enum": spelled_stages(|stage| !stage.is_evaluated()) },
                    },
                },
                "else": {
                    "required": [request_id, instance_id],
                    "properties": {
                        (stage.as_str()): { "type": "string" },
                        (request_id.as_str()): { "type": "string", "pattern": format!("^{guid}$") },
                        (instance_id.as_str()): { "type": "string", "minLength": 1 },
                        (callback_path.as_str()): {
                            "pattern": format!("^{segments}/{guid}/{resume}$"),
                        },
                    },
                },
            }),
        );
        schema
    }

    /// The data, whichever of its members are there.
    fn data(&self, generator: &mut SchemaGenerator) -> Value {
        let mut maker = Maker {
            generator,
            style: self,
        };
        maker.refer(&AccessPackageAssignmentRequestCalloutData::TYPE, false)
    }
}

impl Style for Data {
    fn prefix(&self) -> &'static str {
        if self.is_flat { "flat." } else { "" }
    }

    fn names(&self, member: &Member) -> Vec<String> {
        let also = member.also.map(|(name, _)| name);
        [member.name]
            .into_iter()
            .chain(also)
            .map(|name| self.name(name))
            .collect()
    }

    fn unknown(&self) -> Unknown {
        Unknown::Any
    }
}

/// The envelope: its `type` names the stage, but that the determining stage may be called created.
fn envelope(data: &Value) -> Value {
    let mut data = data.clone();
    merge(&mut data, json!({ "description": "What it carries." }));
    let agree = Stage::ALL.iter().map(|stage| {
        let names = spelled_stages(|named| {
            named == *stage
                || (stage.takes_approval_stage() && named == Stage::AssignmentRequestCreated)
        });
        json!({
            "if": {
                "required": ["data"],
                "properties": {
                    "data": {
                        "required": ["stage"],
                        "properties": {
                            "stage": { "enum": spelled_stages(|named| named == *stage) },
                        },
                    },
                },
            },
            "then": {
                "properties": {
                    "type": { "pattern": format!(r"(^|\.)({})$", names.join("|")) },
                },
            },
        })
    });
    json!({
        "title": "Enveloped",
        "description": "The envelope that Graph documents: `customExtensionCalloutRequest`.",
        "type": "object",
        "required": ["data"],
        "properties": {
            "source": { "description": "Who sends it." },
            "type": {
                "type": ["string", "null"],
                "description": "The stage, as `microsoft.graph.accessPackageCustomExtensionStage.` and its name.",
            },
            "data": data,
        },
        "allOf": agree.collect::<Vec<_>>(),
    })
}

/// The model that was retired in 2023.
fn preview_2021(generator: &mut SchemaGenerator) -> Value {
    let mut schema = Data { is_flat: true }.data(generator);
    merge(
        &mut schema,
        json!({
            "title": "Preview of 2021",
            "description": "The model that was retired in 2023; it is recognised and cannot be answered.",
            "required": ["Event"],
            "properties": {
                "Event": { "enum": spelled_stages(|_| true) },
                "Stage": { "type": "null" },
                "CustomExtensionStageInstanceId": { "type": "null" },
            },
        }),
    );
    define(generator, "preview2021", schema)
}

/// Puts a schema among the definitions, and refers to it.
fn define(generator: &mut SchemaGenerator, name: &str, schema: Value) -> Value {
    generator.definitions_mut().insert(name.into(), schema);
    json!({ "$ref": format!("#/$defs/{name}") })
}

impl JsonSchema for Callout {
    fn schema_name() -> Cow<'static, str> {
        "Callout".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut flat = Data { is_flat: true }.schema(generator);
        merge(
            &mut flat,
            json!({ "title": "Flat", "description": "What the service sends." }),
        );
        let mut bare = Data { is_flat: false }.schema(generator);
        merge(
            &mut bare,
            json!({ "title": "Bare", "description": "The data of the envelope alone." }),
        );
        let bare = define(generator, "bare", bare);
        let shapes = [
            define(generator, "flat", flat),
            define(generator, "envelope", envelope(&bare)),
            bare,
            preview_2021(generator),
        ];
        json_schema!({
            "title": "Callout",
            "description": DESCRIPTION,
            "type": "object",
            "anyOf": shapes,
        })
    }
}
