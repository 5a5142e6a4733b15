//! The body that creates a custom extension: strict about what is wrong, tolerant of what only
//! responses have.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::{
    DURATION, GUID, NOT_BLANK,
    object::{Maker, Rule, Style, Unknown},
};
use crate::graph::{
    AccessPackageAssignmentWorkflowExtension,
    AccessPackageRequestApprovalStageCallbackConfiguration, CustomCalloutExtension,
    CustomExtensionCallbackConfiguration, Member, ObjectType,
};

const DESCRIPTION: &str = "The body that creates a custom extension in a catalog, by Graph's \
    `customWorkflowExtensions`. What the service adds in its responses is allowed. Not checked \
    here: the service waits from PT5M to P14D.";

struct Extension;

impl Style for Extension {
    fn names(&self, member: &Member) -> Vec<String> {
        let also = member.also.map(|(name, _)| name);
        [member.name]
            .into_iter()
            .chain(also)
            .map(str::to_owned)
            .collect()
    }

    // Required and ranges: Graph's create page and the resource page of the client configuration.
    fn rule(&self, ty: &ObjectType, member: &Member) -> Option<Rule> {
        Some(match member.name {
            // The service does not wait for this kind.
            "callbackConfiguration"
                if ty.name == AccessPackageAssignmentWorkflowExtension::TYPE_NAME =>
            {
                Rule::may_be_this(json!({ "type": "null" }))
            }
            "displayName" => Rule::must_be(json!({ "pattern": NOT_BLANK })),
            "endpointConfiguration" | "authenticationConfiguration" => Rule::must(),
            "id" | "createdBy" | "createdDateTime" | "lastModifiedBy" | "lastModifiedDateTime" => {
                Rule::may_be(json!({ "readOnly": true }))
            }
            "url" => Rule::may_be(json!({ "readOnly": true, "format": "uri" })),
            "targetUrl" => Rule::must_be(json!({ "format": "uri" })),
            "subscriptionId" => Rule::must_be(json!({ "pattern": format!("^{GUID}$") })),
            "resourceGroupName" | "logicAppWorkflowName" => {
                Rule::must_be(json!({ "pattern": NOT_BLANK }))
            }
            "timeoutInMilliseconds" => Rule::may_be(
                json!({ "type": ["integer", "null"], "minimum": 200, "maximum": 2000 }),
            ),
            "maximumRetries" => {
                Rule::may_be(json!({ "type": ["integer", "null"], "minimum": 0, "maximum": 1 }))
            }
            "timeoutDuration" => Rule::may_be(json!({ "pattern": DURATION, "examples": ["PT1H"] })),
            _ => Rule::may(),
        })
    }

    fn rules(&self, ty: &ObjectType) -> Value {
        let waits = [
            CustomExtensionCallbackConfiguration::TYPE_NAME,
            AccessPackageRequestApprovalStageCallbackConfiguration::TYPE_NAME,
        ];
        if !waits.contains(&ty.name) {
            return json!({});
        }
        json!({
            "anyOf": [
                { "required": ["timeoutDuration"] },
                { "required": ["durationBeforeTimeout"] },
            ],
        })
    }

    // Graph's own examples have both.
    fn type_names(&self, ty: &ObjectType) -> Vec<String> {
        ["#", ""]
            .map(|hash| format!("{hash}microsoft.graph.{}", ty.name))
            .into()
    }

    fn unknown(&self) -> Unknown {
        Unknown::Annotations
    }
}

impl JsonSchema for CustomCalloutExtension {
    fn schema_name() -> Cow<'static, str> {
        "CustomCalloutExtension".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut maker = Maker {
            generator,
            style: &Extension,
        };
        let kinds = maker.union(CustomCalloutExtension::TYPES);
        let mut schema = json_schema!({
            "title": "Custom extension",
            "description": DESCRIPTION,
            "type": "object",
        });
        if let (Some(schema), Value::Object(kinds)) = (schema.as_object_mut(), kinds) {
            schema.extend(kinds);
        }
        schema
    }
}
