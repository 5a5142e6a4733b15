//! Printing, for people and for programs.

use std::io::{self, Write as _};

use admit::model::steers;
use anstyle::{AnsiColor, Style};
use terminal_size::{Height, Width, terminal_size_of};

/// Says an error on standard error: a line, and below it those of an excerpt.
pub(crate) fn error(text: &str) {
    say(&format!("{RED}error{RED:#}{}", excerpt(text)));
}

/// Lines that are shown as they are, so that a caret stays below what it points at.
pub(crate) fn excerpt(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(clean).collect();
    lines.join("\n")
}

/// Says a line on standard error; colour only on a terminal.
pub(crate) fn say(text: &str) {
    // Nobody is left to be told when standard error is gone.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Text of a payload or a policy, so that it cannot steer the terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|char| if steers(char) { ' ' } else { char })
        .collect()
}

/// Says a paragraph on standard error, wrapped and indented.
pub(crate) fn say_indented(indent: &str, text: &str) {
    say(&filled(
        indent,
        indent,
        text,
        terminal_size_of(io::stderr()),
    ));
}

/// Says a paragraph on standard error, wrapped, with a beginning of its own that may be styled.
pub(crate) fn say_hanging(first: &str, others: &str, text: &str) {
    let options = options(others, others, terminal_size_of(io::stderr()));
    // JSON has few blanks.
    let filled = textwrap::fill(text, options.break_words(true));
    say(&format!("{first}{}", filled.trim_start()));
}

/// A paragraph for standard output, wrapped and indented, its first line by `first`.
pub(crate) fn wrapped(first: &str, others: &str, text: &str) -> String {
    filled(first, others, text, terminal_size_of(io::stdout()))
}

fn filled(first: &str, others: &str, text: &str, terminal: Option<(Width, Height)>) -> String {
    textwrap::fill(text, options(first, others, terminal))
}

fn options<'t>(
    first: &'t str,
    others: &'t str,
    terminal: Option<(Width, Height)>,
) -> textwrap::Options<'t> {
    textwrap::Options::new(width(terminal))
        .initial_indent(first)
        .subsequent_indent(others)
        .break_words(false)
        // An id or a code that is parted at a hyphen cannot be searched for.
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// Columns of the terminal, at most 100; 80 where there is none.
fn width(terminal: Option<(Width, Height)>) -> usize {
    terminal
        .map_or(80, |(width, _)| usize::from(width.0))
        .clamp(40, 100)
}

/// Prints what programs read, with a newline, to standard output.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Prints what people read as a result, with a newline, to standard output; colour only on a
/// terminal.
pub(crate) fn print_styled(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Imports by interface, a line each: `imports settings: count, text`.
pub(crate) fn imports(imports: &[String]) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    for import in imports {
        let (interface, function) = import.split_once('.').unwrap_or((import, ""));
        match lines.last_mut() {
            Some((last, functions)) if *last == interface => functions.push(function),
            _ => lines.push((interface, vec![function])),
        }
    }
    lines
        .into_iter()
        .map(|(interface, functions)| match functions.len() {
            0..=8 => format!("imports {interface}: {}", functions.join(", ")),
            many => format!("imports {interface}: {many} functions"),
        })
        .collect()
}

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
