//! Policies whose rules are text in their settings: `rego` and `cedar`.

#![expect(
    clippy::unwrap_used,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use std::fs;

use admit::{
    Callout, Engine, Error, ErrorKind, FaultKind, Limits, Outcome, Policy, PolicyOptions,
    PolicySet, Prepare, SetOptions,
};
use admit_tests::{component, corpus, root};
use serde_json::{Value, json};

/// The two languages: component, the setting of the texts, a text that approves, and one that does
/// not compile with what is shown of it.
const LANGUAGES: [(&str, &str, &str, &str, &str); 2] = [
    (
        "rego",
        "modules",
        "package admit\n\napprove := true",
        "package admit\n\napprove if {\n\tinput.x == y\n}",
        "a.txt:4:13: use of undefined variable `y` is unsafe\n4 | \tinput.x == y\n  | \t           ^",
    ),
    (
        "cedar",
        "policies",
        "permit (principal, action, resource);",
        "permit (principal, action, resource)\nwhen { principal.email = \"a\" };",
        "a.txt:2:8: '=' is not a valid operator in Cedar\n\
         2 | when { principal.email = \"a\" };\n  |        ^",
    ),
];

fn load(name: &str, settings: Value, prepare: Prepare) -> Result<Policy, Error> {
    load_into(
        &Engine::new(Limits::default()).unwrap(),
        name,
        settings,
        prepare,
    )
}

fn load_into(
    engine: &Engine,
    name: &str,
    settings: Value,
    prepare: Prepare,
) -> Result<Policy, Error> {
    let options = PolicyOptions {
        settings,
        prepare,
        ..PolicyOptions::default()
    };
    Policy::from_bytes(engine, "access", &component(name), options)
}

#[test]
fn they_start_configured() {
    for (name, setting, approves, ..) in LANGUAGES {
        let settings = json!({setting: {"a.txt": approves}});
        let policy = load(name, settings, Prepare::Snapshot).unwrap();
        assert!(policy.is_snapshotted(), "{name}");
    }
}

#[test]
fn errors_in_the_text_are_shown() {
    for (name, setting, _, wrong, shown) in LANGUAGES {
        let settings = json!({setting: {"a.txt": wrong}});
        let error = load(name, settings, Prepare::EachTime).unwrap_err();
        let (line, excerpt) = shown.split_once('\n').unwrap();
        assert_eq!(error.kind(), ErrorKind::PolicySettings);
        assert_eq!(error.detail(), format!("refused its settings: {line}"));
        assert_eq!(error.excerpt(), Some(excerpt));
        assert!(!error.to_string().contains('\n'));
    }
}

#[test]
fn their_schemas_refuse_what_is_unknown() {
    for (name, setting, approves, ..) in LANGUAGES {
        let schema = format!("plugins/stock/{name}/settings.schema.json");
        let schema = fs::read_to_string(root().join(schema)).unwrap();
        let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
        let with = |rest: Value| {
            let mut settings = json!({setting: {"a.txt": approves}});
            let members = settings.as_object_mut().unwrap();
            members.extend(rest.as_object().unwrap().clone());
            settings
        };
        for settings in [
            with(json!({})),
            with(json!({"facts": []})),
            with(json!({"facts": [{"collection": "held", "key": "/a/b~1c", "name": "h"}]})),
        ] {
            assert!(schema.is_valid(&settings), "{name}: {settings}");
        }
        for settings in [
            json!({}),
            json!({setting: {}}),
            json!({setting: {"two words": approves}}),
            json!({setting: approves}),
            with(json!({"default": "approve"})),
            with(json!({"when-undefined": "approve", "when-nothing-permits": "deny"})),
            with(json!({"facts": [{"collection": "held", "key": "id"}]})),
            with(json!({"facts": [{"collection": "held"}]})),
        ] {
            assert!(!schema.is_valid(&settings), "{name}: {settings}");
        }
    }
}

/// A rule that never ends on a large document is no denial and no approval.
#[test]
fn a_rule_that_goes_through_everything_is_a_fault() {
    let every = "\tsome _ in input.answers\n".repeat(4);
    let rules = format!("package admit\n\napprove if {{\n{every}\tfalse\n}}");
    let settings = json!({"modules": {"access.rego": rules}});
    let engine = Engine::new(Limits::default()).unwrap();
    let policy = load_into(&engine, "rego", settings, Prepare::EachTime).unwrap();
    let options = SetOptions {
        source: "Contoso.Test".into(),
        ..SetOptions::default()
    };
    let set = PolicySet::new(&engine, options, vec![policy]).unwrap();
    let payload = corpus().join("callouts/01-request-created.flat.json");
    let answers = format!("\"Answers\": [{}]", ["{\"Value\":\"x\"}"; 500].join(","));
    let large = fs::read_to_string(payload)
        .unwrap()
        .replace("\"Answers\": []", &answers);
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let report = set.evaluate(&Callout::parse(large.as_bytes()).unwrap(), now);
    let [outcome] = report.outcomes() else {
        panic!("one policy");
    };
    let Outcome::Fault(fault) = outcome.outcome() else {
        panic!("a fault");
    };
    // On a machine that is busy the deadline may come first.
    assert!(
        matches!(fault.kind, FaultKind::Fuel | FaultKind::Deadline),
        "{fault:?}"
    );
    assert_eq!(report.decision().unwrap().effect.as_str(), "deny");
}

/// Packages outside of the workspace cannot inherit its lints.
#[test]
fn they_have_the_lints_of_the_workspace() {
    let read = |path: &str| -> toml::Table {
        fs::read_to_string(root().join(path))
            .unwrap()
            .parse()
            .unwrap()
    };
    let workspace = read("Cargo.toml");
    for (name, ..) in LANGUAGES {
        let own = read(&format!("plugins/stock/{name}/Cargo.toml"));
        assert_eq!(own["lints"], workspace["workspace"]["lints"], "{name}");
    }
}
