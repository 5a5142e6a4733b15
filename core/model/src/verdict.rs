//! What policies say.

use std::fmt;

use crate::{approval::ApprovalStage, id::PolicyId};

/// A reason with a code for programs and a detail for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// `[a-z0-9-]{1,64}`.
    pub code: String,
    /// For people; may be empty. May be shown to approvers.
    pub detail: String,
}

/// Whether a code is `[a-z0-9-]{1,64}`.
pub fn code_is_valid(code: &str) -> bool {
    (1..=64).contains(&code.len())
        && code
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// What a policy answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which answer.
    pub kind: VerdictKind,
    /// Why.
    pub reason: Reason,
    /// Further reasons, for the report.
    pub notes: Vec<Reason>,
}

/// Which answer a policy gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerdictKind {
    /// No opinion.
    Abstain,
    /// Nothing stands against it.
    Approve,
    /// This approval stage is needed.
    RequireApproval(Box<ApprovalStage>),
    /// Called off.
    Cancel,
    /// Refused.
    Deny,
}

impl VerdictKind {
    /// The contract's name of the effect, such as `require-approval`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Abstain => "abstain",
            Self::Approve => "approve",
            Self::RequireApproval(_) => "require-approval",
            Self::Cancel => "cancel",
            Self::Deny => "deny",
        }
    }
}

/// What went wrong in a policy: a defect or a limit, not a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which kind.
    pub kind: FaultKind,
    /// What happened, for the report; never part of an answer.
    pub detail: String,
}

/// Which way a policy failed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// The policy trapped.
    Trap,
    /// The policy used up its fuel.
    Fuel,
    /// The policy did not end in time.
    Deadline,
    /// The policy asked for more memory than it may have.
    Memory,
    /// The policy used up its stack.
    Stack,
    /// No instance became free in time, or the thread has too little stack left.
    Capacity,
    /// A lookup was not granted, failed, or gave a value of another type.
    Facts,
    /// A setting has another type than the one asked for.
    Settings,
    /// The answer is none, two or malformed.
    Answer,
    /// The answer is one that the stage cannot take.
    Effect,
    /// The policy said itself that it could not evaluate.
    Refused,
    /// A defect of this library.
    Internal,
}

impl FaultKind {
    /// Every kind, in the order of the codes.
    pub const ALL: &'static [Self] = &[
        Self::Trap,
        Self::Fuel,
        Self::Deadline,
        Self::Memory,
        Self::Stack,
        Self::Capacity,
        Self::Facts,
        Self::Settings,
        Self::Answer,
        Self::Effect,
        Self::Refused,
        Self::Internal,
    ];

    const fn row(self) -> (u32, &'static str) {
        match self {
            Self::Trap => (1, "trap"),
            Self::Fuel => (2, "fuel"),
            Self::Deadline => (3, "deadline"),
            Self::Memory => (4, "memory"),
            Self::Stack => (5, "stack"),
            Self::Capacity => (6, "capacity"),
            Self::Facts => (7, "facts"),
            Self::Settings => (8, "settings"),
            Self::Answer => (9, "answer"),
            Self::Effect => (10, "effect"),
            Self::Refused => (11, "refused"),
            Self::Internal => (12, "internal"),
        }
    }

    /// Stable number, for C.
    pub const fn code(self) -> u32 {
        self.row().0
    }

    /// Stable name, for programs.
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a policy was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It does not answer this stage.
    Stage,
    /// An earlier policy decided already, under `first-applicable`.
    Decided,
}

impl Skip {
    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Decided => "decided",
        }
    }
}

/// What came of one policy for one callout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It answered.
    Verdict(Verdict),
    /// It failed.
    Fault(Fault),
    /// It was not asked.
    Skipped(Skip),
}

/// One policy's outcome, with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged<'a> {
    /// Which policy.
    pub policy: &'a PolicyId,
    /// What came of it.
    pub outcome: &'a Outcome,
}
