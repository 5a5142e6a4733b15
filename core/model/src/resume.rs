//! The request for Graph's `resume` action.
//!
//! Bodies are built from types that the Graph schema knows, keys in a fixed order, so that the
//! same decision gives the same bytes. Sources: Graph metadata (v1.0 and beta), the resource pages
//! of accessPackageAssignmentRequestCallbackData, assignmentRequestApprovalStageCallbackData and
//! accessPackageApprovalStage, and the Entra how-to on dynamic approval.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    approval::{ApprovalStage, Approver, ApproverKind},
    callout::Callout,
    decision::{Decision, Effect},
    stage::Stage,
};

/// Which version of Graph the request is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// `v1.0`: approvers by `userId` and `groupId`.
    #[default]
    V1,
    /// `beta`: approvers by `id`, with `isBackup`.
    Beta,
}

impl Profile {
    /// The path segment, and the name in the set file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// A request for Graph's `resume` action: what to send, to be sent by the host.
#[derive(Clone, Debug, PartialEq)]
pub struct ResumeRequest {
    path: String,
    body: Body,
}

impl ResumeRequest {
    /// The request for this decision on this callout; none where no answer may be sent.
    pub fn new(
        callout: &Callout,
        decision: &Decision,
        source: &str,
        profile: Profile,
    ) -> Option<Self> {
        if decision.no_answer.is_some() || !callout.is_evaluated() {
            return None;
        }
        let stage = callout.stage();
        let (state, approval_stage) = match decision.effect {
            Effect::Approve => (None, None),
            Effect::Deny => (Some("denied"), None),
            Effect::Cancel => (Some("canceled"), None),
            Effect::RequireApproval => {
                let stage = decision.approval_stage.as_deref()?;
                (None, Some(StageBody::new(stage, profile)))
            }
            Effect::Withhold => return None,
        };
        let (data_type, suffix) = match approval_stage {
            // The how-to names the created stage here, in every version.
            Some(_) => (
                "#microsoft.graph.assignmentRequestApprovalStageCallbackData",
                Stage::AssignmentRequestCreated,
            ),
            None => (
                "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
                stage,
            ),
        };
        Some(Self {
            path: format!(
                "/{}/identityGovernance/entitlementManagement/assignmentRequests/{}/resume",
                profile.as_str(),
                callout.request_id()
            ),
            body: Body {
                source: source.into(),
                kind: format!(
                    "microsoft.graph.accessPackageCustomExtensionStage.{}",
                    suffix.as_str()
                ),
                data: Data {
                    data_type,
                    stage: stage.as_str(),
                    instance_id: callout.instance_id().into(),
                    detail: (!decision.detail.is_empty()).then(|| decision.detail.clone()),
                    state,
                    approval_stage,
                },
            },
        })
    }

    /// `POST`
    pub fn method(&self) -> &'static str {
        "POST"
    }

    /// The path below Graph's host, with the version; built from the request id, never from the
    /// callout's own path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The headers. Authorization is the host's.
    pub fn headers(&self) -> BTreeMap<&'static str, &'static str> {
        BTreeMap::from([("Content-Type", "application/json")])
    }

    /// The body as JSON text without spaces: the same bytes for the same decision.
    pub fn body(&self) -> String {
        // Strings, numbers and lists only: writing them as JSON cannot fail.
        serde_json::to_string(&self.body).unwrap_or_default()
    }
}

impl Serialize for ResumeRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("method", self.method())?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("headers", &self.headers())?;
        map.serialize_entry("body", &self.body)?;
        map.end()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Body {
    source: String,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Data {
    #[serde(rename = "@odata.type")]
    data_type: &'static str,
    stage: &'static str,
    #[serde(rename = "customExtensionStageInstanceId")]
    instance_id: String,
    #[serde(
        rename = "customExtensionStageInstanceDetail",
        skip_serializing_if = "Option::is_none"
    )]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(rename = "approvalStage", skip_serializing_if = "Option::is_none")]
    approval_stage: Option<StageBody>,
}

/// accessPackageApprovalStage: all four lists are sent, empty where unused.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct StageBody {
    duration_before_automatic_denial: String,
    is_approver_justification_required: bool,
    is_escalation_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_before_escalation: Option<String>,
    primary_approvers: Vec<ApproverBody>,
    fallback_primary_approvers: Vec<ApproverBody>,
    escalation_approvers: Vec<ApproverBody>,
    fallback_escalation_approvers: Vec<ApproverBody>,
}

impl StageBody {
    fn new(stage: &ApprovalStage, profile: Profile) -> Self {
        let list = |approvers: &[Approver]| {
            approvers
                .iter()
                .map(|approver| ApproverBody {
                    approver: approver.clone(),
                    profile,
                })
                .collect()
        };
        Self {
            duration_before_automatic_denial: duration(stage.deny_after),
            is_approver_justification_required: stage.require_justification,
            is_escalation_enabled: stage.escalate_after.is_some(),
            duration_before_escalation: stage.escalate_after.map(duration),
            primary_approvers: list(&stage.primary),
            fallback_primary_approvers: list(&stage.fallback_primary),
            escalation_approvers: list(&stage.escalation),
            fallback_escalation_approvers: list(&stage.fallback_escalation),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct ApproverBody {
    approver: Approver,
    profile: Profile,
}

impl Serialize for ApproverBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { approver, profile } = self;
        let kind = &approver.kind;
        let id_member = match (profile, kind) {
            (Profile::Beta, _) => "id",
            (Profile::V1, ApproverKind::Group(_)) => "groupId",
            (Profile::V1, ApproverKind::ConnectedOrganization(_)) => "connectedOrganizationId",
            (Profile::V1, ApproverKind::ServicePrincipal(_)) => "servicePrincipalId",
            (Profile::V1, _) => "userId",
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(
            "@odata.type",
            &format_args!("#microsoft.graph.{}", kind.type_name()),
        )?;
        if let Some(id) = kind.id() {
            map.serialize_entry(id_member, id)?;
        }
        match kind {
            ApproverKind::Manager(level) | ApproverKind::TargetManager(level) => {
                map.serialize_entry("managerLevel", level)?;
            }
            ApproverKind::AttributeRule(rule) => map.serialize_entry("membershipRule", rule)?,
            _ => {}
        }
        let is_described = kind.id().is_some() || matches!(kind, ApproverKind::AttributeRule(_));
        if is_described && !approver.description.is_empty() {
            map.serialize_entry("description", &approver.description)?;
        }
        if *profile == Profile::Beta {
            map.serialize_entry("isBackup", &false)?;
        }
        map.end()
    }
}

/// Seconds as an ISO 8601 duration, balanced up to days: `P2D`, `PT8H`, `P1DT1H`.
fn duration(seconds: u32) -> String {
    let seconds = i64::from(seconds);
    let span = jiff::Span::new()
        .try_days(seconds / 86_400)
        .and_then(|span| span.try_hours(seconds % 86_400 / 3_600))
        .and_then(|span| span.try_minutes(seconds % 3_600 / 60))
        .and_then(|span| span.try_seconds(seconds % 60));
    // Every u32 of seconds is within what a span holds.
    span.map(|span| span.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_balanced() {
        for (seconds, text) in [
            (172_800, "P2D"),
            (28_800, "PT8H"),
            (90_000, "P1DT1H"),
            (1, "PT1S"),
            (3_661, "PT1H1M1S"),
            (1_209_600, "P14D"),
            (u32::MAX, "P49710DT6H28M15S"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
