//! The approval stage that a route asks for.

use admit_policy::{
    ApprovalStage, Approver, Settings, attribute_rule_members, connected_organization,
    external_sponsors, group, hours, internal_sponsors, manager, service_principal,
    target_agent_identity_sponsors_or_owners, target_application_owners, target_manager,
    target_user_sponsors, user,
};

/// Longest time in hours: a year.
const MAX_HOURS: u32 = 365 * 24;

/// Reads the approval stage of a route, and checks what the host would call a fault.
pub(crate) fn read(route: &Settings) -> Result<ApprovalStage, String> {
    let Some(deny_after) = read_hours(route, "/deny-after-hours")? else {
        return Err(route.error("", "needs `deny-after-hours`"));
    };
    let mut stage = ApprovalStage::new().deny_after(hours(deny_after));
    stage.primary = approvers(&route.at("/approvers/primary"))?;
    stage.fallback_primary = approvers(&route.at("/approvers/fallback-primary"))?;
    stage.escalation = approvers(&route.at("/approvers/escalation"))?;
    stage.fallback_escalation = approvers(&route.at("/approvers/fallback-escalation"))?;
    stage.require_justification = route.flag("/require-justification").unwrap_or(false);
    if stage.primary.is_empty() {
        return Err(route.error("/approvers", "needs a `primary` approver"));
    }

    match read_hours(route, "/escalate-after-hours")? {
        Some(after) if after >= deny_after => {
            return Err(route.error("/escalate-after-hours", "not less than `deny-after-hours`"));
        }
        Some(_) if stage.escalation.is_empty() => {
            return Err(route.error(
                "/escalate-after-hours",
                "there is no `escalation` approver to ask",
            ));
        }
        Some(after) => stage = stage.escalate_after(hours(after)),
        None if stage.escalation.is_empty() && stage.fallback_escalation.is_empty() => {}
        None => {
            return Err(route.error(
                "/approvers",
                "escalation approvers need `escalate-after-hours`",
            ));
        }
    }
    Ok(stage)
}

fn read_hours(route: &Settings, pointer: &str) -> Result<Option<u32>, String> {
    let Some(count) = route.integer(pointer) else {
        return Ok(None);
    };
    u32::try_from(count)
        .ok()
        .filter(|count| (1..=MAX_HOURS).contains(count))
        .map(Some)
        .ok_or_else(|| route.error(pointer, "not from 1 to 8760 hours"))
}

fn approvers(list: &Settings) -> Result<Vec<Approver>, String> {
    list.items("").map(|item| approver(&item)).collect()
}

/// Reads one approver: an object with one member that says who, and maybe a description.
fn approver(item: &Settings) -> Result<Approver, String> {
    let mut found = None;
    for index in 0..item.count("").unwrap_or(0) {
        let Some(kind) = item.key("", index) else {
            continue;
        };
        if kind == "description" {
            continue;
        }
        let pointer = ["/", &kind].concat();
        let id = || {
            item.guid(&pointer)
                .ok_or_else(|| item.error(&pointer, "not a GUID"))
        };
        let level = || {
            item.integer(&pointer)
                .and_then(|level| u32::try_from(level).ok())
                .filter(|level| (1..=100).contains(level))
                .ok_or_else(|| {
                    item.error(&pointer, "not a level, 1 to 100; 1 is the direct manager")
                })
        };
        let named = |approver: Approver| match item.flag(&pointer) {
            Some(true) => Ok(approver),
            _ => Err(item.error(&pointer, "leave it out, or write true")),
        };
        let approver = match kind.as_str() {
            "user" => user(id()?),
            "group" => group(id()?),
            "connected-organization" => connected_organization(id()?),
            "service-principal" => service_principal(id()?),
            "members-by-rule" => attribute_rule_members(
                item.text(&pointer)
                    .filter(|rule| !rule.trim().is_empty())
                    .ok_or_else(|| item.error(&pointer, "an empty rule"))?,
            ),
            "manager" => manager(level()?),
            "target-manager" => target_manager(level()?),
            "internal-sponsors" => named(internal_sponsors())?,
            "external-sponsors" => named(external_sponsors())?,
            "target-user-sponsors" => named(target_user_sponsors())?,
            "target-agent-identity-sponsors-or-owners" => {
                named(target_agent_identity_sponsors_or_owners())?
            }
            "target-application-owners" => named(target_application_owners())?,
            _ => return Err(item.error(&pointer, "there is no such kind of approver")),
        };
        if found.replace(approver).is_some() {
            return Err(item.error("", "two approvers in one; make them two items"));
        }
    }
    let approver = found.ok_or_else(|| item.error("", "names no approver"))?;
    Ok(match item.text("/description") {
        Some(description) => approver.described(description),
        None => approver,
    })
}
