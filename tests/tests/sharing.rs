//! One set, many threads: the same bytes as one thread.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use std::{fs, thread, time::Duration};

use admit::{
    Callout, Effect, Engine, FaultKind, Limits, Outcome, Policy, PolicyLimits, PolicyOptions,
    PolicySet, Report, SetOptions,
};
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
        deadline: Duration::from_secs(10),
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

/// Who waits longer than its deadline for an instance gets a fault that says so; the engine is
/// whole afterwards.
#[test]
fn waiting_for_an_instance_counts_against_the_deadline() {
    let limits = Limits {
        fuel: None,
        concurrency: 1,
        deadline: Duration::from_secs(2),
        ..Limits::default()
    };
    let engine = Engine::new(limits.clone()).unwrap();
    let mut endless = admit_build::componentize(ENDLESS.as_bytes()).unwrap();
    admit_wit::Metadata::read(&component("mail_needed"))
        .unwrap()
        .embed(&mut endless)
        .unwrap();
    let set = |component: &[u8], deadline| {
        let options = PolicyOptions {
            limits: Some(PolicyLimits {
                deadline,
                ..PolicyLimits::from(&limits)
            }),
            ..PolicyOptions::default()
        };
        let policy = Policy::from_bytes(&engine, "one", component, options).unwrap();
        let options = SetOptions {
            source: "Contoso.Test".into(),
            ..SetOptions::default()
        };
        PolicySet::new(&engine, options, vec![policy]).unwrap()
    };
    let slow = set(&endless, Duration::from_secs(2));
    let quick = set(&component("mail_needed"), Duration::from_millis(50));
    let callout = &callouts()[0];
    let code = |set: &PolicySet| {
        let report = set.evaluate(callout, jiff::Timestamp::UNIX_EPOCH);
        report.decision().unwrap().reasons[0].code.clone()
    };
    thread::scope(|scope| {
        let slow = scope.spawn(|| code(&slow));
        thread::sleep(Duration::from_millis(500));
        assert_eq!(code(&quick), "capacity");
        assert_eq!(slow.join().unwrap(), "deadline");
    });
    assert_eq!(code(&quick), "has-mail");
}

const ENDLESS: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "configure") (result i32) (i32.const 1024))
    (func (export "evaluate") (result i32) (loop $again (br $again)) (i32.const 1024)))"#;

/// A thread with less stack than a policy may use: a fault, also for a policy that would use it up, and
/// not the end of the process.
#[test]
fn a_thread_with_little_stack_is_a_fault() {
    build_components();
    let set = PolicySet::from_file(corpus().join("sets/partners/admit.toml")).unwrap();
    let callout = callouts().swap_remove(0);
    let evaluate = || set.evaluate(&callout, jiff::Timestamp::UNIX_EPOCH);
    let on_a_thread = |stack: usize| {
        thread::scope(|scope| {
            let spawned = thread::Builder::new().stack_size(stack);
            spawned
                .spawn_scoped(scope, evaluate)
                .unwrap()
                .join()
                .unwrap()
        })
    };
    let kinds = |report: &Report| {
        let outcomes = report.outcomes().iter();
        let kinds = outcomes.filter_map(|outcome| match outcome.outcome() {
            Outcome::Fault(fault) => Some(fault.kind),
            _ => None,
        });
        kinds.collect::<Vec<_>>()
    };
    // The C library may give the stack of a thread that has ended, of up to four times the size.
    let report = on_a_thread(128 * 1024);
    assert_eq!(kinds(&report), [FaultKind::Capacity; 2]);
    assert_eq!(report.decision().unwrap().effect, Effect::Deny);
    assert_eq!(on_a_thread(1024 * 1024).to_json(), evaluate().to_json());
}
