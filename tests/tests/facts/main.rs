//! Facts, from the engine's public API: what a source says reaches the policies that may know it,
//! and what it does not say is a fault.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what must hold by failing"
)]

mod deadlines;
mod load;
mod lookups;
mod record;
mod sqlite;
mod sqlite_changes;
mod values;

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use admit::{
    Callout, Effect, Engine, Facts, Limits, Outcome, Policy, PolicyLimits, PolicyOptions,
    PolicySet, Prepare, Report, SetOptions, SqliteFacts,
};
use admit_tests::{component, corpus};
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Of tests that are not about time.
const LONG: Duration = Duration::from_secs(10);
/// Of tests that are.
const SHORT: Duration = Duration::from_millis(250);
/// When a deadline of 250 ms must have had its effect.
const SOON: Duration = Duration::from_secs(5);

/// What came of a policy: the detail of its approval, or its fault.
type Came = Result<String, String>;

fn fault(text: &str) -> Came {
    Err(text.into())
}

fn found(text: &str) -> Came {
    Ok(text.into())
}

fn limits() -> Limits {
    Limits {
        fuel: Some(1_000_000_000),
        deadline: LONG,
        concurrency: 8,
        ..Limits::default()
    }
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(limits()).unwrap())
}

fn callout() -> &'static Callout {
    static CALLOUT: OnceLock<Callout> = OnceLock::new();
    CALLOUT.get_or_init(|| {
        let file = corpus().join("callouts/01-request-created.flat.json");
        Callout::parse(&fs::read(file).unwrap()).unwrap()
    })
}

/// A policy that makes these lookups, on an engine of one's own.
fn policy_on(
    engine: &Engine,
    id: &str,
    granted: &[&str],
    deadline: Duration,
    lookups: Value,
) -> Policy {
    let options = PolicyOptions {
        settings: json!({ "lookups": lookups }),
        facts: granted.iter().map(|name| (*name).into()).collect(),
        limits: Some(PolicyLimits {
            deadline,
            ..PolicyLimits::from(engine.limits())
        }),
        prepare: Prepare::EachTime,
        ..PolicyOptions::default()
    };
    Policy::from_bytes(engine, id, &component("ask"), options).unwrap()
}

/// A policy of the shared engine; one that was made already is shared as well.
fn policy(id: &str, granted: &[&str], lookups: Value) -> Policy {
    static MADE: Mutex<BTreeMap<String, Policy>> = Mutex::new(BTreeMap::new());
    let name = format!("{id} {granted:?} {lookups}");
    let made = MADE.lock().unwrap().get(&name).cloned();
    made.unwrap_or_else(|| {
        let policy = policy_on(engine(), id, granted, LONG, lookups);
        MADE.lock().unwrap().insert(name, policy.clone());
        policy
    })
}

fn set_of(facts: Facts, policies: Vec<Policy>) -> PolicySet {
    let options = SetOptions {
        source: "Contoso.Test".into(),
        facts,
        ..SetOptions::default()
    };
    let engine = engine();
    PolicySet::new(engine, options, policies).unwrap()
}

/// A set of one policy, which is granted all of the facts.
fn set(facts: Facts, lookups: Value) -> PolicySet {
    let granted: Vec<_> = facts.collections().collect();
    let policy = policy("one", &granted, lookups);
    set_of(facts.clone(), vec![policy])
}

/// A lookup of a whole value.
fn whole(collection: &str, key: &str) -> Value {
    json!([{ "collection": collection, "key": key }])
}

/// The report; evaluating again with the facts that it recorded gives the same bytes, and a fault
/// never approves.
fn report(set: &PolicySet) -> Report {
    let report = set.evaluate(callout(), Timestamp::UNIX_EPOCH);
    let again = set
        .evaluation(callout(), Timestamp::UNIX_EPOCH)
        .with_facts(report.facts().clone())
        .run()
        .unwrap();
    assert_eq!(again.to_json(), report.to_json());
    assert_eq!(again.facts(), report.facts());
    let faults = (report.outcomes().iter()).any(|it| matches!(it.outcome(), Outcome::Fault(_)));
    let effect = report.decision().unwrap().effect;
    assert_eq!(effect == Effect::Deny, faults);
    report
}

/// What came of each policy.
fn outcomes(report: &Report) -> Vec<Came> {
    let outcomes = report
        .outcomes()
        .iter()
        .map(|report| match report.outcome() {
            Outcome::Verdict(verdict) => Ok(verdict.reason.detail.clone()),
            Outcome::Fault(fault) => Err(format!("{}: {}", fault.kind, fault.detail)),
            Outcome::Skipped(skip) => panic!("skipped: {skip:?}"),
        });
    outcomes.collect()
}

/// What came of the only policy.
fn evaluate(set: &PolicySet) -> Came {
    let mut outcomes = outcomes(&report(set));
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

/// The keys that a closure was asked for, in order.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    fn note(&self, key: &str) {
        self.0.lock().unwrap().push(key.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// A folder with a database.
struct Database {
    folder: TempDir,
}

impl Database {
    fn new(sql: &str) -> Self {
        let database = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        database.run(sql);
        database
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("hr.db")
    }

    fn connect(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    fn run(&self, sql: &str) {
        self.connect().execute_batch(sql).unwrap();
    }

    /// A set of one policy that looks up the key `noor` with this query.
    fn asking(&self, query: &str) -> PolicySet {
        let source = SqliteFacts::open(self.path(), query).unwrap();
        set(Facts::new().with("people", source), whole("people", "noor"))
    }
}
