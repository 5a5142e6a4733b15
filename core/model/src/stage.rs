//! The stages that call out, and what each may be answered with: the stage table.

use std::fmt;

use crate::{decision::Effect, json};

/// A stage of an access package assignment request that calls a custom extension.
///
/// Graph's `accessPackageCustomExtensionStage`, with the determining stage, which documentation and
/// clients leave out (Entra how-to on dynamic approval), and the connection test, which the service
/// sends when an extension is created (Microsoft's ARM samples).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// `assignmentRequestCreated`
    AssignmentRequestCreated,
    /// `assignmentRequestApproved`
    AssignmentRequestApproved,
    /// `assignmentRequestDeterminingApprovalRequirements`
    AssignmentRequestDeterminingApprovalRequirements,
    /// `assignmentRequestGranted`
    AssignmentRequestGranted,
    /// `assignmentRequestRemoved`
    AssignmentRequestRemoved,
    /// `assignmentFourteenDaysBeforeExpiration`
    AssignmentFourteenDaysBeforeExpiration,
    /// `assignmentOneDayBeforeExpiration`
    AssignmentOneDayBeforeExpiration,
    /// `CustomExtensionConnectionTest`: the service tries the endpoint; nothing is asked.
    ConnectionTest,
}

/// The name of a stage: one that is known, or another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StageName {
    /// A stage that is known.
    Known(Stage),
    /// Any other text, as it is.
    Other(String),
}

impl StageName {
    /// Graph's name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(stage) => stage.as_str(),
            Self::Other(other) => other,
        }
    }
}

impl From<Stage> for StageName {
    fn from(stage: Stage) -> Self {
        Self::Known(stage)
    }
}

/// What can be done with a combined effect at a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Send the body that continues, denies or cancels, or that carries the approval stage.
    Body,
    /// Send it, and say in the report that Microsoft's sources disagree on whether it is taken.
    BodyDisputed,
    /// Send nothing: the stage cannot be answered so. The text is a stable code.
    Withhold(&'static str),
    /// Send nothing: the stage cannot be answered at all; the decision is only reported.
    ReportOnly,
}

impl Stage {
    /// Every stage.
    pub const ALL: &'static [Self] = &[
        Self::AssignmentRequestCreated,
        Self::AssignmentRequestApproved,
        Self::AssignmentRequestDeterminingApprovalRequirements,
        Self::AssignmentRequestGranted,
        Self::AssignmentRequestRemoved,
        Self::AssignmentFourteenDaysBeforeExpiration,
        Self::AssignmentOneDayBeforeExpiration,
        Self::ConnectionTest,
    ];

    /// Graph's name; the service's own for the connection test.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AssignmentRequestCreated => "assignmentRequestCreated",
            Self::AssignmentRequestApproved => "assignmentRequestApproved",
            Self::AssignmentRequestDeterminingApprovalRequirements => {
                "assignmentRequestDeterminingApprovalRequirements"
            }
            Self::AssignmentRequestGranted => "assignmentRequestGranted",
            Self::AssignmentRequestRemoved => "assignmentRequestRemoved",
            Self::AssignmentFourteenDaysBeforeExpiration => {
                "assignmentFourteenDaysBeforeExpiration"
            }
            Self::AssignmentOneDayBeforeExpiration => "assignmentOneDayBeforeExpiration",
            Self::ConnectionTest => "customExtensionConnectionTest",
        }
    }

    /// The stage of this name, ignoring ASCII case. `AssignmentRemoved`, which some published
    /// workflows expect, is read as `assignmentRequestRemoved`.
    pub fn from_name(name: &str) -> Option<Self> {
        let named = |stage: &&Self| json::key_is(name, stage.as_str());
        match Self::ALL.iter().find(named) {
            Some(stage) => Some(*stage),
            None => {
                json::key_is(name, "assignmentRemoved").then_some(Self::AssignmentRequestRemoved)
            }
        }
    }

    /// Whether policies are asked at this stage.
    pub const fn is_evaluated(self) -> bool {
        !matches!(self, Self::ConnectionTest)
    }

    /// Whether the service can wait for an answer at this stage.
    pub const fn can_be_answered(self) -> bool {
        !matches!(
            self,
            Self::AssignmentFourteenDaysBeforeExpiration
                | Self::AssignmentOneDayBeforeExpiration
                | Self::ConnectionTest
        )
    }

    /// Whether a policy may answer `require-approval` at this stage; anywhere else it is a fault.
    pub const fn takes_approval_stage(self) -> bool {
        matches!(self, Self::AssignmentRequestDeterminingApprovalRequirements)
    }

    /// Whether access stays in place when no answer is sent.
    pub const fn access_may_remain(self) -> bool {
        matches!(self, Self::AssignmentRequestRemoved)
    }

    /// The stage table: what can be sent for this effect at this stage.
    ///
    /// Sources: Graph's resource page of accessPackageAssignmentRequestCallbackData (state only at
    /// created), the Entra how-to on Logic Apps integration (deny at created and approved; no
    /// waiting before expiration), the Entra how-to on dynamic approval (determining).
    pub const fn answer(self, effect: Effect) -> Answer {
        use Answer::{Body, BodyDisputed, ReportOnly, Withhold};
        const NO_ANSWER: Answer = Withhold("withheld");
        const NO_STAGE: Answer = Withhold("no-approval-stage");
        const NO_DENY: Answer = Withhold("stage-cannot-deny");
        const NO_CANCEL: Answer = Withhold("stage-cannot-cancel");
        // A policy that requires approval there is a fault before it comes here.
        const NO_APPROVAL: Answer = Withhold("stage-cannot-require-approval");
        // One line a stage, every one named, so that a new stage must be thought about.
        let [approve, deny, cancel, require_approval] = match self {
            Self::AssignmentRequestCreated => [Body, Body, Body, NO_APPROVAL],
            Self::AssignmentRequestApproved => [Body, BodyDisputed, NO_CANCEL, NO_APPROVAL],
            Self::AssignmentRequestDeterminingApprovalRequirements => {
                [NO_STAGE, NO_DENY, NO_CANCEL, Body]
            }
            Self::AssignmentRequestGranted | Self::AssignmentRequestRemoved => {
                [Body, NO_DENY, NO_CANCEL, NO_APPROVAL]
            }
            Self::AssignmentFourteenDaysBeforeExpiration
            | Self::AssignmentOneDayBeforeExpiration => return ReportOnly,
            Self::ConnectionTest => return Withhold("not-evaluated"),
        };
        match effect {
            Effect::Approve => approve,
            Effect::RequireApproval => require_approval,
            Effect::Withhold => NO_ANSWER,
            Effect::Cancel => cancel,
            Effect::Deny => deny,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
