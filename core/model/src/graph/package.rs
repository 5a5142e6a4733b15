//! What access is asked for, and the assignment of it. Source: Graph's resource pages of
//! accessPackage, accessPackageCatalog, accessPackageAssignmentPolicy, accessPackageAssignment,
//! entitlementManagementSchedule and expirationPattern.

use super::{
    AccessPackageAssignmentState, AccessPackageCatalogState, AccessPackageCatalogType,
    AccessPackageSubject, ExpirationPatternType, Json, declare::graph_object,
};

graph_object! {
    /// The access package that is asked for.
    pub struct AccessPackage = "accessPackage" {
        /// Its id.
        id: String as Id = "id",
        /// Name for people.
        display_name: String as Text = "displayName",
        /// Description for people.
        description: String as Text = "description",
        /// Whether it is hidden from those who may ask for it.
        is_hidden: bool as Flag = "isHidden",
        /// When it was made.
        created_date_time: String as DateTime = "createdDateTime",
        /// When it was last changed.
        modified_date_time: String as DateTime = "modifiedDateTime",
        /// Id of its catalog (beta).
        catalog_id: String as Id = "catalogId",
    }

    /// The catalog that holds the access package.
    pub struct AccessPackageCatalog = "accessPackageCatalog" {
        /// Its id.
        id: String as Id = "id",
        /// Name for people.
        display_name: String as Text = "displayName",
        /// Description for people.
        description: String as Text = "description",
        /// Who manages it.
        catalog_type: AccessPackageCatalogType as Enumerated = "catalogType",
        /// Whether its packages can be requested.
        state: AccessPackageCatalogState as Enumerated = "state" | "catalogStatus" Beta,
        /// How privileged its resources are (beta).
        privilege_level: String as Text = "privilegeLevel",
        /// Whether people from outside may see it.
        is_externally_visible: bool as Flag = "isExternallyVisible",
        /// When it was made.
        created_date_time: String as DateTime = "createdDateTime",
        /// When it was last changed.
        modified_date_time: String as DateTime = "modifiedDateTime",
    }

    /// The policy by which access is assigned.
    pub struct AccessPackageAssignmentPolicy = "accessPackageAssignmentPolicy" {
        /// Its id.
        id: String as Id = "id",
        /// Name for people.
        display_name: String as Text = "displayName",
        /// Description for people.
        description: String as Text = "description",
    }

    /// The assignment that is made or changed.
    pub struct AccessPackageAssignment = "accessPackageAssignment" {
        /// Its id.
        id: String as Id = "id",
        /// Its state.
        state: AccessPackageAssignmentState as Enumerated = "state" | "assignmentState" Beta,
        /// Its status, free text.
        status: String as Text = "status" | "assignmentStatus" Beta,
        /// Who gets the access.
        target: AccessPackageSubject as One = "target",
        /// The policy by which it is assigned.
        assignment_policy: AccessPackageAssignmentPolicy as One =
            "assignmentPolicy" | "accessPackageAssignmentPolicy" Beta,
        /// From when and until when.
        schedule: EntitlementManagementSchedule as One = "schedule",
        /// When it ended.
        expired_date_time: String as DateTime = "expiredDateTime",
        /// Id of the access package (beta).
        access_package_id: String as Id = "accessPackageId",
        /// Id of the policy (beta).
        assignment_policy_id: String as Id = "assignmentPolicyId",
        /// Id of the catalog (beta).
        catalog_id: String as Id = "catalogId",
        /// Id of the target (beta).
        target_id: String as Id = "targetId",
        /// Whether it was extended (beta).
        is_extended: bool as Flag = "isExtended",
    }

    /// From when and until when access is given.
    pub struct EntitlementManagementSchedule = "entitlementManagementSchedule" {
        /// When it begins.
        start_date_time: String as DateTime = "startDateTime",
        /// How it ends.
        expiration: ExpirationPattern as One = "expiration",
        /// Graph's patternedRecurrence, as it was given.
        recurrence: Json as Open = "recurrence",
    }

    /// How something ends.
    pub struct ExpirationPattern = "expirationPattern" {
        /// In which way.
        pattern_type: ExpirationPatternType as Enumerated = "type",
        /// When, for `afterDateTime`.
        end_date_time: String as DateTime = "endDateTime",
        /// After how long, for `afterDuration`.
        duration: String as Duration = "duration",
    }
}
