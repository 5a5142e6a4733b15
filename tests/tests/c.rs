//! What the helpers for policies in C promise, asked by a policy in C.

#![expect(
    clippy::unwrap_used,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use std::fs;

use admit::{Callout, PolicySet};
use admit_build::{Options, build};
use admit_tests::{corpus, root};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

const DESCRIPTION: &str = r#"name = "helpers"
version = "0.1.0"
description = "Asks of the helpers what they promise."
stages = ["assignmentRequestCreated"]
facts = ["held"]
"#;

const FACTS: &str =
    r#"{"somebody": {"names": ["a", "b"], "ids": ["0D0000010007400EA014D13244AA029E"]}}"#;

/// The policy's component and its facts.
fn policy() -> TempDir {
    let home = TempDir::new().unwrap();
    let vendor = home.path().join("vendor");
    fs::create_dir(&vendor).unwrap();
    for file in fs::read_dir(root().join("plugins/languages/c")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), vendor.join(file.file_name())).unwrap();
    }
    for (name, text) in [
        ("policy.c", include_str!("c/policy.c")),
        ("policy.toml", DESCRIPTION),
        ("settings.schema.json", r#"{"type": "object"}"#),
        ("held.json", FACTS),
    ] {
        fs::write(home.path().join(name), text).unwrap();
    }
    let tools = root().join("target/policy-tools/c/bin");
    assert!(
        tools.join("python-zig").is_file(),
        "{} has no zig: `make policy-tools`",
        tools.display()
    );
    let options = Options {
        tools: vec![tools],
        ..Options::default()
    };
    let built = build(home.path(), &options).unwrap();
    fs::write(home.path().join("helpers.wasm"), built.component).unwrap();
    home
}

fn set(home: &TempDir, texts: &str) -> Result<PolicySet, admit::Error> {
    let text = format!(
        "source = \"Tests\"\n[[policy]]\nid = \"helpers\"\ncomponent = \"helpers.wasm\"\nfacts = [\"held\"]\n\
         [policy.settings]\ntexts = {texts}\nguids = [\"0D000001-0007-400E-A014-D13244AA029E\"]\n\
         integer = -9007199254740991\nnumber = 0.5\n\
         [facts.held]\njson = \"held.json\"\n"
    );
    let file = home.path().join("admit.toml");
    fs::write(&file, text).unwrap();
    PolicySet::from_file(file)
}

/// A callout whose first answer says what is asked.
fn callout(what: &str) -> Callout {
    let file = corpus().join("callouts/01-request-created.flat.json");
    let mut callout: Map<String, Value> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let answers = json!([{ "Value": what, "AnsweredQuestion": {
        "Id": "0b00000a-0006-404c-a088-6243ecb17f6c", "TextString": "Purpose" } }]);
    callout.insert("Answers".into(), answers);
    Callout::parse(Value::Object(callout).to_string().as_bytes()).unwrap()
}

#[test]
fn the_helpers_do_what_they_promise() {
    let home = policy();
    let ready = set(&home, r#"["one", "zwölf"]"#).unwrap();
    for what in ["strings", "settings", "facts", "answers", "memory"] {
        let report = ready.evaluate(&callout(what), "2026-11-20T12:00:00Z".parse().unwrap());
        let report: Value = serde_json::from_str(&report.to_json()).unwrap();
        let outcome = &report["outcomes"][0];
        assert_eq!(outcome["verdict"]["code"], "holds", "{what}: {outcome}");
    }
    let refused = set(&home, "[]").unwrap_err().to_string();
    assert!(refused.contains("there are no texts"), "{refused}");
}
