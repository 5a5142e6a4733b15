//! `admit check` as its users see it.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests say what must hold by failing"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use admit_tests::{blocks, build_components, cases, page, root};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Runs a command of `admit` in a folder.
fn admit(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_admit"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A folder with `admit.toml` and the policies that it may name.
fn folder(set: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("admit.toml"), set).unwrap();
    for file in build_components().values() {
        let name = file.file_name().unwrap();
        fs::copy(file, folder.path().join(name)).unwrap();
    }
    folder
}

/// Runs `admit check` on the set of a folder, as text and as JSON, and holds the one against the
/// other.
fn check(folder: &Path, arguments: &[&str], exit: i32) -> (String, Value) {
    let plain = admit(folder, &[&["check"], arguments].concat());
    let shown = text(&plain.stdout);
    assert_eq!(plain.status.code(), Some(exit), "{shown}");
    assert!(!shown.contains('\x1b'), "no colour without a terminal");
    for line in shown.lines() {
        // Only a word of its own, such as a path, may be longer.
        let is_word = line.split_whitespace().count() <= 2;
        assert!(line.chars().count() <= 80 || is_word, "{line}");
    }

    let output = admit(
        folder,
        &[&["check", "--format", "json"], arguments].concat(),
    );
    assert_eq!(output.status.code(), Some(exit));
    assert_eq!((text(&plain.stderr), text(&output.stderr)), ("", ""));
    assert_eq!(text(&output.stdout).lines().count(), 1);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["as"], "set");
    let findings = json["findings"].as_array().unwrap();
    let heads = findings.iter().map(|finding| {
        let head = format!("{} {}", finding["severity"], finding["code"]).replace('"', "");
        match finding["policy"].as_str() {
            Some(policy) => format!("{head} in {policy}"),
            None => head,
        }
    });
    let is_head = |line: &&str| line.starts_with(char::is_alphabetic);
    let lines: Vec<_> = shown.lines().filter(is_head).skip(1).collect();
    assert_eq!(heads.collect::<Vec<_>>(), lines, "{shown}");
    let errors = (findings.iter()).filter(|finding| finding["severity"] == "error");
    let errors = errors.count();
    assert_eq!(errors > 0, exit == 4);
    let s = if errors == 1 { "" } else { "s" };
    let last = shown.lines().last().unwrap();
    assert!(last.starts_with(&format!("{errors} error{s}, ")), "{last}");
    (shown.to_owned(), json["findings"].clone())
}

#[test]
fn every_error_is_told_at_once() {
    let folder = folder(
        "source = \"Contoso\"\n[stage.teleported]\n\
         [[policy]]\nid = \"gone\"\ncomponent = \"gone.wasm\"\n\
         [[policy]]\nid = \"says\"\ncomponent = \"say.wasm\"\nfacts = [\"held\"]\n\
         settings = { effect = 7 }\n",
    );
    let (shown, findings) = check(folder.path(), &[], 4);
    let head = "admit.toml cannot be loaded; what is doubtful is told once it can\n\n";
    assert!(shown.starts_with(&format!("{head}error set in says\n")));
    assert!(shown.ends_with("\n\n4 errors, 0 warnings, 0 notes\n"));
    let brief = |finding: &Value| {
        let [code, policy, place] =
            ["code", "policy", "place"].map(|name| finding[name].as_str().unwrap_or("-"));
        format!("{code} {policy} {place}")
    };
    let found: Vec<_> = findings.as_array().unwrap().iter().map(brief).collect();
    assert_eq!(
        found,
        [
            "set says admit.toml:9:10",
            "set - admit.toml:2:8",
            "policy-file gone gone.wasm",
            "policy-settings says admit.toml:7:6: settings/effect",
        ]
    );
}

#[test]
fn warnings_do_not_fail() {
    let folder = folder(
        "source = \"Contoso\"\nrule = \"first-applicable\"\n\
         stage.assignmentRequestGranted.when-silent = \"approve\"\n\
         [[policy]]\nid = \"mail\"\ncomponent = \"mail_needed.wasm\"\n\
         [[policy]]\nid = \"says\"\ncomponent = \"say.wasm\"\n\
         stages = [\"assignmentRequestCreated\"]\nsettings = { effect = \"deny\" }\n",
    );
    let (shown, findings) = check(folder.path(), &["--set", "admit.toml"], 0);
    assert!(shown.starts_with("admit.toml can be loaded\n\nwarning shadowed in says\n"));
    assert!(shown.ends_with("\n\n0 errors, 2 warnings, 1 note\n"));
    assert_eq!(
        findings[0],
        json!({
            "code": "shadowed",
            "severity": "warning",
            "policy": "says",
            "place": "admit.toml:8:6",
            "problem": "it never decides: at assignmentRequestCreated `mail` is asked before it, \
                        which cannot abstain",
            "instead": "let it stand before, or take it out",
        })
    );
    let codes: Vec<_> = (1..3).map(|index| &findings[index]["code"]).collect();
    assert_eq!(codes, ["access-may-remain", "stages-unanswered"]);
}

/// What cannot be read, or is no set, is a finding, so that programs always get their document.
#[test]
fn a_file_that_cannot_be_read_is_a_finding() {
    let folder = folder("source = \"Contoso\"\ncolour = 1\n");
    let (_, findings) = check(folder.path(), &[], 4);
    assert_eq!(findings[0]["place"], "admit.toml:2:1");
    let (_, findings) = check(folder.path(), &["--set", "gone.toml"], 4);
    assert_eq!(findings[0]["code"], "set-file");
    assert_eq!(findings[0]["instead"], Value::Null);
    assert_eq!(
        admit(folder.path(), &["check", "admit.toml"]).status.code(),
        Some(2),
        "the set is named by --set"
    );
}

/// Settings may be about people: they are told where they are wrong, and nowhere else.
#[test]
fn settings_are_not_shown() {
    let folder = folder(
        "source = \"Contoso\"\n[[policy]]\nid = \"says\"\ncomponent = \"say.wasm\"\n\
         settings = { effect = \"deny\", detail = \"noor.halvorsen\" }\n",
    );
    let (shown, findings) = check(folder.path(), &[], 0);
    assert!(!shown.contains("noor") && !findings.to_string().contains("noor"));
}

/// What a set says cannot steer the terminal.
#[test]
fn control_characters_do_not_reach_the_terminal() {
    let folder = folder(
        "source = \"Contoso\"\n[[policy]]\nid = \"\\u001b[2J\"\ncomponent = \"\\u001b[2J\"\n",
    );
    check(folder.path(), &[], 4);
}

/// A caret stays below what it points at, and what else stands there cannot steer the terminal.
#[test]
fn the_lines_that_an_error_is_about_are_shown_as_they_are() {
    let folder = folder(
        "source = \"Contoso\"\n[[policy]]\nid = \"says\"\ncomponent = \"say.wasm\"\n\
         [policy.settings]\neffect = \"refuse\"\n\
         detail = \"a.rego:1:4: no such word\\n1 | \\tx y\\u001b[2J\\n  | \\t  ^\"\n",
    );
    let excerpt = "  1 |  x y\\u{1b}[2J\n    |    ^\n";
    let (shown, findings) = check(folder.path(), &[], 4);
    assert!(
        shown.contains(&format!(
            "  refused its settings: a.rego:1:4: no such word\n{excerpt}"
        )),
        "{shown}"
    );
    assert_eq!(findings[0]["excerpt"], "1 | \tx y\\u{1b}[2J\n  | \t  ^");
    let callout = root().join("tests/corpus/callouts/01-request-created.flat.json");
    let output = admit(folder.path(), &["eval", callout.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4));
    let said = text(&output.stderr);
    assert!(
        said.ends_with(&format!(
            "refused its settings: a.rego:1:4: no such word\n{excerpt}"
        )),
        "{said}"
    );
}

/// Every set of the corpus can be loaded, and so it is said.
#[test]
fn the_sets_of_the_corpus_have_no_errors() {
    build_components();
    let sets: BTreeSet<_> = cases().into_iter().map(|case| case.set).collect();
    for set in sets {
        let output = admit(&root(), &["check", "--set", set.to_str().unwrap()]);
        let shown = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{shown}");
    }
}

/// The README's example is this command's output.
#[test]
fn the_readme_shows_what_is_printed() {
    build_components();
    let readme = page("README.md");
    let set = "tests/corpus/sets/partners/admit.toml";
    let command = format!("$ target/release/admit check --set {set}");
    assert!(blocks(&readme, "console").contains(&command), "{command}");
    let output = admit(&root(), &["check", "--set", set]);
    let shown = text(&output.stdout).trim_end().to_owned();
    assert!(blocks(&readme, "text").contains(&shown), "{shown}");
}
