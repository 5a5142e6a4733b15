//! What the README shows is what there is: the policy and the example are the files, the answer is
//! the engine's, the tables are the code's.

#![expect(
    clippy::unwrap_used,
    reason = "a README that does not hold is a failed test"
)]

use std::fs;

use admit::{Answer, Callout, Effect, Limits, Outcome, PolicySet, Report, SetRule, Skip, Stage};
use admit_tests::{build_components, corpus, page as read};
use serde_json::Value;

const SET: &str = "sets/partners/admit.toml";
const CALLOUT: &str = "callouts/01-request-created.flat.json";
const NOW: &str = "2025-12-24T12:00:00Z";
const EXIT: u8 = 11;

/// The README's code blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    admit_tests::blocks(&read("README.md"), language)
}

fn report() -> Report {
    build_components();
    let set = PolicySet::from_file(corpus().join(SET)).unwrap();
    let callout = Callout::parse(&fs::read(corpus().join(CALLOUT)).unwrap()).unwrap();
    set.evaluate(&callout, NOW.parse().unwrap())
}

#[test]
fn the_command_is_the_one_that_is_tested_here() {
    let command = format!(
        "$ target/release/admit eval --set tests/corpus/{SET} \\\n    --now {NOW} tests/corpus/{CALLOUT}"
    );
    assert!(blocks("console").contains(&command), "{command}");
}

#[test]
fn the_set_is_the_beginning_of_the_corpus_file() {
    let [shown] = blocks("toml").try_into().unwrap();
    let rest = read(&format!("tests/corpus/{SET}"));
    let rest = rest.strip_prefix(&shown).unwrap_or_else(|| {
        panic!("the set in the README is not the beginning of {SET}:\n{shown}");
    });
    assert!(rest.starts_with("\n\n[[policy]]"), "cut between policies");
}

#[test]
fn the_callout_and_the_answer_are_real() {
    let [callout, answer] = blocks("json").try_into().unwrap();
    let given: Value = serde_json::from_str(&read(&format!("tests/corpus/{CALLOUT}"))).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&callout).unwrap(), given);
    assert_eq!(report().resume().unwrap().body(), answer);
}

/// The words are the command line's; what they say is held against the report.
#[test]
fn the_explanation_is_the_reports() {
    // The others are those of check and lint, which the command line's tests run.
    let [shown, _, grounds, _] = blocks("text").try_into().unwrap();
    let explained = read("tests/corpus/sets/contoso/reports/explained.txt");
    assert!(explained.starts_with(&grounds), "{grounds}");

    let report = report();
    let decision = report.decision().unwrap();
    assert_eq!(decision.effect, Effect::Cancel);
    assert!(read("README.md").contains(&format!("the exit code is {EXIT}:")));

    let by: Vec<_> = decision
        .determined_by
        .iter()
        .map(|id| id.as_str())
        .collect();
    let mut expected = vec![
        format!(
            "{} at {}",
            decision.effect.as_str(),
            Stage::AssignmentRequestCreated
        ),
        format!("decided by {}", by.join(", ")),
    ];
    for outcome in report.outcomes() {
        let id = outcome.policy();
        match outcome.outcome() {
            Outcome::Verdict(verdict) => {
                let (effect, reason) = (verdict.kind.as_str(), &verdict.reason);
                expected.push(format!("{id}: {effect} ({})", reason.code));
                expected.push(reason.detail.clone());
            }
            Outcome::Skipped(Skip::Stage) => {
                expected.push(format!("{id}: not asked at this stage"));
            }
            other => panic!("{id}: {other:?}"),
        }
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&shown), words(&expected.join(" ")));
}

#[test]
fn the_policy_and_the_example_are_the_files() {
    let [policy, example] = blocks("rust").try_into().unwrap();
    let source = read("plugins/examples/rust/src/lib.rs");
    assert_eq!(policy, source.trim_end());

    let source = read("core/engine/examples/evaluate.rs");
    let start = source.find("use std").unwrap();
    assert_eq!(example, source[start..].trim_end());
}

/// Cells of a table row, without the first and the last bar.
fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn the_stage_table_is_the_codes() {
    let readme = read("README.md");
    for stage in Stage::ALL {
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{stage}` | ")));
        if !stage.is_evaluated() {
            assert_eq!(row, None, "{stage} is not evaluated");
            continue;
        }
        let row = row.unwrap_or_else(|| panic!("no row for {stage}"));
        let effects = [
            Effect::Approve,
            Effect::Deny,
            Effect::Cancel,
            Effect::RequireApproval,
        ];
        let expected = effects.map(|effect| cell(*stage, effect));
        assert_eq!(cells(row)[1..], expected, "{stage}");
    }
}

#[test]
fn the_table_of_what_is_doubtful_is_the_codes() {
    let readme = read("README.md");
    let (_, table) = (readme.split_once("| code | severity | |\n|---|---|---|\n")).unwrap();
    let rows: Vec<_> = (table.lines())
        .take_while(|line| line.starts_with('|'))
        .map(str::to_owned)
        .collect();
    let expected: Vec<_> = (SetRule::ALL.iter())
        .map(|rule| {
            let (code, severity, meaning) = (rule.code, rule.severity, rule.meaning);
            format!("| `{code}` | {severity} | {meaning} |")
        })
        .collect();
    assert_eq!(rows, expected);
}

fn cell(stage: Stage, effect: Effect) -> String {
    if effect == Effect::RequireApproval && !stage.takes_approval_stage() {
        return "fault".into();
    }
    let body = match effect {
        Effect::Approve => "continue",
        Effect::Deny => "`denied`",
        Effect::Cancel => "`canceled`",
        Effect::RequireApproval => "approval stage",
        Effect::Withhold => "nothing",
    };
    match stage.answer(effect) {
        Answer::Body => body.into(),
        Answer::BodyDisputed => format!("{body}, with a note"),
        Answer::Withhold(code) => format!("withheld: `{code}`"),
        Answer::ReportOnly => "reported".into(),
    }
}

#[test]
fn the_limits_are_the_defaults() {
    const MIB: u64 = 1024 * 1024;
    let limits = Limits::default();
    let readme = read("README.md");
    let shown = |limit: &str| {
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{limit}` | ")))
            .unwrap_or_else(|| panic!("no row for {limit}"));
        cells(row)[1].trim_matches('"').replace('_', "")
    };
    assert_eq!(shown("fuel"), limits.fuel.unwrap().to_string());
    assert_eq!(
        shown("deadline"),
        format!("{}ms", limits.deadline.as_millis())
    );
    assert_eq!(shown("memory"), format!("{}MiB", limits.memory / MIB));
    assert_eq!(shown("stack"), format!("{}KiB", limits.stack / 1024));
    assert_eq!(shown("concurrency"), limits.concurrency.to_string());
}
