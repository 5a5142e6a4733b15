//! A callout: what the strict reader says, and what is odd besides.

use super::{
    findings::{Findings, Place},
    rules::{self, Rule},
    text::quoted,
    types,
    walk::{Manner, Walk},
};
use crate::{
    callout::{Callout, Kind},
    error::{Error, ErrorKind},
    graph::{
        AccessPackageAssignmentCalloutData, AccessPackageAssignmentRequestCalloutData,
        CustomExtensionCalloutRequest, Object, ObjectType,
    },
    json::{Tree, key_is},
    stage::Stage,
    timeout::timeout,
};

const DATA: &[&ObjectType] = &[
    &AccessPackageAssignmentRequestCalloutData::TYPE,
    &AccessPackageAssignmentCalloutData::TYPE,
];

/// Members that a callout has, and nothing else has.
const MEMBERS: [&str; 5] = [
    "accessPackageAssignmentRequestId",
    "callbackUriPath",
    "accessPackage",
    "accessPackageCatalog",
    "requestor",
];

/// Both names of the timeout: Graph's, and that of the flat payload.
pub(super) const TIMEOUT: [&str; 2] = ["timeoutDuration", "durationBeforeTimeout"];

pub(super) fn lint(bytes: &[u8], findings: &mut Findings) {
    let tree = super::tree(bytes);
    let wrapped = match &tree {
        Ok(tree) if !is_callout(tree) => match tree.find(&["value"]) {
            Some((name, inner)) if is_callout(inner) => Some((name, inner)),
            _ => None,
        },
        _ => None,
    };
    if let Some((name, inner)) = wrapped {
        let root = Place::ROOT;
        let at = root.member(name);
        findings.add(
            rules::WRAPPED,
            &at,
            format!("the callout stands inside {}", quoted(name)),
            "hand on what stands inside, alone",
        );
        return payload(inner, None, findings, &at);
    }
    let callout = Callout::parse(bytes);
    if let Err(error) = &callout {
        refused(error, findings);
    }
    if let Ok(tree) = &tree {
        payload(tree, callout.as_ref().ok(), findings, &Place::ROOT);
    }
}

/// Whether this is a callout, whatever is wrong with it.
pub(super) fn is_callout(tree: &Tree<'_>) -> bool {
    let data = tree.find(&["data"]).map_or(tree, |(_, data)| data);
    let is_typed = |tree| {
        types::plain_name(tree)
            .is_some_and(|name| name.to_ascii_lowercase().ends_with("calloutdata"))
    };
    [tree, data]
        .into_iter()
        .any(|tree| is_typed(tree) || tree.has(&MEMBERS))
}

fn refused(error: &Error, findings: &mut Findings) {
    let code = error.kind().as_str();
    let rule = Rule::ALL.iter().find(|rule| rule.code == code);
    let place = error
        .place()
        .filter(|place| *place != "/")
        .unwrap_or_default();
    let instead = match error.kind() {
        ErrorKind::CalloutSyntax => "the whole payload as it came, JSON in UTF-8",
        ErrorKind::CalloutLimit => "a smaller payload; callouts have a few kilobytes",
        ErrorKind::CalloutType => "the JSON type that Graph documents, as the payload came",
        ErrorKind::CalloutMissing => "the payload as it came; without it nothing can be answered",
        ErrorKind::CalloutRepeated => "keep one of them",
        ErrorKind::CalloutStage => "a stage that Graph documents; others cannot be answered",
        ErrorKind::CalloutEnvelope => "the envelope or the flat payload as it came, with one stage",
        ErrorKind::CalloutId => "the request's id as it came, a GUID",
        ErrorKind::CalloutCallbackPath => {
            "leave it out, or the path as it came; never answer to another place"
        }
        _ => "the payload as it came",
    };
    let rule = rule.unwrap_or(rules::CALLOUT_SYNTAX);
    findings.refused(rule, place.into(), error.detail().into(), instead);
}

fn payload(tree: &Tree<'_>, callout: Option<&Callout>, findings: &mut Findings, place: &Place<'_>) {
    let mut walk = Walk {
        findings,
        manner: Manner::Received,
        id: rules::ID_NOT_A_GUID,
    };
    if callout.is_some_and(|callout| callout.kind() == Kind::Preview2021) {
        let at = place.member(tree.find(&["event"]).map_or("Event", |(name, _)| name));
        return walk.findings.add(
            rules::RETIRED_PREVIEW,
            &at,
            "the callout of the model that was retired in 2023: it has no instance id, so it \
             cannot be answered",
            "an extension of today's model: `accessPackageAssignmentRequestWorkflowExtension`",
        );
    }
    match tree.find(&["data"]) {
        Some((name, inner @ Tree::Object(_))) if !tree.has(&["stage", MEMBERS[0]]) => {
            walk.object(&CustomExtensionCalloutRequest::TYPE, tree, place);
            data(&mut walk, inner, callout, &place.member(name));
        }
        _ => data(&mut walk, tree, callout, place),
    }
}

fn data(walk: &mut Walk<'_>, tree: &Tree<'_>, callout: Option<&Callout>, place: &Place<'_>) {
    let mut named = None;
    if types::named(tree).is_some() {
        named = types::judge(walk, tree, place, DATA, rules::TYPE_UNKNOWN);
    }
    let (stage_name, stage) = match tree.find(&["stage"]) {
        Some((name, Tree::Text(text))) => (name, Stage::from_name(text)),
        _ => ("stage", None),
    };
    let [request, assignment] = [
        &AccessPackageAssignmentRequestCalloutData::TYPE,
        &AccessPackageAssignmentCalloutData::TYPE,
    ];
    let ty = match stage {
        Some(
            Stage::AssignmentFourteenDaysBeforeExpiration | Stage::AssignmentOneDayBeforeExpiration,
        ) => assignment,
        _ => named.unwrap_or(request),
    };
    walk.object(ty, tree, place);

    // The other notes are on the timeout, which is judged below, also of what is refused.
    let mut notes = callout.map(Callout::notes).unwrap_or_default().iter();
    if let Some(note) = notes.find(|note| note.code == rules::CALLBACK_PATH_UNKNOWN.code) {
        let name = tree.find(&["callbackUriPath"]);
        walk.findings.add(
            rules::CALLBACK_PATH_UNKNOWN,
            &place.member(name.map_or("callbackUriPath", |(name, _)| name)),
            note.detail.clone(),
            "nothing; the path of an answer is made from the request's id",
        );
    }
    if stage == Some(Stage::ConnectionTest) {
        walk.findings.add(
            rules::CONNECTION_TEST,
            &place.member(stage_name),
            "the service tries the endpoint, as it does when an extension is created",
            "accept it, and answer nothing",
        );
    }
    match tree.find(&["callbackConfiguration"]) {
        Some((name, configuration)) => waits(walk, configuration, &place.member(name)),
        None if stage.is_some_and(Stage::can_be_answered) => walk.findings.add(
            rules::MAY_NOT_BE_WAITED_FOR,
            &place.member("callbackConfiguration"),
            "no callback configuration: the service may not wait for an answer",
            "nothing; if it should wait, launch and wait in the extension",
        ),
        None => {}
    }
    people(walk, tree, place);
    for name in ["state", "status"] {
        if let Some((name, Tree::Text(text))) = tree.find(&[name])
            && key_is(text, "WaitingForCallback")
        {
            walk.findings.add(
                rules::WAITING_IS_A_STATUS,
                &place.member(name),
                format!("{} is free text, not a member of the states", quoted(text)),
                "do not decide by it",
            );
        }
    }
}

/// For how long the service waits, as a callback configuration says.
fn waits(walk: &mut Walk<'_>, configuration: &Tree<'_>, place: &Place<'_>) {
    let found = configuration.find(&TIMEOUT);
    if let Some((name, _)) = found
        && name == TIMEOUT[1]
    {
        walk.findings.add(
            rules::GRAPH_DURATION_NAME,
            &place.member(name),
            format!(
                "`{name}` is the flat payload's name; Graph's form has `{}`",
                TIMEOUT[0]
            ),
            "nothing; both are read",
        );
    }
    let text = match found {
        Some((_, Tree::Text(text))) => Some(text.as_ref()),
        Some(_) => return,
        None => None,
    };
    if let Err(note) = timeout(text) {
        let rule = match note.code {
            "callback-timeout-missing" => rules::CALLBACK_TIMEOUT_MISSING,
            "callback-timeout-malformed" => rules::CALLBACK_TIMEOUT_MALFORMED,
            _ => rules::CALLBACK_TIMEOUT_RANGE,
        };
        let at = place.member(found.map_or(TIMEOUT[0], |(name, _)| name));
        walk.findings.add(
            rule,
            &at,
            note.detail,
            "5 minutes to 14 days, such as `PT1H`",
        );
    }
}

/// People whom the directory does not know yet.
fn people(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>) {
    let assignment = tree.find(&["assignment", "accessPackageAssignment"]);
    let around = assignment.map(|(name, _)| place.member(name));
    let people = [
        (Some(tree), Some(place), "requestor"),
        (assignment.map(|(_, tree)| tree), around.as_ref(), "target"),
    ];
    for (tree, place, name) in people {
        let (Some(tree), Some(place)) = (tree, place) else {
            continue;
        };
        let Some((name, person)) = tree.find(&[name]) else {
            continue;
        };
        let at = place.member(name);
        let mut members = person.members().iter();
        if let Some((name, value)) = members.rfind(|(name, _)| key_is(name, "objectId"))
            && (matches!(value, Tree::Null) || value.text() == Some(""))
        {
            walk.findings.add(
                rules::OBJECT_ID_EMPTY,
                &at.member(name),
                "no directory object: an external person without an account yet",
                "nothing; a policy must not take an empty id for a known person",
            );
        }
    }
}
