//! What a policy answered.

use admit_model::{ApprovalStage, Approver, ApproverKind, ApproverList, Verdict, VerdictKind};
use serde::Serialize;

#[cfg(feature = "schema")]
use super::super::names;
use super::{
    Remark,
    text::{Form, Text},
};

/// What a policy answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Verdict")
)]
pub(super) struct VerdictJson<'r> {
    /// The answer.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = names::verdicts())))]
    effect: &'static str,
    /// Why, for programs.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = names::CODE)))]
    code: &'r str,
    /// Why, for people.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    detail: Text<'r>,
    /// Further reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Remark<'r>>,
    /// Who has to approve, for `require-approval`.
    #[serde(skip_serializing_if = "Option::is_none")]
    approval_stage: Option<StageJson<'r>>,
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
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    id: Option<Text<'r>>,
    /// How many levels up a manager is.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u32>,
    /// The membership rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    rule: Option<Text<'r>>,
    /// For people.
    #[serde(skip_serializing_if = "Text::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    description: Text<'r>,
}

impl<'r> VerdictJson<'r> {
    pub(super) fn new(verdict: &'r Verdict, form: Form) -> Self {
        Self {
            effect: verdict.kind.as_str(),
            code: &verdict.reason.code,
            detail: form.text(&verdict.reason.detail),
            notes: (verdict.notes.iter())
                .map(|note| Remark::new(&note.code, &note.detail, form))
                .collect(),
            approval_stage: match &verdict.kind {
                VerdictKind::RequireApproval(stage) => Some(StageJson::new(stage, form)),
                _ => None,
            },
        }
    }
}

impl<'r> StageJson<'r> {
    fn new(stage: &'r ApprovalStage, form: Form) -> Self {
        let list = |list| {
            let approvers = stage.list(list).iter();
            approvers
                .map(|approver| ApproverJson::new(approver, form))
                .collect()
        };
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

impl<'r> ApproverJson<'r> {
    fn new(approver: &'r Approver, form: Form) -> Self {
        let kind = &approver.kind;
        Self {
            kind: kind.type_name(),
            id: kind.id().map(|id| form.text(id)),
            level: match kind {
                ApproverKind::Manager(level) | ApproverKind::TargetManager(level) => Some(*level),
                _ => None,
            },
            rule: match kind {
                ApproverKind::AttributeRule(rule) => Some(form.text(rule)),
                _ => None,
            },
            description: form.text(&approver.description),
        }
    }
}
