//! A custom extension to be created, or the record of one of its calls.

use super::{
    callout::TIMEOUT,
    findings::{Findings, Place},
    rules,
    text::quoted,
    types,
    walk::{Manner, Walk},
};
use crate::{
    graph::{
        AccessPackageAssignmentRequestWorkflowExtension, AccessPackageAssignmentWorkflowExtension,
        AzureAdTokenAuthentication, CustomExtensionCallbackConfiguration,
        CustomExtensionCalloutInstance, CustomExtensionHandlerInstance, HttpRequestEndpoint,
        Object, ObjectType,
    },
    json::{Tree, key_is},
    timeout::{duration, timeout},
};

const EXTENSIONS: &[&ObjectType] = &[
    &AccessPackageAssignmentRequestWorkflowExtension::TYPE,
    &AccessPackageAssignmentWorkflowExtension::TYPE,
];
const RECORDS: &[&ObjectType] = &[
    &CustomExtensionCalloutInstance::TYPE,
    &CustomExtensionHandlerInstance::TYPE,
];
/// The extension of the model that was retired in 2023.
const RETIRED: &str = "customAccessPackageWorkflowExtension";
/// Members that the service gives.
const READ_ONLY: [&str; 5] = [
    "id",
    "createdBy",
    "createdDateTime",
    "lastModifiedBy",
    "lastModifiedDateTime",
];
/// Bounds of the client configuration.
const CLIENT: [(&str, i64, i64); 2] = [
    ("timeoutInMilliseconds", 200, 2000),
    ("maximumRetries", 0, 1),
];

pub(super) fn lint(tree: &Tree<'_>, findings: &mut Findings) {
    let mut walk = Walk {
        findings,
        manner: Manner::Sent,
        id: rules::ID_NOT_A_GUID,
    };
    let root = Place::ROOT;
    match tree.find(&["value"]) {
        // What Graph gives for a collection.
        Some((name, Tree::List(items))) => {
            let at = root.member(name);
            for (index, item) in items.iter().enumerate() {
                let at = at.item(index);
                match item {
                    Tree::Object(_) => one(&mut walk, item, &at),
                    _ => walk.expected("an object", item, &at),
                }
            }
        }
        Some((name, inner @ Tree::Object(_))) => {
            let at = root.member(name);
            walk.findings.add(
                rules::WRAPPED,
                &at,
                format!("the extension stands inside {}", quoted(name)),
                "the object itself, as the page's first example has it",
            );
            one(&mut walk, inner, &at);
        }
        _ => one(&mut walk, tree, &root),
    }
}

/// Whether this is an extension or the record of a call, whatever is wrong with it.
pub(super) fn is_extension(tree: &Tree<'_>) -> bool {
    let is_typed = types::plain_name(tree).is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.ends_with("extension") || name.ends_with("instance")
    });
    let members = [
        "endpointConfiguration",
        "authenticationConfiguration",
        "clientConfiguration",
        "customExtensionId",
        "externalCorrelationId",
    ];
    is_typed || tree.has(&members)
}

fn one(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>) {
    let named = types::plain_name(tree);
    let is_record = tree
        .find(&["customExtensionId", "externalCorrelationId"])
        .is_some()
        || named.is_some_and(|named| RECORDS.iter().any(|ty| key_is(named, ty.name)));
    if is_record {
        return record(walk, tree, place);
    }
    let is_retired = named.is_some_and(|named| key_is(named, RETIRED));
    let ty = if is_retired {
        let key = types::named(tree).map_or("@odata.type", |(key, _)| key);
        walk.findings.add(
            rules::EXTENSION_RETIRED,
            &place.member(key),
            format!("`{RETIRED}` is of the model that was retired in 2023"),
            format!(
                "`#microsoft.graph.{}`",
                AccessPackageAssignmentRequestWorkflowExtension::TYPE_NAME
            ),
        );
        types::likely(tree, EXTENSIONS)
    } else {
        types::judge(walk, tree, place, EXTENSIONS, rules::TYPE_UNKNOWN)
    };
    walk.object(
        ty.unwrap_or(&AccessPackageAssignmentRequestWorkflowExtension::TYPE),
        tree,
        place,
    );
    read_only(walk, tree, &READ_ONLY, place);
    if let Some((name, endpoint)) = tree.find(&["endpointConfiguration"]) {
        let at = place.member(name);
        read_only(walk, endpoint, &["url"], &at);
        if is_of(endpoint, HttpRequestEndpoint::TYPE_NAME) {
            walk.findings.add(
                rules::ENDPOINT_NOT_A_LOGIC_APP,
                &at,
                "an HTTP endpoint: in the schema, but entitlement management calls Logic Apps only",
                "`#microsoft.graph.logicAppTriggerEndpointConfiguration`; the Logic App calls the \
                 endpoint",
            );
        }
    }
    if let Some((name, authentication)) = tree.find(&["authenticationConfiguration"])
        && is_of(authentication, AzureAdTokenAuthentication::TYPE_NAME)
    {
        walk.findings.add(
            rules::AUTHENTICATION_RETIRED,
            &place.member(name),
            "bearer tokens: of the retired model",
            "`#microsoft.graph.azureAdPopTokenAuthentication`",
        );
    }
    if let Some((name, client)) = tree.find(&["clientConfiguration"]) {
        bounds(walk, client, &place.member(name));
    }
    if let Some((name, callback @ Tree::Object(_))) = tree.find(&["callbackConfiguration"]) {
        let is_assignment =
            ty.is_some_and(|ty| ty.name == AccessPackageAssignmentWorkflowExtension::TYPE_NAME);
        callback_configuration(walk, callback, is_assignment, &place.member(name));
    }
}

/// Whether an object says that it is of this type.
fn is_of(tree: &Tree<'_>, type_name: &str) -> bool {
    types::plain_name(tree).is_some_and(|named| key_is(named, type_name))
}

fn read_only(walk: &mut Walk<'_>, tree: &Tree<'_>, names: &[&str], place: &Place<'_>) {
    for name in names {
        if let Some((name, _)) = tree.find(&[name]) {
            walk.findings.add(
                rules::READ_ONLY_MEMBER,
                &place.member(name),
                format!("{} is the service's to give", quoted(name)),
                "leave it out when you create the extension",
            );
        }
    }
}

fn bounds(walk: &mut Walk<'_>, client: &Tree<'_>, place: &Place<'_>) {
    for (name, least, most) in CLIENT {
        if let Some((found, Tree::Number(number))) = client.find(&[name])
            && !number
                .parse()
                .is_ok_and(|number: i64| (least..=most).contains(&number))
        {
            walk.findings.add(
                rules::CLIENT_BOUNDS,
                &place.member(found),
                format!("{} is out of bounds", quoted(number)),
                format!("{least} to {most}"),
            );
        }
    }
}

fn callback_configuration(
    walk: &mut Walk<'_>,
    callback: &Tree<'_>,
    is_assignment: bool,
    place: &Place<'_>,
) {
    if is_assignment {
        walk.findings.add(
            rules::CALLBACK_ON_ASSIGNMENT,
            place,
            "an extension for assignments: the service does not wait for it",
            "leave it out",
        );
    }
    if let Some((key, _)) = types::named(callback)
        && is_of(callback, CustomExtensionCallbackConfiguration::TYPE_NAME)
    {
        walk.findings.add(
            rules::CALLBACK_TYPE_ABSTRACT,
            &place.member(key),
            "abstract in the schema, yet what the page sends and the service takes",
            "nothing, unless the answer is an approval stage: then \
             `#microsoft.graph.accessPackageRequestApprovalStageCallbackConfiguration`",
        );
    }
    // What is no duration is told of every member that should be one.
    if let Some((name, Tree::Text(text))) = callback.find(&TIMEOUT)
        && duration(text).is_some()
        && let Err(note) = timeout(Some(text))
    {
        walk.findings.add(
            rules::TIMEOUT_RANGE,
            &place.member(name),
            note.detail,
            "5 minutes to 14 days, such as `PT1H`",
        );
    }
}

/// A record of one call.
fn record(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>) {
    walk.manner = Manner::Received;
    let ty = match types::named(tree) {
        Some(_) => types::judge(walk, tree, place, RECORDS, rules::TYPE_UNKNOWN),
        None => types::likely(tree, RECORDS),
    };
    if let Some(ty) = ty {
        walk.object(ty, tree, place);
        if ty.name == CustomExtensionHandlerInstance::TYPE_NAME {
            let key = types::named(tree).map_or("@odata.type", |(key, _)| key);
            walk.findings.add(
                rules::INSTANCE_DEPRECATED,
                &place.member(key),
                "a record of a call in the deprecated form",
                format!("read `{}`", CustomExtensionCalloutInstance::TYPE_NAME),
            );
        }
    }
    walk.manner = Manner::Sent;
}
