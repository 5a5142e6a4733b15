//! The report as JSON: members, and their order.

mod evidence;
mod text;
mod verdict;

use std::collections::BTreeMap;

use admit_model::{Decision, Fault, Note, Outcome, PolicyId, ResumeRequest, StagePart};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use self::{
    evidence::Evidence,
    text::{Form, Text},
    verdict::VerdictJson,
};
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
    /// Whether texts and values are left out, and their digests stand instead, `sha256:` in front.
    #[serde(skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "schema", schemars(default))]
    redacted: bool,
    /// What was decided; null where the callout is not one that is evaluated.
    decision: Option<DecisionJson<'r>>,
    /// The request to send to Graph; null where there is none.
    answer: Option<AnswerJson<'r>>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_answer: Option<Remark<'r>>,
    /// What came of each policy, in the order of the set.
    outcomes: Vec<OutcomeJson<'r>>,
    /// What the policies were shown, where the report is to carry it.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence<'r>>,
}

/// The request to send to Graph.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Answer")
)]
enum AnswerJson<'r> {
    /// The request.
    Whole(&'r ResumeRequest),
    /// The request with the digest of its body, where the report is redacted.
    Redacted {
        /// Method of HTTP.
        method: &'static str,
        /// Path below Graph's address.
        path: &'r str,
        /// Headers.
        headers: BTreeMap<&'static str, &'static str>,
        /// SHA-256 of the body's text, `sha256:` in front.
        #[cfg_attr(feature = "schema", schemars(regex(pattern = names::REDACTED)))]
        body: String,
    },
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
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    detail: Text<'r>,
}

/// A code with its detail.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Remark<'r> {
    /// For programs.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = names::CODE)))]
    code: &'r str,
    /// For people.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    detail: Text<'r>,
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
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    detail: Text<'r>,
}

/// A lookup of facts.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Lookup<'r> {
    /// The collection.
    collection: &'r str,
    /// The key.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    key: Text<'r>,
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
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    message: Text<'r>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl<'r> Report<'r> {
    pub(super) fn new(report: &'r super::Report, form: Form) -> Self {
        Self {
            key: report.key(),
            stage: report.callout.stage().as_str(),
            now: &report.now.text,
            callout_sha256: hex(&Sha256::digest(report.callout.bytes())),
            redacted: form.redact,
            decision: report
                .decision
                .as_ref()
                .map(|decision| DecisionJson::new(decision, &report.notes, form)),
            answer: (report.answer.as_ref()).map(|answer| AnswerJson::new(answer, form)),
            no_answer: (report.no_answer.as_ref())
                .map(|none| Remark::new(none.code, &none.detail, form)),
            outcomes: (report.outcomes.iter())
                .map(|outcome| OutcomeJson::new(outcome, form))
                .collect(),
            evidence: form.evidence.then(|| Evidence::new(report, form)),
        }
    }
}

impl<'r> DecisionJson<'r> {
    fn new(decision: &'r Decision, notes: &'r [Note], form: Form) -> Self {
        Self {
            effect: decision.effect.as_str(),
            rule: decision.rule.as_str(),
            determined_by: &decision.determined_by,
            reasons: (decision.reasons.iter())
                .map(|reason| ReasonJson {
                    policy: reason.policy.as_ref(),
                    code: &reason.code,
                    detail: form.text(&reason.detail),
                })
                .collect(),
            notes: (notes.iter())
                .map(|note| Remark::new(note.code, &note.detail, form))
                .collect(),
            approval_stage_parts: decision
                .stage_parts
                .iter()
                .map(|StagePart { part, policies }| (*part, policies.as_slice()))
                .collect(),
        }
    }
}

impl<'r> AnswerJson<'r> {
    fn new(answer: &'r ResumeRequest, form: Form) -> Self {
        if form.redact {
            Self::Redacted {
                method: answer.method(),
                path: answer.path(),
                headers: answer.headers(),
                body: form.digest(&answer.body()),
            }
        } else {
            Self::Whole(answer)
        }
    }
}

impl<'r> Remark<'r> {
    fn new(code: &'r str, detail: &'r str, form: Form) -> Self {
        let detail = form.text(detail);
        Self { code, detail }
    }
}

impl<'r> OutcomeJson<'r> {
    fn new(report: &'r PolicyReport, form: Form) -> Self {
        let (verdict, fault) = match report.outcome() {
            Outcome::Skipped(skip) => {
                return Self::Skipped {
                    policy: report.policy(),
                    skipped: skip.as_str(),
                };
            }
            Outcome::Verdict(verdict) => (Some(VerdictJson::new(verdict, form)), None),
            Outcome::Fault(fault) => (None, Some(FaultJson::new(fault, form))),
        };
        let Log { lines, dropped, .. } = &report.ran.log;
        Self::Asked(Box::new(Asked {
            policy: report.policy(),
            sha256: report.policy.component().sha256(),
            settings_sha256: report.policy.settings_sha256(),
            verdict,
            fault,
            reads: report.ran.reads.are_kept().then(|| {
                let places = report.ran.reads.places();
                places.iter().map(|place| form.pointer(place)).collect()
            }),
            facts: report
                .facts()
                .map(|(collection, key)| Lookup {
                    collection,
                    key: form.text(key),
                })
                .collect(),
            usage: Usage {
                fuel: report.fuel(),
                memory: report.memory(),
            },
            log: lines
                .iter()
                .map(|line| Line {
                    level: line.level.as_str(),
                    message: form.text(&line.message),
                })
                .collect(),
            log_dropped: *dropped,
        }))
    }
}

impl<'r> FaultJson<'r> {
    fn new(fault: &'r Fault, form: Form) -> Self {
        Self {
            kind: fault.kind.as_str(),
            detail: form.text(&fault.detail),
        }
    }
}
