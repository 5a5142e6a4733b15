//! `admit check`: what is wrong or doubtful with a policy set, all of it at once.

use std::path::PathBuf;

use admit::{FileOptions, PolicySet, SetFinding, Severity};
use serde::Serialize;

use crate::{Failure, Format, cache, exit::Exit, findings, output};

/// Say everything that is wrong or doubtful with a policy set.
///
/// The set is loaded as for a callout: policies are compiled and configured, and files and
/// databases of facts are opened. A set without errors can be loaded. Facts that a host program
/// gives (`host = true`) are left to it. No policy is asked anything.
#[derive(clap::Args)]
#[command(after_help = "\
Exit code 4 with errors, 0 without: warnings and notes are told, and counted on the last line.

Examples:
  admit check --set admit.toml
  admit check --format json")]
pub(crate) struct Args {
    /// The policy set file.
    #[arg(long, value_name = "FILE", default_value = "admit.toml")]
    set: PathBuf,

    /// How to print it.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    #[command(flatten)]
    cache: cache::Args,
}

#[derive(Serialize)]
struct Json<'f> {
    r#as: &'static str,
    findings: &'f [SetFinding],
}

pub(crate) fn run(args: &Args) -> Exit {
    match check(args) {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}

fn check(args: &Args) -> Result<Exit, Failure> {
    // As a host loads it, with snapshots: some policies cannot have one, and that is told.
    let options = FileOptions {
        cache: args.cache.open(),
        ..FileOptions::default()
    };
    let findings = PolicySet::check_file(&args.set, options);
    let has_errors = (findings.iter()).any(|finding| finding.severity == Severity::Error);
    let printed = match args.format {
        Format::Json => {
            let json = Json {
                r#as: "set",
                findings: &findings,
            };
            output::print(&serde_json::to_string(&json).unwrap_or_default())
        }
        Format::Text => output::print_styled(&text(args, &findings, has_errors)),
    };
    printed.map_err(|error| Failure(Exit::Other, format!(": standard output: {error}")))?;
    Ok(if has_errors {
        Exit::BadPolicy
    } else {
        Exit::Approve
    })
}

fn text(args: &Args, findings: &[SetFinding], has_errors: bool) -> String {
    let verdict = if has_errors {
        "cannot be loaded; what is doubtful is told once it can"
    } else {
        "can be loaded"
    };
    let head = output::clean(&format!("{} {verdict}", args.set.display()));
    let mut text = output::wrapped("", "  ", &head);
    text.push('\n');
    for finding in findings {
        let lines = [
            ("at ", finding.place.as_deref()),
            ("", Some(finding.problem.as_str())),
            ("instead: ", finding.instead.as_deref()),
        ];
        let lines = lines
            .iter()
            .filter_map(|(before, said)| Some((*before, (*said)?)));
        let policy = finding.policy.as_deref();
        let shown = findings::shown(finding.severity, finding.code, policy, lines);
        text.push_str(&shown);
        for line in finding.excerpt.iter().flat_map(|excerpt| excerpt.lines()) {
            text.push_str(&format!("  {}\n", output::clean(line)));
        }
    }
    text.push('\n');
    let severities = findings.iter().map(|finding| finding.severity);
    text.push_str(&findings::counted(severities));
    text
}
