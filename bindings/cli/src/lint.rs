//! `admit lint`: what is wrong with a body or a payload, before it is sent.

use std::path::PathBuf;

use admit::{Finding, LintAs, Severity};
use serde::Serialize;

use crate::{Failure, Format, exit::Exit, findings, input, output};

/// Explain what is wrong with a resume body, a callout or an extension.
///
/// The service answers a wrong body with `UnknownError` and no text. This says what is wrong,
/// where, what to write instead and who says so. Nothing is sent.
#[derive(clap::Args)]
#[command(after_help = "\
Exit code 5 with errors, 0 without: warnings and notes are told, and counted on the last line.

Examples:
  admit lint resume.json
  admit lint --as extension --format json extension.json")]
pub(crate) struct Args {
    /// What the document is [default: what its types and members say].
    #[arg(long = "as", value_enum, value_name = "KIND")]
    kind: Option<Kind>,

    /// How to print it.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    /// The document as JSON; `-` is standard input.
    file: PathBuf,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// The body of Graph's resume action.
    Resume,
    /// What the service sends to an extension.
    Callout,
    /// A custom extension, or the record of one of its calls.
    Extension,
}

impl From<Kind> for LintAs {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Resume => Self::Resume,
            Kind::Callout => Self::Callout,
            Kind::Extension => Self::Extension,
        }
    }
}

#[derive(Serialize)]
struct Json<'f> {
    r#as: &'static str,
    findings: &'f [Finding],
}

pub(crate) fn run(args: &Args) -> Exit {
    match lint(args) {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}

fn lint(args: &Args) -> Result<Exit, Failure> {
    let document = input::read(&args.file, "document").map_err(|error| {
        let shown = args.file.display();
        Failure(Exit::Other, format!(": {shown}: cannot be read: {error}"))
    })?;
    let given = args.kind.map(LintAs::from);
    let kind = given.unwrap_or_else(|| LintAs::detect(&document));
    let findings = kind.lint(&document);
    let printed = match args.format {
        Format::Json => {
            let json = Json {
                r#as: kind.as_str(),
                findings: &findings,
            };
            output::print(&serde_json::to_string(&json).unwrap_or_default())
        }
        Format::Text => output::print_styled(&text(kind, given.is_none(), &findings)),
    };
    printed.map_err(|error| Failure(Exit::Other, format!(": standard output: {error}")))?;
    let is_wrong = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    Ok(if is_wrong {
        Exit::Findings
    } else {
        Exit::Approve
    })
}

fn text(kind: LintAs, is_detected: bool, findings: &[Finding]) -> String {
    let what = match kind {
        LintAs::Resume => "a resume body",
        LintAs::Callout => "a callout",
        LintAs::Extension => "an extension",
    };
    let mut text = if is_detected {
        format!("recognised as {what}; --as says otherwise")
    } else {
        format!("linted as {what}")
    };
    text.push('\n');
    for finding in findings {
        let path = match finding.path.as_str() {
            "" => "the document",
            path => path,
        };
        let lines = [
            ("at ", path),
            ("", &finding.problem),
            ("instead: ", &finding.instead),
            ("source: ", finding.source),
        ];
        text.push_str(&findings::shown(
            finding.severity,
            finding.code,
            None,
            lines,
        ));
    }
    text.push('\n');
    let severities = findings.iter().map(|finding| finding.severity);
    text.push_str(&findings::counted(severities));
    text
}
