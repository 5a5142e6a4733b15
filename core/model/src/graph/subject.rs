//! People and other subjects. Source: Graph's resource pages of accessPackageSubject and
//! connectedOrganization.

use super::{
    AccessPackageSubjectLifecycle, AccessPackageSubjectType, ConnectedOrganizationState,
    declare::graph_object,
};

graph_object! {
    /// Who asks for access, or gets it.
    pub struct AccessPackageSubject = "accessPackageSubject" {
        /// Entitlement management's own id, not the directory's.
        id: String as Id = "id",
        /// Id in the directory; absent for someone from outside who has no account yet.
        object_id: String as Id = "objectId",
        /// Name for people.
        display_name: String as Text = "displayName",
        /// Mail address.
        email: String as Text = "email",
        /// User principal name.
        principal_name: String as Text = "principalName",
        /// Security identifier of the account on premises.
        on_premises_security_identifier: String as Text = "onPremisesSecurityIdentifier",
        /// What kind of subject it is.
        subject_type: AccessPackageSubjectType as Enumerated = "subjectType" | "type" Beta,
        /// Whether a guest's lifecycle is governed.
        subject_lifecycle: AccessPackageSubjectLifecycle as Enumerated = "subjectLifecycle",
        /// The organization that someone from outside belongs to.
        connected_organization: ConnectedOrganization as One = "connectedOrganization",
        /// Its id, where the organization itself is not sent (beta).
        connected_organization_id: String as Id = "connectedOrganizationId",
    }

    /// An organization whose people may ask for access.
    pub struct ConnectedOrganization = "connectedOrganization" {
        /// Its id.
        id: String as Id = "id",
        /// Name for people.
        display_name: String as Text = "displayName",
        /// Description for people.
        description: String as Text = "description",
        /// Whether it is in use.
        state: ConnectedOrganizationState as Enumerated = "state",
    }
}
