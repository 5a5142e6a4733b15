//! `make bench`: what an evaluation costs, with the native function in the same run.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot run says so by failing"
)]

use std::hint::black_box;

use admit::{
    Callout, Engine, Facts, JsonFacts, Limits, Policy, PolicyOptions, PolicySet, SetOptions,
    SqliteFacts,
};
use admit_benches::{ALLOWED, SOURCE};
use admit_tests::component;
use criterion::Criterion;
use serde_json::json;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    evaluate(&mut criterion);
    facts(&mut criterion);
    resume(&mut criterion);
    load(&mut criterion);
    criterion.final_summary();
}

/// A set of so many partner-domains policies, each compiled on its own.
fn set(policies: usize) -> PolicySet {
    set_of(
        "partner_domains",
        &json!({ "allowed-domains": ALLOWED }),
        policies,
    )
}

fn set_of(component: &str, settings: &serde_json::Value, policies: usize) -> PolicySet {
    let engine = Engine::new(Limits::default()).unwrap();
    let component = admit_tests::component(component);
    let policies = (0..policies)
        .map(|index| {
            let options = PolicyOptions {
                settings: settings.clone(),
                ..PolicyOptions::default()
            };
            Policy::from_bytes(&engine, &format!("policy-{index}"), &component, options).unwrap()
        })
        .collect();
    let options = SetOptions {
        source: SOURCE.into(),
        ..SetOptions::default()
    };
    PolicySet::new(&engine, options, policies).unwrap()
}

/// From a payload's bytes to a body's bytes.
fn evaluate(criterion: &mut Criterion) {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let payload = admit_benches::usual_payload();
    let payload = payload.as_bytes();
    let native = || admit_benches::evaluate(black_box(payload), &ALLOWED, SOURCE).unwrap();
    let answer = |set: &PolicySet| {
        let callout = Callout::parse(black_box(payload)).unwrap();
        set.evaluate(&callout, now).resume().unwrap().body()
    };

    let mut group = criterion.benchmark_group("evaluate");
    group.bench_function("native", |bench| bench.iter(native));
    for policies in [1, 10] {
        let set = set(policies);
        assert_eq!(answer(&set).as_bytes(), native(), "the same bytes");
        let name = if policies == 1 {
            "1-policy".to_owned()
        } else {
            format!("{policies}-policies")
        };
        group.bench_function(name, |bench| bench.iter(|| answer(&set)));
    }
    // The same question as text.
    for (name, settings) in [
        (
            "rego",
            json!({
                "modules": {"partners.rego": "package admit\n\n\
                    domain := split(lower(input.requestor.email), \"@\")[1]\n\n\
                    approve if domain in data.allowed\n\n\
                    deny contains \"Not a partner.\" if not domain in data.allowed\n"},
                "data": {"allowed": ALLOWED},
            }),
        ),
        (
            "cedar",
            json!({"policies": {"partners.cedar": ALLOWED.map(|domain| format!(
                "permit (principal, action, resource)\n\
                 when {{ principal has email && principal.email like \"*@{domain}\" }};\n"
            )).concat()}}),
        ),
    ] {
        let set = set_of(name, &settings, 1);
        assert_eq!(answer(&set).as_bytes(), native(), "the same bytes");
        group.bench_function(name, |bench| bench.iter(|| answer(&set)));
    }
    // What it costs to keep what policies read.
    let set = set(1);
    for (name, keep) in [("read-set-on", true), ("read-set-off", false)] {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let callout = Callout::parse(black_box(payload)).unwrap();
                let evaluation = set.evaluation(&callout, now);
                let evaluation = if keep {
                    evaluation
                } else {
                    evaluation.without_reads()
                };
                evaluation.run().unwrap().resume().unwrap().body()
            });
        });
    }
    group.finish();
}

/// Evaluations with one lookup of which two numbers are read, by source; `none` looks nothing up.
fn facts(criterion: &mut Criterion) {
    const KEY: &str = "0d000001-0007-400e-a014-d13244aa029e";
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("seats.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection
        .execute_batch("create table seats (package text primary key, used int, bought int)")
        .unwrap();
    for number in 0..1000 {
        let package = format!("0d000001-0007-400e-a014-{number:012x}");
        let row = (if number == 7 { KEY } else { &package }, number, 2 * number);
        let insert = "insert into seats values (?1, ?2, ?3)";
        connection.execute(insert, row).unwrap();
    }
    let query = "select used, bought from seats where package = ?1";

    let lookup = |at: &str| json!({"collection": "seats", "key": KEY, "as": "integer", "at": at});
    let reading = json!({"lookups": [lookup("/used"), lookup("/bought")]});
    let value = json!({"used": 7, "bought": 14});
    let none = Facts::new();
    let sources = [
        ("none", none.clone(), json!({"lookups": []})),
        (
            "json",
            none.clone()
                .with("seats", JsonFacts::new(json!({KEY: value})).unwrap()),
            reading.clone(),
        ),
        (
            "host",
            none.clone()
                .with("seats", move |_: &str| Ok::<_, String>(Some(value.clone()))),
            reading.clone(),
        ),
        (
            "sqlite",
            none.with("seats", SqliteFacts::open(&database, query).unwrap()),
            reading,
        ),
    ];

    let payload = admit_benches::usual_payload();
    let callout = Callout::parse(payload.as_bytes()).unwrap();
    let mut group = criterion.benchmark_group("facts");
    for (name, facts, settings) in sources {
        let engine = Engine::new(Limits::default()).unwrap();
        let options = PolicyOptions {
            settings,
            facts: facts.collections().map(Into::into).collect(),
            ..PolicyOptions::default()
        };
        let policy = Policy::from_bytes(&engine, "ask", &component("ask"), options).unwrap();
        let options = SetOptions {
            source: SOURCE.into(),
            facts,
            ..SetOptions::default()
        };
        let set = PolicySet::new(&engine, options, vec![policy]).unwrap();
        let detail = if name == "none" { "" } else { "7 14" };
        let now = jiff::Timestamp::UNIX_EPOCH;
        assert_eq!(
            set.evaluate(&callout, now).decision().unwrap().detail,
            detail
        );
        group.bench_function(name, |bench| bench.iter(|| set.evaluate(&callout, now)));
    }
    group.finish();
}

fn resume(criterion: &mut Criterion) {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let payload = admit_benches::usual_payload();
    let report = set(1).evaluate(&Callout::parse(payload.as_bytes()).unwrap(), now);
    let native: admit_benches::Callout<admit_benches::Borrowed<'_>> =
        serde_json::from_str(&payload).unwrap();
    let mut group = criterion.benchmark_group("resume");
    group.bench_function("native", |bench| {
        bench.iter(|| admit_benches::decide(black_box(&native), &ALLOWED, SOURCE).unwrap());
    });
    group.bench_function("body", |bench| {
        bench.iter(|| black_box(&report).resume().unwrap().body());
    });
    group.bench_function("report-json", |bench| {
        bench.iter(|| black_box(&report).to_json());
    });
    group.finish();
}

/// From a component's bytes to a policy that is ready: checked, compiled, configured.
fn load(criterion: &mut Criterion) {
    let engine = Engine::new(Limits::default()).unwrap();
    let mut group = criterion.benchmark_group("load");
    group.sample_size(20);
    for name in ["mail_needed", "partner_domains", "approver_routing"] {
        let component = component(name);
        let settings = match name {
            "partner_domains" => json!({ "allowed-domains": ALLOWED }),
            "approver_routing" => json!({ "default": {
                "approvers": { "primary": [{ "manager": 1 }] }, "deny-after-hours": 48 } }),
            _ => json!({}),
        };
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let options = PolicyOptions {
                    settings: settings.clone(),
                    ..PolicyOptions::default()
                };
                Policy::from_bytes(&engine, "bench", &component, options).unwrap()
            });
        });
    }
    group.finish();
}
