//! Time that sources take is the policy's.

use std::{
    thread,
    time::{Duration, Instant},
};

use admit::{Fact, FactError, FactSource, Facts, PolicySet, SqliteFacts};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    Asked, Came, Database, LONG, SHORT, SOON, callout, engine, evaluate, fault, found, outcomes,
    policy_on, report, set_of, whole,
};

fn late(collection: &str) -> Came {
    Err(format!(
        "deadline: did not end in time: the source `{collection}` gave no answer before"
    ))
}

fn hasty(facts: Facts, lookups: Value) -> PolicySet {
    let granted: Vec<_> = facts.collections().collect();
    let policy = policy_on(engine(), "one", &granted, SHORT, lookups);
    set_of(facts.clone(), vec![policy])
}

/// Gives what comes of the set, and holds that it came soon.
fn soon(set: &PolicySet) -> Came {
    let started = Instant::now();
    let came = evaluate(set);
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    came
}

#[test]
fn a_query_that_would_run_for_minutes_is_interrupted() {
    let database = Database::new("");
    // Within one row, between rows, and before the first.
    for query in [
        "with recursive n(i) as (select 1 union all select i + 1 from n
             limit case ?1 when 'slow' then 10000000000 else 10 end)
         select max(i) as m from n",
        "with recursive n(i) as (select 1 union all select i + 1 from n
             limit case ?1 when 'slow' then 10000000000 else 10 end)
         select i as m from n where i = 10 or i = -1",
    ] {
        let source = SqliteFacts::open(database.path(), query).unwrap();
        let facts = Facts::new().with("people", source);
        let slow = hasty(facts.clone(), whole("people", "slow"));
        let quick = hasty(facts, whole("people", "quick"));
        for _ in 0..2 {
            assert_eq!(soon(&slow), late("people"));
            // Neither the time nor the interruption of another lookup counts.
            assert_eq!(evaluate(&quick), found(r#"{"m":10}"#));
        }
    }
}

#[test]
fn a_closure_runs_to_its_return_and_is_then_too_late() {
    let keys = Asked::default();
    let noted = keys.clone();
    let facts = Facts::new().with("host", move |key: &str| {
        thread::sleep(SHORT + Duration::from_millis(100));
        noted.note(key);
        match key {
            "value" => Ok(Some(json!(1))),
            "nobody" => Ok(None),
            "broken" => Err("out of order"),
            _ => panic!("no {key}"),
        }
    });
    for key in ["value", "nobody", "broken", "panic"] {
        assert_eq!(
            soon(&hasty(facts.clone(), whole("host", key))),
            late("host")
        );
        assert_eq!(keys.take(), [key]);
    }
    // Whoever asks for the same later is told the same, whatever its own deadline.
    let policies = [("hasty", SHORT), ("patient", LONG)]
        .map(|(id, deadline)| policy_on(engine(), id, &["host"], deadline, whole("host", "value")));
    let report = report(&set_of(facts, policies.into()));
    assert_eq!(outcomes(&report), [late("host"), late("host")]);
    assert_eq!(keys.take(), ["value"]);
}

/// Many lookups that are quick enough alone.
#[test]
fn lookups_share_the_policys_time() {
    let keys = Asked::default();
    let noted = keys.clone();
    let facts = Facts::new().with("host", move |key: &str| {
        noted.note(key);
        thread::sleep(Duration::from_millis(20));
        Ok::<_, String>(None)
    });
    let lookups = json!([{ "collection": "host", "key": "#", "times": 1000 }]);
    let started = Instant::now();
    let report = hasty(facts, lookups).evaluate(callout(), Timestamp::UNIX_EPOCH);
    assert!(started.elapsed() < SOON);
    let came = outcomes(&report).remove(0);
    // Time ends in the source or, hardly ever, between two lookups.
    let between = fault("deadline: did not end within 250ms");
    assert!(came == late("host") || came == between, "{came:?}");
    let asked = keys.take().len();
    assert!((1..=13).contains(&asked), "{asked}");
}

/// A source that gives up by itself: it is told until when it may take.
struct Patient;

impl FactSource for Patient {
    fn lookup(&self, _key: &str, deadline: Instant) -> Result<Option<Fact>, FactError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || left > SHORT {
            return Err(FactError::new(format!("{left:?} are left")));
        }
        thread::sleep(left);
        Err(FactError::new("gave up"))
    }
}

#[test]
fn a_source_is_told_the_deadline() {
    let facts = Facts::new().with("host", Patient);
    assert_eq!(soon(&hasty(facts, whole("host", "noor"))), late("host"));
}
