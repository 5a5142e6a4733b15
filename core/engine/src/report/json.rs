//! The report as JSON: members, and their order.

use std::collections::BTreeMap;

use admit_model::{
    ApprovalStage, Approver, ApproverKind, ApproverList, Decision, DecisionReason, NoAnswer, Note,
    Outcome, PolicyId, Reason, ResumeRequest, StagePart, Verdict, VerdictKind,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::PolicyReport;
use crate::{host::Log, policy::hex};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report<'r> {
    key: String,
    stage: &'static str,
    now: &'r str,
    callout_sha256: String,
    decision: Option<DecisionJson<'r>>,
    answer: Option<&'r ResumeRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_answer: Option<Remark<'r>>,
    outcomes: Vec<OutcomeJson<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DecisionJson<'r> {
    effect: &'static str,
    rule: &'static str,
    determined_by: &'r [PolicyId],
    reasons: Vec<ReasonJson<'r>>,
    notes: Vec<Remark<'r>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    approval_stage_parts: BTreeMap<&'static str, &'r [PolicyId]>,
}

#[derive(Serialize)]
struct ReasonJson<'r> {
    policy: Option<&'r PolicyId>,
    code: &'r str,
    detail: &'r str,
}

/// A code with its detail.
#[derive(Serialize)]
struct Remark<'r> {
    code: &'r str,
    detail: &'r str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum OutcomeJson<'r> {
    Skipped {
        policy: &'r PolicyId,
        skipped: &'static str,
    },
    Asked(Box<Asked<'r>>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'r> {
    policy: &'r PolicyId,
    sha256: String,
    settings_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultJson<'r>>,
    reads: Vec<String>,
    /// Lookups of facts: none, since sets cannot declare sources yet.
    facts: [(); 0],
    usage: Usage,
    log: Vec<Line<'r>>,
    #[serde(skip_serializing_if = "is_zero")]
    log_dropped: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerdictJson<'r> {
    effect: &'static str,
    code: &'r str,
    detail: &'r str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Remark<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval_stage: Option<StageJson<'r>>,
}

#[derive(Serialize)]
struct FaultJson<'r> {
    kind: &'static str,
    detail: &'r str,
}

#[derive(Serialize)]
struct Usage {
    #[serde(skip_serializing_if = "Option::is_none")]
    fuel: Option<u64>,
    memory: u64,
}

#[derive(Serialize)]
struct Line<'r> {
    level: &'static str,
    message: &'r str,
}

/// An approval stage as the policy gave it, before the profile's spelling.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StageJson<'r> {
    deny_after_seconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    escalate_after_seconds: Option<u32>,
    require_justification: bool,
    primary_approvers: Vec<ApproverJson<'r>>,
    fallback_primary_approvers: Vec<ApproverJson<'r>>,
    escalation_approvers: Vec<ApproverJson<'r>>,
    fallback_escalation_approvers: Vec<ApproverJson<'r>>,
}

#[derive(Serialize)]
struct ApproverJson<'r> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'r str,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl<'r> Report<'r> {
    pub(super) fn new(report: &'r super::Report) -> Self {
        Self {
            key: report.key(),
            stage: report.callout.stage().as_str(),
            now: &report.now.text,
            callout_sha256: hex(&Sha256::digest(report.callout.bytes())),
            decision: report
                .decision
                .as_ref()
                .map(|decision| DecisionJson::new(decision, &report.notes)),
            answer: report.answer.as_ref(),
            no_answer: report.no_answer.as_ref().map(Remark::from),
            outcomes: report.outcomes.iter().map(OutcomeJson::from).collect(),
        }
    }
}

impl<'r> DecisionJson<'r> {
    fn new(decision: &'r Decision, notes: &'r [Note]) -> Self {
        Self {
            effect: decision.effect.as_str(),
            rule: decision.rule.as_str(),
            determined_by: &decision.determined_by,
            reasons: decision.reasons.iter().map(ReasonJson::from).collect(),
            notes: notes.iter().map(Remark::from).collect(),
            approval_stage_parts: decision
                .stage_parts
                .iter()
                .map(|StagePart { part, policies }| (*part, policies.as_slice()))
                .collect(),
        }
    }
}

impl<'r> From<&'r DecisionReason> for ReasonJson<'r> {
    fn from(reason: &'r DecisionReason) -> Self {
        Self {
            policy: reason.policy.as_ref(),
            code: &reason.code,
            detail: &reason.detail,
        }
    }
}

impl<'r> From<&'r Note> for Remark<'r> {
    fn from(note: &'r Note) -> Self {
        Self {
            code: note.code,
            detail: &note.detail,
        }
    }
}

impl<'r> From<&'r NoAnswer> for Remark<'r> {
    fn from(none: &'r NoAnswer) -> Self {
        Self {
            code: none.code,
            detail: &none.detail,
        }
    }
}

impl<'r> From<&'r Reason> for Remark<'r> {
    fn from(reason: &'r Reason) -> Self {
        Self {
            code: &reason.code,
            detail: &reason.detail,
        }
    }
}

impl<'r> From<&'r PolicyReport> for OutcomeJson<'r> {
    fn from(report: &'r PolicyReport) -> Self {
        let (verdict, fault) = match report.outcome() {
            Outcome::Skipped(skip) => {
                return Self::Skipped {
                    policy: report.policy(),
                    skipped: skip.as_str(),
                };
            }
            Outcome::Verdict(verdict) => (Some(VerdictJson::from(verdict)), None),
            Outcome::Fault(fault) => (
                None,
                Some(FaultJson {
                    kind: fault.kind.as_str(),
                    detail: &fault.detail,
                }),
            ),
        };
        let Log { lines, dropped, .. } = &report.ran.log;
        Self::Asked(Box::new(Asked {
            policy: report.policy(),
            sha256: report.policy.component().sha256(),
            settings_sha256: report.policy.settings_sha256(),
            verdict,
            fault,
            reads: report.reads(),
            facts: [],
            usage: Usage {
                fuel: report.fuel(),
                memory: report.memory(),
            },
            log: lines
                .iter()
                .map(|line| Line {
                    level: line.level.as_str(),
                    message: &line.message,
                })
                .collect(),
            log_dropped: *dropped,
        }))
    }
}

impl<'r> From<&'r Verdict> for VerdictJson<'r> {
    fn from(verdict: &'r Verdict) -> Self {
        Self {
            effect: verdict.kind.as_str(),
            code: &verdict.reason.code,
            detail: &verdict.reason.detail,
            notes: verdict.notes.iter().map(Remark::from).collect(),
            approval_stage: match &verdict.kind {
                VerdictKind::RequireApproval(stage) => Some(StageJson::from(stage.as_ref())),
                _ => None,
            },
        }
    }
}

impl<'r> From<&'r ApprovalStage> for StageJson<'r> {
    fn from(stage: &'r ApprovalStage) -> Self {
        let list = |list| stage.list(list).iter().map(ApproverJson::from).collect();
        Self {
            deny_after_seconds: stage.deny_after,
            escalate_after_seconds: stage.escalate_after,
            require_justification: stage.require_justification,
            primary_approvers: list(ApproverList::Primary),
            fallback_primary_approvers: list(ApproverList::FallbackPrimary),
            escalation_approvers: list(ApproverList::Escalation),
            fallback_escalation_approvers: list(ApproverList::FallbackEscalation),
        }
    }
}

impl<'r> From<&'r Approver> for ApproverJson<'r> {
    fn from(approver: &'r Approver) -> Self {
        let kind = &approver.kind;
        Self {
            kind: kind.type_name(),
            id: kind.id(),
            level: match kind {
                ApproverKind::Manager(level) | ApproverKind::TargetManager(level) => Some(*level),
                _ => None,
            },
            rule: match kind {
                ApproverKind::AttributeRule(rule) => Some(rule),
                _ => None,
            },
            description: &approver.description,
        }
    }
}
