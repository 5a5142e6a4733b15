//! The body for Graph's `resume` action: what is emitted, and nothing else.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::{
    DURATION, GUID, NOT_BLANK,
    object::{Maker, Rule, Style, Unknown, merge},
};
use crate::{
    ApprovalStage, Effect, ResumeRequest,
    graph::{
        AccessPackageApprovalStage, AccessPackageAssignmentRequestCallbackData, Form, Member,
        Object as _, ObjectType, ResumeBody, SingleServicePrincipal, TargetApplicationOwners,
        TargetManager,
    },
    stage::{Answer, Stage},
};

const DESCRIPTION: &str = "The body that admit emits for Graph's `resume` action, on v1.0 and on \
    beta, and nothing else: names, types and what each stage may be answered with. Not checked \
    here: escalation comes before denial, and the instance id is the callout's.";

const TYPE_PREFIX: &str = "microsoft.graph.accessPackageCustomExtensionStage.";

/// A body; the approval stage in it follows one version of Graph.
struct Strict {
    prefix: &'static str,
    form: Form,
}

const BODY: Strict = Strict {
    prefix: "",
    form: Form::V1,
};
const V1: Strict = Strict {
    prefix: "v1.0.",
    form: Form::V1,
};
const BETA: Strict = Strict {
    prefix: "beta.",
    form: Form::Beta,
};

impl Style for Strict {
    fn prefix(&self) -> &'static str {
        self.prefix
    }

    fn names(&self, member: &Member) -> Vec<String> {
        vec![member.name_in(self.form).into()]
    }

    fn rule(&self, ty: &ObjectType, member: &Member) -> Option<Rule> {
        let is_callback = ty.name == AccessPackageAssignmentRequestCallbackData::TYPE_NAME;
        let guid = format!("^{GUID}$");
        Some(match member.name {
            "source" => Rule::must_be(json!({ "pattern": NOT_BLANK })),
            "type" => Rule::must_be(json!({ "enum": types() })),
            "data" | "isApproverJustificationRequired" | "isEscalationEnabled" => Rule::must(),
            "stage" => Rule::must_be(json!({ "enum": stages(!is_callback) })),
            "customExtensionStageInstanceId" => Rule::must_be(json!({ "minLength": 1 })),
            "customExtensionStageInstanceDetail" => Rule::may_be(json!({
                "minLength": 1,
                "maxLength": 1000,
                "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
            })),
            "state" if is_callback => Rule::may_be(json!({ "enum": states(|_| true) })),
            // Nobody documents it for an approval stage.
            "state" => return None,
            "approvalStage" => Rule::must_be_this(either_version()),
            "durationBeforeAutomaticDenial" => Rule::must_be(duration()),
            "durationBeforeEscalation" => Rule::may_be(duration()),
            "primaryApprovers" => {
                Rule::must_be(json!({ "minItems": 1, "maxItems": ApprovalStage::MAX_APPROVERS }))
            }
            "fallbackPrimaryApprovers" | "escalationApprovers" | "fallbackEscalationApprovers" => {
                Rule::must_be(json!({ "maxItems": ApprovalStage::MAX_APPROVERS }))
            }
            "userId" | "groupId" | "connectedOrganizationId" | "servicePrincipalId" => {
                Rule::must_be(json!({ "pattern": guid }))
            }
            "managerLevel" => Rule::must_be(json!({
                "type": "integer",
                "minimum": 1,
                "maximum": ApprovalStage::MAX_LEVEL,
            })),
            "membershipRule" => Rule::must_be(json!({ "pattern": NOT_BLANK })),
            "description" => Rule::may_be(json!({ "minLength": 1 })),
            // The lists say who is a fallback.
            "isBackup" if self.form == Form::Beta => Rule::may_be(json!({ "const": false })),
            "isBackup" => return None,
            _ => Rule::may(),
        })
    }

    fn rules(&self, ty: &ObjectType) -> Value {
        if ty.name == AccessPackageAssignmentRequestCallbackData::TYPE_NAME {
            return states_by_stage();
        }
        if ty.name != AccessPackageApprovalStage::TYPE_NAME {
            return json!({});
        }
        json!({
            "if": {
                "required": ["isEscalationEnabled"],
                "properties": { "isEscalationEnabled": { "const": true } },
            },
            "then": {
                "required": ["durationBeforeEscalation"],
                "properties": { "escalationApprovers": { "minItems": 1 } },
            },
            "else": {
                "properties": {
                    "durationBeforeEscalation": false,
                    "escalationApprovers": { "maxItems": 0 },
                    "fallbackEscalationApprovers": { "maxItems": 0 },
                },
            },
        })
    }

    fn has(&self, ty: &ObjectType) -> bool {
        let not_in_beta = [
            SingleServicePrincipal::TYPE_NAME,
            TargetManager::TYPE_NAME,
            TargetApplicationOwners::TYPE_NAME,
        ];
        self.form != Form::Beta || !not_in_beta.contains(&ty.name)
    }

    fn unknown(&self) -> Unknown {
        Unknown::None
    }
}

fn is_sent(stage: Stage, effect: Effect) -> bool {
    matches!(stage.answer(effect), Answer::Body | Answer::BodyDisputed)
}

/// The stages that are answered with an approval stage, or those that are not.
fn stages(with_approval_stage: bool) -> Vec<&'static str> {
    Stage::ALL
        .iter()
        .filter(|stage| stage.can_be_answered())
        .filter(|stage| stage.takes_approval_stage() == with_approval_stage)
        .map(|stage| stage.as_str())
        .collect()
}

/// The states that can be sent at some stages: what Graph calls the effects.
fn states(at: impl Fn(Stage) -> bool) -> Vec<&'static str> {
    [(Effect::Deny, "denied"), (Effect::Cancel, "canceled")]
        .into_iter()
        .filter(|(effect, _)| {
            let mut stages = Stage::ALL.iter().filter(|stage| at(**stage));
            stages.any(|stage| is_sent(*stage, *effect))
        })
        .map(|(_, state)| state)
        .collect()
}

/// What `state` may be at each stage, where that is not all it can be.
fn states_by_stage() -> Value {
    let all = states(|_| true);
    let narrower = Stage::ALL.iter().filter_map(|stage| {
        if !is_sent(*stage, Effect::Approve) {
            return None;
        }
        let states = states(|at| at == *stage);
        if states == all {
            return None;
        }
        let state = match states.as_slice() {
            [] => json!(false),
            some => json!({ "enum": some }),
        };
        Some(json!({
            "if": {
                "required": ["stage"],
                "properties": { "stage": { "const": stage.as_str() } },
            },
            "then": { "properties": { "state": state } },
        }))
    });
    json!({ "allOf": narrower.collect::<Vec<_>>() })
}

/// The stage that `type` names: an approval stage is sent as if at created (Entra how-to on dynamic
/// approval).
fn named_stage(stage: Stage) -> Stage {
    if stage.takes_approval_stage() {
        Stage::AssignmentRequestCreated
    } else {
        stage
    }
}

fn types() -> Vec<String> {
    let answered = Stage::ALL.iter().filter(|stage| stage.can_be_answered());
    answered
        .filter(|stage| named_stage(**stage) == **stage)
        .map(|stage| format!("{TYPE_PREFIX}{stage}"))
        .collect()
}

fn types_by_stage() -> Value {
    let answered = Stage::ALL.iter().filter(|stage| stage.can_be_answered());
    let agree = answered.map(|stage| {
        json!({
            "if": {
                "required": ["data"],
                "properties": {
                    "data": {
                        "required": ["stage"],
                        "properties": { "stage": { "const": stage.as_str() } },
                    },
                },
            },
            "then": {
                "properties": {
                    "type": { "const": format!("{TYPE_PREFIX}{}", named_stage(*stage)) },
                },
            },
        })
    });
    json!({ "allOf": agree.collect::<Vec<_>>() })
}

fn duration() -> Value {
    // Above zero, too.
    let pattern = DURATION.replacen('^', "^(?=.*[1-9])", 1);
    json!({ "pattern": pattern, "examples": ["P2D", "PT8H"] })
}

/// The members of an approval stage do not mix the spellings of both versions.
fn either_version() -> Value {
    let name = AccessPackageApprovalStage::TYPE_NAME;
    let versions = [V1, BETA].map(|version| {
        let prefix = version.prefix;
        json!({ "$ref": format!("#/$defs/{prefix}{name}") })
    });
    json!({ "anyOf": versions })
}

impl JsonSchema for ResumeBody {
    fn schema_name() -> Cow<'static, str> {
        "ResumeBody".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        for style in [&V1, &BETA] {
            Maker {
                generator: &mut *generator,
                style,
            }
            .refer(&AccessPackageApprovalStage::TYPE, false);
        }
        let mut maker = Maker {
            generator,
            style: &BODY,
        };
        let mut body = maker.object(&Self::TYPE, false);
        merge(
            &mut body,
            json!({ "title": "Resume", "description": DESCRIPTION }),
        );
        merge(&mut body, types_by_stage());
        Schema::try_from(body).unwrap_or_default()
    }
}

impl JsonSchema for ResumeRequest {
    fn schema_name() -> Cow<'static, str> {
        "ResumeRequest".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let path = format!(
            r"^/(v1\.0|beta)/identityGovernance/entitlementManagement/assignmentRequests/{GUID}/resume$"
        );
        let mut body = generator.subschema_for::<ResumeBody>();
        body.insert("description".into(), "What to send.".into());
        json_schema!({
            "description": "The request to send to Graph.",
            "type": "object",
            "required": ["method", "path", "headers", "body"],
            "properties": {
                "method": { "description": "Always the same.", "const": "POST" },
                "path": {
                    "description": "Below Graph's host, with the version.",
                    "type": "string",
                    "pattern": path,
                },
                "headers": {
                    "description": "Authorization is the host's.",
                    "type": "object",
                    "required": ["Content-Type"],
                    "properties": { "Content-Type": { "const": "application/json" } },
                    "additionalProperties": { "type": "string" },
                },
                "body": body,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{BETA, Style as _};
    use crate::{ApproverKind, Profile, graph::SubjectSet};

    /// What beta lacks stands in two places.
    #[test]
    fn beta_has_the_kinds_that_the_profile_has() {
        let id = String::new;
        let kinds = [
            ApproverKind::User(id()),
            ApproverKind::Group(id()),
            ApproverKind::ConnectedOrganization(id()),
            ApproverKind::ServicePrincipal(id()),
            ApproverKind::AttributeRule(id()),
            ApproverKind::Manager(1),
            ApproverKind::TargetManager(1),
            ApproverKind::InternalSponsors,
            ApproverKind::ExternalSponsors,
            ApproverKind::TargetUserSponsors,
            ApproverKind::TargetAgentIdentitySponsorsOrOwners,
            ApproverKind::TargetApplicationOwners,
        ];
        assert_eq!(kinds.len(), SubjectSet::TYPES.len());
        for kind in kinds {
            let ty = SubjectSet::TYPES
                .iter()
                .find(|ty| ty.name == kind.type_name())
                .unwrap();
            assert_eq!(BETA.has(ty), kind.is_in(Profile::Beta), "{}", ty.name);
        }
    }
}
