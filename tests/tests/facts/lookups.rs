//! Lookups of one evaluation: each is asked once, and there are not too many.

use std::{
    sync::{Arc, OnceLock, mpsc},
    thread,
    time::Duration,
};

use admit::{Engine, Facts, Limits, Outcome, PolicySet, SetOptions};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    Asked, LONG, callout, evaluate, fault, found, limits, outcomes, policy, policy_on, report, set,
    set_of, whole,
};

const ID: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";

/// A closure that says how often it was asked, fails for `broken`, and notes its keys.
fn counting(keys: &Asked) -> Facts {
    let keys = keys.clone();
    Facts::new().with("host", move |key: &str| {
        keys.note(key);
        match key {
            "broken" => Err("out of order"),
            "nobody" => Ok(None),
            key => Ok(Some(json!(key.len()))),
        }
    })
}

#[test]
fn a_lookup_is_asked_once_whichever_policies_ask() {
    let keys = Asked::default();
    let lookups = |keys: &[&str]| -> Value {
        (keys.iter())
            .map(|key| json!({ "collection": "host", "key": key, "times": 3 }))
            .collect()
    };
    let policies = vec![
        policy("one", &["host"], lookups(&["b", "nobody", ID])),
        policy("two", &["host"], lookups(&["broken", "b"])),
        policy(
            "three",
            &["host"],
            lookups(&[&ID.to_uppercase(), "a", "nobody", "b"]),
        ),
        policy("four", &["host"], lookups(&["b", "broken"])),
    ];
    let set = set_of(counting(&keys), policies);
    let broken = fault("facts: the source `host` failed: out of order");
    for _ in 0..2 {
        let report = report(&set);
        assert_eq!(
            outcomes(&report),
            [
                found("1 none 36"),
                broken.clone(),
                found("36 1 none 1"),
                broken.clone()
            ]
        );
        // Each evaluation asks anew.
        assert_eq!(keys.take(), ["b", "nobody", ID, "broken", "a"]);
        let recorded: Vec<_> = report
            .facts()
            .iter()
            .map(|it| it.key().to_owned())
            .collect();
        assert_eq!(recorded, [ID, "a", "b", "broken", "nobody"]);
        let asked: Vec<Vec<_>> = (report.outcomes().iter())
            .map(|report| report.facts().map(|(_, key)| key).collect())
            .collect();
        assert_eq!(
            asked,
            [
                vec![ID, "b", "nobody"],
                vec!["broken"],
                vec![ID, "a", "b", "nobody"],
                vec!["b", "broken"],
            ]
        );
    }
}

/// A lookup of `times` keys.
fn many(times: u32) -> Value {
    json!([{ "collection": "host", "key": "#", "times": times }])
}

#[test]
fn lookups_are_bounded_in_number_for_each_policy() {
    let keys = Asked::default();
    let too_many = fault("facts: more than 4096 different lookups");
    assert_eq!(evaluate(&set(counting(&keys), many(4096))), found("4"));
    assert_eq!(keys.take().len(), 4096);
    assert_eq!(evaluate(&set(counting(&keys), many(4097))), too_many);
    assert_eq!(keys.take().len(), 4096);
    // What is asked for again is not another lookup.
    let again = json!([
        { "collection": "host", "key": "#", "times": 4096 },
        { "collection": "host", "key": "#", "times": 4096 },
        { "collection": "host", "key": "a", "times": 1 },
    ]);
    let policies = vec![
        policy("one", &["host"], again),
        // Others have their own count, also of what is known already.
        policy("two", &["host"], many(4096)),
        policy("three", &["host"], many(4097)),
    ];
    let report = report(&set_of(counting(&keys), policies));
    assert_eq!(outcomes(&report), [too_many.clone(), found("4"), too_many]);
    assert_eq!(keys.take().len(), 4096);
}

#[test]
fn answers_are_bounded_together_for_each_policy() {
    let large = || {
        Facts::new().with("host", |_: &str| {
            Ok::<_, String>(Some(json!({ "a": "x".repeat(256 * 1024 - 8) })))
        })
    };
    let counts = |times: u32| {
        json!([
            { "collection": "host", "key": "#", "as": "count", "times": times },
            { "collection": "host", "key": "0", "as": "count", "times": 2 },
        ])
    };
    let too_large = fault("facts: lookups whose answers are more than 8388608 bytes together");
    assert_eq!(evaluate(&set(large(), counts(32))), found("1 1"));
    assert_eq!(evaluate(&set(large(), counts(33))), too_large);
    let policies = vec![
        policy("one", &["host"], counts(33)),
        policy("two", &["host"], counts(32)),
        policy("three", &["host"], counts(33)),
    ];
    let report = report(&set_of(large(), policies));
    assert_eq!(
        outcomes(&report),
        [too_large.clone(), found("1 1"), too_large]
    );
}

#[test]
fn a_key_has_a_kibibyte_at_most() {
    let keys = Asked::default();
    for (key, came) in [
        ("k".repeat(1024), found("1024")),
        (
            "k".repeat(1025),
            fault("facts: a key of 1025 bytes in a lookup of `host`; at most 1024"),
        ),
        (
            "é".repeat(513),
            fault("facts: a key of 1026 bytes in a lookup of `host`; at most 1024"),
        ),
    ] {
        assert_eq!(evaluate(&set(counting(&keys), whole("host", &key))), came);
    }
    assert_eq!(keys.take(), ["k".repeat(1024)]);
}

/// Whoever waits for a source holds an instance: what is evaluated in there cannot wait for it.
#[test]
fn an_evaluation_inside_a_source_does_not_wait_for_an_instance() {
    for (concurrency, inner) in [
        (
            1,
            "capacity: no instance is free, and inside a source of facts none is waited for; 1 \
             may exist at once",
        ),
        (2, "inner"),
    ] {
        let engine = Engine::new(Limits {
            concurrency,
            ..limits()
        })
        .unwrap();
        let within: Arc<OnceLock<PolicySet>> = Arc::default();
        let options = |facts| SetOptions {
            source: "Contoso.Test".into(),
            facts,
            ..SetOptions::default()
        };
        let say = Facts::new().with("say", |_: &str| Ok::<_, String>(Some(json!("inner"))));
        let text = json!([{ "collection": "say", "key": "", "as": "text" }]);
        let policy = policy_on(&engine, "inner", &["say"], LONG, text);
        let inner_set = PolicySet::new(&engine, options(say), vec![policy]).unwrap();
        within.get_or_init(|| inner_set);
        let set = within.clone();
        let facts = Facts::new().with("host", move |_: &str| {
            let report = set
                .get()
                .unwrap()
                .evaluate(callout(), Timestamp::UNIX_EPOCH);
            let said = match report.outcomes().first().unwrap().outcome() {
                Outcome::Verdict(verdict) => verdict.reason.detail.clone(),
                Outcome::Fault(fault) => format!("{}: {}", fault.kind, fault.detail),
                Outcome::Skipped(skip) => panic!("skipped: {skip:?}"),
            };
            Ok::<_, String>(Some(json!(said)))
        });
        let text = json!([{ "collection": "host", "key": "", "as": "text" }]);
        let policies =
            ["one", "two"].map(|id| policy_on(&engine, id, &["host"], LONG, text.clone()));
        let set = PolicySet::new(&engine, options(facts), policies.into()).unwrap();
        assert_eq!(outcomes(&report(&set)), [found(inner), found(inner)]);
        // Outside of the source, there is room again.
        let alone = within.get().unwrap();
        assert_eq!(evaluate(alone), found("inner"));
    }
}

/// A source that panics leaves its thread as it was.
#[test]
fn after_a_panic_an_evaluation_waits_again() {
    let facts = Facts::new().with("host", |key: &str| -> Result<Option<Value>, String> {
        panic!("no {key}")
    });
    let engine = Engine::new(Limits {
        concurrency: 1,
        ..limits()
    })
    .unwrap();
    let (asked, is_asked) = mpsc::channel();
    let slow = Facts::new().with("host", move |_: &str| {
        asked.send(()).map_err(|error| error.to_string())?;
        thread::sleep(Duration::from_millis(200));
        Ok::<_, String>(None)
    });
    let set = |facts| {
        let options = SetOptions {
            source: "Contoso.Test".into(),
            facts,
            ..SetOptions::default()
        };
        let policy = policy_on(&engine, "one", &["host"], LONG, whole("host", "noor"));
        PolicySet::new(&engine, options, vec![policy]).unwrap()
    };
    let (panicking, slow) = (set(facts), set(slow));
    assert_eq!(
        evaluate(&panicking),
        fault("facts: the source `host` failed: it panicked")
    );
    thread::scope(|scope| {
        let other = scope.spawn(|| evaluate(&slow));
        // The other thread holds the only instance now; this one saw the panic.
        is_asked.recv().unwrap();
        assert_eq!(evaluate(&slow), found("none"));
        assert_eq!(other.join().unwrap(), found("none"));
    });
}
