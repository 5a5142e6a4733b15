//! Custom extensions. Source: Graph's page "Create accessPackageCustomWorkflowExtension", its
//! resource pages and metadata of customCalloutExtension and the types in it.

use super::{
    Number,
    declare::{graph_object, graph_union},
};

graph_object! {
    /// An extension that is called for requests.
    pub struct AccessPackageAssignmentRequestWorkflowExtension =
        "accessPackageAssignmentRequestWorkflowExtension"
    {
        /// Its id; the service gives it.
        id: String as Id = "id",
        /// Name for people.
        display_name: String as Text = "displayName",
        /// Description for people.
        description: String as Text = "description",
        /// What is called.
        endpoint_configuration: CustomExtensionEndpointConfiguration as One =
            "endpointConfiguration",
        /// How the call is authenticated.
        authentication_configuration: CustomExtensionAuthenticationConfiguration as One =
            "authenticationConfiguration",
        /// How long the call may take.
        client_configuration: CustomExtensionClientConfiguration as One = "clientConfiguration",
        /// For how long the service waits for an answer; absent where it does not.
        callback_configuration: ExtensionCallbackConfiguration as One = "callbackConfiguration",
        /// Who made it; the service says.
        created_by: String as Text = "createdBy",
        /// When it was made; the service says.
        created_date_time: String as DateTime = "createdDateTime",
        /// Who last changed it; the service says.
        last_modified_by: String as Text = "lastModifiedBy",
        /// When it was last changed; the service says.
        last_modified_date_time: String as DateTime = "lastModifiedDateTime",
    }

    /// An extension that is called for assignments that are about to end.
    pub struct AccessPackageAssignmentWorkflowExtension =
        "accessPackageAssignmentWorkflowExtension"
    {
        /// Its id; the service gives it.
        id: String as Id = "id",
        /// Name for people.
        display_name: String as Text = "displayName",
        /// Description for people.
        description: String as Text = "description",
        /// What is called.
        endpoint_configuration: CustomExtensionEndpointConfiguration as One =
            "endpointConfiguration",
        /// How the call is authenticated.
        authentication_configuration: CustomExtensionAuthenticationConfiguration as One =
            "authenticationConfiguration",
        /// How long the call may take.
        client_configuration: CustomExtensionClientConfiguration as One = "clientConfiguration",
        /// In the schema only: the service does not wait for this kind.
        callback_configuration: ExtensionCallbackConfiguration as One = "callbackConfiguration",
        /// Who made it; the service says.
        created_by: String as Text = "createdBy",
        /// When it was made; the service says.
        created_date_time: String as DateTime = "createdDateTime",
        /// Who last changed it; the service says.
        last_modified_by: String as Text = "lastModifiedBy",
        /// When it was last changed; the service says.
        last_modified_date_time: String as DateTime = "lastModifiedDateTime",
    }

    /// A Logic App with a trigger: the only endpoint that entitlement management takes.
    pub struct LogicAppTriggerEndpointConfiguration = "logicAppTriggerEndpointConfiguration" {
        /// The subscription of the Logic App.
        subscription_id: String as Id = "subscriptionId",
        /// Its resource group.
        resource_group_name: String as Text = "resourceGroupName",
        /// Its name.
        logic_app_workflow_name: String as Text = "logicAppWorkflowName",
        /// The trigger's address; the service says.
        url: String as Text = "url",
    }

    /// Any HTTP endpoint. In the schema; entitlement management does not take it.
    pub struct HttpRequestEndpoint = "httpRequestEndpoint" {
        /// Its address.
        target_url: String as Text = "targetUrl",
    }

    /// Proof-of-possession tokens: what entitlement management uses.
    pub struct AzureAdPopTokenAuthentication = "azureAdPopTokenAuthentication" {}

    /// Bearer tokens: of the retired model.
    pub struct AzureAdTokenAuthentication = "azureAdTokenAuthentication" {
        /// The application that the token is for.
        resource_id: String as Text = "resourceId",
    }

    /// How long a call may take.
    pub struct CustomExtensionClientConfiguration = "customExtensionClientConfiguration" {
        /// Milliseconds until the endpoint must have accepted the call: 200 to 2000.
        timeout_in_milliseconds: Number as Numeric = "timeoutInMilliseconds",
        /// How often the call is tried again: 0 or 1.
        maximum_retries: Number as Numeric = "maximumRetries",
    }

    /// For how long the service waits for an answer.
    pub struct CustomExtensionCallbackConfiguration = "customExtensionCallbackConfiguration" {
        /// ISO 8601, PT5M to P14D. Older pages and the flat payload say `durationBeforeTimeout`.
        timeout_duration: String as Duration = "timeoutDuration" | "durationBeforeTimeout" Wire,
    }

    /// The same, for an answer that says who approves.
    pub struct AccessPackageRequestApprovalStageCallbackConfiguration =
        "accessPackageRequestApprovalStageCallbackConfiguration"
    {
        /// ISO 8601, PT5M to P14D. Older pages and the flat payload say `durationBeforeTimeout`.
        timeout_duration: String as Duration = "timeoutDuration" | "durationBeforeTimeout" Wire,
    }
}

graph_union! {
    /// An extension of either kind: `accessPackageCustomWorkflowExtension` in Graph's pages.
    pub enum CustomCalloutExtension {
        /// Called for requests.
        AccessPackageAssignmentRequestWorkflowExtension,
        /// Called for assignments.
        AccessPackageAssignmentWorkflowExtension,
    }

    /// What an extension calls.
    pub enum CustomExtensionEndpointConfiguration {
        /// A Logic App.
        LogicAppTriggerEndpointConfiguration,
        /// Any HTTP endpoint.
        HttpRequestEndpoint,
    }

    /// How a call is authenticated.
    pub enum CustomExtensionAuthenticationConfiguration {
        /// Proof-of-possession tokens.
        AzureAdPopTokenAuthentication,
        /// Bearer tokens.
        AzureAdTokenAuthentication,
    }

    /// For how long the service waits, and for which kind of answer.
    pub enum ExtensionCallbackConfiguration {
        /// Continue, deny or cancel.
        CustomExtensionCallbackConfiguration,
        /// An approval stage.
        AccessPackageRequestApprovalStageCallbackConfiguration,
    }
}
