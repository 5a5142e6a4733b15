//! What answers a callout. Source: Graph's resource pages and metadata of the `resume` action,
//! accessPackageAssignmentRequestCallbackData, assignmentRequestApprovalStageCallbackData,
//! accessPackageApprovalStage and the subjectSet types; beta's spellings are those of its metadata.

use super::{
    ApproverInformationVisibility, Number,
    declare::{graph_object, graph_union},
};
use crate::stage::StageName;

graph_object! {
    /// The body of the `resume` action.
    pub struct ResumeBody = "resume" {
        /// Who answers, for the audit log.
        source: String as Text = "source",
        /// The stage, as `microsoft.graph.accessPackageCustomExtensionStage.` and its name.
        kind: String as Text = "type",
        /// The answer.
        data: CustomExtensionCallbackData as One = "data",
    }

    /// The answer that continues, denies or cancels a request.
    pub struct AccessPackageAssignmentRequestCallbackData =
        "accessPackageAssignmentRequestCallbackData"
    {
        /// The stage that is answered.
        stage: StageName as AtStage = "stage",
        /// Id of the call that is answered, exactly as the callout gave it.
        custom_extension_stage_instance_id: String as Text = "customExtensionStageInstanceId",
        /// For approvers, and kept with the call: no secrets.
        custom_extension_stage_instance_detail: String as Text =
            "customExtensionStageInstanceDetail",
        /// `denied` or `canceled`; absent to continue. Text in Graph's schema, not an enumeration.
        state: String as Text = "state",
    }

    /// The answer that says who has to approve a request.
    pub struct AssignmentRequestApprovalStageCallbackData =
        "assignmentRequestApprovalStageCallbackData"
    {
        /// The stage that is answered.
        stage: StageName as AtStage = "stage",
        /// Id of the call that is answered, exactly as the callout gave it.
        custom_extension_stage_instance_id: String as Text = "customExtensionStageInstanceId",
        /// For approvers, and kept with the call: no secrets.
        custom_extension_stage_instance_detail: String as Text =
            "customExtensionStageInstanceDetail",
        /// In the schema only: nobody documents it for this answer.
        state: String as Text = "state",
        /// Who has to approve.
        approval_stage: AccessPackageApprovalStage as One = "approvalStage",
    }

    /// Who has to approve, and for how long they may think about it.
    pub struct AccessPackageApprovalStage = "accessPackageApprovalStage" {
        /// After how long the request is denied.
        duration_before_automatic_denial: String as Duration = "durationBeforeAutomaticDenial",
        /// Whether approvers must give a reason.
        is_approver_justification_required: bool as Flag = "isApproverJustificationRequired",
        /// Whether others are asked when nobody decides.
        is_escalation_enabled: bool as Flag = "isEscalationEnabled",
        /// After how long they are.
        duration_before_escalation: String as Duration = "durationBeforeEscalation",
        /// Who is asked.
        primary_approvers: Vec<SubjectSet> as Many = "primaryApprovers",
        /// Who is asked where a primary approver cannot be found.
        fallback_primary_approvers: Vec<SubjectSet> as Many = "fallbackPrimaryApprovers",
        /// Who is asked when nobody decides.
        escalation_approvers: Vec<SubjectSet> as Many = "escalationApprovers",
        /// Who is asked where an escalation approver cannot be found.
        fallback_escalation_approvers: Vec<SubjectSet> as Many = "fallbackEscalationApprovers",
        /// Whether the requestor sees who approves.
        approver_information_visibility: ApproverInformationVisibility as Enumerated =
            "approverInformationVisibility",
    }

    /// One user.
    pub struct SingleUser = "singleUser" {
        /// Directory object id of the user.
        user_id: String as Id = "userId" | "id" Beta,
        /// For people.
        description: String as Text = "description",
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// The members of a group.
    pub struct GroupMembers = "groupMembers" {
        /// Id of the group.
        group_id: String as Id = "groupId" | "id" Beta,
        /// For people.
        description: String as Text = "description",
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// The people of a connected organization.
    pub struct ConnectedOrganizationMembers = "connectedOrganizationMembers" {
        /// Id of the organization.
        connected_organization_id: String as Id = "connectedOrganizationId" | "id" Beta,
        /// For people.
        description: String as Text = "description",
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// One service principal. Not in beta.
    pub struct SingleServicePrincipal = "singleServicePrincipal" {
        /// Id of the service principal.
        service_principal_id: String as Id = "servicePrincipalId",
        /// For people.
        description: String as Text = "description",
    }

    /// Those whom a rule names.
    pub struct AttributeRuleMembers = "attributeRuleMembers" {
        /// The rule.
        membership_rule: String as Text = "membershipRule",
        /// For people.
        description: String as Text = "description",
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// The requestor's manager.
    pub struct RequestorManager = "requestorManager" {
        /// How many levels up, from 1.
        manager_level: Number as Numeric = "managerLevel",
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// The manager of who gets the access. Not in beta.
    pub struct TargetManager = "targetManager" {
        /// How many levels up, from 1.
        manager_level: Number as Numeric = "managerLevel",
    }

    /// The sponsors inside, of the requestor's organization.
    pub struct InternalSponsors = "internalSponsors" {
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// The sponsors outside, of the requestor's organization.
    pub struct ExternalSponsors = "externalSponsors" {
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// The sponsors of who gets the access.
    pub struct TargetUserSponsors = "targetUserSponsors" {
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// The sponsors or owners of the agent that gets the access.
    pub struct TargetAgentIdentitySponsorsOrOwners = "targetAgentIdentitySponsorsOrOwners" {
        /// Whether it is a fallback (beta).
        is_backup: bool as Flag = "isBackup",
    }

    /// The owners of the application that gets the access. Not in beta.
    pub struct TargetApplicationOwners = "targetApplicationOwners" {}
}

graph_union! {
    /// The answer to a callout.
    pub enum CustomExtensionCallbackData {
        /// Continue, deny or cancel.
        AccessPackageAssignmentRequestCallbackData,
        /// Say who approves.
        AssignmentRequestApprovalStageCallbackData,
    }

    /// Who approves: Graph's `subjectSet`.
    pub enum SubjectSet {
        /// One user.
        SingleUser,
        /// The members of a group.
        GroupMembers,
        /// The people of a connected organization.
        ConnectedOrganizationMembers,
        /// One service principal.
        SingleServicePrincipal,
        /// Those whom a rule names.
        AttributeRuleMembers,
        /// The requestor's manager.
        RequestorManager,
        /// The target's manager.
        TargetManager,
        /// Sponsors inside.
        InternalSponsors,
        /// Sponsors outside.
        ExternalSponsors,
        /// The target's sponsors.
        TargetUserSponsors,
        /// The agent's sponsors or owners.
        TargetAgentIdentitySponsorsOrOwners,
        /// The application's owners.
        TargetApplicationOwners,
    }
}
