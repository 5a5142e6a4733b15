//! The approval stage of a verdict.

/// Who must approve, and by when: Graph's `accessPackageApprovalStage`.
///
/// It needs at least one primary approver and [`deny_after`](Self::deny_after). Escalation needs
/// both an escalation approver and [`escalate_after`](Self::escalate_after), less than the time to
/// deny. At most 100 approvers a list. A stage that is not whole is a fault.
///
/// ```
/// use admit_policy::{ApprovalStage, days, hours, manager, user};
///
/// let stage = ApprovalStage::new()
///     .primary(manager(1))
///     .fallback_primary(user("0a000001-0004-400b-a011-2ac39fe6a35d").described("Duty officer"))
///     .deny_after(days(2))
///     .require_justification();
/// # let _ = (stage, hours(1));
/// ```
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalStage {
    /// Who is asked first. One approval suffices.
    pub primary: Vec<Approver>,
    /// Who is asked when no primary approver exists, such as a missing manager.
    pub fallback_primary: Vec<Approver>,
    /// Who is asked when the primary approvers do not decide in time.
    pub escalation: Vec<Approver>,
    /// Who is asked when no escalation approver exists.
    pub fallback_escalation: Vec<Approver>,
    /// Seconds after which the request is denied when nobody has decided.
    pub deny_after: Option<u32>,
    /// Seconds after which the escalation approvers are asked.
    pub escalate_after: Option<u32>,
    /// Whether approvers must give a reason.
    pub require_justification: bool,
    #[cfg(target_family = "wasm")]
    teller: teller::Teller,
}

/// Someone who may approve.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approver {
    /// Who.
    pub kind: ApproverKind,
    /// For people; may be empty. Only approvers that are named by an id or a rule carry it.
    pub description: String,
}

/// Who may approve. Ids are GUIDs of directory objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApproverKind {
    /// A user, by id.
    User(String),
    /// The members of a group, by its id.
    Group(String),
    /// The members of a connected organization, by its id.
    ConnectedOrganization(String),
    /// A service principal, by id. Not in the beta profile.
    ServicePrincipal(String),
    /// Everyone whom a membership rule selects.
    AttributeRuleMembers(String),
    /// The requestor's manager, so many levels up.
    Manager(u32),
    /// The target's manager, so many levels up. Not in the beta profile.
    TargetManager(u32),
    /// The internal sponsors of the requestor's connected organization.
    InternalSponsors,
    /// The external sponsors of the requestor's connected organization.
    ExternalSponsors,
    /// The sponsors of the user who gets access.
    TargetUserSponsors,
    /// The sponsors or owners of the agent identity that gets access.
    TargetAgentIdentitySponsorsOrOwners,
    /// The owners of the application that gets access. Not in the beta profile.
    TargetApplicationOwners,
}

impl ApprovalStage {
    /// A stage without approvers.
    #[expect(
        clippy::new_without_default,
        reason = "a stage without approvers is a start, not a value of its own"
    )]
    pub fn new() -> Self {
        Self {
            primary: Vec::new(),
            fallback_primary: Vec::new(),
            escalation: Vec::new(),
            fallback_escalation: Vec::new(),
            deny_after: None,
            escalate_after: None,
            require_justification: false,
            #[cfg(target_family = "wasm")]
            teller: teller::Teller::new(),
        }
    }

    /// Adds someone who is asked first.
    pub fn primary(mut self, approver: Approver) -> Self {
        self.primary.push(approver);
        self
    }

    /// Adds someone who is asked when no primary approver exists.
    pub fn fallback_primary(mut self, approver: Approver) -> Self {
        self.fallback_primary.push(approver);
        self
    }

    /// Adds someone who is asked when the primary approvers do not decide in time.
    pub fn escalation(mut self, approver: Approver) -> Self {
        self.escalation.push(approver);
        self
    }

    /// Adds someone who is asked when no escalation approver exists.
    pub fn fallback_escalation(mut self, approver: Approver) -> Self {
        self.fallback_escalation.push(approver);
        self
    }

    /// Denies the request when nobody has decided after so many seconds: see [`days`].
    pub fn deny_after(mut self, seconds: u32) -> Self {
        self.deny_after = Some(seconds);
        self
    }

    /// Asks the escalation approvers after so many seconds: see [`hours`].
    pub fn escalate_after(mut self, seconds: u32) -> Self {
        self.escalate_after = Some(seconds);
        self
    }

    /// Approvers must give a reason.
    pub fn require_justification(mut self) -> Self {
        self.require_justification = true;
        self
    }

    /// Tells the host.
    #[cfg(target_family = "wasm")]
    pub(crate) fn tell(&self, code: &str, detail: &str) {
        self.teller.tell(self, code, detail);
    }
}

impl Approver {
    const fn new(kind: ApproverKind) -> Self {
        Self {
            kind,
            description: String::new(),
        }
    }

    /// Says to people who this is. Kept only for approvers that are named by an id or a rule: the
    /// contract has no description for managers, sponsors and owners.
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }
}

/// A user, by the GUID of the directory object.
pub fn user(id: impl Into<String>) -> Approver {
    Approver::new(ApproverKind::User(id.into()))
}

/// The members of a group, by the GUID of the directory object.
pub fn group(id: impl Into<String>) -> Approver {
    Approver::new(ApproverKind::Group(id.into()))
}

/// The members of a connected organization, by its GUID.
pub fn connected_organization(id: impl Into<String>) -> Approver {
    Approver::new(ApproverKind::ConnectedOrganization(id.into()))
}

/// A service principal, by the GUID of the directory object. Not in the beta profile: there it is
/// a fault.
pub fn service_principal(id: impl Into<String>) -> Approver {
    Approver::new(ApproverKind::ServicePrincipal(id.into()))
}

/// Everyone whom a membership rule selects.
pub fn attribute_rule_members(rule: impl Into<String>) -> Approver {
    Approver::new(ApproverKind::AttributeRuleMembers(rule.into()))
}

/// The requestor's manager, so many levels up; 1 is the direct manager.
pub fn manager(level: u32) -> Approver {
    Approver::new(ApproverKind::Manager(level))
}

/// The target's manager, so many levels up. Not in the beta profile: there it is a fault.
pub fn target_manager(level: u32) -> Approver {
    Approver::new(ApproverKind::TargetManager(level))
}

/// The internal sponsors of the requestor's connected organization.
pub fn internal_sponsors() -> Approver {
    Approver::new(ApproverKind::InternalSponsors)
}

/// The external sponsors of the requestor's connected organization.
pub fn external_sponsors() -> Approver {
    Approver::new(ApproverKind::ExternalSponsors)
}

/// The sponsors of the user who gets access.
pub fn target_user_sponsors() -> Approver {
    Approver::new(ApproverKind::TargetUserSponsors)
}

/// The sponsors or owners of the agent identity that gets access.
pub fn target_agent_identity_sponsors_or_owners() -> Approver {
    Approver::new(ApproverKind::TargetAgentIdentitySponsorsOrOwners)
}

/// The owners of the application that gets access. Not in the beta profile: there it is a fault.
pub fn target_application_owners() -> Approver {
    Approver::new(ApproverKind::TargetApplicationOwners)
}

/// So many minutes in seconds; at most `u32::MAX` seconds.
pub const fn minutes(count: u32) -> u32 {
    count.saturating_mul(60)
}

/// So many hours in seconds; at most `u32::MAX` seconds.
pub const fn hours(count: u32) -> u32 {
    count.saturating_mul(60 * 60)
}

/// So many days of 24 hours in seconds; at most `u32::MAX` seconds.
pub const fn days(count: u32) -> u32 {
    count.saturating_mul(24 * 60 * 60)
}

#[cfg(target_family = "wasm")]
mod teller {
    //! How a stage reaches the host.

    use super::{ApprovalStage, Approver, ApproverKind};
    use crate::contract::{
        approval_stage::{self as host, ApproverList},
        verdict,
    };

    /// A pointer to the code that tells the host. Kept in the stage, so that a policy that never
    /// makes a stage has neither that code nor its imports.
    #[derive(Clone, Copy)]
    pub(super) struct Teller(fn(&ApprovalStage, &str, &str));

    impl Teller {
        pub(super) fn new() -> Self {
            Self(tell)
        }

        pub(super) fn tell(self, stage: &ApprovalStage, code: &str, detail: &str) {
            (self.0)(stage, code, detail);
        }
    }

    impl PartialEq for Teller {
        /// There is but one.
        fn eq(&self, _other: &Self) -> bool {
            true
        }
    }

    impl Eq for Teller {}

    impl std::fmt::Debug for Teller {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Teller")
        }
    }

    fn tell(stage: &ApprovalStage, code: &str, detail: &str) {
        verdict::require_approval(code, detail);
        if let Some(seconds) = stage.deny_after {
            host::deny_after(seconds);
        }
        if let Some(seconds) = stage.escalate_after {
            host::escalate_after(seconds);
        }
        if stage.require_justification {
            host::require_justification();
        }
        for (list, approvers) in [
            (ApproverList::Primary, &stage.primary),
            (ApproverList::FallbackPrimary, &stage.fallback_primary),
            (ApproverList::Escalation, &stage.escalation),
            (ApproverList::FallbackEscalation, &stage.fallback_escalation),
        ] {
            for approver in approvers {
                add(list, approver);
            }
        }
    }

    fn add(to: ApproverList, approver: &Approver) {
        let description = &approver.description;
        match &approver.kind {
            ApproverKind::User(id) => host::add_user(to, id, description),
            ApproverKind::Group(id) => host::add_group(to, id, description),
            ApproverKind::ConnectedOrganization(id) => {
                host::add_connected_organization(to, id, description);
            }
            ApproverKind::ServicePrincipal(id) => {
                host::add_service_principal(to, id, description);
            }
            ApproverKind::AttributeRuleMembers(rule) => {
                host::add_attribute_rule_members(to, rule, description);
            }
            ApproverKind::Manager(level) => host::add_manager(to, *level),
            ApproverKind::TargetManager(level) => host::add_target_manager(to, *level),
            ApproverKind::InternalSponsors => host::add_internal_sponsors(to),
            ApproverKind::ExternalSponsors => host::add_external_sponsors(to),
            ApproverKind::TargetUserSponsors => host::add_target_user_sponsors(to),
            ApproverKind::TargetAgentIdentitySponsorsOrOwners => {
                host::add_target_agent_identity_sponsors_or_owners(to);
            }
            ApproverKind::TargetApplicationOwners => host::add_target_application_owners(to),
        }
    }
}
