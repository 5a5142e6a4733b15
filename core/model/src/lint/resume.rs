//! The body of the `resume` action.

use super::{
    approval,
    findings::{Findings, Place},
    rules,
    text::{nearest, quoted, sample, shortened},
    types,
    walk::{Manner, Walk},
};
use crate::{
    decision::Effect,
    graph::{
        AccessPackageAssignmentRequestCallbackData, AssignmentRequestApprovalStageCallbackData,
        Object, ObjectType, ResumeBody,
    },
    id::guid,
    json::{Tree, key_is},
    stage::{Answer, Stage},
};

const DATA: &[&ObjectType] = &[
    &AccessPackageAssignmentRequestCallbackData::TYPE,
    &AssignmentRequestApprovalStageCallbackData::TYPE,
];

/// What stands before the stage in `type`.
const PREFIX: &str = "microsoft.graph.accessPackageCustomExtensionStage.";

/// Longest detail, in characters.
const LONGEST_DETAIL: usize = 1000;

pub(super) fn lint(tree: &Tree<'_>, findings: &mut Findings) {
    let mut walk = Walk {
        findings,
        manner: Manner::Sent,
        id: rules::APPROVER_ID,
    };
    let root = Place::ROOT;
    if is_body(tree) || !is_data(tree) && !inside(&mut walk, tree, &root, 0) {
        body(&mut walk, tree, &root);
    } else if is_data(tree) {
        only_data(&mut walk, tree, &root);
    }
}

/// Whether this is a body, whatever is wrong with it.
pub(super) fn is_body(tree: &Tree<'_>) -> bool {
    let has = |name| tree.has(&[name]);
    has("type") && (has("source") || has("data")) || has("source") && has("data")
}

/// Whether this is the data of a body.
pub(super) fn is_data(tree: &Tree<'_>) -> bool {
    let is_typed = types::plain_name(tree).is_some_and(|name| {
        DATA.iter().any(|ty| key_is(name, ty.name))
            || name.to_ascii_lowercase().ends_with("callbackdata")
    });
    let members = [
        "customExtensionStageInstanceId",
        "customExtensionStageInstanceDetail",
        "approvalStage",
    ];
    is_typed || tree.has(&members)
}

/// Looks for a body inside of what is none, such as `value` or a report; whether there is one.
fn inside(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>, depth: usize) -> bool {
    const DEEPEST: usize = 2;
    for (name, value) in tree.members() {
        let at = place.member(name);
        if is_body(value) || is_data(value) {
            walk.findings.add(
                rules::WRAPPED,
                &at,
                format!("the body stands inside {}", quoted(name)),
                "send what stands inside, alone",
            );
            if is_body(value) {
                body(walk, value, &at);
            } else {
                only_data(walk, value, &at);
            }
            return true;
        }
        if depth < DEEPEST && inside(walk, value, &at, depth + 1) {
            return true;
        }
    }
    false
}

fn only_data(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>) {
    walk.findings.add(
        rules::ONLY_THE_DATA,
        place,
        "these are the data of a body, without the body around them",
        "`{\"source\":...,\"type\":...,\"data\":...}` with this object as `data`",
    );
    data(walk, tree, place);
}

fn body(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>) {
    walk.object(&ResumeBody::TYPE, tree, place);
    let mut stage = None;
    if let Some((name, value @ Tree::Object(_))) = tree.find(&["data"]) {
        stage = data(walk, value, &place.member(name));
    }
    if let Some((name, Tree::Text(text))) = tree.find(&["type"])
        && sample(text).is_none()
    {
        stage_type(walk, text, stage, &place.member(name));
    }
}

/// The stage as `type` says it, and whether it is the one that is answered.
fn stage_type(walk: &mut Walk<'_>, text: &str, stage: Option<Stage>, at: &Place<'_>) {
    let suffix = match text.strip_prefix(PREFIX) {
        Some(suffix) => suffix,
        None => text.rsplit('.').next().unwrap_or(text),
    };
    if walk.is_sample(suffix, at) {
        return;
    }
    let before = text.strip_suffix(suffix).unwrap_or_default();
    let named = Stage::from_name(suffix);
    let right = |stage: Stage| format!("`{PREFIX}{stage}`");
    let determining = Stage::AssignmentRequestDeterminingApprovalRequirements;
    // At the determining stage the how-to and the published bodies name created, all of them.
    let wanted = stage.map(|stage| match stage {
        _ if stage == determining => Stage::AssignmentRequestCreated,
        stage => stage,
    });
    let instead = || match wanted.or(named) {
        Some(stage) => right(stage),
        None => format!("`{PREFIX}` and the stage"),
    };
    if before != PREFIX {
        let is_doubled = before.matches("microsoft.graph.").count() > 1;
        let rule = if is_doubled {
            rules::TYPE_PREFIX_DOUBLED
        } else {
            rules::STAGE_TYPE_FORM
        };
        walk.findings.add(
            rule,
            at,
            format!("{} is not `{PREFIX}` and a stage", quoted(text)),
            instead(),
        );
    }
    walk.stage(suffix, at);
    let (Some(named), Some(stage), Some(wanted)) = (named, stage, wanted) else {
        return;
    };
    if named == wanted {
        if stage == determining {
            walk.findings.add(
                rules::DETERMINING_TYPE,
                at,
                format!("`type` names {named}, while the stage is {stage}: so it is published"),
                "nothing; it is right so",
            );
        }
        return;
    }
    let (rule, problem) = if stage == determining {
        let problem = format!("at {stage} every published body names {wanted}, not {named}");
        (rules::DETERMINING_TYPE_WRONG, problem)
    } else {
        let problem = format!("`type` names {named}, while the stage is {stage}");
        (rules::TYPE_CONTRADICTS_STAGE, problem)
    };
    walk.findings.add(rule, at, problem, right(wanted));
}

/// The data of a body; gives the stage that is answered.
fn data(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>) -> Option<Stage> {
    let judged = types::judge(walk, tree, place, DATA, rules::NOT_CALLBACK_DATA);
    let [plain, with_stage] = [
        &AccessPackageAssignmentRequestCallbackData::TYPE,
        &AssignmentRequestApprovalStageCallbackData::TYPE,
    ];
    let approval = tree.find(&["approvalStage"]);
    let ty = if approval.is_some() {
        with_stage
    } else {
        judged.unwrap_or(plain)
    };
    walk.object(ty, tree, place);

    let stage = match tree.find(&["stage"]) {
        Some((_, Tree::Text(text))) => Stage::from_name(text),
        _ => None,
    };
    if let Some((name, Tree::Text(_))) = tree.find(&["stage"])
        && let Some(stage) = stage
        && !stage.can_be_answered()
    {
        walk.findings.add(
            rules::STAGE_NOT_ANSWERABLE,
            &place.member(name),
            format!("the service does not wait at {stage}"),
            "send nothing",
        );
    }
    instance(walk, tree, place);
    detail(walk, tree, place);
    state(walk, tree, stage, place);
    if let Some((name, value @ Tree::Object(_))) = approval {
        approval::lint(walk, value, &place.member(name));
    }
    let named = types::plain_name(tree);
    let is_named = |ty: &ObjectType| named.is_some_and(|named| key_is(named, ty.name));
    if let Some((key, _)) = types::named(tree) {
        let problem = match approval {
            Some(_) if is_named(plain) => Some("has no approval stage"),
            None if is_named(with_stage) => Some("is for approval stages alone"),
            _ => None,
        };
        let wanted = if approval.is_some() {
            with_stage
        } else {
            plain
        };
        if let Some(problem) = problem {
            walk.findings.add(
                rules::APPROVAL_STAGE_TYPE,
                &place.member(key),
                format!("{} {problem}", quoted(named.unwrap_or_default())),
                format!("`#microsoft.graph.{}`", wanted.name),
            );
        }
    }
    match (stage, approval) {
        (Some(stage), None) if stage.takes_approval_stage() => walk.findings.add(
            rules::APPROVAL_STAGE_MISSING,
            &place.member("approvalStage"),
            format!("no `approvalStage`, though {stage} asks who approves"),
            "add it, with at least one primary approver",
        ),
        (Some(stage), Some((name, _))) if !stage.takes_approval_stage() => walk.findings.add(
            rules::APPROVAL_STAGE_ELSEWHERE,
            &place.member(name),
            format!("{stage} takes no approval stage"),
            format!(
                "leave it out; only {} takes one",
                Stage::AssignmentRequestDeterminingApprovalRequirements
            ),
        ),
        _ => {}
    }
    stage
}

fn instance(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>) {
    if let Some((name, Tree::Text(id))) = tree.find(&["customExtensionStageInstanceId"])
        && !id.is_empty()
        && sample(id).is_none()
        && guid(id).is_none()
    {
        walk.findings.add(
            rules::INSTANCE_ID_FORM,
            &place.member(name),
            format!("{} is not a GUID", quoted(id)),
            "exactly what the callout says; it has always been a GUID",
        );
    }
}

fn detail(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>) {
    let Some((name, Tree::Text(text))) = tree.find(&["customExtensionStageInstanceDetail"]) else {
        return;
    };
    let at = place.member(name);
    let length = text.chars().count();
    if length > LONGEST_DETAIL {
        walk.findings.add(
            rules::DETAIL_LONG,
            &at,
            format!("{length} characters; how many the service keeps is not published"),
            format!("at most {LONGEST_DETAIL}; whoever must know more finds it in your records"),
        );
    }
    if text.chars().any(char::is_control) {
        walk.findings.add(
            rules::DETAIL_CONTROL,
            &at,
            format!("control characters in {}", quoted(text)),
            "spaces; what approvers see of line breaks is not published",
        );
    }
}

fn state(walk: &mut Walk<'_>, tree: &Tree<'_>, stage: Option<Stage>, place: &Place<'_>) {
    let mut members = tree.members().iter();
    if let Some((name, Tree::Null)) = members.rfind(|(name, _)| key_is(name, "state")) {
        walk.findings.add(
            rules::STATE_NULL,
            &place.member(name),
            "`state` is null; every published body that continues has none",
            "leave it out",
        );
    }
    let Some((name, Tree::Text(text))) = tree.find(&["state"]) else {
        return;
    };
    let at = place.member(name);
    if sample(text).is_some() {
        return;
    }
    let known = [("denied", Effect::Deny), ("canceled", Effect::Cancel)];
    let Some((right, effect)) = known.into_iter().find(|(right, _)| key_is(text, right)) else {
        let instead = match nearest(text, known.map(|(right, _)| right)) {
            Some(near) => format!("perhaps `{near}`"),
            None => "`denied` or `canceled`; to continue, leave `state` out".into(),
        };
        let why = match () {
            () if key_is(text, "approved") => {
                "is no answer: a request continues by the absence of `state`"
            }
            () if key_is(text, "WaitingForCallback") => {
                "is a status of the request, free text, and no answer"
            }
            () => "is neither `denied` nor `canceled`",
        };
        return walk.findings.add(
            rules::STATE_UNKNOWN,
            &at,
            format!("{} {why}", quoted(text)),
            instead,
        );
    };
    if text != right {
        walk.findings.add(
            rules::STATE_CASE,
            &at,
            format!(
                "{} as in the prose; the published body says `{right}`",
                shortened(text, 20)
            ),
            format!("`{right}`"),
        );
    }
    let Some(stage) = stage.filter(|stage| stage.can_be_answered()) else {
        return;
    };
    match stage.answer(effect) {
        Answer::Body if effect == Effect::Deny => walk.findings.add(
            rules::DENY_AT_CREATED,
            &at,
            "the page of `resume` says that a request cannot be denied at this stage, and denies \
             one: the sentence is wrong, the body is right",
            "nothing; it is right so",
        ),
        Answer::Body => {}
        Answer::BodyDisputed => walk.findings.add(
            rules::DENY_AT_APPROVED,
            &at,
            "the how-to denies approved requests; the type's page allows `state` at created alone",
            "deny at assignmentRequestCreated where you can",
        ),
        Answer::Withhold(_) | Answer::ReportOnly => walk.findings.add(
            rules::STATE_AT_STAGE,
            &at,
            format!("nobody documents `{right}` at {stage}"),
            if stage.takes_approval_stage() {
                "an approval stage without `state`, or deny at assignmentRequestCreated"
            } else {
                "leave `state` out, or send nothing and let the request time out"
            },
        ),
    }
}
