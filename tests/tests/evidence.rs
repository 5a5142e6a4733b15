//! What a report shows of what a policy looked at, whatever it looked at.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use admit::{
    Callout, Engine, Limits, Policy, PolicyOptions, PolicySet, Prepare, RecordedFacts, Report,
    ReportOptions, SetOptions,
};
use admit_tests::HEAD;
use admit_wit::Metadata;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A set of one policy that reads these places of the callout by pointers of its own, and approves.
fn set(pointers: &[&str]) -> PolicySet {
    let mut data = String::new();
    let mut calls = String::new();
    let mut at = 4096;
    for pointer in pointers {
        let text: String = pointer
            .bytes()
            .map(|byte| format!("\\{byte:02x}"))
            .collect();
        data.push_str(&format!("(data (i32.const {at}) \"{text}\")\n"));
        let length = pointer.len();
        calls.push_str(&format!(
            "(call $field (i32.const {at}) (i32.const {length}) (i32.const 16))\n"
        ));
        at += length;
    }
    let module = format!(
        r#"(module
            (import "admit:policy/callout@0.1.0" "field" (func $field (param i32 i32 i32)))
            (import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
            (memory (export "memory") 4)
            (data (i32.const 0) "code")
            {data}
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
            (func (export "configure") (result i32) (i32.const 1024))
            (func (export "evaluate") (result i32)
                {calls}
                (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
                (i32.const 1024)))"#
    );
    let mut component = admit_build::componentize(module.as_bytes()).unwrap();
    let metadata = Metadata {
        name: "reads".into(),
        version: "1.0.0".into(),
        description: String::new(),
        contract: "0.1.0".into(),
        stages: vec!["assignmentRequestCreated".into()],
        facts: Vec::new(),
        settings_schema: None,
        settings: Default::default(),
    };
    metadata.embed(&mut component).unwrap();
    let engine = Engine::new(Limits::default()).unwrap();
    let options = PolicyOptions {
        prepare: Prepare::EachTime,
        ..PolicyOptions::default()
    };
    let policy = Policy::from_bytes(&engine, "reads", &component, options).unwrap();
    let options = SetOptions {
        source: "Contoso.Test".into(),
        ..SetOptions::default()
    };
    PolicySet::new(&engine, options, vec![policy]).unwrap()
}

fn evaluate(set: &PolicySet, members: &str) -> Report {
    let payload = format!("{{{HEAD},{members}}}");
    let callout = Callout::parse(payload.as_bytes()).unwrap();
    set.evaluate(&callout, Timestamp::UNIX_EPOCH)
}

fn with_evidence(report: &Report, redact: bool) -> String {
    report.to_json_with(ReportOptions {
        evidence: true,
        redact,
    })
}

/// Evidence is what stands in the callout, to the letter, and is read again whatever that is.
#[test]
fn odd_values_are_shown_as_they_are_and_read_again() {
    let set = set(&["/odd/number", "/odd/inner", "/odd/none", "/odd/0", "/odd"]);
    let odd = r#"{"number":1e999,"inner":{"a":1.50},"0":"ü"}"#;
    let report = evaluate(&set, &format!(r#""odd":{odd}"#));
    let evidence = with_evidence(&report, false);
    let shown = format!(
        r#""evidence":{{"callout":{{"/odd":{odd},"/odd/0":"ü","/odd/inner":{{"a":1.50}},"/odd/none":null,"/odd/number":1e999}},"facts":[]}}}}"#
    );
    assert!(evidence.ends_with(&shown), "{evidence}");
    let recorded = RecordedFacts::from_json(&evidence).unwrap();
    let again = set
        .evaluation(report.callout(), Timestamp::UNIX_EPOCH)
        .with_facts(recorded)
        .run()
        .unwrap();
    assert_eq!(with_evidence(&again, false), evidence);
}

/// A policy can put anything into a pointer, such as what it has read.
#[test]
fn pointers_of_a_policys_own_are_redacted() {
    let set = set(&["/noor.halvorsen@contoso.example", "/requestor/email"]);
    let member = r#""requestor":{"email":"noor.halvorsen@contoso.example"}"#;
    let report = evaluate(&set, member);
    let redacted = with_evidence(&report, true);
    assert!(!redacted.contains("noor"), "{redacted}");
    let redacted: Value = serde_json::from_str(&redacted).unwrap();
    // `printf %s /noor.halvorsen@contoso.example | sha256sum`
    assert_eq!(
        redacted["outcomes"][0]["reads"],
        json!([
            "sha256:354e9b6b8d1b715f731797bc24ee4f8a15e314e988718d10a5f8a50f227a0588",
            "/requestor/email",
        ])
    );
}

/// What is kept for the report has no part in what is decided, nor have its bounds.
#[test]
fn a_decision_is_the_same_when_reads_are_not_kept() {
    let many: Vec<String> = (0..4097).map(|number| format!("/{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let set = set(&many);
    let report = evaluate(&set, r#""a":1"#);
    let without = set
        .evaluation(report.callout(), Timestamp::UNIX_EPOCH)
        .without_reads()
        .run()
        .unwrap();
    assert_eq!(without.decision(), report.decision());
    let outcome = |report: &Report| report.outcomes()[0].outcome().clone();
    assert_eq!(outcome(&without), outcome(&report));
    assert_eq!(without.outcomes()[0].reads(), None);
    assert_eq!(without.shown_to(without.outcomes()[0].policy()), None);
    assert_eq!(
        report.outcomes()[0].reads().map(|reads| reads.len()),
        Some(4096)
    );
}
