//! The decision for one callout.

use crate::{approval::ApprovalStage, combine::Rule, id::PolicyId};

/// What is done with the request, from the mildest to the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// Processing goes on.
    Approve,
    /// Processing goes on with an approval stage.
    RequireApproval,
    /// No answer is sent; the request times out and access is not granted.
    Withhold,
    /// The request is called off.
    Cancel,
    /// The request is refused.
    Deny,
}

impl Effect {
    /// Every effect, from the mildest to the most severe.
    pub const ALL: [Self; 5] = [
        Self::Approve,
        Self::RequireApproval,
        Self::Withhold,
        Self::Cancel,
        Self::Deny,
    ];

    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::RequireApproval => "require-approval",
            Self::Withhold => "withhold",
            Self::Cancel => "cancel",
            Self::Deny => "deny",
        }
    }
}

/// A remark of the library on a decision or a payload, with a stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Stable code.
    pub code: &'static str,
    /// For people.
    pub detail: String,
}

impl Note {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

/// Why the decision is what it is: one line for each policy that determined it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionReason {
    /// Which policy; none where the set itself decided, since no policy did.
    pub policy: Option<PolicyId>,
    /// The verdict's code, or the library's.
    pub code: String,
    /// The verdict's detail; for people.
    pub detail: String,
}

/// Which policy gave which part of a joined approval stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagePart {
    /// Graph's name of the part, such as `primaryApprovers`.
    pub part: &'static str,
    /// The policies that it comes from, in set order.
    pub policies: Vec<PolicyId>,
}

/// Why there is no answer to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAnswer {
    /// Stable code.
    pub code: &'static str,
    /// For people.
    pub detail: String,
}

/// What the outcomes of all policies come to, at the callout's stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is done.
    pub effect: Effect,
    /// By which rule.
    pub rule: Rule,
    /// The policies that determined it, in set order; empty where none did.
    pub determined_by: Vec<PolicyId>,
    /// Their reasons, in set order.
    pub reasons: Vec<DecisionReason>,
    /// Remarks of the library.
    pub notes: Vec<Note>,
    /// The approval stage, for [`Effect::RequireApproval`].
    pub approval_stage: Option<Box<ApprovalStage>>,
    /// Where its parts come from.
    pub stage_parts: Vec<StagePart>,
    /// Why no answer can be sent; none where one can.
    pub no_answer: Option<NoAnswer>,
    /// The detail text of the answer; empty where there is nothing to say.
    pub detail: String,
}
