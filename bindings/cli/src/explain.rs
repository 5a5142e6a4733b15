//! What was decided and why, in words.

use admit::{
    ApprovalStage, Approver, ApproverKind, ApproverList, Decision, Effect, Fact, Note, Outcome,
    PolicyReport, Report, Rule, Skip,
};
use anstyle::{AnsiColor, Style};

use crate::output::{self, BOLD};

const GREEN: Style = AnsiColor::Green.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// Says on standard error what was decided and what each policy said.
pub(crate) fn short(report: &Report) {
    decision(report);
    for outcome in report.outcomes() {
        policy(report, outcome);
    }
    for note in report.notes() {
        said_note(note);
    }
}

/// The same, with what each policy looked at: on request with the values that it was shown.
pub(crate) fn whole(report: &Report, values: bool) {
    decision(report);
    if let Some(decision) = report.decision() {
        output::say_indented("  ", &rule(decision));
        if let Some(stage) = &decision.approval_stage {
            output::say_indented("  ", &output::clean(&approval(stage)));
        }
    }
    let callout = report.callout();
    let (request, instance) = (callout.request_id(), callout.instance_id());
    output::say_indented("  ", &format!("request {request}"));
    output::say_indented("  ", &format!("instance {instance}"));
    output::say_indented("  ", &format!("evaluated at {}", report.now()));
    for note in report.notes() {
        said_note(note);
    }
    for outcome in report.outcomes() {
        output::say("");
        policy(report, outcome);
        match outcome.outcome() {
            Outcome::Skipped(Skip::Stage) => {
                let stages: Vec<_> = outcome
                    .stages()
                    .iter()
                    .map(|stage| stage.as_str())
                    .collect();
                line("answers", &stages.join(", "));
            }
            Outcome::Skipped(Skip::Decided) => {}
            Outcome::Verdict(_) | Outcome::Fault(_) => looked_at(report, outcome, values),
        }
    }
}

/// Who approves, and for how long they are waited for.
fn approval(stage: &ApprovalStage) -> String {
    let hours = |seconds: u32| {
        let hours = f64::from(seconds) / 3600.0;
        format!("{hours} hours")
    };
    let mut says: Vec<String> = Vec::new();
    for list in ApproverList::ALL {
        let approvers: Vec<_> = stage.list(list).iter().map(approver).collect();
        if !approvers.is_empty() {
            says.push(format!("{}: {}", list.as_str(), approvers.join(", ")));
        }
    }
    if let Some(seconds) = stage.escalate_after {
        says.push(format!("escalated after {}", hours(seconds)));
    }
    says.push(format!("denied after {}", hours(stage.deny_after)));
    if stage.require_justification {
        says.push("with a justification".into());
    }
    says.join("; ")
}

fn approver(approver: &Approver) -> String {
    let kind = &approver.kind;
    let mut says = kind.type_name().to_owned();
    let rule = match kind {
        ApproverKind::AttributeRule(rule) => Some(rule.as_str()),
        _ => kind.id(),
    };
    for part in [rule.unwrap_or_default(), &approver.description] {
        if !part.is_empty() {
            says.push(' ');
            says.push_str(part);
        }
    }
    if let ApproverKind::Manager(level) | ApproverKind::TargetManager(level) = kind {
        says.push_str(&format!(" {level} up"));
    }
    says
}

fn style(effect: Effect) -> Style {
    match effect {
        Effect::Approve => GREEN,
        Effect::RequireApproval | Effect::Withhold | Effect::Cancel => YELLOW,
        Effect::Deny => RED,
    }
}

fn decision(report: &Report) {
    let stage = report.callout().stage();
    match report.decision() {
        Some(decision) => {
            let style = style(decision.effect);
            let effect = decision.effect.as_str();
            let by = match decision.determined_by.as_slice() {
                [] => "decided by the set's `when-silent`, since no policy had an opinion".into(),
                ids => {
                    let ids: Vec<_> = ids.iter().map(|id| id.as_str()).collect();
                    format!("decided by {}", ids.join(", "))
                }
            };
            output::say(&format!("{style}{effect}{style:#} at {stage}"));
            output::say_indented("  ", &by);
        }
        None => output::say(&format!("{BOLD}not evaluated{BOLD:#} at {stage}")),
    }
    if let Some(none) = report.no_answer() {
        let why = format!("no answer ({}): {}", none.code, none.detail);
        output::say_indented("  ", &output::clean(&why));
    }
}

/// How the policies' answers became one.
fn rule(decision: &Decision) -> String {
    let says = match decision.rule {
        Rule::DenyOverrides => "the most severe answer wins, and a fault is never outvoted",
        Rule::FirstApplicable => "the first policy that does not abstain decides",
        Rule::Unanimous => "the most severe answer wins, and an abstention counts as a denial",
    };
    format!("by the rule {}: {says}", decision.rule.as_str())
}

fn said_note(note: &Note) {
    let note = format!("note ({}): {}", note.code, note.detail);
    output::say_indented("  ", &output::clean(&note));
}

/// What came of one policy.
fn policy(report: &Report, outcome: &PolicyReport) {
    let id = outcome.policy();
    match outcome.outcome() {
        Outcome::Verdict(verdict) => {
            let effect = verdict.kind.as_str();
            let code = &verdict.reason.code;
            output::say(&format!("  {BOLD}{id}{BOLD:#}: {effect} ({code})"));
            detail(&verdict.reason.detail);
            for note in &verdict.notes {
                detail(&format!("note ({}): {}", note.code, note.detail));
            }
        }
        Outcome::Fault(fault) => {
            let kind = fault.kind;
            output::say(&format!("  {BOLD}{id}{BOLD:#}: {RED}fault{RED:#} ({kind})"));
            detail(&fault.detail);
        }
        Outcome::Skipped(Skip::Stage) => {
            output::say(&format!("  {BOLD}{id}{BOLD:#}: not asked at this stage"));
        }
        Outcome::Skipped(Skip::Decided) => {
            let by = (report.decision())
                .and_then(|decision| decision.determined_by.first())
                .map_or(String::new(), |by| format!(" by {by}"));
            output::say(&format!(
                "  {BOLD}{id}{BOLD:#}: not asked, decided before{by}"
            ));
        }
    }
}

fn detail(text: &str) {
    if !text.is_empty() {
        output::say_indented("      ", &output::clean(text));
    }
}

/// What a policy looked at, what it could have looked at, and what it used.
fn looked_at(report: &Report, outcome: &PolicyReport, values: bool) {
    let reads = outcome.reads().unwrap_or_default();
    match reads.as_slice() {
        [] => line("read", "nothing of the callout"),
        _ if values => {
            for shown in report.shown_to(outcome.policy()).unwrap_or_default() {
                line("read", &value(&shown.pointer, shown.value.as_deref()));
            }
        }
        reads => line("read", &reads.join(", ")),
    }
    line("can read", &could_read(outcome, &reads));
    for (collection, key) in outcome.facts() {
        let asked = format!("{collection} of {key}");
        if !values {
            line("asked", &asked);
            continue;
        }
        let recorded = (report.facts().iter())
            .find(|known| known.collection() == collection && known.key() == key);
        match recorded.map(admit::Recorded::answer) {
            Some(Ok(fact)) => line("asked", &value(&asked, fact.map(Fact::text))),
            Some(Err(fault)) => line("asked", &format!("{asked}: {}", fault.detail)),
            None => line("asked", &asked),
        }
    }
    let granted = outcome.granted();
    if !granted.is_empty() {
        line("can ask", &granted.join(", "));
    }
    for (level, message) in outcome.log() {
        line("log", &format!("{level}: {message}"));
    }
    let fuel = match outcome.fuel() {
        Some(fuel) => format!("{fuel} units of fuel, "),
        None => String::new(),
    };
    let memory = outcome.memory().div_ceil(1024);
    line("used", &format!("{fuel}{memory} KiB of memory"));
    let metadata = outcome.component().metadata();
    line("policy", &format!("{} {}", metadata.name, metadata.version));
    line("component", &outcome.component().sha256());
    line("settings", &outcome.settings_sha256());
}

/// Longest value that is shown, in characters.
const VALUE: usize = 400;

fn value(of: &str, json: Option<&str>) -> String {
    let Some(json) = json else {
        return format!("{of} = nothing");
    };
    let mut shown: String = json.chars().take(VALUE).collect();
    if shown.len() < json.len() {
        shown.push_str(" ...");
    }
    format!("{of} = {shown}")
}

/// The bound that a policy's imports are.
fn could_read(outcome: &PolicyReport, read: &[String]) -> String {
    let was_read = |pointer: &&str| read.iter().any(|known| known == pointer);
    match outcome.component().readable() {
        None => "anything of the callout: its imports set no bound".into(),
        Some(all) if all.is_empty() => "nothing of the callout, by its imports".into(),
        Some(all) if all.iter().all(was_read) => "nothing else, by its imports".into(),
        Some(all) => format!("by its imports, {}", all.join(", ")),
    }
}

/// A line of what a policy looked at.
fn line(name: &str, text: &str) {
    let first = format!("      {DIM}{name:<9}{DIM:#} ");
    output::say_hanging(&first, "                ", &output::clean(text));
}
