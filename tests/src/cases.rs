//! Cases: a callout, a set, an instant, and the whole report that they must give.

use std::{fs, path::PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::corpus;

/// A case of `tests/corpus/cases`: a folder with `case.toml` and `expect.json`.
#[derive(Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The policy set file.
    pub set: PathBuf,
    /// The callout file.
    pub callout: PathBuf,
    /// The instant, RFC 3339.
    pub now: String,
    /// How the command line must exit.
    pub exit: u8,
    /// Where the expected report is.
    pub expect: PathBuf,
    /// A published body that the answer must equal as a value.
    pub body: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[expect(dead_code, reason = "read by people; must be there")]
    description: String,
    set: String,
    callout: String,
    now: String,
    exit: u8,
    body: Option<String>,
}

/// Every case, in the order of their names.
///
/// # Panics
///
/// A case cannot be read.
pub fn cases() -> Vec<Case> {
    let folder = corpus().join("cases");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| {
            let folder = entry.unwrap_or_else(|error| panic!("{error}")).path();
            let path = folder.join("case.toml");
            let text = fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let file: CaseFile =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Case {
                name: folder
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default(),
                set: corpus().join("sets").join(file.set).join("admit.toml"),
                callout: corpus().join(file.callout),
                now: file.now,
                exit: file.exit,
                expect: folder.join("expect.json"),
                body: file.body.map(|body| folder.join(body)),
            }
        })
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    cases
}

/// A report's JSON, a member a line and in its own order, without what depends on the compiler
/// that built the policies: their digests and the fuel that they use. Other tests hold these.
///
/// # Panics
///
/// The text is not a report.
pub fn comparable(report: &str) -> String {
    let parsed: Value =
        serde_json::from_str(report).unwrap_or_else(|error| panic!("{error}: {report}"));
    let outcomes = parsed
        .get("outcomes")
        .and_then(Value::as_array)
        .unwrap_or_else(|| panic!("a report has outcomes"));
    let mut text = report.to_owned();
    for outcome in outcomes {
        if let Some(digest) = outcome.get("sha256") {
            text = text.replace(
                &format!("\"sha256\":{digest}"),
                "\"sha256\":\"(of the component)\"",
            );
        }
        if let Some(fuel) = outcome.pointer("/usage/fuel") {
            text = text.replace(&format!("\"fuel\":{fuel},"), "\"fuel\":\"(some)\",");
        }
    }
    pretty(&text)
}

/// JSON without spaces, laid out: a member or an item a line.
fn pretty(json: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut before = ' ';
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    for char in json.chars() {
        if in_string {
            out.push(char);
            in_string = char != '"' || escaped;
            escaped = char == '\\' && !escaped;
        } else {
            let is_empty = matches!((before, char), ('{', '}') | ('[', ']'));
            if matches!(before, '{' | '[') && !is_empty {
                line(&mut out, depth);
            }
            match char {
                '{' | '[' => {
                    depth += 1;
                    out.push(char);
                }
                '}' | ']' => {
                    depth -= 1;
                    if !is_empty {
                        line(&mut out, depth);
                    }
                    out.push(char);
                }
                ',' => {
                    out.push(char);
                    line(&mut out, depth);
                }
                ':' => out.push_str(": "),
                char => {
                    in_string = char == '"';
                    out.push(char);
                }
            }
        }
        before = if in_string { '"' } else { char };
    }
    out.push('\n');
    out
}
