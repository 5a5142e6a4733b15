//! The approval stages of the settings.

use std::collections::BTreeMap;

use admit_policy::{
    ApprovalStage, Approver, Settings, external_sponsors, group, hours, internal_sponsors, manager,
    user,
};

/// Longest time in hours: a year.
const MAX_HOURS: i64 = 365 * 24;

/// Reads the stages, by their names.
pub(crate) fn stages(settings: &Settings) -> Result<BTreeMap<String, ApprovalStage>, String> {
    let mut stages = BTreeMap::new();
    for index in 0..settings.count("/approvals").unwrap_or(0) {
        let Some(name) = settings.key("/approvals", index) else {
            continue;
        };
        let pointer = name.replace('~', "~0").replace('/', "~1");
        let read = stage(&settings.at(&format!("/approvals/{pointer}")))?;
        stages.insert(name, read);
    }
    Ok(stages)
}

/// Reads one stage, and checks what the host would call a fault.
fn stage(settings: &Settings) -> Result<ApprovalStage, String> {
    let mut stage = ApprovalStage::new();
    stage.primary = approvers(settings, "/primary")?;
    stage.fallback_primary = approvers(settings, "/fallback-primary")?;
    stage.escalation = approvers(settings, "/escalation")?;
    stage.fallback_escalation = approvers(settings, "/fallback-escalation")?;
    stage.deny_after = read_hours(settings, "/deny-after-hours")?;
    stage.escalate_after = read_hours(settings, "/escalate-after-hours")?;
    stage.require_justification = settings.flag("/require-justification").unwrap_or(false);
    if stage.primary.is_empty() || stage.deny_after.is_none() {
        return Err(settings.error("", "needs `primary` and `deny-after-hours`"));
    }
    if stage.escalation.is_empty() != stage.escalate_after.is_none() {
        let problem = "`escalation` and `escalate-after-hours` come together";
        return Err(settings.error("", problem));
    }
    if stage.escalate_after >= stage.deny_after {
        let problem = "not less than `deny-after-hours`";
        return Err(settings.error("/escalate-after-hours", problem));
    }
    Ok(stage)
}

fn read_hours(settings: &Settings, pointer: &str) -> Result<Option<u32>, String> {
    let Some(count) = settings.integer(pointer) else {
        return Ok(None);
    };
    let fits = (1..=MAX_HOURS).contains(&count);
    match u32::try_from(count) {
        Ok(count) if fits => Ok(Some(hours(count))),
        _ => Err(settings.error(pointer, "not from 1 to 8760 hours")),
    }
}

fn approvers(settings: &Settings, pointer: &str) -> Result<Vec<Approver>, String> {
    settings
        .items(pointer)
        .map(|item| approver(&item))
        .collect()
}

/// Reads one approver: an object with one member that says who, and maybe a description.
fn approver(item: &Settings) -> Result<Approver, String> {
    let mut named = Vec::new();
    named.extend(item.guid("/user").map(user));
    named.extend(item.guid("/group").map(group));
    if let Some(level) = item.integer("/manager") {
        let level = u32::try_from(level)
            .ok()
            .filter(|level| (1..=100).contains(level));
        let wrong = || item.error("/manager", "not a level; 1 is the direct manager");
        named.push(manager(level.ok_or_else(wrong)?));
    }
    if item.flag("/internal-sponsors") == Some(true) {
        named.push(internal_sponsors());
    }
    if item.flag("/external-sponsors") == Some(true) {
        named.push(external_sponsors());
    }
    let (Some(approver), None) = (named.pop(), named.pop()) else {
        let problem = "an approver has exactly one of `user`, `group`, `manager`, \
                       `internal-sponsors` and `external-sponsors`";
        return Err(item.error("", problem));
    };
    Ok(match item.text("/description") {
        Some(description) => approver.described(description),
        None => approver,
    })
}
