//! The Rust side of the benches of other languages: for each line on stdin, a number of calls, times so
//! many evaluations from a payload's bytes to a body's bytes, and prints the nanoseconds of one.
//!
//! Arguments: a set's file and a callout's.

use std::{
    error::Error,
    fs,
    hint::black_box,
    io::{self, BufRead as _, Write as _},
    time::Instant,
};

use admit::{Callout, PolicySet};
use jiff::Timestamp;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(set), Some(payload)) = (arguments.next(), arguments.next()) else {
        return Err("give a set's file and a callout's".into());
    };
    let set = PolicySet::from_file(set)?;
    let payload = fs::read(payload)?;
    let evaluate = || -> Result<String, Box<dyn Error>> {
        let callout = Callout::parse(black_box(&payload))?;
        let report = set.evaluate(&callout, Timestamp::now());
        Ok(report.resume().ok_or("there is no answer")?.body())
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}", evaluate()?)?;
    out.flush()?;
    for line in io::stdin().lock().lines() {
        let calls: u32 = line?.trim().parse()?;
        let start = Instant::now();
        for _ in 0..calls {
            black_box(evaluate()?);
        }
        let time = start.elapsed().as_nanos() / u128::from(calls.max(1));
        writeln!(out, "{time}")?;
        out.flush()?;
    }
    Ok(())
}
