//! A callout file in, the request for Graph out: `cargo run --example evaluate -- SET CALLOUT`.

#![expect(clippy::print_stdout, reason = "that is what it is for")]
#![expect(clippy::print_stderr, reason = "that is what it is for")]

use std::{env, error::Error, fs};

use admit::{Callout, PolicySet};

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = env::args().skip(1);
    let (Some(set), Some(callout)) = (files.next(), files.next()) else {
        return Err("give a policy set file and a callout file".into());
    };

    // Once: loading checks and compiles the policies. Threads share the set by reference.
    let set = PolicySet::from_file(set)?;

    // For each callout. What goes wrong in a policy is in the report; `evaluate` cannot fail.
    let callout = Callout::parse(&fs::read(callout)?)?;
    let report = set.evaluate(&callout, jiff::Timestamp::now());
    match report.resume() {
        Some(answer) => {
            println!("{} {}", answer.method(), answer.path());
            println!("{}", answer.body());
        }
        None => eprintln!("nothing to send: {:?}", report.no_answer()),
    }
    Ok(())
}
