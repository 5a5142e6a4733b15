//! Callouts in every shape.

use admit::{
    Stage,
    model::graph::{
        AccessPackage, AccessPackageAnswerChoice, AccessPackageAnswerString,
        AccessPackageAssignment, AccessPackageAssignmentCalloutData, AccessPackageAssignmentPolicy,
        AccessPackageAssignmentRequestCalloutData, AccessPackageCatalog,
        AccessPackageLocalizedText, AccessPackageQuestion, AccessPackageSubject,
        ConnectedOrganization, CredentialState, CustomExtensionCallbackConfiguration,
        CustomExtensionCalloutData, CustomExtensionCalloutRequest, DomainValidation,
        EntitlementManagementSchedule, ExpirationPattern, FaceCheck, Form, VerifiedCredentialData,
    },
};
use proptest::{collection::vec, prelude::*, sample::select};

use super::value::{date_time, duration, guid, id, json, maybe, named, number, open, other, text};

/// A shape in which a callout comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// PascalCase members, no envelope: what the service sends.
    Flat,
    /// The documented envelope.
    Enveloped(Form),
    /// The documented data alone.
    Bare(Form),
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 5] = [
        Self::Flat,
        Self::Enveloped(Form::V1),
        Self::Enveloped(Form::Beta),
        Self::Bare(Form::V1),
        Self::Bare(Form::Beta),
    ];
}

/// A payload of this data.
pub fn payload(data: &CustomExtensionCalloutData, shape: Shape) -> String {
    match shape {
        Shape::Flat => data.to_json(Form::Wire),
        Shape::Bare(form) => data.to_json(form),
        Shape::Enveloped(form) => {
            let stage = match data {
                CustomExtensionCalloutData::AccessPackageAssignmentRequestCalloutData(data) => {
                    &data.stage
                }
                CustomExtensionCalloutData::AccessPackageAssignmentCalloutData(data) => &data.stage,
                _ => &None,
            };
            let stage = stage.as_ref().map_or("", |stage| stage.as_str());
            let envelope = CustomExtensionCalloutRequest {
                source: Some("microsoft.graph.entitlementManagement".into()),
                kind: Some(format!(
                    "microsoft.graph.accessPackageCustomExtensionStage.{stage}"
                )),
                data: Some(data.clone()),
                ..Default::default()
            };
            envelope.to_json(form)
        }
    }
}

/// The data of a callout that can be evaluated, of either kind.
pub fn callout_data() -> impl Strategy<Value = CustomExtensionCalloutData> {
    prop_oneof![
        4 => request_data().prop_map(CustomExtensionCalloutData::from),
        1 => assignment_data().prop_map(CustomExtensionCalloutData::from),
    ]
}

fn request_data() -> impl Strategy<Value = AccessPackageAssignmentRequestCalloutData> {
    let stage = select(vec![
        Stage::AssignmentRequestCreated,
        Stage::AssignmentRequestApproved,
        Stage::AssignmentRequestDeterminingApprovalRequirements,
        Stage::AssignmentRequestGranted,
        Stage::AssignmentRequestRemoved,
    ]);
    let first = (
        guid(),
        "[A-Za-z0-9-]{1,40}|[0-9a-f]{8}-0000-4000-8000-[0-9a-f]{12}",
        stage,
    );
    let second = (
        maybe(named(&[
            "userAdd",
            "adminAdd",
            "onBehalfAdd",
            "systemExpire",
        ])),
        maybe(named(&["submitted", "canceled"])),
        maybe(text()),
        maybe(any::<bool>()),
        maybe(callback_configuration()),
    );
    let third = (
        maybe(package()),
        maybe(catalog()),
        maybe(assignment()),
        maybe(subject()),
        maybe(vec(answer(), 0..4)),
        maybe(schedule()),
        maybe(vec(credential(), 0..3)),
        other(),
    );
    (first, second, third).prop_map(|((id, instance, stage), second, third)| {
        let (request_type, state, status, path, callback_configuration) = second;
        let (access_package, access_package_catalog, assignment, requestor, ..) = &third;
        let collection = |is_old| match is_old {
            true => "accessPackageAssignmentRequests",
            false => "assignmentRequests",
        };
        AccessPackageAssignmentRequestCalloutData {
            callback_uri_path: path.map(|is_old| {
                let collection = collection(is_old);
                format!("/identityGovernance/entitlementManagement/{collection}/{id}/resume")
            }),
            access_package_assignment_request_id: Some(id),
            custom_extension_stage_instance_id: Some(instance),
            stage: Some(stage.into()),
            request_type,
            state,
            status,
            callback_configuration,
            access_package: access_package.clone(),
            access_package_catalog: access_package_catalog.clone(),
            assignment: assignment.clone(),
            requestor: requestor.clone(),
            answers: third.4,
            schedule: third.5,
            verified_credentials_data: third.6,
            other: third.7,
        }
    })
}

fn assignment_data() -> impl Strategy<Value = AccessPackageAssignmentCalloutData> {
    let stage = select(vec![
        Stage::AssignmentFourteenDaysBeforeExpiration,
        Stage::AssignmentOneDayBeforeExpiration,
    ]);
    let people = (maybe(assignment()), maybe(subject()), other());
    (
        guid(),
        id(),
        stage,
        maybe(package()),
        maybe(catalog()),
        people,
    )
        .prop_map(
            |(id, instance, stage, access_package, access_package_catalog, people)| {
                let (assignment, requestor, other) = people;
                AccessPackageAssignmentCalloutData {
                    access_package_assignment_request_id: Some(id),
                    custom_extension_stage_instance_id: Some(instance + "1"),
                    stage: Some(stage.into()),
                    callback_configuration: None,
                    access_package,
                    access_package_catalog,
                    assignment,
                    requestor,
                    other,
                }
            },
        )
}

fn callback_configuration() -> impl Strategy<Value = CustomExtensionCallbackConfiguration> {
    (maybe(duration()), other()).prop_map(|(timeout_duration, other)| {
        CustomExtensionCallbackConfiguration {
            timeout_duration,
            other,
        }
    })
}

fn package() -> impl Strategy<Value = AccessPackage> {
    let names = (maybe(id()), maybe(text()), maybe(text()), maybe(id()));
    (
        names,
        maybe(any::<bool>()),
        maybe(date_time()),
        maybe(date_time()),
        other(),
    )
        .prop_map(
            |(names, is_hidden, created_date_time, modified_date_time, other)| AccessPackage {
                id: names.0,
                display_name: names.1,
                description: names.2,
                is_hidden,
                created_date_time,
                modified_date_time,
                catalog_id: names.3,
                other,
            },
        )
}

fn catalog() -> impl Strategy<Value = AccessPackageCatalog> {
    let names = (maybe(id()), maybe(text()), maybe(text()), maybe(text()));
    let states = (
        maybe(named(&["userManaged", "serviceDefault"])),
        maybe(named(&["published", "unpublished"])),
        maybe(any::<bool>()),
    );
    (
        names,
        states,
        maybe(date_time()),
        maybe(date_time()),
        other(),
    )
        .prop_map(
            |(names, states, created_date_time, modified_date_time, other)| AccessPackageCatalog {
                id: names.0,
                display_name: names.1,
                description: names.2,
                catalog_type: states.0,
                state: states.1,
                privilege_level: names.3,
                is_externally_visible: states.2,
                created_date_time,
                modified_date_time,
                other,
            },
        )
}

fn assignment() -> impl Strategy<Value = AccessPackageAssignment> {
    let ids = (
        maybe(id()),
        maybe(id()),
        maybe(id()),
        maybe(id()),
        maybe(id()),
    );
    let policy = (maybe(id()), maybe(text()), maybe(text()), other()).prop_map(
        |(id, display_name, description, other)| AccessPackageAssignmentPolicy {
            id,
            display_name,
            description,
            other,
        },
    );
    let states = (maybe(named(&["delivering", "expired"])), maybe(text()));
    let rest = (
        maybe(schedule()),
        maybe(date_time()),
        maybe(any::<bool>()),
        other(),
    );
    (ids, states, maybe(subject()), maybe(policy), rest).prop_map(
        |(ids, states, target, assignment_policy, rest)| AccessPackageAssignment {
            id: ids.0,
            state: states.0,
            status: states.1,
            target,
            assignment_policy,
            schedule: rest.0,
            expired_date_time: rest.1,
            access_package_id: ids.1,
            assignment_policy_id: ids.2,
            catalog_id: ids.3,
            target_id: ids.4,
            is_extended: rest.2,
            other: rest.3,
        },
    )
}

fn subject() -> impl Strategy<Value = AccessPackageSubject> {
    let organization = (
        maybe(id()),
        maybe(text()),
        maybe(text()),
        maybe(named(&["configured", "proposed"])),
        other(),
    )
        .prop_map(
            |(id, display_name, description, state, other)| ConnectedOrganization {
                id,
                display_name,
                description,
                state,
                other,
            },
        );
    let texts = (maybe(text()), maybe(text()), maybe(text()), maybe(text()));
    let kinds = (
        maybe(named(&["user", "servicePrincipal", "agentIdentity"])),
        maybe(named(&["notGoverned", "governed"])),
    );
    let rest = (maybe(organization), maybe(id()), other());
    (maybe(id()), maybe(id()), texts, kinds, rest).prop_map(
        |(id, object_id, texts, kinds, rest)| AccessPackageSubject {
            id,
            object_id,
            display_name: texts.0,
            email: texts.1,
            principal_name: texts.2,
            on_premises_security_identifier: texts.3,
            subject_type: kinds.0,
            subject_lifecycle: kinds.1,
            connected_organization: rest.0,
            connected_organization_id: rest.1,
            other: rest.2,
        },
    )
}

fn answer() -> impl Strategy<Value = AccessPackageAnswerString> {
    (maybe(text()), maybe(text()), maybe(question()), other()).prop_map(
        |(value, display_value, answered_question, other)| AccessPackageAnswerString {
            value,
            display_value,
            answered_question,
            other,
        },
    )
}

fn question() -> impl Strategy<Value = AccessPackageQuestion> {
    let flags = (
        maybe(any::<bool>()),
        maybe(any::<bool>()),
        maybe(any::<bool>()),
        maybe(any::<bool>()),
    );
    let choice = (
        maybe(text()),
        maybe(text()),
        maybe(localizations()),
        other(),
    )
        .prop_map(
            |(actual_value, text, localizations, other)| AccessPackageAnswerChoice {
                actual_value,
                text,
                localizations,
                other,
            },
        );
    let rest = (
        maybe(number()),
        maybe(text()),
        maybe(vec(choice, 0..3)),
        other(),
    );
    (
        maybe(id()),
        maybe(text()),
        maybe(localizations()),
        flags,
        rest,
    )
        .prop_map(
            |(id, text, localizations, flags, rest)| AccessPackageQuestion {
                id,
                text,
                localizations,
                sequence: rest.0,
                is_required: flags.0,
                is_answer_editable: flags.1,
                is_single_line_question: flags.2,
                regex_pattern: rest.1,
                is_multiple_selection_allowed: flags.3,
                choices: rest.2,
                other: rest.3,
            },
        )
}

fn localizations() -> impl Strategy<Value = Vec<AccessPackageLocalizedText>> {
    let text =
        (maybe(text()), maybe("[a-z]{2}"), other()).prop_map(|(text, language_code, other)| {
            AccessPackageLocalizedText {
                language_code,
                text,
                other,
            }
        });
    vec(text, 0..3)
}

fn schedule() -> impl Strategy<Value = EntitlementManagementSchedule> {
    let expiration = (
        maybe(named(&["noExpiration", "afterDateTime", "afterDuration"])),
        maybe(date_time()),
        maybe(duration()),
        other(),
    )
        .prop_map(
            |(pattern_type, end_date_time, duration, other)| ExpirationPattern {
                pattern_type,
                end_date_time,
                duration,
                other,
            },
        );
    (
        maybe(date_time()),
        maybe(expiration),
        maybe(open()),
        other(),
    )
        .prop_map(|(start_date_time, expiration, recurrence, other)| {
            EntitlementManagementSchedule {
                start_date_time,
                expiration,
                recurrence,
                other,
            }
        })
}

fn credential() -> impl Strategy<Value = VerifiedCredentialData> {
    let state = (maybe(text()), other()).prop_map(|(revocation_status, other)| CredentialState {
        revocation_status,
        other,
    });
    let domain = (maybe(text()), other()).prop_map(|(url, other)| DomainValidation { url, other });
    let face = (maybe(number()), maybe(text()), maybe(json())).prop_map(
        |(match_confidence_score, source_photo_quality, extra)| FaceCheck {
            match_confidence_score,
            source_photo_quality,
            other: extra
                .map(|value| ("xModel".to_owned(), value))
                .into_iter()
                .collect(),
        },
    );
    let checks = (maybe(state), maybe(domain), maybe(face));
    let dates = (maybe(date_time()), maybe(date_time()), other());
    (
        maybe(text()),
        maybe(vec(text(), 0..3)),
        maybe(open()),
        checks,
        dates,
    )
        .prop_map(
            |(authority, types, claims, checks, dates)| VerifiedCredentialData {
                authority,
                types,
                claims,
                credential_state: checks.0,
                domain_validation: checks.1,
                issuance_date: dates.0,
                expiration_date: dates.1,
                face_check: checks.2,
                other: dates.2,
            },
        )
}
