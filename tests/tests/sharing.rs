//! One set, many threads: the same bytes as one thread.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use std::{fs, thread};

use admit::{Callout, Engine, Limits, Policy, PolicyOptions, PolicySet, Report, SetOptions};
use admit_tests::{build_components, component, corpus};

fn shared<T: Send + Sync>() {}

#[test]
fn handles_are_shared_by_threads() {
    shared::<Engine>();
    shared::<Policy>();
    shared::<PolicySet>();
    shared::<Callout>();
    shared::<Report>();
}

fn callouts() -> Vec<Callout> {
    let mut files: Vec<_> = fs::read_dir(corpus().join("callouts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|it| it == "json"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| Callout::parse(&fs::read(path).unwrap()).unwrap())
        .collect()
}

#[test]
fn eight_threads_give_the_bytes_of_one() {
    build_components();
    let set = PolicySet::from_file(corpus().join("sets/partners/admit.toml")).unwrap();
    let callouts = callouts();
    let now = jiff::Timestamp::UNIX_EPOCH;
    let expected: Vec<_> = callouts
        .iter()
        .map(|callout| set.evaluate(callout, now).to_json())
        .collect();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    for (callout, expected) in callouts.iter().zip(&expected) {
                        assert_eq!(set.evaluate(callout, now).to_json(), *expected);
                    }
                }
            });
        }
    });
}

/// More threads than instances: each waits its turn, none is lost.
#[test]
fn more_threads_than_instances_wait_their_turn() {
    let limits = Limits {
        concurrency: 1,
        deadline: std::time::Duration::from_secs(10),
        ..Limits::default()
    };
    let engine = Engine::new(limits).unwrap();
    let policy = Policy::from_bytes(
        &engine,
        "mail-needed",
        &component("mail_needed"),
        PolicyOptions::default(),
    )
    .unwrap();
    let options = SetOptions {
        source: "Contoso.Test".into(),
        ..SetOptions::default()
    };
    let set = PolicySet::new(&engine, options, vec![policy]).unwrap();
    let callout = &callouts()[0];
    let expected = set.evaluate(callout, jiff::Timestamp::UNIX_EPOCH).to_json();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let report = set.evaluate(callout, jiff::Timestamp::UNIX_EPOCH);
                    assert_eq!(report.to_json(), expected);
                }
            });
        }
    });
}
