//! Whether the host would take a verdict.

use admit_model::{ApproverKind as Kind, ApproverList, Profile, Stage, code_is_valid};

use crate::{ApprovalStage, Approver, ApproverKind, Effect, Reason, Verdict};

/// Most notes of a verdict.
const MAX_NOTES: usize = 16;
/// Longest detail, in bytes.
const MAX_DETAIL: usize = 16 * 1024;

pub(super) fn check(verdict: &Verdict, stage: Stage) -> Result<(), String> {
    if verdict.notes.len() > MAX_NOTES {
        return Err(format!(
            "fault: {} notes; at most {MAX_NOTES}",
            verdict.notes.len()
        ));
    }
    for Reason { code, detail } in std::iter::once(&verdict.reason).chain(&verdict.notes) {
        if !code_is_valid(code) {
            return Err(format!(
                "fault: the code `{code}` is not 1 to 64 of a-z, 0-9 and `-`"
            ));
        }
        if detail.len() > MAX_DETAIL {
            return Err(format!(
                "fault: a detail of {} bytes; at most {MAX_DETAIL}",
                detail.len()
            ));
        }
    }
    if let Effect::RequireApproval(approval) = &verdict.effect {
        if !stage.takes_approval_stage() {
            return Err(format!("fault: `require-approval` at the stage {stage}"));
        }
        check_approval(approval).map_err(|problem| format!("fault: approval stage: {problem}"))?;
    }
    Ok(())
}

fn check_approval(approval: &ApprovalStage) -> Result<(), String> {
    for (what, seconds) in [
        ("deny-after", approval.deny_after),
        ("escalate-after", approval.escalate_after),
    ] {
        if seconds == Some(0) {
            return Err(format!("{what} of 0 seconds"));
        }
    }
    let mut stage = admit_model::ApprovalStage {
        deny_after: approval.deny_after.unwrap_or_default(),
        require_justification: approval.require_justification,
        escalate_after: approval.escalate_after,
        ..Default::default()
    };
    for (list, approvers) in [
        (ApproverList::Primary, &approval.primary),
        (ApproverList::FallbackPrimary, &approval.fallback_primary),
        (ApproverList::Escalation, &approval.escalation),
        (
            ApproverList::FallbackEscalation,
            &approval.fallback_escalation,
        ),
    ] {
        for approver in approvers {
            stage
                .add(list, model(approver))
                .map_err(|problem| problem.to_string())?;
        }
    }
    stage
        .check(Profile::V1)
        .map_err(|problem| problem.to_string())
}

fn model(approver: &Approver) -> admit_model::Approver {
    let kind = match approver.kind.clone() {
        ApproverKind::User(id) => Kind::User(id),
        ApproverKind::Group(id) => Kind::Group(id),
        ApproverKind::ConnectedOrganization(id) => Kind::ConnectedOrganization(id),
        ApproverKind::ServicePrincipal(id) => Kind::ServicePrincipal(id),
        ApproverKind::AttributeRuleMembers(rule) => Kind::AttributeRule(rule),
        ApproverKind::Manager(level) => Kind::Manager(level),
        ApproverKind::TargetManager(level) => Kind::TargetManager(level),
        ApproverKind::InternalSponsors => Kind::InternalSponsors,
        ApproverKind::ExternalSponsors => Kind::ExternalSponsors,
        ApproverKind::TargetUserSponsors => Kind::TargetUserSponsors,
        ApproverKind::TargetAgentIdentitySponsorsOrOwners => {
            Kind::TargetAgentIdentitySponsorsOrOwners
        }
        ApproverKind::TargetApplicationOwners => Kind::TargetApplicationOwners,
    };
    admit_model::Approver {
        kind,
        description: approver.description.clone(),
    }
}
