//! From the value of `require_approval` to an approval stage.

use admit_policy::{ApprovalStage, Approver, ApproverKind, Reason};
use jiff::{Span, SpanRelativeTo, Unit};
use regorus::Value;

use crate::answer::Members;

const MEMBERS: [&str; 9] = [
    "code",
    "detail",
    "primary",
    "fallback_primary",
    "escalation",
    "fallback_escalation",
    "deny_after",
    "escalate_after",
    "require_justification",
];

/// The approval stage that a value asks for: an object, or a set of one. None where the set is
/// empty.
pub(crate) fn read(value: &Value) -> Result<Option<(Reason, ApprovalStage)>, String> {
    let value = match value {
        Value::Set(set) if set.is_empty() => return Ok(None),
        Value::Set(set) if set.len() == 1 => set.first().unwrap_or(value),
        Value::Set(set) => {
            return Err(format!(
                "`require_approval`: {} different stages, where one can be asked for",
                set.len()
            ));
        }
        value => value,
    };
    match stage(value) {
        Ok(read) => Ok(Some(read)),
        Err(problem) => Err(format!("`require_approval`: {problem}")),
    }
}

fn stage(value: &Value) -> Result<(Reason, ApprovalStage), String> {
    let members = Members::of(value, &MEMBERS)?;
    let reason = Reason {
        code: members
            .text("code")?
            .map_or("require-approval".into(), Into::into),
        detail: members.text("detail")?.unwrap_or_default().into(),
    };
    let mut stage = ApprovalStage::new();
    stage.primary = approvers(&members, "primary")?;
    stage.fallback_primary = approvers(&members, "fallback_primary")?;
    stage.escalation = approvers(&members, "escalation")?;
    stage.fallback_escalation = approvers(&members, "fallback_escalation")?;
    stage.deny_after = duration(&members, "deny_after")?;
    stage.escalate_after = duration(&members, "escalate_after")?;
    stage.require_justification = members.flag("require_justification")?;
    Ok((reason, stage))
}

/// A duration in seconds: so many, or ISO 8601 text such as `P2D`. A day has 24 hours.
fn duration(members: &Members<'_>, name: &str) -> Result<Option<u32>, String> {
    let Some(value) = members.get(name) else {
        return Ok(None);
    };
    let seconds = match value {
        Value::Number(_) => value.as_u32().ok(),
        Value::String(text) => seconds(text),
        _ => None,
    };
    match seconds {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(format!(
            "`{name}` is {value}, which is no duration; one is `P2D`, `PT8H`, or a number of seconds"
        )),
    }
}

fn seconds(text: &str) -> Option<u32> {
    // What jiff reads beside ISO 8601 is not meant here.
    let span: Span = text.starts_with('P').then(|| text.parse().ok())??;
    let total = span
        .total((Unit::Second, SpanRelativeTo::days_are_24_hours()))
        .ok()?;
    let whole = total.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&total);
    // A `u32` in text is the way from a float that loses nothing and needs no cast.
    whole.then(|| format!("{total}").parse().ok())?
}

fn approvers(members: &Members<'_>, name: &str) -> Result<Vec<Approver>, String> {
    let wrong = |problem: String| format!("`{name}`: {problem}");
    match members.get(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(approver).collect::<Result<_, _>>(),
        Some(Value::Set(set)) => set.iter_sorted().map(approver).collect(),
        Some(other) => Err(format!("{other} is no list of approvers")),
    }
    .map_err(wrong)
}

/// One approver: an object with one member that says who, and maybe a description.
fn approver(value: &Value) -> Result<Approver, String> {
    let members = value
        .as_object()
        .map_err(|_| format!("{value} is no approver; one is such as {{\"group\": \"...\"}}"))?;
    let mut kind = None;
    let mut description = String::new();
    for (member, value) in members.iter_sorted() {
        let member = member.as_string().map_or("", AsRef::as_ref);
        if member == "description" {
            description = text(member, value)?;
        } else if kind.replace(kind_of(member, value)?).is_some() {
            return Err(format!("one approver who is two: {value}"));
        }
    }
    match kind {
        Some(kind) => Ok(Approver { kind, description }),
        None => Err("an approver who is not named".into()),
    }
}

fn kind_of(member: &str, value: &Value) -> Result<ApproverKind, String> {
    Ok(match member {
        "user" => ApproverKind::User(text(member, value)?),
        "group" => ApproverKind::Group(text(member, value)?),
        "connected_organization" => ApproverKind::ConnectedOrganization(text(member, value)?),
        "service_principal" => ApproverKind::ServicePrincipal(text(member, value)?),
        "attribute_rule_members" => ApproverKind::AttributeRuleMembers(text(member, value)?),
        "manager" => ApproverKind::Manager(level(member, value)?),
        "target_manager" => ApproverKind::TargetManager(level(member, value)?),
        _ => {
            let kind = match member {
                "internal_sponsors" => ApproverKind::InternalSponsors,
                "external_sponsors" => ApproverKind::ExternalSponsors,
                "target_user_sponsors" => ApproverKind::TargetUserSponsors,
                "target_agent_identity_sponsors_or_owners" => {
                    ApproverKind::TargetAgentIdentitySponsorsOrOwners
                }
                "target_application_owners" => ApproverKind::TargetApplicationOwners,
                _ => return Err(format!("there is no kind of approver `{member}`")),
            };
            if *value != Value::Bool(true) {
                return Err(format!("`{member}` is {value}; it can only be true"));
            }
            kind
        }
    })
}

fn text(member: &str, value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.to_string()),
        other => Err(format!("`{member}` is {other}, which is no text")),
    }
}

fn level(member: &str, value: &Value) -> Result<u32, String> {
    value
        .as_u32()
        .map_err(|_| format!("`{member}` is {value}, which is no level; 1 is the direct manager"))
}
