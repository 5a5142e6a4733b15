//! One policy in every language, held to the same answers: see `tests/guests/conformance`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use std::{fs, sync::Mutex, time::Duration};

use admit::{
    Callout, Engine, Facts, JsonFacts, Limits, Policy, PolicyOptions, PolicySet, Prepare, Report,
    SetOptions,
};
use admit_build::Language;
use admit_tests::{conformance, corpus, golden, root};
use serde_json::{Value, json};

const NOW: &str = "2026-11-20T12:00:00.5Z";

/// A language's policy in a set of its own.
struct Guest {
    language: Language,
    set: PolicySet,
    is_snapshotted: bool,
}

impl Guest {
    fn new(language: Language) -> Self {
        let limits = Limits {
            deadline: Duration::from_secs(10),
            fuel: Some(500_000_000),
            memory: 64 * 1024 * 1024,
            concurrency: 2,
            ..Limits::default()
        };
        let engine = Engine::new(limits).unwrap();
        let nested = json!({"text": "Grüße", "integer": 7, "flag": true});
        let settings = match language {
            Language::Rego => json!({"data": {"nested": nested}}),
            Language::Cedar => Value::Null,
            _ => json!({"nested": nested}),
        };
        let options = PolicyOptions {
            settings,
            facts: vec!["held".into()],
            prepare: match language {
                // It is compiled for many seconds, and would be three times.
                Language::Python => Prepare::EachTime,
                _ => Prepare::Snapshot,
            },
            ..PolicyOptions::default()
        };
        let component = conformance(language);
        let policy = Policy::from_bytes(&engine, "guest", &component, options).unwrap();
        let is_snapshotted = policy.is_snapshotted();
        let held = json!({"somebody": {"name": "Sömebody", "count": 3}}).to_string();
        let held = JsonFacts::from_json(&held).unwrap();
        let options = SetOptions {
            source: "Contoso.Test".into(),
            facts: Facts::new().with("held", held),
            ..SetOptions::default()
        };
        Self {
            language,
            set: PolicySet::new(&engine, options, vec![policy]).unwrap(),
            is_snapshotted,
        }
    }

    fn report(&self, callout: &Callout) -> Report {
        self.set.evaluate(callout, NOW.parse().unwrap())
    }

    /// The outcome, as the report has it.
    fn outcome(&self, callout: &Callout) -> Value {
        let report = self.report(callout).to_json();
        let mut report: Value = serde_json::from_str(&report).unwrap();
        report["outcomes"][0].take()
    }
}

/// A callout whose first answer names the case; and further answers.
fn callout(case: &str, more: &[&str]) -> Callout {
    let payload = corpus().join("callouts/01-request-created.flat.json");
    let mut payload: Value = serde_json::from_slice(&fs::read(payload).unwrap()).unwrap();
    if case == "approval" {
        payload["Stage"] = "assignmentRequestDeterminingApprovalRequirements".into();
    }
    payload["Requestor"]["DisplayName"] = "somebody".into();
    payload["Assignment"]["Target"]["DisplayName"] = "nobody".into();
    let answer = |(at, value): (usize, &str)| {
        let question = if at == 0 {
            "what".into()
        } else {
            format!("more {at}")
        };
        json!({"Value": value, "AnsweredQuestion": {"TextString": question}})
    };
    let values = [case].into_iter().chain(more.iter().copied());
    payload["Answers"] = values.enumerate().map(answer).collect();
    Callout::parse(payload.to_string().as_bytes()).unwrap()
}

/// What the policies are asked. `nothing` and `wrong` are verdicts that are none.
const CASES: [&str; 24] = [
    "approve",
    "deny",
    "cancel",
    "abstain",
    "approval",
    "notes",
    "fact",
    "missing-fact",
    "settings",
    "now",
    "log",
    "unicode",
    "answers",
    "ungranted",
    "error",
    "trap",
    "nothing",
    "wrong",
    "forgotten",
    "loop",
    "memory",
    "clock",
    "random",
    "no-such",
];

/// Those whose outcome is the same in every language that can say it: the first ones.
const SAME: usize = 13;

/// An outcome in a line: effect, code, detail and what goes with them, or kind and text of a fault.
fn line(case: &str, outcome: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let fault = &outcome["fault"];
    let said = match outcome.get("verdict") {
        Some(verdict) => {
            let mut said = format!(
                "{} {} {}",
                text(&verdict["effect"]),
                text(&verdict["code"]),
                verdict["detail"]
            );
            for member in ["notes", "approvalStage"] {
                if let Some(more) = verdict.get(member) {
                    said.push_str(&format!(" {more}"));
                }
            }
            said
        }
        None => format!(
            "fault {}: {:?}",
            text(&fault["kind"]),
            text(&fault["detail"])
        ),
    };
    let log = outcome["log"].as_array().unwrap().iter();
    let log: String = log
        .map(|line| format!(" [{}: {}]", text(&line["level"]), text(&line["message"])))
        .collect();
    format!("{case}: {said}{log}\n")
}

/// What the whole process has resident, in bytes.
fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// Serves one language at a time: what is resident is of the whole process.
static TURN: Mutex<()> = Mutex::new(());

/// Holds a language to what was reviewed, and to what Rust says in all cases that it does not lack.
fn conforms(language: Language, lacks: &[&str]) -> Guest {
    let guest = Guest::new(language);
    let outcomes = root().join("tests/guests/conformance/outcomes");
    let cases = CASES.iter().filter(|case| !lacks.contains(case));
    let lines: String = cases
        .map(|case| line(case, &guest.outcome(&callout(case, &[]))))
        .collect();
    golden(&outcomes.join(format!("{language}.txt")), &lines).unwrap();

    let rust = fs::read_to_string(outcomes.join("rust.txt")).unwrap();
    for expected in rust.lines().take(SAME) {
        let (case, _) = expected.split_once(':').unwrap();
        // How a language logs is its own.
        let (expected, _) = expected.split_once(" [info: ").unwrap_or((expected, ""));
        let found = lines
            .lines()
            .find(|line| line.starts_with(&format!("{case}:")));
        match found {
            Some(found) => assert!(found.starts_with(expected), "{language}: {found}"),
            None => assert!(lacks.contains(&case), "{language}: {case}"),
        }
    }
    guest
}

/// Answers of 95 KB, in many bytes a character.
fn reads_large_answers(guest: &Guest) {
    let answer = "ä漢🙂 ".repeat(950);
    let answers: Vec<_> = (0..10).map(|_| answer.as_str()).collect();
    let outcome = guest.outcome(&callout("answers", &answers));
    let characters = "answers".len() + 10 * 950 * 4;
    let expected = format!("answers: approve answers \"11 {characters}\"\n");
    assert_eq!(line("answers", &outcome), expected, "{}", guest.language);
}

/// What 10,000 evaluations leave behind: nothing.
fn leaves_nothing(guest: &Guest) {
    let callout = callout("approve", &[]);
    let first = guest.outcome(&callout);
    let rounds = |count: u32| {
        for _ in 0..count {
            guest.report(&callout);
        }
    };
    rounds(1_000);
    let before = resident();
    rounds(9_000);
    let growth = resident().saturating_sub(before) / 1024;
    assert!(growth < 4 * 1024, "{}: {growth} KiB", guest.language);
    // Nor does anything of one evaluation reach another.
    assert_eq!(guest.outcome(&callout), first);
}

fn holds(language: Language, is_snapshotted: bool, lacks: &[&str]) {
    let _turn = TURN.lock();
    let guest = conforms(language, lacks);
    assert_eq!(guest.is_snapshotted, is_snapshotted, "{language}");
    if !lacks.contains(&"answers") {
        reads_large_answers(&guest);
    }
    leaves_nothing(&guest);
}

#[test]
fn rust() {
    // There is no verdict but one, and no randomness to ask for.
    holds(
        Language::Rust,
        true,
        &["nothing", "wrong", "forgotten", "random"],
    );
}

#[test]
fn c() {
    // A verdict that is dropped does not compile.
    holds(Language::C, true, &["forgotten"]);
}

#[test]
fn python() {
    // It could be: but that compiles three times, for many seconds each, and gains nothing.
    holds(Language::Python, false, &[]);
}

#[test]
fn rego() {
    // A function that would trap, or ask a clock, refuses the rules when they are loaded.
    holds(
        Language::Rego,
        true,
        &["trap", "forgotten", "clock", "random"],
    );
}

#[test]
fn cedar() {
    // Cedar permits and forbids: it gives no values, has no loops and no functions but pure ones.
    let lacks = [
        "abstain",
        "fact",
        "settings",
        "now",
        "log",
        "unicode",
        "answers",
        "ungranted",
        "trap",
        "nothing",
        "wrong",
        "forgotten",
        "loop",
        "memory",
        "clock",
        "random",
    ];
    holds(Language::Cedar, true, &lacks);
}

#[test]
fn javascript() {
    holds(Language::JavaScript, false, &[]);
}

#[test]
fn typescript() {
    // What its types are for. It runs as JavaScript, which has the rest.
    let lacks = [
        "cancel",
        "abstain",
        "approval",
        "notes",
        "fact",
        "missing-fact",
        "log",
        "unicode",
        "answers",
        "ungranted",
        "trap",
        "forgotten",
        "loop",
        "memory",
        "random",
    ];
    holds(Language::TypeScript, false, &lacks);
}
