//! `admit lint` as its users see it.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use admit_tests::{blocks, corpus, page, root};
use serde_json::Value;

/// Runs `admit lint` in the repository's root.
fn lint(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_admit"))
        .arg("lint")
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Not every run reads it.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The examples and callouts of the corpus.
fn documents() -> Vec<PathBuf> {
    ["seed-examples", "lint", "callouts", "callouts/invalid"]
        .iter()
        .flat_map(|folder| fs::read_dir(corpus().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect()
}

/// Both formats of every document say the same, and the exit code says whether there are errors.
#[test]
fn every_document_is_explained() {
    for file in documents() {
        let file = file.to_str().unwrap();
        let output = lint(&["--format", "json", file], b"");
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(text(&output.stdout).lines().count(), 1, "{file}");
        let kind = json["as"].as_str().unwrap();
        let findings = json["findings"].as_array().unwrap();
        let count = |severity: &str| {
            let of = findings
                .iter()
                .filter(|finding| finding["severity"] == severity);
            of.count()
        };
        let exit = if count("error") == 0 { 0 } else { 5 };
        assert_eq!(output.status.code(), Some(exit), "{file}");

        let plain = lint(&[file], b"");
        assert_eq!(plain.status.code(), Some(exit), "{file}");
        let shown = text(&plain.stdout);
        assert!(!shown.contains('\x1b'), "no colour without a terminal");
        for line in shown.lines() {
            // Only a word of its own, such as an address, may be longer.
            let is_word = line.split_whitespace().count() <= 2;
            assert!(line.chars().count() <= 80 || is_word, "{file}: {line}");
        }
        for finding in findings {
            let head = format!("{} {}", finding["severity"], finding["code"]).replace('"', "");
            assert!(shown.lines().any(|line| line == head), "{file}: {head}");
        }
        let last = shown.lines().last().unwrap();
        let errors = format!("{} error", count("error"));
        assert!(
            last.starts_with(&errors) && last.contains(" note"),
            "{file}: {last}"
        );

        let named = lint(&["--as", kind, "--format", "json", file], b"");
        assert_eq!(named.stdout, output.stdout, "{file}");
        assert_eq!((text(&output.stderr), text(&plain.stderr)), ("", ""));
    }
}

#[test]
fn what_it_is_can_be_said() {
    let example = corpus().join("seed-examples/resume-1-approve.json");
    let output = lint(&["--as", "callout", example.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(5));
    assert!(text(&output.stdout).starts_with("linted as a callout\n\nerror callout-missing\n"));
}

#[test]
fn standard_input_is_read() {
    let output = lint(&["-"], b"{ \"source\": ");
    assert_eq!(output.status.code(), Some(5));
    let shown = text(&output.stdout);
    assert!(
        shown.contains("error not-json\n  at line 1 column 13\n"),
        "{shown}"
    );
}

#[test]
fn what_cannot_be_read_is_no_finding() {
    let output = lint(&["/no/such/body.json"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    let said = text(&output.stderr);
    assert!(
        said.starts_with("error: /no/such/body.json: cannot be read"),
        "{said}"
    );
    assert_eq!(lint(&[], b"").status.code(), Some(2));
}

/// What a document says cannot steer the terminal.
#[test]
fn control_characters_do_not_reach_the_terminal() {
    let output = lint(
        &["-"],
        br#"{"source":"x","type":"\u001b[2J","data":{"\u001b[2J":"\u001b[2J"}}"#,
    );
    assert_eq!(output.status.code(), Some(5));
    assert!(!text(&output.stdout).contains('\x1b'));
}

/// The README's example is this command's output, and the page's JSON has its form.
#[test]
fn the_pages_show_what_is_printed() {
    let readme = page("README.md");
    let file = "tests/corpus/seed-examples/resume-3-callback-configuration-type.json";
    let command = format!("$ target/release/admit lint \\\n    {file}");
    assert!(blocks(&readme, "console").contains(&command), "{command}");
    let output = lint(&[file], b"");
    let shown = text(&output.stdout).trim_end().to_owned();
    assert!(blocks(&readme, "text").contains(&shown), "{shown}");

    let [shown] = blocks(&page("docs/lint.md"), "json").try_into().unwrap();
    let body = r##"{ "source": "Contoso",
        "type": "microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated",
        "data": { "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
            "stage": "assignmentRequestCreated", "state": null,
            "customExtensionStageInstanceId": "c0de0001-0002-4009-a00f-cf61f18d0e87" } }"##;
    let output = lint(&["--format", "json", "-"], body.as_bytes());
    assert_eq!(text(&output.stdout).trim_end(), shown);
    assert_eq!(output.status.code(), Some(0));
}
