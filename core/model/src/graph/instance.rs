//! The records of calls. Source: Graph's resource pages of customExtensionCalloutInstance and
//! customExtensionHandlerInstance (deprecated).

use super::{
    AccessPackageCustomExtensionHandlerStatus, CustomExtensionCalloutInstanceStatus,
    declare::graph_object,
};
use crate::stage::StageName;

graph_object! {
    /// One call of an extension, as the request and the assignment record it: how a host sees
    /// afterwards whether its answer was taken.
    pub struct CustomExtensionCalloutInstance = "customExtensionCalloutInstance" {
        /// Its id.
        id: String as Id = "id",
        /// The extension that was called.
        custom_extension_id: String as Id = "customExtensionId",
        /// The run of the Logic App.
        external_correlation_id: String as Text = "externalCorrelationId",
        /// The text of the answer.
        detail: String as Text = "detail",
        /// How far it came.
        status: CustomExtensionCalloutInstanceStatus as Enumerated = "status",
    }

    /// The same in the retired model.
    pub struct CustomExtensionHandlerInstance = "customExtensionHandlerInstance" {
        /// The extension that was called.
        custom_extension_id: String as Id = "customExtensionId",
        /// The run of the Logic App.
        external_correlation_id: String as Text = "externalCorrelationId",
        /// The stage that called.
        stage: StageName as AtStage = "stage",
        /// How far it came.
        status: AccessPackageCustomExtensionHandlerStatus as Enumerated = "status",
    }
}
