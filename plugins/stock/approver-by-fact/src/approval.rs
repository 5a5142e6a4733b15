//! How approvers are asked.

use admit_policy::{ApprovalStage, Approver, ApproverKind, Settings, group, hours, manager, user};

use crate::parties::Parties;

/// Longest time in hours: a year.
const MAX_HOURS: u32 = 365 * 24;

/// How approvers are asked, and who is when nobody is found.
pub(crate) struct Approval {
    pub(crate) fallback: Vec<Approver>,
    /// Without primary approvers.
    stage: ApprovalStage,
}

impl Approval {
    /// Reads the settings, and checks what the host would call a fault.
    pub(crate) fn new(settings: &Settings) -> Result<Self, String> {
        let fallback = approvers(&settings.at("/fallback"))?;
        if !names_someone(&fallback) {
            return Err(settings.error(
                "/fallback",
                "needs a user or a group; not everyone has a manager",
            ));
        }
        let Some(deny_after) = read_hours(settings, "/deny-after-hours")? else {
            return Err(settings.error("", "needs `deny-after-hours`"));
        };
        let mut stage = ApprovalStage::new().deny_after(hours(deny_after));
        stage.escalation = approvers(&settings.at("/escalation"))?;
        stage.require_justification = settings.flag("/require-justification").unwrap_or(false);
        stage.escalate_after = match read_hours(settings, "/escalate-after-hours")? {
            Some(after) if after >= deny_after => {
                return Err(
                    settings.error("/escalate-after-hours", "not less than `deny-after-hours`")
                );
            }
            Some(_) if stage.escalation.is_empty() => {
                return Err(settings.error(
                    "/escalate-after-hours",
                    "there is no `escalation` approver to ask",
                ));
            }
            None if !stage.escalation.is_empty() => {
                return Err(settings.error("/escalation", "needs `escalate-after-hours`"));
            }
            after => after.map(hours),
        };
        Ok(Self { fallback, stage })
    }

    /// The stage in which these approve, and those of the escalation who are no party to the
    /// request.
    pub(crate) fn by(&self, primary: Vec<Approver>, parties: &Parties) -> ApprovalStage {
        let mut stage = self.stage.clone();
        stage.primary = primary;
        stage.escalation = parties.others(&stage.escalation);
        if stage.escalation.is_empty() {
            stage.escalate_after = None;
        }
        stage
    }
}

/// Whether approvers are certain to exist: not everyone has a manager.
pub(crate) fn names_someone(approvers: &[Approver]) -> bool {
    approvers
        .iter()
        .any(|approver| !matches!(approver.kind, ApproverKind::Manager(_)))
}

fn read_hours(settings: &Settings, pointer: &str) -> Result<Option<u32>, String> {
    let Some(count) = settings.integer(pointer) else {
        return Ok(None);
    };
    u32::try_from(count)
        .ok()
        .filter(|count| (1..=MAX_HOURS).contains(count))
        .map(Some)
        .ok_or_else(|| settings.error(pointer, "not from 1 to 8760 hours"))
}

fn approvers(list: &Settings) -> Result<Vec<Approver>, String> {
    list.items("").map(|item| approver(&item)).collect()
}

/// Reads one approver: an object with one member that says who, and maybe a description.
fn approver(item: &Settings) -> Result<Approver, String> {
    let approver = match (
        item.guid("/user"),
        item.guid("/group"),
        item.integer("/manager"),
    ) {
        (Some(id), None, None) => user(id),
        (None, Some(id), None) => group(id),
        (None, None, Some(level)) => manager(
            u32::try_from(level)
                .ok()
                .filter(|level| (1..=100).contains(level))
                .ok_or_else(|| item.error("/manager", "not a level; 1 is the direct manager"))?,
        ),
        _ => {
            return Err(item.error(
                "",
                "an approver has exactly one of `user`, `group` and `manager`",
            ));
        }
    };
    Ok(match item.text("/description") {
        Some(description) => approver.described(description),
        None => approver,
    })
}
