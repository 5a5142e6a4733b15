//! Answers what its settings say, whatever the callout: a guest for tests.
//!
//! `effect` is one of the five effects, or `error` (an error from `evaluate`), `trap`, or `refuse`
//! (an error from `configure`). Nothing is checked here: tests also ask for what the host must
//! refuse.

use admit_policy::{
    ApprovalStage, Approver, ApproverKind, Callout, Effect, Policy, Reason, Settings, Verdict,
    policy,
};

/// The policy: what it will answer.
pub enum Say {
    /// This verdict.
    Verdict(Verdict),
    /// This error.
    Error(String),
    /// A trap.
    Trap,
}

impl Policy for Say {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let detail = settings.text("/detail").unwrap_or_default();
        let effect = match settings.text("/effect").as_deref() {
            Some("abstain") => Effect::Abstain,
            Some("approve") => Effect::Approve,
            Some("require-approval") => Effect::RequireApproval(stage(&settings.at("/stage"))?),
            Some("deny") => Effect::Deny,
            Some("cancel") => Effect::Cancel,
            Some("error") => return Ok(Self::Error(detail)),
            Some("trap") => return Ok(Self::Trap),
            Some("refuse") => return Err(detail),
            _ => return Err(settings.error("/effect", "there is no such effect")),
        };
        Ok(Self::Verdict(Verdict {
            effect,
            reason: reason(settings),
            notes: settings.items("/notes").map(|note| reason(&note)).collect(),
        }))
    }

    #[expect(clippy::panic, reason = "how a policy in Rust traps")]
    fn evaluate(&self, _callout: &Callout) -> Result<Verdict, String> {
        match self {
            Self::Verdict(verdict) => Ok(verdict.clone()),
            Self::Error(text) => Err(text.clone()),
            Self::Trap => panic!("asked to trap"),
        }
    }
}

policy!(Say);

fn reason(settings: &Settings) -> Reason {
    Reason {
        code: settings.text("/code").map_or("said".into(), Into::into),
        detail: settings.text("/detail").unwrap_or_default().into(),
    }
}

fn stage(settings: &Settings) -> Result<ApprovalStage, String> {
    let mut stage = ApprovalStage::new();
    stage.deny_after = number(settings, "/deny-after")?;
    stage.escalate_after = number(settings, "/escalate-after")?;
    stage.require_justification = settings.flag("/require-justification").unwrap_or(false);
    stage.primary = approvers(settings, "/primary")?;
    stage.fallback_primary = approvers(settings, "/fallback-primary")?;
    stage.escalation = approvers(settings, "/escalation")?;
    stage.fallback_escalation = approvers(settings, "/fallback-escalation")?;
    Ok(stage)
}

fn number(settings: &Settings, pointer: &str) -> Result<Option<u32>, String> {
    settings
        .integer(pointer)
        .map(|number| {
            u32::try_from(number).map_err(|_| settings.error(pointer, "does not fit 32 bits"))
        })
        .transpose()
}

fn approvers(settings: &Settings, pointer: &str) -> Result<Vec<Approver>, String> {
    settings
        .items(pointer)
        .map(|item| approver(&item))
        .collect()
}

fn approver(item: &Settings) -> Result<Approver, String> {
    let id = item.text("/id").unwrap_or_default();
    let level = number(item, "/level")?.unwrap_or(1);
    let kind = match item.text("/kind").as_deref() {
        Some("user") => ApproverKind::User(id),
        Some("group") => ApproverKind::Group(id),
        Some("connected-organization") => ApproverKind::ConnectedOrganization(id),
        Some("service-principal") => ApproverKind::ServicePrincipal(id),
        Some("attribute-rule-members") => ApproverKind::AttributeRuleMembers(id),
        Some("manager") => ApproverKind::Manager(level),
        Some("target-manager") => ApproverKind::TargetManager(level),
        Some("internal-sponsors") => ApproverKind::InternalSponsors,
        Some("external-sponsors") => ApproverKind::ExternalSponsors,
        Some("target-user-sponsors") => ApproverKind::TargetUserSponsors,
        Some("target-agent-identity-sponsors-or-owners") => {
            ApproverKind::TargetAgentIdentitySponsorsOrOwners
        }
        Some("target-application-owners") => ApproverKind::TargetApplicationOwners,
        _ => return Err(item.error("/kind", "there is no such kind of approver")),
    };
    Ok(Approver {
        kind,
        description: item.text("/description").unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests;
