//! What `partner-domains` decides, written as one would without a policy engine: serde types for
//! the whole callout, an `if`, serde types for the answer.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A text that is borrowed from the payload unless it has escapes. `Option<Cow<str>>` would always
/// be a copy: serde borrows in a field that is a `Cow` itself.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(transparent)]
struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

type Text<'a> = Option<Borrowed<'a>>;

/// The flat callout with all its members; one that it does not have is an error, so that no payload
/// is compared that is read in part only.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Callout<'a> {
    #[serde(borrow)]
    access_package_assignment_request_id: Cow<'a, str>,
    #[serde(borrow)]
    callback_uri_path: Text<'a>,
    #[serde(borrow)]
    custom_extension_stage_instance_id: Cow<'a, str>,
    #[serde(borrow)]
    stage: Cow<'a, str>,
    #[serde(borrow)]
    request_type: Text<'a>,
    #[serde(borrow)]
    answers: Option<Vec<Answer<'a>>>,
    #[serde(borrow)]
    state: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    callback_configuration: Option<CallbackConfiguration<'a>>,
    #[serde(borrow)]
    access_package: Option<Named<'a>>,
    #[serde(borrow)]
    access_package_catalog: Option<Named<'a>>,
    #[serde(borrow)]
    assignment: Option<Assignment<'a>>,
    #[serde(borrow)]
    requestor: Option<Subject<'a>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct CallbackConfiguration<'a> {
    #[serde(borrow)]
    duration_before_timeout: Text<'a>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Named<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    display_name: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Assignment<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    state: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    target: Option<Subject<'a>>,
    #[serde(borrow)]
    assignment_policy: Option<Named<'a>>,
    #[serde(borrow)]
    schedule: Option<Schedule<'a>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Schedule<'a> {
    #[serde(borrow)]
    start_date_time: Text<'a>,
    #[serde(borrow)]
    expiration: Option<Expiration<'a>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Expiration<'a> {
    #[serde(borrow)]
    r#type: Text<'a>,
    #[serde(borrow)]
    end_date_time: Text<'a>,
    #[serde(borrow)]
    duration: Text<'a>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Subject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    object_id: Text<'a>,
    #[serde(borrow)]
    display_name: Text<'a>,
    #[serde(borrow)]
    principal_name: Text<'a>,
    #[serde(borrow)]
    email: Text<'a>,
    #[serde(borrow)]
    connected_organization: Option<Named<'a>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Answer<'a> {
    #[serde(borrow)]
    value: Text<'a>,
    #[serde(borrow)]
    display_value: Text<'a>,
    #[serde(borrow)]
    answered_question: Option<Question<'a>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Question<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    text_string: Text<'a>,
    sequence: Option<i64>,
    is_required: Option<bool>,
    is_answer_editable: Option<bool>,
    is_single_line_question: Option<bool>,
    allows_multiple_selection: Option<bool>,
    #[serde(borrow)]
    regex_pattern: Text<'a>,
    #[serde(borrow)]
    choices: Option<Vec<Choice<'a>>>,
    #[serde(borrow)]
    localizations: Option<Vec<Localization<'a>>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Choice<'a> {
    #[serde(borrow)]
    actual_value: Text<'a>,
    #[serde(borrow)]
    text: Text<'a>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Localization<'a> {
    #[serde(borrow)]
    language_code: Text<'a>,
    #[serde(borrow)]
    text: Text<'a>,
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
    callout: &Callout<'_>,
    allowed: &[&str],
    source: &str,
) -> Result<Vec<u8>, serde_json::Error> {
    let fits = |subject: Option<&Subject<'_>>| {
        subject
            .and_then(|subject| subject.email.as_ref())
            .and_then(|mail| mail.0.rsplit_once('@'))
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
            callout.stage
        ),
        data: Data {
            data_type: "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
            stage: &callout.stage,
            custom_extension_stage_instance_id: &callout.custom_extension_stage_instance_id,
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
