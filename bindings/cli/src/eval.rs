//! `admit eval`: a callout in, a resume body out.

use std::{fs, path::PathBuf};

use admit::{
    Callout, Effect, ErrorKind, FileOptions, PolicySet, Prepare, RecordedFacts, Report,
    ReportOptions,
};
use clap::CommandFactory as _;
use serde::Deserialize;

use crate::{Admit, Failure, Format, cache, exit::Exit, explain, input, output};

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

    /// The instant to evaluate at, such as 2026-11-20T12:00:00Z [default: that of the report with
    /// `--facts`, otherwise the system's clock].
    #[arg(long, value_name = "RFC3339")]
    now: Option<jiff::Timestamp>,

    /// `json` prints the whole report on standard output instead.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    /// Explain more on standard error: what each policy looked at, and what it could have.
    #[arg(long, conflicts_with = "format")]
    explain: bool,

    /// Show the values that policies were given, of the callout and of facts: in the JSON report,
    /// from which `--facts` evaluates again, or in the explanation.
    #[arg(long)]
    evidence: bool,

    /// Replace texts and values in the JSON report by their digests.
    #[arg(long)]
    redact: bool,

    /// Evaluate with the facts that a JSON report with `--evidence` has, and no others: again, or
    /// with another set. The report is believed, so keep it where nobody can edit it.
    #[arg(long, value_name = "REPORT")]
    facts: Option<PathBuf>,

    /// Print the body as text for a Logic Apps workflow definition, with every `@` that would
    /// begin an expression doubled. For pasting there only: Graph does not take it.
    #[arg(long, conflicts_with = "format")]
    logic_apps: bool,

    /// Say on standard error how long each policy took.
    #[arg(long)]
    timings: bool,

    #[command(flatten)]
    cache: cache::Args,

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
    check(args);
    let payload = read(args)?;
    let callout = Callout::parse(&payload).map_err(|error| {
        let Failure(exit, text) = Failure::from(error);
        let shown = args.callout.display();
        Failure(exit, text.replacen("]: ", &format!("]: {shown}: "), 1))
    })?;
    let report = report(args, &callout)?;

    let printed = match args.format {
        Format::Json => output::print(&report.to_json_with(ReportOptions {
            evidence: args.evidence,
            redact: args.redact,
        })),
        Format::Text => {
            match args.explain {
                true => explain::whole(&report, args.evidence),
                false => explain::short(&report),
            }
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

/// Evaluates with the set's sources, or with recorded facts and without them.
fn report(args: &Args, callout: &Callout) -> Result<Report, Failure> {
    let options = FileOptions {
        prepare: Prepare::EachTime,
        without_sources: args.facts.is_some(),
        cache: args.cache.open(),
        ..FileOptions::default()
    };
    let set = PolicySet::from_file_with(&args.set, options)?;
    let Some(file) = &args.facts else {
        let now = args.now.unwrap_or_else(jiff::Timestamp::now);
        return Ok(set.evaluate(callout, now));
    };
    let shown = file.display().to_string();
    let text = fs::read_to_string(file)
        .map_err(|error| Failure(Exit::Other, format!(": {shown}: cannot be read: {error}")))?;
    let recorded = RecordedFacts::from_json(&text).map_err(|error| error.within(&shown))?;
    let now = (args.now)
        .or_else(|| recorded.now())
        .unwrap_or_else(jiff::Timestamp::now);
    let evaluation = set.evaluation(callout, now).with_facts(recorded);
    let report = evaluation.run().map_err(|error| error.within(&shown))?;
    if args.format == Format::Text {
        said_of_record(&shown, &text, &report);
    }
    Ok(report)
}

/// Where the facts came from, and what was decided then where it was something else.
fn said_of_record(file: &str, text: &str, report: &Report) {
    #[derive(Deserialize)]
    struct Then {
        decision: Option<Decided>,
    }
    #[derive(Deserialize)]
    struct Decided {
        effect: String,
    }
    output::say(&format!("with the facts of {file}, recorded then"));
    let then: Option<Then> = serde_json::from_str(text).ok();
    let then = then.and_then(|then| then.decision).map(|then| then.effect);
    let now = report.decision().map(|decision| decision.effect.as_str());
    if let Some(then) = then.as_deref()
        && Some(then) != now
    {
        output::say(&output::clean(&format!("  what was decided then: {then}")));
    }
}

/// What the argument parser cannot say.
fn check(args: &Args) {
    let problem = if args.redact && args.format != Format::Json {
        "--redact is for --format json"
    } else if args.evidence && args.format != Format::Json && !args.explain {
        "--evidence is for --format json or --explain"
    } else {
        return;
    };
    let kind = clap::error::ErrorKind::ArgumentConflict;
    Admit::command().error(kind, problem).exit();
}

fn read(args: &Args) -> Result<Vec<u8>, Failure> {
    input::read(&args.callout, "callout").map_err(|error| {
        Failure(
            Exit::BadCallout,
            format!(": {}: cannot be read: {error}", args.callout.display()),
        )
    })
}

/// How the process ends with a report.
pub(crate) fn exit(report: &Report) -> Exit {
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
