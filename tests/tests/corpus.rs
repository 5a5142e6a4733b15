//! Every case of the corpus gives its report, bytes and all.
//!
//! `BLESS=1` rewrites the expectations; the diff is the review.

use std::fs;

use admit::{Callout, FileOptions, PolicySet, Prepare, RecordedFacts, ReportOptions};
use admit_tests::{Case, build_components, cases, comparable};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

fn main() {
    let arguments = Arguments::from_args();
    if !arguments.list {
        build_components();
    }
    let trials = cases()
        .into_iter()
        .map(|case| Trial::test(case.name.clone(), move || run(&case)))
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn run(case: &Case) -> Result<(), Failed> {
    let set = PolicySet::from_file(&case.set)?;
    let payload = fs::read(&case.callout)?;
    let now = case.now.parse::<jiff::Timestamp>()?;
    let report = set.evaluate(&Callout::parse(&payload)?, now);
    let json = report.to_json();

    // Again, from the start and without snapshots: the same bytes.
    let again = PolicySet::from_file_with(&case.set, Prepare::EachTime)?;
    let again = again.evaluate(&Callout::parse(&payload)?, now);
    if again.to_json() != json {
        return Err(format!("not the same twice:\n{json}\n{}", again.to_json()).into());
    }

    // And again with the facts that the first report recorded, and no source.
    let with_evidence = ReportOptions {
        evidence: true,
        ..ReportOptions::default()
    };
    let evidence = report.to_json_with(with_evidence);
    let recorded = FileOptions {
        prepare: Prepare::EachTime,
        without_sources: true,
        ..FileOptions::default()
    };
    let again = PolicySet::from_file_with(&case.set, recorded)?
        .evaluation(&Callout::parse(&payload)?, now)
        .with_facts(RecordedFacts::from_json(&evidence)?)
        .run()?;
    if again.to_json_with(with_evidence) != evidence {
        let again = again.to_json_with(with_evidence);
        return Err(format!("not the same from the record:\n{evidence}\n{again}").into());
    }

    let found = comparable(&json);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&case.expect, &found)?;
    }
    let expected = fs::read_to_string(&case.expect)
        .map_err(|error| format!("{}: {error}; BLESS=1 writes it", case.expect.display()))?;
    if found != expected {
        return Err(format!("expected:\n{expected}\nfound:\n{found}").into());
    }
    if let Some(body) = &case.body {
        let published: Value = serde_json::from_str(&fs::read_to_string(body)?)?;
        let answer = report.resume().ok_or("no answer")?.body();
        let answer: Value = serde_json::from_str(&answer)?;
        if answer != published {
            return Err(format!("published:\n{published:#}\nfound:\n{answer:#}").into());
        }
    }
    Ok(())
}
