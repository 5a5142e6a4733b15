//! The report as JSON: members, and their order.

use std::collections::BTreeMap;

use admit_model::{
    ApprovalStage, Approver, ApproverKind, ApproverList, Decision, DecisionReason, NoAnswer, Note,
    Outcome, PolicyId, Reason, ResumeRequest, StagePart, Verdict, VerdictKind,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::PolicyReport;
#[cfg(feature = "schema")]
use super::names;
use crate::{host::Log, policy::hex};

/// What was decided for one callout, why, and what to send. The same inputs give the same bytes.
/// Later versions may add members.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend(
        "if" = { "properties": { "answer": { "type": "null" } } },
        "then" = { "required": ["noAnswer"] },
        "else" = { "properties": { "noAnswer": false } }
    ))
)]
pub(crate) struct Report<'r> {
    /// What identifies the question: the request's id, `/`, the instance's. The same when the
    /// service asks again.
    key: String,
    /// The stage that asked.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = names::stages())))]
    stage: &'static str,
    /// The instant of the evaluation.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    now: &'r str,
    /// SHA-256 of the callout's bytes.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = names::SHA256)))]
    callout_sha256: String,
    /// What was decided; null where the callout is not one that is evaluated.
    decision: Option<DecisionJson<'r>>,
    /// The request to send to Graph; null where there is none.
    answer: Option<&'r ResumeRequest>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_answer: Option<Remark<'r>>,
    /// What came of each policy, in the order of the set.
    outcomes: Vec<OutcomeJson<'r>>,
}

/// What was decided.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Decision")
)]
struct DecisionJson<'r> {
    /// What is done with the request.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = names::effects())))]
    effect: &'static str,
    /// How the policies' answers became one.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = names::rules())))]
    rule: &'static str,
    /// The policies that determined it; none where no policy did.
    determined_by: &'r [PolicyId],
    /// Their reasons.
    reasons: Vec<ReasonJson<'r>>,
    /// Remarks of the library.
    notes: Vec<Remark<'r>>,
    /// Which policies gave which part of the approval stage.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    approval_stage_parts: BTreeMap<&'static str, &'r [PolicyId]>,
}

/// Why the decision is what it is.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Reason")
)]
struct ReasonJson<'r> {
    /// The policy; null where the set itself decided.
    policy: Option<&'r PolicyId>,
    /// The verdict's code, or the library's.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = names::CODE)))]
    code: &'r str,
    /// For people.
    detail: &'r str,
}

/// A code with its detail.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Remark<'r> {
    /// For programs.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = names::CODE)))]
    code: &'r str,
    /// For people.
    detail: &'r str,
}

#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Outcome")
)]
enum OutcomeJson<'r> {
    /// A policy that was not asked.
    Skipped {
        /// The policy.
        policy: &'r PolicyId,
        /// Why: it does not answer this stage, or an earlier one decided.
        #[cfg_attr(feature = "schema", schemars(extend("enum" = names::skips())))]
        skipped: &'static str,
    },
    /// A policy that was asked.
    Asked(Box<Asked<'r>>),
}

/// What came of a policy that was asked: a verdict or a fault.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend("oneOf" = [{ "required": ["verdict"] }, { "required": ["fault"] }]))
)]
struct Asked<'r> {
    /// The policy.
    policy: &'r PolicyId,
    /// SHA-256 of its component.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = names::SHA256)))]
    sha256: String,
    /// SHA-256 of its settings as JSON.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = names::SHA256)))]
    settings_sha256: String,
    /// What it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictJson<'r>>,
    /// How it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultJson<'r>>,
    /// What it read of the callout: JSON pointers into the canonical document. Absent where that
    /// was not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    reads: Option<Vec<String>>,
    /// The facts that it asked for.
    facts: Vec<Lookup<'r>>,
    /// What it used.
    usage: Usage,
    /// What it logged.
    log: Vec<Line<'r>>,
    /// How many lines it logged that were over the bounds.
    #[serde(skip_serializing_if = "is_zero")]
    log_dropped: u64,
}

/// What a policy answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Verdict")
)]
struct VerdictJson<'r> {
    /// The answer.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = names::verdicts())))]
    effect: &'static str,
    /// Why, for programs.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = names::CODE)))]
    code: &'r str,
    /// Why, for people.
    detail: &'r str,
    /// Further reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Remark<'r>>,
    /// Who has to approve, for `require-approval`.
    #[serde(skip_serializing_if = "Option::is_none")]
    approval_stage: Option<StageJson<'r>>,
}

/// How a policy failed.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Fault")
)]
struct FaultJson<'r> {
    /// Which way.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = names::faults())))]
    kind: &'static str,
    /// What happened.
    detail: &'r str,
}

/// A lookup of facts.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Lookup<'r> {
    /// The collection.
    collection: &'r str,
    /// The key.
    key: &'r str,
}

/// What an evaluation used.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Usage {
    /// Fuel; absent where metering is off or nothing ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    fuel: Option<u64>,
    /// Memory of the instance, in bytes.
    memory: u64,
}

/// A line that a policy logged.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Line<'r> {
    /// How much it matters.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = names::LEVELS)))]
    level: &'static str,
    /// The line.
    message: &'r str,
}

/// An approval stage as the policy gave it, before the profile's spelling.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "ApprovalStage")
)]
struct StageJson<'r> {
    /// After how long the request is denied.
    deny_after_seconds: u32,
    /// After how long others are asked; absent where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    escalate_after_seconds: Option<u32>,
    /// Whether approvers must give a reason.
    require_justification: bool,
    /// Who is asked.
    primary_approvers: Vec<ApproverJson<'r>>,
    /// Who is asked where a primary approver cannot be found.
    fallback_primary_approvers: Vec<ApproverJson<'r>>,
    /// Who is asked when nobody decides.
    escalation_approvers: Vec<ApproverJson<'r>>,
    /// Who is asked where an escalation approver cannot be found.
    fallback_escalation_approvers: Vec<ApproverJson<'r>>,
}

/// Who approves.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Approver")
)]
struct ApproverJson<'r> {
    /// Graph's type, such as `singleUser`.
    kind: &'static str,
    /// Id in the directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'r str>,
    /// How many levels up a manager is.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u32>,
    /// The membership rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    /// For people.
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
            facts: (report.facts())
                .map(|(collection, key)| Lookup { collection, key })
                .collect(),
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
