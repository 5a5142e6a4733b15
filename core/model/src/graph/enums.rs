//! Graph's evolvable enumerations: members that are not known are kept. Source: Graph metadata of
//! 2026-08, and for the members that it hides, the service's own model.

use super::declare::graph_enum;

graph_enum! {
    /// Why a request was made.
    pub enum AccessPackageRequestType {
        NotSpecified = "notSpecified",
        UserAdd = "userAdd",
        UserUpdate = "userUpdate",
        UserRemove = "userRemove",
        AdminAdd = "adminAdd",
        AdminUpdate = "adminUpdate",
        AdminRemove = "adminRemove",
        SystemAdd = "systemAdd",
        SystemUpdate = "systemUpdate",
        SystemRemove = "systemRemove",
        OnBehalfAdd = "onBehalfAdd",
        ApproverRemove = "approverRemove",
        /// Of the service only; Graph's metadata does not have it.
        UserExtend = "userExtend",
        /// Seen in a published workflow; Graph's metadata does not have it.
        SystemExpire = "systemExpire",
    }

    /// The state of a request.
    pub enum AccessPackageRequestState {
        Submitted = "submitted",
        PendingApproval = "pendingApproval",
        Delivering = "delivering",
        Delivered = "delivered",
        DeliveryFailed = "deliveryFailed",
        Denied = "denied",
        Scheduled = "scheduled",
        Canceled = "canceled",
        PartiallyDelivered = "partiallyDelivered",
    }

    /// The state of an assignment.
    pub enum AccessPackageAssignmentState {
        Delivering = "delivering",
        PartiallyDelivered = "partiallyDelivered",
        Delivered = "delivered",
        Expired = "expired",
        DeliveryFailed = "deliveryFailed",
    }

    /// What kind of subject someone is.
    pub enum AccessPackageSubjectType {
        NotSpecified = "notSpecified",
        User = "user",
        ServicePrincipal = "servicePrincipal",
        /// Of the service only; Graph's metadata does not have it.
        Group = "group",
        /// Of the service only; Graph's metadata does not have it.
        GroupSecurityNotEnabled = "groupSecurityNotEnabled",
        /// Of the service only; Graph's metadata does not have it.
        AgentIdentity = "agentIdentity",
    }

    /// Whether entitlement management governs the lifecycle of a guest.
    pub enum AccessPackageSubjectLifecycle {
        NotDefined = "notDefined",
        NotGoverned = "notGoverned",
        Governed = "governed",
    }

    /// Whether a catalog's packages can be requested.
    pub enum AccessPackageCatalogState {
        Unpublished = "unpublished",
        Published = "published",
    }

    /// Who manages a catalog.
    pub enum AccessPackageCatalogType {
        UserManaged = "userManaged",
        ServiceDefault = "serviceDefault",
        ServiceManaged = "serviceManaged",
    }

    /// How an assignment ends.
    pub enum ExpirationPatternType {
        NotSpecified = "notSpecified",
        NoExpiration = "noExpiration",
        AfterDateTime = "afterDateTime",
        AfterDuration = "afterDuration",
    }

    /// Whether a connected organization is in use.
    pub enum ConnectedOrganizationState {
        Configured = "configured",
        Proposed = "proposed",
    }

    /// Whether the requestor sees who approves.
    pub enum ApproverInformationVisibility {
        Default = "default",
        NotVisible = "notVisible",
        Visible = "visible",
    }

    /// How far one call of an extension came.
    pub enum CustomExtensionCalloutInstanceStatus {
        CalloutSent = "calloutSent",
        CallbackReceived = "callbackReceived",
        CalloutFailed = "calloutFailed",
        CallbackTimedOut = "callbackTimedOut",
        WaitingForCallback = "waitingForCallback",
    }

    /// The same in the retired model.
    pub enum AccessPackageCustomExtensionHandlerStatus {
        RequestSent = "requestSent",
        RequestReceived = "requestReceived",
    }
}
