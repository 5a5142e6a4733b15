//! `admit eval`: a callout in, a resume body out.

use std::path::PathBuf;

use admit::{Callout, Effect, ErrorKind, Outcome, PolicySet, Prepare, Report, Skip};
use anstyle::{AnsiColor, Style};

use crate::{
    Failure, Format,
    exit::Exit,
    input,
    output::{self, BOLD},
};

/// Evaluate a callout and print the body for Graph's resume action.
///
/// Standard output is the resume body, or nothing when there is no answer to send; standard
/// error says what was decided and why.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  admit eval --set admit.toml callout.json > resume.json")]
pub(crate) struct Args {
    /// The policy set file.
    #[arg(long, value_name = "FILE", default_value = "admit.toml")]
    set: PathBuf,

    /// The instant to evaluate at, such as 2026-11-20T12:00:00Z [default: the system's clock].
    #[arg(long, value_name = "RFC3339")]
    now: Option<jiff::Timestamp>,

    /// `json` prints the whole report on standard output instead.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    /// Print the body as text for a Logic Apps workflow definition, with every `@` that would
    /// begin an expression doubled. For pasting there only: Graph does not take it.
    #[arg(long, conflicts_with = "format")]
    logic_apps: bool,

    /// Say on standard error how long each policy took.
    #[arg(long)]
    timings: bool,

    /// The callout as JSON; `-` is standard input.
    #[arg(default_value = "-")]
    callout: PathBuf,
}

pub(crate) fn run(args: &Args) -> Exit {
    match evaluate(args) {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}

fn evaluate(args: &Args) -> Result<Exit, Failure> {
    let now = args.now.unwrap_or_else(jiff::Timestamp::now);
    let payload = read(args)?;
    let callout = Callout::parse(&payload).map_err(|error| {
        let Failure(exit, text) = Failure::from(error);
        let shown = args.callout.display();
        Failure(exit, text.replacen("]: ", &format!("]: {shown}: "), 1))
    })?;
    let set = PolicySet::from_file_with(&args.set, Prepare::EachTime)?;
    let report = set.evaluate(&callout, now);

    let printed = match args.format {
        Format::Json => output::print(&report.to_json()),
        Format::Text => {
            explain(&report);
            match report.resume() {
                Some(answer) if args.logic_apps => output::print(&answer.workflow_text()),
                Some(answer) => output::print(&answer.body()),
                None => Ok(()),
            }
        }
    };
    if args.timings {
        for (policy, time) in report.timings() {
            output::say(&format!("  {policy}: {time:.1?}"));
        }
    }
    printed.map_err(|error| {
        Failure(
            Exit::Other,
            format!(": the answer could not be written to standard output: {error}"),
        )
    })?;
    Ok(exit(&report))
}

fn read(args: &Args) -> Result<Vec<u8>, Failure> {
    input::read(&args.callout, "callout").map_err(|error| {
        Failure(
            Exit::BadCallout,
            format!(": {}: cannot be read: {error}", args.callout.display()),
        )
    })
}

fn exit(report: &Report) -> Exit {
    let Some(decision) = report.decision() else {
        let refused = ErrorKind::CalloutExtension.as_str();
        return match report.no_answer() {
            Some(none) if none.code == refused => Exit::BadCallout,
            _ => Exit::NotAnswerable,
        };
    };
    match (report.resume(), decision.effect) {
        (Some(_), Effect::Approve) => Exit::Approve,
        (Some(_), Effect::Deny) => Exit::Deny,
        (Some(_), Effect::Cancel) => Exit::Cancel,
        (Some(_), Effect::RequireApproval) => Exit::ApprovalStage,
        _ if report.callout().stage().can_be_answered() => Exit::Withheld,
        _ => Exit::NotAnswerable,
    }
}

const GREEN: Style = AnsiColor::Green.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const RED: Style = AnsiColor::Red.on_default().bold();

fn style(effect: Effect) -> Style {
    match effect {
        Effect::Approve => GREEN,
        Effect::RequireApproval | Effect::Withhold | Effect::Cancel => YELLOW,
        Effect::Deny => RED,
    }
}

/// Says in words what was decided and what each policy said.
fn explain(report: &Report) {
    let stage = report.callout().stage();
    match report.decision() {
        Some(decision) => {
            let style = style(decision.effect);
            let effect = decision.effect.as_str();
            let by = match decision.determined_by.as_slice() {
                [] => "decided by the set, since no policy had an opinion".into(),
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
    for outcome in report.outcomes() {
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
                output::say(&format!("  {BOLD}{id}{BOLD:#}: not asked, decided before"));
            }
        }
    }
    for note in report.notes() {
        let note = format!("note ({}): {}", note.code, note.detail);
        output::say_indented("  ", &output::clean(&note));
    }
}

fn detail(text: &str) {
    if !text.is_empty() {
        output::say_indented("      ", &output::clean(text));
    }
}
