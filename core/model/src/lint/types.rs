//! `@odata.type`: its spelling, and whether the type may stand where it does.

use super::{
    findings::Place,
    rules::{self, Rule},
    text::{listed, nearest, quoted},
    walk::{Walk, found},
};
use crate::{
    graph::{AccessPackageApprovalStage, Object, ObjectType, Type, plain_type_name},
    json::{Tree, key_is},
};

/// Both spellings; workflow definitions double the `@`.
const NAMES: [&str; 2] = ["@odata.type", "@@odata.type"];

/// What `@odata.type` of an object says, prefixes and all, and by which member.
pub(super) fn named<'t>(tree: &'t Tree<'_>) -> Option<(&'t str, &'t str)> {
    let (key, value) = tree.find(&NAMES)?;
    Some((key, value.text()?))
}

/// The type's name without prefixes.
pub(super) fn plain_name<'t>(tree: &'t Tree<'_>) -> Option<&'t str> {
    named(tree).map(|(_, text)| plain_type_name(text))
}

/// Judges the type of an object that is one of several, and gives the one that it is or is likely
/// meant to be.
pub(super) fn judge(
    walk: &mut Walk<'_>,
    tree: &Tree<'_>,
    place: &Place<'_>,
    candidates: &'static [&'static ObjectType],
    unknown: &'static Rule,
) -> Option<&'static ObjectType> {
    let likely = || likely(tree, candidates);
    let names = || listed_types(candidates);
    let Some((key, value)) = tree.find(&NAMES) else {
        walk.findings.add(
            rules::TYPE_MISSING,
            &place.member("@odata.type"),
            "no `@odata.type`, though objects of several types may stand here",
            match likely() {
                Some(ty) => format!("perhaps `#microsoft.graph.{}`", ty.name),
                None => format!("one of {}", names()),
            },
        );
        return likely();
    };
    let at = place.member(key);
    let Some(text) = value.text() else {
        walk.expected("a string", value, &at);
        return likely();
    };
    if walk.is_sample(text, &at) {
        return likely();
    }
    let plain = plain_type_name(text);
    if let Some(ty) = candidates.iter().find(|ty| key_is(plain, ty.name)) {
        spelling(walk, text, ty.name, &at);
        return Some(ty);
    }
    let of_configuration = unknown == rules::NOT_CALLBACK_DATA
        && plain
            .to_ascii_lowercase()
            .ends_with("callbackconfiguration");
    let (rule, problem) = if of_configuration {
        let problem = "a callback configuration: part of an extension, not the answer to a callout";
        (rules::CONFIGURATION_AS_DATA, problem)
    } else {
        (unknown, "not a type that may stand here")
    };
    let near = nearest(plain, candidates.iter().map(|ty| ty.name));
    let likely = likely();
    walk.findings.add(
        rule,
        &at,
        format!("{} is {problem}", quoted(text)),
        match near.or_else(|| likely.map(|ty| ty.name)) {
            Some(near) => format!("perhaps `#microsoft.graph.{near}`"),
            None => format!("one of {}", names()),
        },
    );
    likely
}

/// Judges the type of an object that can have one only, if it says it.
pub(super) fn same(walk: &mut Walk<'_>, tree: &Tree<'_>, place: &Place<'_>, ty: &ObjectType) {
    let Some((key, text)) = named(tree) else {
        return;
    };
    let at = place.member(key);
    let is_stage = ty.name == AccessPackageApprovalStage::TYPE_NAME;
    if walk.is_sample(text, &at) {
        return;
    }
    let plain = plain_type_name(text);
    if key_is(plain, ty.name) {
        spelling(walk, text, ty.name, &at);
    } else if is_stage {
        walk.findings.add(
            rules::APPROVAL_STAGE_OTHER,
            &at,
            format!("{} is a type that only policies have", quoted(text)),
            format!(
                "`#microsoft.graph.{}`, on beta as well, or no `@odata.type`",
                ty.name
            ),
        );
    }
}

/// Judges how a type is spelt.
fn spelling(walk: &mut Walk<'_>, text: &str, plain: &str, at: &Place<'_>) {
    let right = format!("`#microsoft.graph.{plain}`");
    let bare = text.strip_prefix('#').unwrap_or(text);
    let behind = bare.strip_prefix("microsoft.graph.");
    let mut say = |rule, problem: &str| {
        walk.findings.add(
            rule,
            at,
            format!("{}: {problem}", quoted(text)),
            right.clone(),
        );
    };
    match behind {
        Some(behind) if behind.starts_with("microsoft.graph.") => {
            say(
                rules::TYPE_PREFIX_DOUBLED,
                "`microsoft.graph.` stands twice",
            );
        }
        Some(_) => {}
        None => say(
            rules::TYPE_WITHOUT_NAMESPACE,
            "`microsoft.graph.` is missing",
        ),
    }
    if !text.starts_with('#') {
        say(
            rules::TYPE_WITHOUT_HASH,
            "no `#` before the type: generated clients do not recognise it",
        );
    }
    if !bare.ends_with(plain) {
        say(rules::TYPE_CASE, "in another case than Graph's");
    }
}

/// The type that has most of the object's members.
pub(super) fn likely(
    tree: &Tree<'_>,
    candidates: &'static [&'static ObjectType],
) -> Option<&'static ObjectType> {
    let fits = |ty: &ObjectType| {
        let names = tree.members().iter();
        names.filter(|(name, _)| found(ty, name).is_some()).count()
    };
    // The first of those that fit best.
    let fitting = candidates.iter().rev().map(|ty| (fits(ty), *ty));
    let best = fitting.filter(|(count, _)| *count > 0);
    best.max_by_key(|(count, _)| *count).map(|(_, ty)| ty)
}

/// Types for people; only the first ones where they are many.
fn listed_types(candidates: &[&'static ObjectType]) -> String {
    const SHOWN: usize = 6;
    let names: Vec<_> = candidates
        .iter()
        .take(SHOWN)
        .map(|ty| format!("#microsoft.graph.{}", ty.name))
        .collect();
    let more = if candidates.len() > SHOWN {
        " and others"
    } else {
        ""
    };
    format!("{}{more}", listed(names.iter().map(String::as_str)))
}

/// Whether a name is that of a kind of approver.
pub(super) fn is_approver(name: &str) -> bool {
    let lists = AccessPackageApprovalStage::TYPE.members.iter();
    lists.into_iter().any(|member| match member.ty {
        Type::UnionList(kinds) => kinds.iter().any(|kind| key_is(name, kind.name)),
        _ => false,
    })
}
