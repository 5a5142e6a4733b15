//! The approval stage that a callback can carry: Graph's `accessPackageApprovalStage`.

use std::fmt;

use crate::{id::guid, resume::Profile};

/// Which list an approver belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApproverList {
    /// `primaryApprovers`
    Primary,
    /// `fallbackPrimaryApprovers`
    FallbackPrimary,
    /// `escalationApprovers`
    Escalation,
    /// `fallbackEscalationApprovers`
    FallbackEscalation,
}

impl ApproverList {
    /// Every list.
    pub const ALL: [Self; 4] = [
        Self::Primary,
        Self::FallbackPrimary,
        Self::Escalation,
        Self::FallbackEscalation,
    ];

    /// Graph's member name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primaryApprovers",
            Self::FallbackPrimary => "fallbackPrimaryApprovers",
            Self::Escalation => "escalationApprovers",
            Self::FallbackEscalation => "fallbackEscalationApprovers",
        }
    }
}

/// Who approves: one of Graph's `subjectSet` kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approver {
    /// Which kind, with its id, level or rule.
    pub kind: ApproverKind,
    /// For people; may be empty. Kinds without a `description` in Graph ignore it.
    pub description: String,
}

/// The `subjectSet` kinds that Graph's schema allows as approvers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ApproverKind {
    /// `singleUser`, by directory object id.
    User(String),
    /// `groupMembers`, by group id.
    Group(String),
    /// `connectedOrganizationMembers`, by id.
    ConnectedOrganization(String),
    /// `singleServicePrincipal`, by id. Not in beta.
    ServicePrincipal(String),
    /// `attributeRuleMembers`, by membership rule.
    AttributeRule(String),
    /// `requestorManager`, so many levels up.
    Manager(u32),
    /// `targetManager`, so many levels up. Not in beta.
    TargetManager(u32),
    /// `internalSponsors`
    InternalSponsors,
    /// `externalSponsors`
    ExternalSponsors,
    /// `targetUserSponsors`
    TargetUserSponsors,
    /// `targetAgentIdentitySponsorsOrOwners`
    TargetAgentIdentitySponsorsOrOwners,
    /// `targetApplicationOwners`. Not in beta.
    TargetApplicationOwners,
}

impl ApproverKind {
    /// Graph's type name, without prefix.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::User(_) => "singleUser",
            Self::Group(_) => "groupMembers",
            Self::ConnectedOrganization(_) => "connectedOrganizationMembers",
            Self::ServicePrincipal(_) => "singleServicePrincipal",
            Self::AttributeRule(_) => "attributeRuleMembers",
            Self::Manager(_) => "requestorManager",
            Self::TargetManager(_) => "targetManager",
            Self::InternalSponsors => "internalSponsors",
            Self::ExternalSponsors => "externalSponsors",
            Self::TargetUserSponsors => "targetUserSponsors",
            Self::TargetAgentIdentitySponsorsOrOwners => "targetAgentIdentitySponsorsOrOwners",
            Self::TargetApplicationOwners => "targetApplicationOwners",
        }
    }

    /// Whether Graph's schema of this profile knows the kind.
    pub const fn is_in(&self, profile: Profile) -> bool {
        match profile {
            Profile::V1 => true,
            Profile::Beta => !matches!(
                self,
                Self::ServicePrincipal(_) | Self::TargetManager(_) | Self::TargetApplicationOwners
            ),
        }
    }

    /// The id inside, for the kinds that are named by one.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::User(id)
            | Self::Group(id)
            | Self::ConnectedOrganization(id)
            | Self::ServicePrincipal(id) => Some(id),
            _ => None,
        }
    }

    fn id_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::User(id)
            | Self::Group(id)
            | Self::ConnectedOrganization(id)
            | Self::ServicePrincipal(id) => Some(id),
            _ => None,
        }
    }
}

/// The approval stage of one `require-approval` verdict, or of several joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalStage {
    /// `durationBeforeAutomaticDenial`, in seconds.
    pub deny_after: u32,
    /// `isApproverJustificationRequired`
    pub require_justification: bool,
    /// `durationBeforeEscalation`, in seconds; less than `deny_after`.
    pub escalate_after: Option<u32>,
    /// `primaryApprovers`; at least one.
    pub primary: Vec<Approver>,
    /// `fallbackPrimaryApprovers`
    pub fallback_primary: Vec<Approver>,
    /// `escalationApprovers`
    pub escalation: Vec<Approver>,
    /// `fallbackEscalationApprovers`
    pub fallback_escalation: Vec<Approver>,
}

/// What is wrong with an approval stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageProblem(pub(crate) String);

impl fmt::Display for StageProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StageProblem {}

impl ApprovalStage {
    /// Longest `deny_after`, in seconds: 365 days. Graph's own bound is not published; this one
    /// catches negative numbers that wrapped around.
    pub const MAX_SECONDS: u32 = 31_536_000;
    /// Highest level of a manager.
    pub const MAX_LEVEL: u32 = 100;
    /// Most approvers in one list.
    pub const MAX_APPROVERS: usize = 100;

    /// One of the four lists.
    pub fn list(&self, list: ApproverList) -> &[Approver] {
        match list {
            ApproverList::Primary => &self.primary,
            ApproverList::FallbackPrimary => &self.fallback_primary,
            ApproverList::Escalation => &self.escalation,
            ApproverList::FallbackEscalation => &self.fallback_escalation,
        }
    }

    /// One of the four lists, to add to.
    pub fn list_mut(&mut self, list: ApproverList) -> &mut Vec<Approver> {
        match list {
            ApproverList::Primary => &mut self.primary,
            ApproverList::FallbackPrimary => &mut self.fallback_primary,
            ApproverList::Escalation => &mut self.escalation,
            ApproverList::FallbackEscalation => &mut self.fallback_escalation,
        }
    }

    /// Adds an approver, normalising its id; one that is in the list already is not added twice.
    ///
    /// # Errors
    ///
    /// An id that is not a GUID, a level out of range, an empty membership rule, or a
    /// list that is full.
    pub fn add(&mut self, to: ApproverList, mut approver: Approver) -> Result<(), StageProblem> {
        let name = approver.kind.type_name();
        match &approver.kind {
            ApproverKind::Manager(level) | ApproverKind::TargetManager(level)
                if !(1..=Self::MAX_LEVEL).contains(level) =>
            {
                return Err(StageProblem(format!(
                    "{name} at level {level}: a level is 1 to {}",
                    Self::MAX_LEVEL
                )));
            }
            ApproverKind::AttributeRule(rule) if rule.trim().is_empty() => {
                return Err(StageProblem(format!("{name} with an empty rule")));
            }
            _ => {}
        }
        if let Some(id) = approver.kind.id_mut() {
            *id = guid(id).ok_or_else(|| {
                StageProblem(format!("{name} with the id `{id}`, which is not a GUID"))
            })?;
        }
        let list = self.list_mut(to);
        if list.iter().any(|present| present.kind == approver.kind) {
            return Ok(());
        }
        if list.len() == Self::MAX_APPROVERS {
            return Err(StageProblem(format!(
                "more than {} {}",
                Self::MAX_APPROVERS,
                to.as_str()
            )));
        }
        list.push(approver);
        Ok(())
    }

    /// Checks that the service can take the stage: a primary approver, a time to deny, escalation
    /// whole or absent and earlier than denial, and only kinds that the profile knows.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn check(&self, profile: Profile) -> Result<(), StageProblem> {
        let problem = |text: &str| Err(StageProblem(text.into()));
        if self.primary.is_empty() {
            return problem("no primary approver");
        }
        if self.deny_after == 0 {
            return problem("no time after which the request is denied");
        }
        if self.deny_after > Self::MAX_SECONDS {
            return Err(StageProblem(format!(
                "denial after {} seconds; at most {}",
                self.deny_after,
                Self::MAX_SECONDS
            )));
        }
        match self.escalate_after {
            Some(0) => return problem("escalation after 0 seconds"),
            Some(after) if after >= self.deny_after => {
                return problem("escalation is not earlier than denial");
            }
            Some(_) if self.escalation.is_empty() => {
                return problem("a time to escalate without an escalation approver");
            }
            None if !(self.escalation.is_empty() && self.fallback_escalation.is_empty()) => {
                return problem("escalation approvers without a time to escalate");
            }
            _ => {}
        }
        for list in ApproverList::ALL {
            for approver in self.list(list) {
                if !approver.kind.is_in(profile) {
                    return Err(StageProblem(format!(
                        "{} among {} is not in the {} profile",
                        approver.kind.type_name(),
                        list.as_str(),
                        profile.as_str()
                    )));
                }
            }
        }
        Ok(())
    }
}
