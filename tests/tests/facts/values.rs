//! What sources in memory and closures say.

use admit::{Facts, JsonFacts, Policy, PolicyOptions, RecordedFacts, ReportOptions};
use admit_tests::component;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Asked, Came, callout, engine, evaluate, fault, found, set, set_of, whole};

const ID: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";

fn from_json(value: Value) -> Facts {
    Facts::new().with("people", JsonFacts::new(value).unwrap())
}

#[test]
fn values_are_read_by_type_and_place() {
    let facts = from_json(json!({
        "noor": {
            "name": "Noor", "active": true, "level": 3, "share": 0.1, "none": null,
            "id": "{0A000001-0004-400B-A011-2AC39FE6A35D}", "since": "2026-11-20T13:00:00+01:00",
            "held": ["a", null], "a/b": {"~": 1}, "big": 9_007_199_254_740_992_i64,
        },
        "plain": "text",
        "gone": null,
    }));
    let wrong = |found: &str, at: &str, wanted: &str| {
        fault(&format!(
            "facts: the fact `people`: {found} at `{at}`, where {wanted} was asked for"
        ))
    };
    let table: Vec<(&str, &str, &str, Came)> = vec![
        ("noor", "text", "/name", found("Noor")),
        ("noor", "flag", "/active", found("true")),
        ("noor", "integer", "/level", found("3")),
        ("noor", "number", "/level", found("3")),
        ("noor", "number", "/share", found("0.1")),
        ("noor", "guid", "/id", found(ID)),
        ("noor", "timestamp", "/since", found("1795176000")),
        ("noor", "count", "/held", found("2")),
        ("noor", "count", "", found("10")),
        ("noor", "text", "/held/0", found("a")),
        ("noor", "text", "/held/1", found("none")),
        ("noor", "text", "/held/2", found("none")),
        ("noor", "text", "/none", found("none")),
        ("noor", "text", "/manager/id", found("none")),
        ("noor", "integer", "/a~1b/~0", found("1")),
        ("noor", "text", "", wrong("an object", "", "a string")),
        (
            "noor",
            "text",
            "/level",
            wrong("a number", "/level", "a string"),
        ),
        (
            "noor",
            "flag",
            "/name",
            wrong("a string", "/name", "a boolean"),
        ),
        (
            "noor",
            "integer",
            "/big",
            wrong("a number", "/big", "an integer within ±(2^53 - 1)"),
        ),
        (
            "noor",
            "guid",
            "/name",
            wrong("a string", "/name", "a GUID"),
        ),
        (
            "noor",
            "timestamp",
            "/name",
            wrong(
                "a string",
                "/name",
                "a date-time with an offset, such as 2026-12-24T18:00:00+01:00,",
            ),
        ),
        (
            "noor",
            "count",
            "/name",
            wrong("a string", "/name", "an array or an object"),
        ),
        ("plain", "text", "", found("text")),
        ("plain", "lookup", "", found("\"text\"")),
        ("gone", "lookup", "", found("none")),
        ("gone", "count", "", found("none")),
        ("nobody", "lookup", "", found("none")),
        ("Noor", "lookup", "", found("none")),
        ("noor ", "lookup", "", found("none")),
        ("", "lookup", "", found("none")),
    ];
    for (key, read, at, came) in table {
        let lookups = json!([{ "collection": "people", "key": key, "as": read, "at": at }]);
        let set = set(facts.clone(), lookups);
        assert_eq!(evaluate(&set), came, "{key} {read} {at}");
    }
    // A pointer is judged before there is anything to point into.
    for key in ["noor", "nobody"] {
        let lookups = json!([{ "collection": "people", "key": key, "as": "text", "at": "name" }]);
        assert_eq!(
            evaluate(&set(facts.clone(), lookups)),
            fault(
                "facts: the fact `people`: `name` is not a JSON pointer: it is empty or starts \
                 with `/`, and `~` is followed by `0` or `1`"
            )
        );
    }
}

#[test]
fn lists_are_whole_or_absent() {
    let facts = from_json(json!({
        "noor": {
            "ids": ["{0A000001-0004-400B-A011-2AC39FE6A35D}", ID.replace('-', "")],
            "names": ["a", ""], "none": [], "null": null, "hole": ["a", null], "one": {"a": 1},
        },
        "list": ["x", "y"],
        "empty": {},
        "flag": true,
        "gone": null,
    }));
    let nothing = |at: &str| fault(&format!("refused: the fact `people`: nothing at `{at}`"));
    let wrong = |found: &str, at: &str, wanted: &str| {
        fault(&format!(
            "facts: the fact `people`: {found} at `{at}`, where {wanted} was asked for"
        ))
    };
    for (key, read, at, came) in [
        ("noor", "exists", "", found("true")),
        ("list", "exists", "", found("true")),
        ("empty", "exists", "", found("true")),
        ("gone", "exists", "", found("false")),
        ("nobody", "exists", "", found("false")),
        (
            "flag",
            "exists",
            "",
            wrong("a boolean", "", "an array or an object"),
        ),
        ("noor", "guids", "/ids", found(&format!("{ID},{ID}"))),
        ("noor", "texts", "/names", found("a,")),
        ("noor", "texts", "/none", found("")),
        ("noor", "texts", "/null", found("none")),
        ("noor", "guids", "/absent", found("none")),
        ("nobody", "guids", "/ids", found("none")),
        ("list", "texts", "", found("x,y")),
        ("noor", "texts", "/hole", nothing("/hole/1")),
        (
            "noor",
            "texts",
            "/one",
            wrong("an object", "/one", "an array"),
        ),
        (
            "noor",
            "guids",
            "/one",
            wrong("an object", "/one", "an array"),
        ),
        ("empty", "texts", "", wrong("an object", "", "an array")),
        ("empty", "guids", "", wrong("an object", "", "an array")),
        ("noor", "length", "/names", found("2")),
        ("noor", "length", "/null", found("none")),
        ("nobody", "length", "/names", found("none")),
        ("empty", "length", "", wrong("an object", "", "an array")),
        (
            "noor",
            "guids",
            "/names",
            wrong("a string", "/names/0", "a GUID"),
        ),
        (
            "noor",
            "texts",
            "/names/0",
            wrong("a string", "/names/0", "an array"),
        ),
    ] {
        let lookups = json!([{ "collection": "people", "key": key, "as": read, "at": at }]);
        let set = set(facts.clone(), lookups);
        assert_eq!(evaluate(&set), came, "{key} {read} {at}");
    }
}

/// Nobody sees a list without what stands in it as null, nor an object as an empty list.
#[test]
fn a_list_of_settings_that_is_none_or_has_a_null_is_a_fault() {
    let load = |first: Value| {
        let options = PolicyOptions {
            settings: json!({ "first": first, "lookups": [] }),
            ..PolicyOptions::default()
        };
        Policy::from_bytes(engine(), "one", &component("ask"), options)
            .map(|policy| evaluate(&set_of(Facts::new(), vec![policy])))
            .map_err(|error| error.to_string())
    };
    assert_eq!(load(json!(["a", "b"])), Ok(found("a b")));
    assert_eq!(
        load(json!(["a", null])),
        Err(
            "policy `one`: cannot be configured: trap: wasm trap: wasm `unreachable` instruction \
             executed"
                .into()
        )
    );
    for object in [json!({}), json!({"0": "a"})] {
        assert_eq!(
            load(object),
            Err(
                "policy `one`: settings: an object at `/first`, where an array was asked for"
                    .into()
            )
        );
    }
}

#[test]
fn a_whole_value_is_text_with_sorted_keys_and_no_spaces() {
    let facts = from_json(json!({
        "noor": {"b": [1, {"z": null, "a": "ü\n"}], "a": 1.5},
    }));
    assert_eq!(
        evaluate(&set(facts, whole("people", "noor"))),
        found(r#"{"a":1.5,"b":[1,{"a":"ü\n","z":null}]}"#)
    );
}

#[test]
fn a_guid_is_one_key_in_every_spelling() {
    let spellings = [
        ID.to_owned(),
        ID.to_uppercase(),
        ID.replace('-', ""),
        format!("{{{}}}", ID.to_uppercase()),
    ];
    for stored in &spellings {
        for asked in &spellings {
            let keys = Asked::default();
            let noted = keys.clone();
            let facts =
                from_json(json!({ stored.as_str(): true })).with("host", move |key: &str| {
                    noted.note(key);
                    Ok::<_, String>(Some(json!(true)))
                });
            let lookups = json!([
                { "collection": "people", "key": asked },
                { "collection": "host", "key": asked },
            ]);
            let set = set(facts, lookups);
            assert_eq!(evaluate(&set), found("true true"), "{stored} {asked}");
            assert_eq!(keys.take(), [ID], "{asked}");
        }
    }
    // Nothing else is made another key.
    let keys = Asked::default();
    let noted = keys.clone();
    let facts = Facts::new().with("host", move |key: &str| {
        noted.note(key);
        Ok::<_, String>(None)
    });
    let others = ["", "Finance", "0A000001", "{}", "a\0b", "ü/~"];
    for key in others {
        assert_eq!(
            evaluate(&set(facts.clone(), whole("host", key))),
            found("none")
        );
    }
    assert_eq!(keys.take(), others);
}

#[test]
fn a_closure_that_gives_no_answer_is_a_fault() {
    let long = "é".repeat(5000);
    // Cut at the bound, and between characters.
    let bounded = format!("facts: the source `host` failed: {}", "é".repeat(2035));
    assert!(bounded.len() - "facts: ".len() <= 4096);
    for (answer, came) in [
        (Ok(None), found("none")),
        (Ok(Some(Value::Null)), found("none")),
        (Ok(Some(json!(false))), found("false")),
        (
            Ok(Some(json!("x".repeat(10_000)))),
            Ok(format!("\"{}\"", "x".repeat(10_000))),
        ),
        (
            Ok(Some(json!("x".repeat(256 * 1024 - 1)))),
            fault("facts: the source `host` failed: a value of 262145 bytes; at most 262144"),
        ),
        (
            Err("HTTP 503\nretry later".into()),
            fault("facts: the source `host` failed: HTTP 503\nretry later"),
        ),
        (
            Err(String::new()),
            fault("facts: the source `host` failed: "),
        ),
        (Err(long), Err(bounded)),
    ] {
        let answer: Result<Option<Value>, String> = answer;
        let facts = Facts::new().with("host", move |_: &str| answer.clone());
        assert_eq!(evaluate(&set(facts, whole("host", "noor"))), came);
    }
    let facts = Facts::new().with("host", |key: &str| -> Result<Option<Value>, String> {
        panic!("no {key}")
    });
    assert_eq!(
        evaluate(&set(facts, whole("host", "noor"))),
        fault("facts: the source `host` failed: it panicked")
    );
}

#[test]
fn the_longest_value_is_read_and_no_longer_one() {
    for (length, came) in [
        (256 * 1024 - 8, found("1")),
        (
            256 * 1024 - 7,
            fault("facts: the source `host` failed: a value of 262145 bytes; at most 262144"),
        ),
    ] {
        let facts = Facts::new().with("host", move |_: &str| {
            Ok::<_, String>(Some(json!({ "a": "x".repeat(length) })))
        });
        let lookups = json!([{ "collection": "host", "key": "noor", "as": "count" }]);
        assert_eq!(evaluate(&set(facts, lookups)), came, "{length}");
    }
}

/// And a report that carries it can be read again.
#[test]
fn the_deepest_value_is_read_and_no_deeper_one() {
    let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    let deepest = format!("{}1{}", "[".repeat(64), "]".repeat(64));
    for (levels, came) in [
        (64, found(&deepest)),
        (
            65,
            fault("facts: the source `host` failed: a value nested more than 64 deep"),
        ),
        (
            5000,
            fault("facts: the source `host` failed: a value nested more than 64 deep"),
        ),
    ] {
        let value = nested(levels);
        let facts = Facts::new().with("host", move |_: &str| Ok::<_, String>(Some(value.clone())));
        let set = set(facts, whole("host", "noor"));
        assert_eq!(evaluate(&set), came, "{levels}");
        let report = set.evaluate(callout(), Timestamp::UNIX_EPOCH);
        let evidence = report.to_json_with(ReportOptions {
            evidence: true,
            ..ReportOptions::default()
        });
        let recorded = RecordedFacts::from_json(&evidence).unwrap();
        assert_eq!(recorded, *report.facts(), "{levels}");
    }
}

#[test]
fn a_policy_reads_only_what_it_was_granted() {
    let keys = Asked::default();
    let noted = keys.clone();
    let facts = Facts::new()
        .with("people", move |key: &str| {
            noted.note(key);
            Ok::<_, String>(Some(json!(1)))
        })
        .with("seats", JsonFacts::new(json!({ "noor": 2 })).unwrap());
    let both = json!([
        { "collection": "seats", "key": "noor" },
        { "collection": "people", "key": "noor" },
    ]);
    let not = "facts: looked up `people`, which it was not granted";
    let policies = vec![
        crate::policy("none", &[], both.clone()),
        crate::policy("seats", &["seats"], both.clone()),
        crate::policy("both", &["people", "seats"], both),
        // Granted to another policy, and known by now.
        crate::policy("late", &["seats"], whole("people", "noor")),
        crate::policy("typo", &["people"], whole("People", "noor")),
    ];
    let set = set_of(facts, policies);
    let report = crate::report(&set);
    assert_eq!(
        crate::outcomes(&report),
        [
            fault("facts: looked up `seats`, which it was not granted"),
            fault(not),
            found("2 1"),
            fault(not),
            fault("facts: looked up `People`, which it was not granted"),
        ]
    );
    assert_eq!(keys.take(), ["noor"]);
    // What was refused was not asked for.
    let asked: Vec<Vec<_>> = (report.outcomes().iter())
        .map(|report| report.facts().collect())
        .collect();
    assert_eq!(
        asked,
        [
            vec![],
            vec![("seats", "noor")],
            vec![("people", "noor"), ("seats", "noor")],
            vec![],
            vec![],
        ]
    );
}
