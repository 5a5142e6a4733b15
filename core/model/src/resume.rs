//! The request for Graph's `resume` action.
//!
//! Bodies are built from types that the Graph schema knows, keys in a fixed order, so that the
//! same decision gives the same bytes. Sources: Graph metadata (v1.0 and beta), the resource pages
//! of accessPackageAssignmentRequestCallbackData, assignmentRequestApprovalStageCallbackData and
//! accessPackageApprovalStage, and the Entra how-to on dynamic approval.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use crate::{
    approval::{ApprovalStage, Approver, ApproverKind, ApproverList},
    callout::Callout,
    decision::{Decision, Effect},
    graph::{
        AccessPackageApprovalStage, AccessPackageAssignmentRequestCallbackData,
        AssignmentRequestApprovalStageCallbackData, AttributeRuleMembers,
        ConnectedOrganizationMembers, ExternalSponsors, Form, GroupMembers, InternalSponsors,
        RequestorManager, ResumeBody, SingleServicePrincipal, SingleUser, SubjectSet,
        TargetAgentIdentitySponsorsOrOwners, TargetApplicationOwners, TargetManager,
        TargetUserSponsors,
    },
    stage::{Answer, Stage},
    workflow,
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
    /// Every one.
    pub const ALL: [Self; 2] = [Self::V1, Self::Beta];

    /// The path segment, and the name in the set file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }

    const fn form(self) -> Form {
        match self {
            Self::V1 => Form::V1,
            Self::Beta => Form::Beta,
        }
    }
}

/// A request for Graph's `resume` action: what to send, to be sent by the host.
#[derive(Clone, Debug, PartialEq)]
pub struct ResumeRequest {
    path: String,
    body: ResumeBody,
    profile: Profile,
}

impl ResumeRequest {
    /// The request for this decision on this callout; none where no answer may be sent, nor where
    /// the stage does not take this one or the profile lacks a kind of its approvers.
    pub fn new(
        callout: &Callout,
        decision: &Decision,
        source: &str,
        profile: Profile,
    ) -> Option<Self> {
        let stage = callout.stage();
        let takes = matches!(
            stage.answer(decision.effect),
            Answer::Body | Answer::BodyDisputed
        );
        if decision.no_answer.is_some() || !callout.is_evaluated() || !takes {
            return None;
        }
        let instance_id = Some(callout.instance_id().to_owned());
        let detail = Some(decision.detail.clone()).filter(|detail| !detail.is_empty());
        let state = match decision.effect {
            Effect::Approve | Effect::RequireApproval => None,
            Effect::Deny => Some("denied".into()),
            Effect::Cancel => Some("canceled".into()),
            Effect::Withhold => return None,
        };
        let (data, suffix) = if decision.effect == Effect::RequireApproval {
            let approvers = decision.approval_stage.as_deref()?;
            let mut kinds = ApproverList::ALL
                .iter()
                .flat_map(|list| approvers.list(*list))
                .map(|approver| &approver.kind);
            if !kinds.all(|kind| kind.is_in(profile)) {
                return None;
            }
            let data = AssignmentRequestApprovalStageCallbackData {
                stage: Some(stage.into()),
                custom_extension_stage_instance_id: instance_id,
                custom_extension_stage_instance_detail: detail,
                approval_stage: Some(approval_stage(approvers, profile)),
                ..Default::default()
            };
            // The how-to names the created stage here, in every version.
            (data.into(), Stage::AssignmentRequestCreated)
        } else {
            let data = AccessPackageAssignmentRequestCallbackData {
                stage: Some(stage.into()),
                custom_extension_stage_instance_id: instance_id,
                custom_extension_stage_instance_detail: detail,
                state,
                ..Default::default()
            };
            (data.into(), stage)
        };
        Some(Self {
            path: format!(
                "/{}/identityGovernance/entitlementManagement/assignmentRequests/{}/resume",
                profile.as_str(),
                callout.request_id()
            ),
            body: ResumeBody {
                source: Some(source.into()),
                kind: Some(format!(
                    "microsoft.graph.accessPackageCustomExtensionStage.{}",
                    suffix.as_str()
                )),
                data: Some(data),
                ..Default::default()
            },
            profile,
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
        self.body.to_json(self.profile.form())
    }

    /// The body as text for a workflow definition of Logic Apps, where `@` begins an expression
    /// and is therefore doubled. For pasting only: Graph does not take it.
    pub fn workflow_text(&self) -> String {
        workflow::text(&self.body())
    }
}

impl Serialize for ResumeRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = RawValue::from_string(self.body()).map_err(serde::ser::Error::custom)?;
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("method", self.method())?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("headers", &self.headers())?;
        map.serialize_entry("body", &body)?;
        map.end()
    }
}

/// All four lists are sent, empty where unused.
fn approval_stage(stage: &ApprovalStage, profile: Profile) -> AccessPackageApprovalStage {
    let list = |approvers: &[Approver]| {
        let sets = approvers
            .iter()
            .map(|approver| subject_set(approver, profile));
        Some(sets.collect())
    };
    AccessPackageApprovalStage {
        duration_before_automatic_denial: Some(duration(stage.deny_after)),
        is_approver_justification_required: Some(stage.require_justification),
        is_escalation_enabled: Some(stage.escalate_after.is_some()),
        duration_before_escalation: stage.escalate_after.map(duration),
        primary_approvers: list(&stage.primary),
        fallback_primary_approvers: list(&stage.fallback_primary),
        escalation_approvers: list(&stage.escalation),
        fallback_escalation_approvers: list(&stage.fallback_escalation),
        ..Default::default()
    }
}

/// An approver as Graph's type. Beta has `isBackup`, which the lists say already.
fn subject_set(approver: &Approver, profile: Profile) -> SubjectSet {
    let description = Some(approver.description.clone()).filter(|text| !text.is_empty());
    let is_backup = (profile == Profile::Beta).then_some(false);
    match approver.kind.clone() {
        ApproverKind::User(id) => SingleUser {
            user_id: Some(id),
            description,
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::Group(id) => GroupMembers {
            group_id: Some(id),
            description,
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::ConnectedOrganization(id) => ConnectedOrganizationMembers {
            connected_organization_id: Some(id),
            description,
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::ServicePrincipal(id) => SingleServicePrincipal {
            service_principal_id: Some(id),
            description,
            ..Default::default()
        }
        .into(),
        ApproverKind::AttributeRule(rule) => AttributeRuleMembers {
            membership_rule: Some(rule),
            description,
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::Manager(level) => RequestorManager {
            manager_level: Some(level.into()),
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::TargetManager(level) => TargetManager {
            manager_level: Some(level.into()),
            ..Default::default()
        }
        .into(),
        ApproverKind::InternalSponsors => InternalSponsors {
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::ExternalSponsors => ExternalSponsors {
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::TargetUserSponsors => TargetUserSponsors {
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::TargetAgentIdentitySponsorsOrOwners => TargetAgentIdentitySponsorsOrOwners {
            is_backup,
            ..Default::default()
        }
        .into(),
        ApproverKind::TargetApplicationOwners => TargetApplicationOwners::default().into(),
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
    use super::*;
    use crate::combine::Rule;

    /// A decision that nobody combined, or for another callout.
    fn decision(effect: Effect) -> Decision {
        let mut stage = ApprovalStage {
            deny_after: 86_400,
            ..Default::default()
        };
        let approver = Approver {
            kind: ApproverKind::TargetManager(1),
            description: String::new(),
        };
        stage.add(ApproverList::Primary, approver).unwrap();
        Decision {
            effect,
            rule: Rule::DenyOverrides,
            determined_by: Vec::new(),
            reasons: Vec::new(),
            notes: Vec::new(),
            approval_stage: Some(Box::new(stage)),
            stage_parts: Vec::new(),
            no_answer: None,
            detail: String::new(),
        }
    }

    #[test]
    fn no_body_is_made_that_the_stage_or_the_profile_does_not_take() {
        for stage in Stage::ALL {
            let payload = format!(
                r#"{{"stage":"{stage}","customExtensionStageInstanceId":"1",
                "accessPackageAssignmentRequestId":"c0de0010-0001-4071-a0d1-cf6ad5a1d1a2"}}"#
            );
            let callout = Callout::parse(payload.as_bytes()).unwrap();
            for effect in Effect::ALL {
                let made = |profile| {
                    ResumeRequest::new(&callout, &decision(effect), "Contoso", profile).is_some()
                };
                let takes = matches!(stage.answer(effect), Answer::Body | Answer::BodyDisputed);
                assert_eq!(made(Profile::V1), takes, "{effect:?} at {stage}");
                let takes = takes && effect != Effect::RequireApproval;
                assert_eq!(made(Profile::Beta), takes, "{effect:?} at {stage}, beta");
            }
        }
    }

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
