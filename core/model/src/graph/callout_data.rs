//! What a callout carries. Source: Graph's resource pages of
//! accessPackageAssignmentRequestCalloutData, accessPackageAssignmentCalloutData and
//! customExtensionCalloutRequest; `schedule` and `verifiedCredentialsData` are beta's or the
//! service's own.

use super::{
    AccessPackage, AccessPackageAnswerString, AccessPackageAssignment, AccessPackageCatalog,
    AccessPackageRequestState, AccessPackageRequestType, AccessPackageSubject,
    CustomExtensionCallbackConfiguration, EntitlementManagementSchedule, VerifiedCredentialData,
    declare::{graph_object, graph_union},
};
use crate::stage::StageName;

graph_object! {
    /// The data of a callout for a request.
    pub struct AccessPackageAssignmentRequestCalloutData =
        "accessPackageAssignmentRequestCalloutData"
    {
        /// Id of the request: the one to resume.
        access_package_assignment_request_id: String as Id = "accessPackageAssignmentRequestId",
        /// Id of this call of the extension. The answer echoes it.
        custom_extension_stage_instance_id: String as Id = "customExtensionStageInstanceId",
        /// The stage that calls.
        stage: StageName as AtStage = "stage",
        /// Why the request was made.
        request_type: AccessPackageRequestType as Enumerated = "requestType",
        /// The state of the request, not of an answer.
        state: AccessPackageRequestState as Enumerated = "state" | "requestState" Read,
        /// Its status, free text.
        status: String as Text = "status" | "requestStatus" Read,
        /// Where to answer, below a version of Graph.
        callback_uri_path: String as Text = "callbackUriPath",
        /// For how long the service waits; absent where it does not.
        callback_configuration: CustomExtensionCallbackConfiguration as One =
            "callbackConfiguration",
        /// What is asked for.
        access_package: AccessPackage as One = "accessPackage",
        /// The catalog that holds it.
        access_package_catalog: AccessPackageCatalog as One = "accessPackageCatalog",
        /// The assignment, and in it who gets the access.
        assignment: AccessPackageAssignment as One = "assignment" | "accessPackageAssignment" Read,
        /// Who asks.
        requestor: AccessPackageSubject as One = "requestor",
        /// What the requestor answered.
        answers: Vec<AccessPackageAnswerString> as Many = "answers",
        /// From when and until when access is asked for.
        schedule: EntitlementManagementSchedule as One = "schedule" | "requestSchedule" Read,
        /// What the requestor presented.
        verified_credentials_data: Vec<VerifiedCredentialData> as Many = "verifiedCredentialsData",
    }

    /// The data of a callout for an assignment that is about to end. It cannot be answered.
    pub struct AccessPackageAssignmentCalloutData = "accessPackageAssignmentCalloutData" {
        /// Id of the request that led to the assignment.
        access_package_assignment_request_id: String as Id = "accessPackageAssignmentRequestId",
        /// Id of this call of the extension.
        custom_extension_stage_instance_id: String as Id = "customExtensionStageInstanceId",
        /// The stage that calls.
        stage: StageName as AtStage = "stage",
        /// In the schema only: the service does not wait at these stages.
        callback_configuration: CustomExtensionCallbackConfiguration as One =
            "callbackConfiguration",
        /// What access was given to.
        access_package: AccessPackage as One = "accessPackage",
        /// The catalog that holds it.
        access_package_catalog: AccessPackageCatalog as One = "accessPackageCatalog",
        /// The assignment, and in it who has the access.
        assignment: AccessPackageAssignment as One = "assignment" | "accessPackageAssignment" Read,
        /// Who asked. Microsoft's trigger schema has it, Graph's page does not.
        requestor: AccessPackageSubject as One = "requestor",
    }

    /// The envelope that Graph documents around the data of a callout.
    pub struct CustomExtensionCalloutRequest = "customExtensionCalloutRequest" {
        /// Who sends it.
        source: String as Text = "source",
        /// The stage, as `microsoft.graph.accessPackageCustomExtensionStage.` and its name.
        kind: String as Text = "type",
        /// What it carries.
        data: CustomExtensionCalloutData as One = "data",
    }
}

graph_union! {
    /// The data of a callout of either kind.
    pub enum CustomExtensionCalloutData {
        /// For a request.
        AccessPackageAssignmentRequestCalloutData,
        /// For an assignment.
        AccessPackageAssignmentCalloutData,
    }
}
