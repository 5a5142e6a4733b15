//! The worked set on the command line: a decision in words, and a decision that is repeated where
//! there is no database.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use admit_tests::{Case, build_components, cases, corpus, golden};

fn case(name: &str) -> Case {
    build_components();
    cases().into_iter().find(|case| case.name == name).unwrap()
}

/// `admit eval` of a case, with a set and further options.
fn eval(case: &Case, set: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_admit"))
        .args(["eval", "--now", &case.now, "--set"])
        .args([set, &case.callout])
        .args(options)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A line of an explanation, without what depends on the compiler that built the policy.
fn comparable(line: &str) -> String {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some("component"), Some(digest)) => line.replace(digest, "(of the component)"),
        (Some("used"), Some(fuel)) => line.replacen(fuel, "(some)", 1),
        _ => line.to_owned(),
    }
}

/// `BLESS=1` writes the explanation.
#[test]
fn a_denial_is_explained_as_committed() {
    let case = case("contoso-13-two-reasons");
    let output = eval(&case, &case.set, &["--explain", "--evidence"]);
    assert_eq!(output.status.code(), Some(10), "{}", text(&output.stderr));
    let said: String = (text(&output.stderr).lines())
        .map(|line| comparable(line) + "\n")
        .collect();
    let file = corpus().join("sets/contoso/reports/explained.txt");
    if let Err(difference) = golden(&file, &said) {
        panic!("{difference}");
    }
}

/// A copy of the set beside which there are no facts, in a folder that is laid out as the corpus.
fn without_facts(folder: &Path, set: &Path) -> PathBuf {
    let copy = folder.join("sets/contoso/admit.toml");
    let components = folder.join("components");
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::create_dir(&components).unwrap();
    for (name, component) in build_components() {
        fs::copy(component, components.join(format!("{name}.wasm"))).unwrap();
    }
    fs::copy(set, &copy).unwrap();
    copy
}

#[test]
fn a_report_repeats_its_decision_where_there_is_no_database() {
    let case = case("contoso-02-conflict-of-duties");
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = without_facts(folder.path(), &case.set);
    let evidence = ["--format", "json", "--evidence"];
    let report = eval(&case, &case.set, &evidence).stdout;
    let file = folder.path().join("report.json");
    fs::write(&file, &report).unwrap();
    let from_the_report = ["--facts", file.to_str().unwrap()];

    let repeated = eval(
        &case,
        &elsewhere,
        &[&evidence[..], &from_the_report].concat(),
    );
    assert_eq!(
        repeated.status.code(),
        Some(10),
        "{}",
        text(&repeated.stderr)
    );
    assert_eq!(text(&repeated.stdout), text(&report));

    let failed = eval(&case, &elsewhere, &[]);
    let said = text(&failed.stderr);
    assert_eq!(failed.status.code(), Some(4), "{said}");
    assert!(
        said.contains("facts `approvers`: ") && said.contains("approvers.json"),
        "{said}"
    );
    assert_eq!(text(&failed.stdout), "");
}
