//! Lint finds in every document of the corpus what `tests/corpus/lint/expect` says, no more and no
//! less, and in the bodies that are emitted nothing but notes.
//!
//! `BLESS=1` rewrites the expectations and the table of `docs/lint.md`; the diff is the review.

#![expect(
    clippy::unwrap_used,
    reason = "a corpus that cannot be read is a failed test"
)]

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use admit::{ErrorKind, Finding, LintAs, LintRule, Severity};
use admit_tests::{cases, corpus, root};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// The documents, by folder, and as what each is linted.
const FOLDERS: [(&str, Option<LintAs>); 4] = [
    ("seed-examples", None),
    ("lint", None),
    ("callouts", Some(LintAs::Callout)),
    ("callouts/invalid", Some(LintAs::Callout)),
];

/// The oddities of Microsoft's published examples, the finding for each, and where it shows.
const ODDITIES: &[(&str, &str, &str)] = &[
    (
        "`@@odata.type` in JSON",
        "at-doubled",
        "seed-examples/resume-4-approval-stage.json",
    ),
    (
        "`microsoft.graph.` twice",
        "type-prefix-doubled",
        "seed-examples/resume-4-approval-stage.json",
    ),
    (
        "no `#` before a type",
        "type-without-hash",
        "seed-examples/resume-1-approve.json",
    ),
    (
        "`source` and `type` twice",
        "repeated-member",
        "seed-examples/resume-4-approval-stage.json",
    ),
    (
        "a callback configuration as data",
        "configuration-as-data",
        "seed-examples/resume-3-callback-configuration-type.json",
    ),
    (
        "a stage in PascalCase",
        "stage-case",
        "seed-examples/resume-2-deny.json",
    ),
    (
        "an internal type name as the stage",
        "internal-name",
        "seed-examples/shape-request-callback-data.json",
    ),
    (
        "a denial at created, said to be impossible",
        "deny-at-created",
        "seed-examples/resume-2-deny.json",
    ),
    (
        "the type of created at the determining stage",
        "determining-type",
        "seed-examples/resume-4-approval-stage.json",
    ),
    (
        "`id` and `isBackup`",
        "beta-convention",
        "seed-examples/resume-4-approval-stage.json",
    ),
    (
        "`isBackup` beside fallback lists",
        "backup-and-fallback",
        "seed-examples/resume-4-approval-stage.json",
    ),
    (
        "an expression as the instance id",
        "expression",
        "seed-examples/resume-4-approval-stage.json",
    ),
    (
        "an extension inside `value`",
        "wrapped",
        "seed-examples/create-2-assignment-extension.request.json",
    ),
    (
        "an abstract callback configuration",
        "callback-type-abstract",
        "seed-examples/create-1-request-extension.request.json",
    ),
    (
        "beta's client calls `resume` removed",
        "beta-client-warning",
        "seed-examples/resume-4-approval-stage.json",
    ),
    (
        "`WaitingForCallback`, in prose only",
        "waiting-is-a-status",
        "lint/waiting-for-callback.json",
    ),
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for (folder, linted) in FOLDERS {
        for file in documents(folder) {
            let name = format!("{folder}/{}", name(&file));
            let of = (folder, linted);
            trials.push(Trial::test(name, move || document(of, &file)));
        }
    }
    trials.push(Trial::test("oddities", oddities));
    trials.push(Trial::test("emitted bodies", emitted));
    trials.push(Trial::test("rules", rules));
    trials.push(Trial::test("page", page));
    trials.push(Trial::test("no stray expectations", strays));
    libtest_mimic::run(&arguments, trials).exit();
}

fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The JSON files of a folder, by name.
fn documents(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(corpus().join(folder)).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    files
}

fn expectation(folder: &str, name: &str) -> PathBuf {
    let folder = folder.replace('/', "-");
    corpus()
        .join("lint/expect")
        .join(format!("{folder}-{name}"))
}

#[derive(serde::Serialize)]
struct Expectation {
    detected: &'static str,
    findings: Vec<Finding>,
}

fn document(of: (&str, Option<LintAs>), file: &Path) -> Result<(), Failed> {
    let (folder, linted) = of;
    let bytes = fs::read(file)?;
    let detected = LintAs::detect(&bytes);
    let findings = linted.unwrap_or(detected).lint(&bytes);
    let found = Expectation {
        detected: detected.as_str(),
        findings,
    };
    let found = serde_json::to_string_pretty(&found)? + "\n";
    let path = expectation(folder, &name(file));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &found)?;
    }
    let expected = fs::read_to_string(&path)
        .map_err(|error| format!("{}: {error}; BLESS=1 writes it", path.display()))?;
    if found == expected {
        return Ok(());
    }
    Err(format!("expected:\n{expected}\nfound:\n{found}").into())
}

/// Every oddity is found where it was published.
fn oddities() -> Result<(), Failed> {
    if ODDITIES.len() != 16 {
        return Err(format!("{} oddities", ODDITIES.len()).into());
    }
    for (oddity, code, file) in ODDITIES {
        let bytes = fs::read(corpus().join(file))?;
        let findings = LintAs::detect(&bytes).lint(&bytes);
        if !findings.iter().any(|finding| finding.code == *code) {
            return Err(format!("{oddity}: no {code} in {file}: {findings:#?}").into());
        }
    }
    Ok(())
}

/// What `admit` itself sends has neither errors nor warnings, in either profile.
fn emitted() -> Result<(), Failed> {
    let mut bodies = 0;
    for case in cases() {
        let report: Value = serde_json::from_str(&fs::read_to_string(&case.expect)?)?;
        let Some(body) = report.pointer("/answer/body") else {
            continue;
        };
        bodies += 1;
        let body = body.to_string();
        if LintAs::detect(body.as_bytes()) != LintAs::Resume {
            return Err(format!("{}: not taken for a body", case.name).into());
        }
        let findings = LintAs::Resume.lint(body.as_bytes());
        if findings
            .iter()
            .any(|finding| finding.severity != Severity::Note)
        {
            return Err(format!("{}: {findings:#?}", case.name).into());
        }
    }
    if bodies < 20 {
        return Err(format!("only {bodies} bodies").into());
    }
    Ok(())
}

/// Codes are stable names, each once; the strict reader's errors are among them.
fn rules() -> Result<(), Failed> {
    let codes: BTreeSet<_> = LintRule::ALL.iter().map(|rule| rule.code).collect();
    if codes.len() != LintRule::ALL.len() {
        return Err("a code stands twice".into());
    }
    for code in &codes {
        if !code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        {
            return Err(format!("`{code}` is not in kebab-case").into());
        }
    }
    for kind in ErrorKind::ALL.iter().filter(|kind| kind.is_callout()) {
        // It takes an extension to tell.
        let is_of_one = *kind != ErrorKind::CalloutExtension;
        if is_of_one && !codes.contains(kind.as_str()) {
            return Err(format!("no rule for the error {kind}").into());
        }
    }
    Ok(())
}

/// `docs/lint.md` has the table of the code.
fn page() -> Result<(), Failed> {
    let path = root().join("docs/lint.md");
    let page = fs::read_to_string(&path)?;
    let [start, end] = ["<!-- rules -->\n", "<!-- end of rules -->\n"];
    let (before, rest) = page.split_once(start).ok_or("no table")?;
    let (_, after) = rest.split_once(end).ok_or("no end of the table")?;
    let mut table =
        String::from("\n| code | severity | what is found | source |\n|---|---|---|---|\n");
    for rule in LintRule::ALL {
        let (code, severity, meaning) = (rule.code, rule.severity, rule.meaning);
        let source = match rule.source.split_once(' ') {
            _ if !rule.source.starts_with("https://") => rule.source.to_owned(),
            Some((address, words)) => format!("<{address}> {words}"),
            None => format!("<{}>", rule.source),
        };
        writeln!(table, "| `{code}` | {severity} | {meaning} | {source} |")?;
    }
    let whole = format!("{before}{start}{table}\n{end}{after}");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &whole)?;
    } else if whole != page {
        return Err("docs/lint.md has another table than the code; BLESS=1 writes it".into());
    }
    Ok(())
}

/// Every expectation belongs to a document.
fn strays() -> Result<(), Failed> {
    let wanted: BTreeSet<_> = FOLDERS
        .iter()
        .flat_map(|(folder, _)| {
            let files = documents(folder).into_iter();
            files.map(|file| expectation(folder, &name(&file)))
        })
        .collect();
    let there: BTreeSet<_> = documents("lint/expect").into_iter().collect();
    let strays: Vec<_> = there.difference(&wanted).collect();
    if strays.is_empty() {
        return Ok(());
    }
    Err(format!("no document for {strays:?}").into())
}
