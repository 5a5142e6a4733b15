//! Findings as people read them: of lint and of check.

use std::fmt::Write as _;

use admit::Severity;
use anstyle::{AnsiColor, Style};

use crate::output::{self, BOLD};

/// One finding: a head, and its lines, each wrapped. Begins with an empty line.
pub(crate) fn shown<'l>(
    severity: Severity,
    code: &str,
    policy: Option<&str>,
    lines: impl IntoIterator<Item = (&'l str, &'l str)>,
) -> String {
    let style = style(severity);
    let mut text = format!("\n{style}{severity}{style:#} {BOLD}{code}{BOLD:#}");
    if let Some(policy) = policy {
        // Writing into a string cannot fail.
        let _ = write!(text, " in {BOLD}{}{BOLD:#}", output::clean(policy));
    }
    text.push('\n');
    for (before, said) in lines {
        let line = output::clean(&format!("{before}{said}"));
        text.push_str(&output::wrapped("  ", "    ", &line));
        text.push('\n');
    }
    text
}

const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Note => BOLD,
    }
}

/// How many there are of each severity.
pub(crate) fn counted(severities: impl Iterator<Item = Severity> + Clone) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
        match severities.clone().filter(|one| *one == severity).count() {
            1 => format!("1 {severity}"),
            count => format!("{count} {severity}s"),
        }
    });
    counts.join(", ")
}
