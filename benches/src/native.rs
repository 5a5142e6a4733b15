//! What `partner-domains` decides, written as one would without a policy engine: serde types for
//! the whole callout, an `if`, serde types for the answer.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A text that is borrowed from the payload unless it has escapes. `Option<Cow<str>>` would always
/// be a copy: serde borrows in a field that is a `Cow` itself.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

impl AsRef<str> for Borrowed<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The flat callout with all its members, its texts [`Borrowed`] or `String`; a member that it does
/// not have is an error, so that no payload is compared that is read in part only.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Callout<T> {
    access_package_assignment_request_id: T,
    callback_uri_path: Option<T>,
    custom_extension_stage_instance_id: T,
    stage: T,
    request_type: Option<T>,
    answers: Option<Vec<Answer<T>>>,
    state: Option<T>,
    status: Option<T>,
    callback_configuration: Option<CallbackConfiguration<T>>,
    access_package: Option<Named<T>>,
    access_package_catalog: Option<Named<T>>,
    assignment: Option<Assignment<T>>,
    requestor: Option<Subject<T>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct CallbackConfiguration<T> {
    duration_before_timeout: Option<T>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Named<T> {
    id: Option<T>,
    display_name: Option<T>,
    description: Option<T>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Assignment<T> {
    id: Option<T>,
    state: Option<T>,
    status: Option<T>,
    target: Option<Subject<T>>,
    assignment_policy: Option<Named<T>>,
    schedule: Option<Schedule<T>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Schedule<T> {
    start_date_time: Option<T>,
    expiration: Option<Expiration<T>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Expiration<T> {
    r#type: Option<T>,
    end_date_time: Option<T>,
    duration: Option<T>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Subject<T> {
    id: Option<T>,
    object_id: Option<T>,
    display_name: Option<T>,
    principal_name: Option<T>,
    email: Option<T>,
    connected_organization: Option<Named<T>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Answer<T> {
    value: Option<T>,
    display_value: Option<T>,
    answered_question: Option<Question<T>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Question<T> {
    id: Option<T>,
    text_string: Option<T>,
    sequence: Option<i64>,
    is_required: Option<bool>,
    is_answer_editable: Option<bool>,
    is_single_line_question: Option<bool>,
    allows_multiple_selection: Option<bool>,
    regex_pattern: Option<T>,
    choices: Option<Vec<Choice<T>>>,
    localizations: Option<Vec<Localization<T>>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Choice<T> {
    actual_value: Option<T>,
    text: Option<T>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Localization<T> {
    language_code: Option<T>,
    text: Option<T>,
}

#[derive(Serialize)]
struct Body<'a> {
    source: &'a str,
    r#type: String,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    #[serde(rename = "@odata.type")]
    data_type: &'a str,
    stage: &'a str,
    custom_extension_stage_instance_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_extension_stage_instance_detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

/// Whether everyone's mail domain is allowed, and the answer that says so.
///
/// # Errors
///
/// The answer cannot be written.
pub fn decide(
    callout: &Callout<Borrowed<'_>>,
    allowed: &[&str],
    source: &str,
) -> Result<Vec<u8>, serde_json::Error> {
    let fits = |subject: Option<&Subject<Borrowed<'_>>>| {
        subject
            .and_then(|subject| subject.email.as_ref())
            .and_then(|mail| mail.as_ref().rsplit_once('@'))
            .is_some_and(|(_, domain)| {
                allowed
                    .iter()
                    .any(|allowed| domain.eq_ignore_ascii_case(allowed))
            })
    };
    let target = callout
        .assignment
        .as_ref()
        .and_then(|assignment| assignment.target.as_ref());
    let is_allowed = fits(callout.requestor.as_ref()) && fits(target);
    let body = Body {
        source,
        r#type: format!(
            "microsoft.graph.accessPackageCustomExtensionStage.{}",
            callout.stage.as_ref()
        ),
        data: Data {
            data_type: "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
            stage: callout.stage.as_ref(),
            custom_extension_stage_instance_id: callout.custom_extension_stage_instance_id.as_ref(),
            custom_extension_stage_instance_detail: (!is_allowed)
                .then_some("A mail domain is not admitted."),
            state: (!is_allowed).then_some("denied"),
        },
    };
    serde_json::to_vec(&body)
}

/// Parse, decide, serialise.
///
/// # Errors
///
/// The payload is not a flat callout.
pub fn evaluate(
    payload: &[u8],
    allowed: &[&str],
    source: &str,
) -> Result<Vec<u8>, serde_json::Error> {
    decide(&serde_json::from_slice(payload)?, allowed, source)
}
