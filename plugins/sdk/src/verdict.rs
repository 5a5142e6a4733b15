//! What a policy answers.

use std::borrow::Cow;

use crate::ApprovalStage;

/// The one answer of a policy to one callout. Plain data: a unit test compares whole verdicts.
///
/// Codes are for programs, `[a-z0-9-]{1,64}`; details are for people, may be empty, have at most
/// 16 KiB, and may be shown to approvers: no secrets.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which answer.
    pub effect: Effect,
    /// Why.
    pub reason: Reason,
    /// Further reasons, for the report. At most 16.
    pub notes: Vec<Reason>,
}

/// A reason with a code for programs and a detail for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// `[a-z0-9-]{1,64}`.
    pub code: Cow<'static, str>,
    /// For people; may be empty.
    pub detail: Cow<'static, str>,
}

/// Which answer a policy gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// No opinion about this callout.
    Abstain,
    /// Nothing stands against it: processing goes on. It does not replace human approvers.
    Approve,
    /// The request needs this approval stage.
    RequireApproval(ApprovalStage),
    /// The request is refused.
    Deny,
    /// The request is called off: not refused on its merits, may be made again.
    Cancel,
}

impl Verdict {
    fn new(
        effect: Effect,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            effect,
            reason: Reason {
                code: code.into(),
                detail: detail.into(),
            },
            notes: Vec::new(),
        }
    }

    /// This policy has no opinion about this callout.
    pub fn abstain(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Effect::Abstain, code, detail)
    }

    /// Nothing stands against it: processing goes on.
    pub fn approve(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Effect::Approve, code, detail)
    }

    /// The request needs this approval stage. Only at the stage
    /// `assignmentRequestDeterminingApprovalRequirements`; anywhere else this is a fault.
    pub fn require_approval(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
        stage: ApprovalStage,
    ) -> Self {
        Self::new(Effect::RequireApproval(stage), code, detail)
    }

    /// The request is refused.
    pub fn deny(code: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Effect::Deny, code, detail)
    }

    /// The request is called off: not refused on its merits, may be made again.
    pub fn cancel(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Effect::Cancel, code, detail)
    }

    /// Adds a further reason, for the report. At most 16.
    pub fn note(
        mut self,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.notes.push(Reason {
            code: code.into(),
            detail: detail.into(),
        });
        self
    }

    /// Tells the host.
    #[cfg(target_family = "wasm")]
    pub(crate) fn tell(&self) {
        use crate::contract::verdict;

        let Reason { code, detail } = &self.reason;
        match &self.effect {
            Effect::Abstain => verdict::abstain(code, detail),
            Effect::Approve => verdict::approve(code, detail),
            Effect::RequireApproval(stage) => stage.tell(code, detail),
            Effect::Deny => verdict::deny(code, detail),
            Effect::Cancel => verdict::cancel(code, detail),
        }
        for Reason { code, detail } in &self.notes {
            verdict::note(code, detail);
        }
    }
}
