//! What reading a callout costs, against other readers of JSON in the same run.
//!
//! `admit` checks the whole payload and keeps its bytes, `admit-typed` makes Graph's types of it;
//! the others only read. `derive` is the native typed model of `benches/src/native.rs`, which
//! borrows its texts, and `derive-owned` the same with `String`s, as `admit-typed` has them; `value`
//! is each crate's own tree. simd-json writes into its input, so each of its readings is timed together with the
//! copy that a caller must make who was given the payload by reference. It finds out at run time
//! what the processor can do; sonic-rs uses what every x86-64 can, unless it is compiled with
//! `RUSTFLAGS="-C target-cpu=native"`, which this is not.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot run says so by failing"
)]

use std::hint::black_box;

use admit_benches::{Borrowed, Callout};
use admit_model::graph::AccessPackageAssignmentRequestCalloutData;
use criterion::{Bencher, Criterion, Throughput};

type Typed<'a> = Callout<Borrowed<'a>>;
type Read = fn(&mut Bencher<'_>, &[u8]);

/// Who reads, in the order of the table.
const READERS: [(&str, Read); 10] = [
    ("admit", |bench, payload| {
        bench.iter(|| admit_model::Callout::parse(black_box(payload)).unwrap());
    }),
    ("admit-typed", |bench, payload| {
        let payload = std::str::from_utf8(payload).unwrap();
        bench.iter(|| {
            AccessPackageAssignmentRequestCalloutData::from_json(black_box(payload)).unwrap()
        });
    }),
    ("serde-json-derive-owned", |bench, payload| {
        bench.iter(|| serde_json::from_slice::<Callout<String>>(black_box(payload)).unwrap());
    }),
    ("serde-json-derive", |bench, payload| {
        bench.iter(|| serde_json::from_slice::<Typed<'_>>(black_box(payload)).unwrap());
    }),
    ("serde-json-value", |bench, payload| {
        bench.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(payload)).unwrap());
    }),
    ("simd-json-derive", |bench, payload| {
        bench.iter(|| {
            let mut copy = black_box(payload).to_vec();
            let typed: Typed<'_> = simd_json::from_slice(&mut copy).unwrap();
            black_box(&typed);
        });
    }),
    ("simd-json-value", |bench, payload| {
        bench.iter(|| {
            let mut copy = black_box(payload).to_vec();
            simd_json::to_owned_value(&mut copy).unwrap()
        });
    }),
    ("simd-json-borrowed-value", |bench, payload| {
        bench.iter(|| {
            let mut copy = black_box(payload).to_vec();
            black_box(&simd_json::to_borrowed_value(&mut copy).unwrap());
        });
    }),
    ("sonic-rs-derive", |bench, payload| {
        bench.iter(|| sonic_rs::from_slice::<Typed<'_>>(black_box(payload)).unwrap());
    }),
    ("sonic-rs-value", |bench, payload| {
        bench.iter(|| sonic_rs::from_slice::<sonic_rs::Value>(black_box(payload)).unwrap());
    }),
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("parse");
    for (size, payload) in admit_benches::payloads() {
        let payload = payload.as_bytes();
        readers_agree(payload);
        group.throughput(Throughput::Bytes(payload.len() as u64));
        for (reader, read) in READERS {
            group.bench_function(format!("{reader}/{size}"), |bench| read(bench, payload));
        }
    }
    group.finish();
    criterion.final_summary();
}

/// What is compared is the same work: the typed readers find the same.
fn readers_agree(payload: &[u8]) {
    let mut copy = payload.to_vec();
    let typed: Typed<'_> = serde_json::from_slice(payload).unwrap();
    assert_eq!(
        simd_json::from_slice::<Typed<'_>>(&mut copy).unwrap(),
        typed
    );
    assert_eq!(sonic_rs::from_slice::<Typed<'_>>(payload).unwrap(), typed);
}
