//! `make bench-languages`: the same policy in every language, from a payload's bytes to a body's bytes, in
//! one run with a native function that reads, decides and writes as much.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot run says so by failing, and prints"
)]

use std::{
    fs,
    hint::black_box,
    time::{Duration, Instant},
};

use admit::{Callout, CodeCache, Engine, Limits, Policy, PolicyOptions, PolicySet, SetOptions};
use admit_benches::{ALLOWED, SOURCE};
use admit_build::Language;
use admit_tests::root;
use jiff::Timestamp;
use serde_json::{Value, json};

const PACKAGE: &str = "0d000001-0007-400e-a014-d13244aa029e";
/// Time of one round of one language.
const ROUND: Duration = Duration::from_millis(4);
const ROUNDS: usize = 200;

/// From a payload to a body.
type Evaluate = Box<dyn Fn(&[u8]) -> String>;

struct Contestant {
    name: &'static str,
    size: usize,
    /// Seconds: compiled, and from the cache.
    loaded: Option<(f64, f64)>,
    evaluate: Evaluate,
    calls: u32,
    /// Nanoseconds of a call, of each round.
    times: Vec<f64>,
}

fn main() {
    let payload = root().join("plugins/examples/rust/tests/callouts/justified.json");
    let payload: Value = serde_json::from_slice(&fs::read(payload).unwrap()).unwrap();
    let payload = payload.to_string();
    let payload = payload.as_bytes();
    let native = Contestant {
        name: "native",
        size: 0,
        loaded: None,
        evaluate: Box::new(|payload| {
            let body = admit_benches::evaluate(payload, &ALLOWED, SOURCE).unwrap();
            String::from_utf8(body).unwrap()
        }),
        calls: 0,
        times: Vec::new(),
    };
    let mut contestants = vec![native];
    contestants.extend(Language::ALL.map(contestant));
    let body = contestants.iter().map(|it| (it.evaluate)(payload));
    let bodies: Vec<String> = body.collect();
    assert!(
        bodies.windows(2).all(|pair| pair.first() == pair.last()),
        "{bodies:?}"
    );

    for contestant in &mut contestants {
        contestant.calls = 1;
        let once = time(contestant, payload);
        let calls = (ROUND.as_nanos() as f64 / once).max(1.0);
        contestant.calls = calls as u32;
    }
    for _ in 0..ROUNDS {
        for contestant in &mut contestants {
            let time = time(contestant, payload);
            contestant.times.push(time);
        }
    }
    print(&mut contestants);
}

fn time(contestant: &Contestant, payload: &[u8]) -> f64 {
    let start = Instant::now();
    for _ in 0..contestant.calls {
        black_box((contestant.evaluate)(black_box(payload)));
    }
    start.elapsed().as_nanos() as f64 / f64::from(contestant.calls)
}

fn contestant(language: Language) -> Contestant {
    let component = admit_tests::example(language);
    let folder = tempfile::tempdir().unwrap();
    let cache = CodeCache::open(folder.path().join("cache")).unwrap();
    let load = || {
        let settings = match language {
            Language::Rego => json!({"data": {"packages": [PACKAGE]}}),
            Language::Cedar => Value::Null,
            _ => json!({"packages": [PACKAGE]}),
        };
        let options = PolicyOptions {
            settings,
            ..PolicyOptions::default()
        };
        let engine = Engine::with_cache(Limits::default(), cache.clone()).unwrap();
        let start = Instant::now();
        let policy = Policy::from_bytes(&engine, "night-watch", &component, options).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        let options = SetOptions {
            source: SOURCE.into(),
            ..SetOptions::default()
        };
        (
            seconds,
            PolicySet::new(&engine, options, vec![policy]).unwrap(),
        )
    };
    let (compiled, _) = load();
    let (cached, set) = load();
    let now = Timestamp::UNIX_EPOCH;
    Contestant {
        name: language.as_str(),
        size: component.len(),
        loaded: Some((compiled, cached)),
        evaluate: Box::new(move |payload| {
            let callout = Callout::parse(payload).unwrap();
            set.evaluate(&callout, now).resume().unwrap().body()
        }),
        calls: 0,
        times: Vec::new(),
    }
}

fn print(contestants: &mut [Contestant]) {
    println!(
        "{:12} {:>10} {:>11} {:>11} {:>11} {:>9}",
        "", "bytes", "load ms", "cached ms", "median us", "native=1"
    );
    let mut native = 0.0;
    for contestant in contestants {
        contestant.times.sort_by(f64::total_cmp);
        let median = contestant
            .times
            .get(ROUNDS / 2)
            .copied()
            .unwrap_or_default();
        if contestant.loaded.is_none() {
            native = median;
        }
        let (load, cached) = contestant.loaded.unwrap_or_default();
        println!(
            "{:12} {:>10} {:>11.1} {:>11.2} {:>11.2} {:>9.2}",
            contestant.name,
            contestant.size,
            load * 1e3,
            cached * 1e3,
            median / 1e3,
            median / native
        );
    }
}
