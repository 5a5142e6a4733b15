//! Who asks, and who gets access.

use crate::{
    contract::{requestor, target},
    names::SubjectType,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Requestor,
    Target,
}

/// A subject of the callout. Every getter gives none where the payload has no such member, and
/// all of them do where the payload has no such subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject(Role);

macro_rules! getters {
    ($($(#[$docs:meta])* $name:ident,)*) => {
        $(
            $(#[$docs])*
            // Inlined, so that a policy imports only the interface of the subject that it reads.
            #[inline(always)]
            pub fn $name(&self) -> Option<String> {
                match self.0 {
                    Role::Requestor => requestor::$name(),
                    Role::Target => target::$name(),
                }
            }
        )*
    };
}

impl Subject {
    pub(crate) const REQUESTOR: Self = Self(Role::Requestor);
    pub(crate) const TARGET: Self = Self(Role::Target);

    /// Whether the callout names this subject at all.
    #[inline(always)]
    pub fn is_present(&self) -> bool {
        match self.0 {
            Role::Requestor => requestor::is_present(),
            Role::Target => target::is_present(),
        }
    }

    getters! {
        /// Directory object id, a GUID: the one to use against Graph's `/users`. None or empty for
        /// an external person who has no guest account yet.
        object_id,
        /// Entitlement management's own id of the subject, a GUID; not a directory id.
        id,
        /// Name for people.
        display_name,
        /// Mail address.
        email,
        /// User principal name. A guest's carries the tenant's own domain, so it does not tell
        /// where a guest comes from.
        principal_name,
        /// Security identifier in the on-premises directory.
        on_premises_security_identifier,
        /// `notDefined`, `notGoverned`, `governed`.
        subject_lifecycle,
        /// Id of the connected organization that the person belongs to, a GUID; none for members
        /// of the tenant.
        connected_organization_id,
        /// Name of the connected organization.
        connected_organization_display_name,
        /// `configured` or `proposed`.
        connected_organization_state,
    }

    /// What the subject is.
    #[inline(always)]
    pub fn subject_type(&self) -> Option<SubjectType> {
        match self.0 {
            Role::Requestor => requestor::subject_type(),
            Role::Target => target::subject_type(),
        }
        .map(SubjectType::from)
    }
}
