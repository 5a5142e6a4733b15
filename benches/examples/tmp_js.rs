use admit::{Callout, Engine, Limits, Policy, PolicyOptions, PolicySet, SetOptions};
use serde_json::json;
use std::{fs, time::Instant};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let component = fs::read(&a[1]).unwrap();
    let n: u32 = a[2].parse().unwrap();
    let fuel = a.get(3).map(|f| f.parse().unwrap());
    let limits = Limits {
        fuel,
        ..Limits::default()
    };
    let engine = Engine::new(limits).unwrap();
    let options = PolicyOptions {
        settings: json!({"packages": ["0d000001-0007-400e-a014-d13244aa029e"]}),
        ..PolicyOptions::default()
    };
    let policy = Policy::from_bytes(&engine, "p", &component, options).unwrap();
    eprintln!("snap {}", policy.is_snapshotted());
    let set = PolicySet::new(
        &engine,
        SetOptions {
            source: "x".into(),
            ..SetOptions::default()
        },
        vec![policy],
    )
    .unwrap();
    let c =
        Callout::parse(&fs::read("plugins/examples/rust/tests/callouts/justified.json").unwrap())
            .unwrap();
    let now = jiff::Timestamp::UNIX_EPOCH;
    let mut best = f64::MAX;
    for _ in 0..n / 100 {
        let t = Instant::now();
        for _ in 0..100 {
            std::hint::black_box(set.evaluate(&c, now));
        }
        best = best.min(t.elapsed().as_secs_f64() / 100.0 * 1e6);
    }
    println!(
        "best of rounds {best:.1} us; {}",
        set.evaluate(&c, now).to_json().len()
    );
}
