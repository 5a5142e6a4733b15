//! The approval stage of a body: its times, and approvers in one spelling.

use jiff::SignedDuration;

use super::{
    findings::Place,
    rules,
    text::{listed, quoted},
    types,
    walk::Walk,
};
use crate::{
    approval::ApproverList,
    json::{Tree, key_is},
    timeout::duration,
};

/// What the page of accessPackageApprovalStage lists for `primaryApprovers`.
const DOCUMENTED: [&str; 6] = [
    "singleUser",
    "groupMembers",
    "requestorManager",
    "internalSponsors",
    "externalSponsors",
    "targetUserSponsors",
];
/// Kinds that beta's schema does not have.
const NOT_IN_BETA: [&str; 3] = [
    "singleServicePrincipal",
    "targetManager",
    "targetApplicationOwners",
];
/// Members that tell the spellings apart.
const V1: [&str; 3] = ["userId", "groupId", "connectedOrganizationId"];
const BETA: [&str; 2] = ["id", "isBackup"];

pub(super) fn lint(walk: &mut Walk<'_>, stage: &Tree<'_>, place: &Place<'_>) {
    let primary = ApproverList::Primary.as_str();
    let is_empty = match stage.find(&[primary]) {
        Some((_, Tree::List(items))) => items.is_empty(),
        Some(_) => false,
        None => true,
    };
    if is_empty {
        walk.findings.add(
            rules::NO_PRIMARY_APPROVER,
            &place.member(primary),
            "no primary approver: nobody is asked",
            "at least one, such as a `#microsoft.graph.requestorManager` with `managerLevel` 1",
        );
    }
    times(walk, stage, place);
    let mut spelt = Spelt::default();
    for list in ApproverList::ALL {
        let Some((name, Tree::List(items))) = stage.find(&[list.as_str()]) else {
            continue;
        };
        let at = place.member(name);
        for (index, approver) in items.iter().enumerate() {
            one(walk, approver, &mut spelt, &at.item(index));
        }
    }
    conventions(walk, stage, &spelt, place);
}

/// The duration of a member, if it is one.
fn time(stage: &Tree<'_>, name: &str) -> Option<SignedDuration> {
    duration(stage.find(&[name])?.1.text()?)
}

fn times(walk: &mut Walk<'_>, stage: &Tree<'_>, place: &Place<'_>) {
    const DENIAL: &str = "durationBeforeAutomaticDenial";
    const ESCALATION: &str = "durationBeforeEscalation";
    let has_approvers = |list: ApproverList| {
        stage
            .find(&[list.as_str()])
            .is_some_and(|(_, list)| !list.items().is_empty())
    };
    let is_enabled = matches!(
        stage.find(&["isEscalationEnabled"]),
        Some((_, Tree::Flag(true)))
    );
    let denial = time(stage, DENIAL);
    let escalation = time(stage, ESCALATION);
    if denial.is_some_and(|time| !time.is_positive()) {
        walk.findings.add(
            rules::DURATION_ZERO,
            &place.member(DENIAL),
            "the request would be denied at once",
            "the time that approvers have, such as `P2D`",
        );
    }
    if !is_enabled {
        let is_set = escalation.is_some_and(|time| !time.is_zero())
            || has_approvers(ApproverList::Escalation)
            || has_approvers(ApproverList::FallbackEscalation);
        if is_set {
            walk.findings.add(
                rules::ESCALATION_DISABLED,
                &place.member("isEscalationEnabled"),
                "escalation is off, but there are approvers or a time for it",
                "`true`, or no escalation approvers and no time",
            );
        }
        return;
    }
    if stage.find(&[ESCALATION]).is_none() || escalation.is_some_and(|time| !time.is_positive()) {
        walk.findings.add(
            rules::ESCALATION_INCOMPLETE,
            &place.member(ESCALATION),
            "escalation is on, but there is no time after which it happens",
            format!("a duration that is shorter than `{DENIAL}`"),
        );
    }
    if !has_approvers(ApproverList::Escalation) {
        let list = ApproverList::Escalation.as_str();
        walk.findings.add(
            rules::ESCALATION_INCOMPLETE,
            &place.member(list),
            "escalation is on, but there is no escalation approver",
            "at least one, or `isEscalationEnabled` false",
        );
    }
    if let (Some(denial), Some(escalation)) = (denial, escalation)
        && escalation >= denial
    {
        walk.findings.add(
            rules::ESCALATION_LATE,
            &place.member(ESCALATION),
            "the request is denied before it is escalated",
            format!("a duration that is shorter than `{DENIAL}`"),
        );
    }
}

/// How the approvers of a stage are spelt: the first place of each convention.
#[derive(Default)]
struct Spelt {
    v1: Option<String>,
    beta: Option<String>,
    backup: Option<String>,
    not_in_beta: Vec<(String, &'static str)>,
}

fn one(walk: &mut Walk<'_>, approver: &Tree<'_>, spelt: &mut Spelt, place: &Place<'_>) {
    for (name, value) in approver.members() {
        let at = place.member(name);
        let is_one_of = |names: &[&str]| names.iter().any(|known| key_is(name, known));
        if is_one_of(&V1) {
            spelt.v1.get_or_insert_with(|| at.to_string());
        }
        if is_one_of(&BETA) {
            spelt.beta.get_or_insert_with(|| at.to_string());
        }
        if key_is(name, "isBackup") {
            spelt.backup.get_or_insert_with(|| at.to_string());
            if matches!(value, Tree::Flag(true)) {
                walk.findings.add(
                    rules::BACKUP_TRUE,
                    &at,
                    "`isBackup` is how beta's policies mark a fallback approver",
                    "the approver in `fallbackPrimaryApprovers` or `fallbackEscalationApprovers`",
                );
            }
        }
        if key_is(name, "managerLevel")
            && let Tree::Number(level) = value
            && level
                .parse::<i32>()
                .ok()
                .filter(|level| *level > 0)
                .is_none()
        {
            walk.findings.add(
                rules::MANAGER_LEVEL,
                &at,
                format!("{} is not a level", quoted(level)),
                "a whole number: 1 for the manager, 2 for the manager's manager",
            );
        }
    }
    let Some(named) = types::plain_name(approver) else {
        return;
    };
    spelt.not_in_beta.extend(
        NOT_IN_BETA
            .iter()
            .filter(|kind| key_is(named, kind))
            .map(|kind| (place.to_string(), *kind)),
    );
    let is_known = types::is_approver(named);
    if is_known && !DOCUMENTED.iter().any(|kind| key_is(named, kind)) {
        walk.findings.add(
            rules::APPROVER_UNDOCUMENTED,
            place,
            format!(
                "{} is in the schema, but not among the documented approvers",
                quoted(named)
            ),
            format!("try it first; documented are {}", listed(DOCUMENTED)),
        );
    }
}

fn conventions(walk: &mut Walk<'_>, stage: &Tree<'_>, spelt: &Spelt, place: &Place<'_>) {
    let Some(beta) = &spelt.beta else {
        return;
    };
    if let Some(v1) = &spelt.v1 {
        walk.findings.add_at(
            rules::MIXED_CONVENTIONS,
            beta.clone(),
            format!("beta's spelling, while `{v1}` is v1.0's"),
            "for v1.0 `userId` or `groupId` without `isBackup`; for beta `id` and `isBackup`",
        );
    } else {
        walk.findings.add_at(
            rules::BETA_CONVENTION,
            beta.clone(),
            "approvers in beta's spelling: for the beta endpoint",
            "for v1.0 `userId` or `groupId`, and no `isBackup`",
        );
        walk.findings.add(
            rules::BETA_CLIENT_WARNING,
            place,
            "beta's generated client warns that `resume` was removed in 2023; it is still there",
            "nothing, or the v1.0 endpoint, whose client does not warn",
        );
        for (place, kind) in &spelt.not_in_beta {
            walk.findings.add_at(
                rules::APPROVER_NOT_IN_BETA,
                place.clone(),
                format!("`{kind}` is not in beta's schema"),
                "the v1.0 endpoint, and v1.0's spelling of all approvers",
            );
        }
    }
    let fallbacks = [
        ApproverList::FallbackPrimary,
        ApproverList::FallbackEscalation,
    ];
    if let Some(backup) = &spelt.backup
        && stage.find(&fallbacks.map(ApproverList::as_str)).is_some()
    {
        walk.findings.add_at(
            rules::BACKUP_AND_FALLBACK,
            backup.clone(),
            "`isBackup` and lists of fallback approvers say the same in two ways",
            "the lists; `isBackup` false for beta, left out for v1.0",
        );
    }
}
