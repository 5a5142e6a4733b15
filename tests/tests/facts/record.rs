//! Evaluating again with what was recorded, and nothing else.

use std::fs;

use admit::{
    Callout, Engine, ErrorKind, Facts, FileOptions, Limits, PolicySet, RecordedFacts, Report,
    ReportOptions, SetOptions,
};
use admit_tests::{component, corpus};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    Asked, LONG, SHORT, callout, engine, evaluate, fault, found, outcomes, policy, policy_on,
    report, set, set_of, whole,
};

/// Of the callout that these tests evaluate.
const OF: &str = r#""calloutSha256":"7a88240a9edc98f6225615644c49309047c0854f063dbe62c1db8409866fac1f","now":"1970-01-01T00:00:00Z""#;
const ID: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";

fn again(set: &PolicySet, record: &RecordedFacts) -> Result<Report, (ErrorKind, String)> {
    set.evaluation(callout(), Timestamp::UNIX_EPOCH)
        .with_facts(record.clone())
        .run()
        .map_err(|error| (error.kind(), error.to_string()))
}

/// Answers of every kind, by key.
fn host(keys: &Asked) -> Facts {
    let keys = keys.clone();
    Facts::new().with("host", move |key: &str| {
        keys.note(key);
        match key {
            "late" => {
                std::thread::sleep(SHORT * 2);
                Ok(Some(json!(true)))
            }
            "broken" => Err("out of order"),
            "panic" => panic!("no {key}"),
            "nobody" => Ok(None),
            "large" => Ok(Some(json!("x".repeat(256 * 1024)))),
            key => Ok(Some(json!({ "b": 0.1, "a": key }))),
        }
    })
}

#[test]
fn a_record_gives_the_same_report_and_asks_no_source() {
    let keys = Asked::default();
    let lookups = |keys: &[&str]| -> Value {
        (keys.iter())
            .map(|key| json!({ "collection": "host", "key": key }))
            .collect()
    };
    let key = "k".repeat(1025);
    let of = |id, deadline, lookups| policy_on(engine(), id, &["host"], deadline, lookups);
    let policies = vec![
        of("values", LONG, lookups(&["noor", ID, "nobody"])),
        of("broken", LONG, lookups(&["noor", "broken", "never"])),
        of("panic", LONG, lookups(&["panic"])),
        of("large", LONG, lookups(&["large"])),
        of("late", SHORT, lookups(&["late"])),
        of("after", LONG, lookups(&["late"])),
        of("key", LONG, lookups(&[&key])),
        of(
            "many",
            LONG,
            json!([{ "collection": "host", "key": "#", "times": 4097 }]),
        ),
        policy("not-granted", &[], lookups(&["noor"])),
        of(
            "type",
            LONG,
            json!([{ "collection": "host", "key": "noor", "as": "text", "at": "/b" }]),
        ),
    ];
    let set = set_of(host(&keys), policies);
    let first = set.evaluate(callout(), Timestamp::UNIX_EPOCH);
    let late = "deadline: did not end in time: the source `host` gave no answer before";
    assert_eq!(
        outcomes(&first),
        [
            Ok(format!(
                r#"{{"a":"noor","b":0.1}} {{"a":"{ID}","b":0.1}} none"#
            )),
            fault("facts: the source `host` failed: out of order"),
            fault("facts: the source `host` failed: it panicked"),
            fault("facts: the source `host` failed: a value of 262146 bytes; at most 262144"),
            fault(late),
            fault(late),
            fault("facts: a key of 1025 bytes in a lookup of `host`; at most 1024"),
            fault("facts: more than 4096 different lookups"),
            fault("facts: looked up `host`, which it was not granted"),
            fault("facts: the fact `host`: a number at `/b`, where a string was asked for"),
        ]
    );
    let asked = keys.take();
    assert_eq!(asked.len(), 7 + 4096);
    assert!(!asked.contains(&"never".into()));
    let second = again(&set, first.facts()).unwrap();
    assert_eq!(second.to_json(), first.to_json());
    assert_eq!(second.facts(), first.facts());
    assert_eq!(keys.take(), Vec::<String>::new());
}

#[test]
fn a_record_has_each_lookup_with_its_answer() {
    let lookups = |key: &str| {
        json!([
            { "collection": "host", "key": ID.to_uppercase() },
            { "collection": "host", "key": "nobody" },
            { "collection": "host", "key": key },
        ])
    };
    let policies =
        [("one", "broken"), ("two", "noor")].map(|(id, key)| policy(id, &["host"], lookups(key)));
    let report = report(&set_of(host(&Asked::default()), policies.into()));
    let record: Vec<_> = (report.facts().iter())
        .map(|recorded| {
            let answer = match recorded.answer() {
                Ok(fact) => Ok(fact.map(|fact| fact.text().to_owned())),
                Err(fault) => Err(format!("{}: {}", fault.kind, fault.detail)),
            };
            (recorded.collection(), recorded.key(), answer)
        })
        .collect();
    assert_eq!(
        record,
        [
            ("host", ID, Ok(Some(format!(r#"{{"a":"{ID}","b":0.1}}"#)))),
            (
                "host",
                "broken",
                Err("facts: the source `host` failed: out of order".into())
            ),
            ("host", "nobody", Ok(None)),
            ("host", "noor", Ok(Some(r#"{"a":"noor","b":0.1}"#.into()))),
        ]
    );
    let nothing = set(Facts::new(), json!([]));
    assert!(
        nothing
            .evaluate(callout(), Timestamp::UNIX_EPOCH)
            .facts()
            .is_empty()
    );
}

#[test]
fn what_a_record_lacks_is_an_error() {
    let keys = Asked::default();
    let both = json!([
        { "collection": "host", "key": "noor" },
        { "collection": "host", "key": "kim\n" },
    ]);
    let policies = vec![
        policy("one", &["host"], whole("host", "noor")),
        policy("two", &["host"], both),
        policy("three", &["host"], whole("host", "never")),
    ];
    let set = set_of(host(&keys), policies);
    let lacks = |policy: &str, key: &str| {
        Err((
            ErrorKind::FactRecord,
            format!("policy `{policy}`: the record lacks the fact `host` of key `{key}`"),
        ))
    };
    let noor = RecordedFacts::from_json(r#"[{"collection":"host","key":"noor","value":1}]"#);
    let other = RecordedFacts::from_json(r#"[{"collection":"people","key":"noor","value":1}]"#);
    for (record, came) in [
        (RecordedFacts::default(), lacks("one", "noor")),
        (other.unwrap(), lacks("one", "noor")),
        (noor.unwrap(), lacks("two", r"kim\n")),
    ] {
        assert_eq!(again(&set, &record).map(|report| report.to_json()), came);
    }
    assert_eq!(keys.take(), Vec::<String>::new());
    // What is not granted is a fault, recorded or not.
    let set = set_of(
        host(&keys),
        vec![
            policy("one", &["host"], json!([])),
            policy("two", &[], whole("host", "noor")),
        ],
    );
    assert_eq!(
        again(&set, &RecordedFacts::default()).map(|report| outcomes(&report)),
        Ok(vec![
            found(""),
            fault("facts: looked up `host`, which it was not granted")
        ])
    );
}

#[test]
fn a_record_is_read_from_a_report_or_its_list() {
    let list = r#"[{"collection":"host","key":"b","value":{"z":[1.50,null],"a":"ü"}},
        {"collection":"host","key":"a","value":null},
        {"collection":"host","key":"c","fault":{"kind":"deadline","detail":"late"}},
        {"collection":"host","key":"d","value":{"$serde_json::private::RawValue":"null"}}]"#;
    let texts = [
        list.to_owned(),
        // What else there is matters not: a callout may hold numbers that nobody else reads.
        format!(
            r#"{{"key":"k",{OF},"evidence":{{"callout":{{"/a":1e999,"/b":{{"a":1,"a":2}}}},"facts":{list}}}}}"#
        ),
    ];
    for text in texts {
        let record = RecordedFacts::from_json(&text).unwrap();
        let lookups = json!([
            { "collection": "host", "key": "b" },
            { "collection": "host", "key": "a" },
            { "collection": "host", "key": "d" },
        ]);
        let policies = vec![
            policy("one", &["host"], lookups),
            policy("two", &["host"], whole("host", "c")),
        ];
        let set = set_of(host(&Asked::default()), policies);
        assert_eq!(
            again(&set, &record).map(|report| outcomes(&report)),
            Ok(vec![
                found(r#"{"a":"ü","z":[1.5,null]} none {"$serde_json::private::RawValue":"null"}"#),
                fault("deadline: late"),
            ])
        );
    }
}

#[test]
fn what_is_not_a_record_is_refused_by_place() {
    let lookup = r#"{"collection":"host","key":"a","value":1}"#;
    let large = "x".repeat(256 * 1024);
    for (text, problem) in [
        (
            "{",
            "not a report, nor a list of lookups: EOF while parsing an object at line 1 column 1",
        ),
        (
            r#"{"key":"k"}"#,
            "not a report, nor a list of lookups: missing field `calloutSha256` at line 1 column 11",
        ),
        (
            r#"[{"collection":"host","key":"a","value":{"a":1,"a":2}}]"#,
            "/0: the member `a` stands twice at line 1 column 49",
        ),
        (
            &format!("{{{OF}}}"),
            "/evidence: carries no evidence; make the report with it (`admit eval --format json \
             --evidence`)",
        ),
        (
            &format!(r#"{{{OF},"redacted":true,"evidence":{{"facts":[]}}}}"#),
            "redacted: it has digests, and no values to evaluate with",
        ),
        (
            &format!(r#"{{{OF},"evidence":{{"facts":[{lookup},{lookup}]}}}}"#),
            "/evidence/facts/1: this lookup stands twice",
        ),
        (
            r#"[{"collection":"host","key":"a"}]"#,
            "/0: a lookup has either a `value` or a `fault`",
        ),
        (
            r#"[{"collection":"host","key":"a","value":1,"fault":{"kind":"facts","detail":""}}]"#,
            "/0: a lookup has either a `value` or a `fault`",
        ),
        (
            r#"[{"collection":"host","key":"a","fault":{"kind":"unknown","detail":""}}]"#,
            "/0: there is no fault `unknown`",
        ),
        (
            r#"[{"collection":"host","value":1}]"#,
            "/0: missing field `key` at line 1 column 31",
        ),
        (
            &format!("[{}]", lookup.replace("value", "sha256")),
            "/0: unknown field `sha256`, expected one of `collection`, `key`, `value`, `fault` at line 1 column 39",
        ),
        (
            &format!(r#"[{{"collection":"host","key":"a","value":"{large}"}}]"#),
            "/0: a value of 262146 bytes; at most 262144",
        ),
    ] {
        let error = RecordedFacts::from_json(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FactRecord);
        assert_eq!(error.to_string(), problem);
    }
}

#[test]
fn a_set_without_its_sources_evaluates_with_a_record_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ask.wasm"), component("ask")).unwrap();
    let file = folder.path().join("admit.toml");
    let text = r#"
        source = "Contoso.Test"
        limits.deadline = "10s"
        [facts.people]
        json = "gone.json"
        [facts.seats]
        sqlite = "gone.db"
        query = "select no from where"
        [facts.host]
        host = true
        [[policy]]
        id = "one"
        component = "ask.wasm"
        facts = ["people", "seats", "host"]
        [[policy.settings.lookups]]
        collection = "people"
        key = "noor"
        [[policy.settings.lookups]]
        collection = "seats"
        key = "noor"
        [[policy.settings.lookups]]
        collection = "host"
        key = "noor"
    "#;
    std::fs::write(&file, text).unwrap();
    assert!(PolicySet::from_file(&file).is_err());
    let options = FileOptions {
        without_sources: true,
        ..FileOptions::default()
    };
    let set = PolicySet::from_file_with(&file, options).unwrap();
    assert_eq!(
        evaluate(&set),
        fault(
            "facts: the source `people` failed: not attached: the set was loaded to evaluate with \
             recorded facts"
        )
    );
    let record = RecordedFacts::from_json(
        r#"[{"collection":"people","key":"noor","value":1},
            {"collection":"seats","key":"noor","value":{"a":2}},
            {"collection":"host","key":"noor","value":null}]"#,
    );
    assert_eq!(
        again(&set, &record.unwrap()).map(|report| outcomes(&report)),
        Ok(vec![found(r#"1 {"a":2} none"#)])
    );
}

/// What the machine cut short is not repeated: another run might decide otherwise.
#[test]
fn an_evaluation_that_was_cut_short_is_not_repeated() {
    let keys = Asked::default();
    // A lookup that is kept costs little, so that only time ends this.
    let endless = json!([{ "collection": "host", "key": "noor", "times": 1_000_000_000 }]);
    let limits = Limits {
        fuel: None,
        deadline: SHORT,
        memory: 1024 * 1024 * 1024,
        concurrency: 1,
        ..crate::limits()
    };
    let engine = Engine::new(limits).unwrap();
    let slow = policy_on(&engine, "slow", &["host"], SHORT, endless);
    let options = SetOptions {
        source: "Contoso.Test".into(),
        facts: host(&keys),
        ..SetOptions::default()
    };
    let set = PolicySet::new(&engine, options, vec![slow]).unwrap();
    let first = set.evaluate(callout(), Timestamp::UNIX_EPOCH);
    assert_eq!(
        outcomes(&first),
        [fault("deadline: did not end within 250ms")]
    );
    let refused = Err((
        ErrorKind::FactRecord,
        "policy `slow`: was cut short when this was recorded, by its deadline or for want of an \
         instance; that depends on the machine and cannot be repeated"
            .to_owned(),
    ));
    let evidence = first.to_json_with(ReportOptions {
        evidence: true,
        ..ReportOptions::default()
    });
    let parsed: Value = serde_json::from_str(&evidence).unwrap();
    assert_eq!(parsed["evidence"]["cutShort"], json!(["slow"]));
    for record in [
        first.facts().clone(),
        RecordedFacts::from_json(&evidence).unwrap(),
    ] {
        assert_eq!(record.cut_short().collect::<Vec<_>>(), ["slow"]);
        assert_eq!(again(&set, &record).map(|_| ()), refused);
    }
}

#[test]
fn a_record_of_another_callout_is_refused() {
    let set = set(host(&Asked::default()), whole("host", "noor"));
    let first = report(&set);
    let evidence = first.to_json_with(ReportOptions {
        evidence: true,
        ..ReportOptions::default()
    });
    let file = corpus().join("callouts/02-request-created.enveloped.json");
    let other = Callout::parse(&fs::read(file).unwrap()).unwrap();
    for record in [
        first.facts().clone(),
        RecordedFacts::from_json(&evidence).unwrap(),
    ] {
        assert_eq!(record.now(), Some(Timestamp::UNIX_EPOCH));
        let evaluation = set.evaluation(&other, Timestamp::UNIX_EPOCH);
        let error = evaluation.with_facts(record).run().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the record is of another callout; the list at `/evidence/facts` alone serves for any"
        );
    }
    let parsed: Value = serde_json::from_str(&evidence).unwrap();
    let alone = parsed["evidence"]["facts"].to_string();
    let record = RecordedFacts::from_json(&alone).unwrap();
    assert_eq!(record.now(), None);
    let evaluation = set.evaluation(&other, Timestamp::UNIX_EPOCH);
    let report = evaluation.with_facts(record).run().unwrap();
    assert_eq!(outcomes(&report), [found(r#"{"a":"noor","b":0.1}"#)]);
}

/// Keys and values are about people, and logs are read by many.
#[test]
fn debug_output_has_no_values() {
    let set = set(host(&Asked::default()), whole("host", "noor"));
    let report = report(&set);
    let shown = format!(
        "{report:?} {:?} {:?}",
        report.facts(),
        report.facts().iter().next()
    );
    assert!(shown.contains("host: a value"), "{shown}");
    for private in ["noor", "0.1"] {
        assert!(!shown.contains(private), "{shown}");
    }
}
