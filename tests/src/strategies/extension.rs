//! Extensions of both kinds.

use admit::model::graph::{
    AccessPackageAssignmentRequestWorkflowExtension, AccessPackageAssignmentWorkflowExtension,
    AccessPackageRequestApprovalStageCallbackConfiguration, AzureAdPopTokenAuthentication,
    AzureAdTokenAuthentication, CustomCalloutExtension, CustomExtensionCallbackConfiguration,
    CustomExtensionClientConfiguration, ExtensionCallbackConfiguration, HttpRequestEndpoint,
    LogicAppTriggerEndpointConfiguration,
};
use proptest::prelude::*;

use super::value::{date_time, duration, id, maybe, number, other, text};

/// An extension, well-formed, not necessarily one that the service takes.
pub fn extension() -> impl Strategy<Value = CustomCalloutExtension> {
    let names = (maybe(id()), maybe(text()), maybe(text()));
    let endpoint = prop_oneof![
        (
            maybe(id()),
            maybe(text()),
            maybe(text()),
            maybe(text()),
            other()
        )
            .prop_map(
                |(subscription_id, resource_group_name, logic_app_workflow_name, url, other)| {
                    LogicAppTriggerEndpointConfiguration {
                        subscription_id,
                        resource_group_name,
                        logic_app_workflow_name,
                        url,
                        other,
                    }
                    .into()
                },
            ),
        (maybe(text()), other()).prop_map(|(target_url, other)| HttpRequestEndpoint {
            target_url,
            other
        }
        .into()),
    ];
    let authentication = prop_oneof![
        other().prop_map(|other| AzureAdPopTokenAuthentication { other }.into()),
        (maybe(text()), other()).prop_map(|(resource_id, other)| {
            AzureAdTokenAuthentication { resource_id, other }.into()
        }),
    ];
    let client = (maybe(number()), maybe(number()), other()).prop_map(
        |(timeout_in_milliseconds, maximum_retries, other)| CustomExtensionClientConfiguration {
            timeout_in_milliseconds,
            maximum_retries,
            other,
        },
    );
    let callback = (any::<bool>(), maybe(duration()), other()).prop_map(
        |(is_stage, timeout_duration, other)| -> ExtensionCallbackConfiguration {
            if is_stage {
                AccessPackageRequestApprovalStageCallbackConfiguration {
                    timeout_duration,
                    other,
                }
                .into()
            } else {
                CustomExtensionCallbackConfiguration {
                    timeout_duration,
                    other,
                }
                .into()
            }
        },
    );
    let configurations = (
        maybe(endpoint),
        maybe(authentication),
        maybe(client),
        maybe(callback),
    );
    let dates = (
        maybe(text()),
        maybe(date_time()),
        maybe(text()),
        maybe(date_time()),
    );
    (any::<bool>(), names, configurations, dates, other()).prop_map(
        |(is_request, names, configurations, dates, other)| {
            let request = AccessPackageAssignmentRequestWorkflowExtension {
                id: names.0,
                display_name: names.1,
                description: names.2,
                endpoint_configuration: configurations.0,
                authentication_configuration: configurations.1,
                client_configuration: configurations.2,
                callback_configuration: configurations.3,
                created_by: dates.0,
                created_date_time: dates.1,
                last_modified_by: dates.2,
                last_modified_date_time: dates.3,
                other,
            };
            if is_request {
                return request.into();
            }
            AccessPackageAssignmentWorkflowExtension {
                id: request.id,
                display_name: request.display_name,
                description: request.description,
                endpoint_configuration: request.endpoint_configuration,
                authentication_configuration: request.authentication_configuration,
                client_configuration: request.client_configuration,
                callback_configuration: request.callback_configuration,
                created_by: request.created_by,
                created_date_time: request.created_date_time,
                last_modified_by: request.last_modified_by,
                last_modified_date_time: request.last_modified_date_time,
                other: request.other,
            }
            .into()
        },
    )
}
