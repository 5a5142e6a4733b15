//! Payloads that try what a callout may not: the files of `corpus/hostile`, whose README says what
//! is in them.

#![expect(clippy::expect_used, reason = "tests say what must hold by failing")]

use std::{collections::BTreeMap, fmt::Write as _, fs};

use admit::model::combine;
use admit::{Callout, Combining, Error, Profile, ResumeRequest, WhenSilent};
use admit_tests::{HEAD, Probe, bytes, corpus, golden};
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;

/// Pieces for one place of a payload.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    /// What stands around the piece.
    around: String,
    /// What to tell of a payload that is accepted.
    #[serde(default)]
    reads: Vec<String>,
    /// The pieces, in the notation of bytes as text; `HEAD` as in what stands around.
    cases: BTreeMap<String, String>,
}

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("sizes", sizes)];
    for name in ["bytes", "ids", "keys", "limits", "paths", "stages", "texts"] {
        let file = corpus().join("hostile").join(name);
        trials.push(Trial::test(name, move || {
            let found = told(&fs::read_to_string(file.with_extension("toml"))?)?;
            Ok(golden(&file.with_extension("expect"), &found)?)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A line for each piece: what becomes of it.
fn told(groups: &str) -> Result<String, Failed> {
    let groups: BTreeMap<String, Group> = toml::from_str(groups)?;
    let mut lines = String::new();
    for (name, group) in groups {
        for (case, piece) in &group.cases {
            let probe = Probe::new(&group.around, &bytes(&piece.replace("HEAD", HEAD)));
            let result = match Callout::parse(&probe.payload) {
                Ok(callout) => accepted(&callout, &group.reads)?,
                Err(error) => refused(&probe, &error),
            };
            writeln!(lines, "{name}/{case}: {result}")?;
        }
    }
    Ok(lines)
}

fn accepted(callout: &Callout, reads: &[String]) -> Result<String, Failed> {
    let mut line = String::from("accepted");
    let document = callout.document();
    let again = Callout::parse(document.as_bytes());
    if !again.is_ok_and(|again| again.document() == document) {
        line.push_str("; its document is no callout");
    }
    for read in reads {
        let value = match read.as_str() {
            "answers" => Some(callout.count("/answers").to_string()),
            "body" => resume(callout).map(|resume| resume.body()),
            "document" => Some(document.into()),
            "instance-id" => Some(format!("{:?}", callout.instance_id())),
            "kind" => Some(format!("{:?}", callout.kind())),
            "notes" => callout.notes().first().map(|note| note.code.into()),
            "path" => resume(callout).map(|resume| resume.path().into()),
            "request-id" => Some(format!("{:?}", callout.request_id())),
            "stage" => Some(callout.stage().to_string()),
            pointer => callout.field(pointer)?.map(|value| format!("{value:?}")),
        };
        write!(
            line,
            "; {read} {}",
            shown(value.as_deref().unwrap_or("none"))
        )?;
    }
    Ok(line)
}

/// The answer to a callout that nobody has anything against.
fn resume(callout: &Callout) -> Option<ResumeRequest> {
    let combining = Combining {
        when_silent: WhenSilent::Approve,
        ..Combining::default()
    };
    let decision = combine(&combining, &[], callout.stage());
    ResumeRequest::new(callout, &decision, "Contoso.Test", Profile::V1)
}

/// How a syntax error is worded, and at which byte it is noticed, is the reader's own affair: it
/// says that it is one and where it is about.
fn refused(probe: &Probe, error: &Error) -> String {
    let (kind, detail) = (error.kind(), error.detail());
    let place = error.place().unwrap_or("no place");
    match probe.side(place) {
        Some(side) => {
            let (what, _) = detail.split_once(": ").unwrap_or((detail, ""));
            format!("{kind} {side} the piece: {what}")
        }
        None => format!("{kind} at {}: {}", shown(place), shown(detail)),
    }
}

/// A text on one line, its middle left out where it is long.
fn shown(text: &str) -> String {
    const LONGEST: usize = 400;
    const END: usize = 40;
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() || (char.is_whitespace() && char != ' ') {
            escaped.extend(char.escape_default());
        } else {
            escaped.push(char);
        }
    }
    if escaped.len() <= LONGEST {
        return escaped;
    }
    let start: String = escaped.chars().take(END).collect();
    let end: String = escaped.chars().rev().take(END).collect();
    let end: String = end.chars().rev().collect();
    format!("{start}[{} bytes in all]{end}", text.len())
}

/// The largest payload is read, and no byte more, wherever its bytes are.
fn sizes() -> Result<(), Failed> {
    for (around, fill) in [
        (r#"{HEAD,"x":"PIECE"}"#, "a"),
        (r#"{HEAD,"requestor":{"displayName":"PIECE"}}"#, "a"),
        (r#"{HEAD,PIECE"x":1}"#, "\n"),
        ("{HEAD}PIECE", " "),
        ("PIECE{HEAD}", "\t"),
        ("\u{feff}{HEAD}PIECE", " "),
    ] {
        let rest = Callout::MAX_BYTES - Probe::new(around, b"").payload.len();
        Callout::parse(&Probe::new(around, fill.repeat(rest).as_bytes()).payload)?;
        let larger = Probe::new(around, fill.repeat(rest + 1).as_bytes()).payload;
        let error = Callout::parse(&larger).expect_err("one byte more is refused");
        let found = format!("{}: {error}", error.kind());
        if found
            != "callout-limit: byte 1048576: the payload has 1048577 bytes; at most 1048576 are read"
        {
            return Err(format!("{around}: {found}").into());
        }
    }
    Ok(())
}
