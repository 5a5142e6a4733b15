//! Every case of the corpus gives its report, bytes and all.
//!
//! `BLESS=1` rewrites the expectations; the diff is the review.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use admit::{Callout, FileOptions, PolicySet, Prepare, RecordedFacts, ReportOptions};
use admit_tests::{Case, build_components, cases, comparable};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

fn main() {
    let arguments = Arguments::from_args();
    if !arguments.list {
        build_components();
    }
    let mut sets: BTreeMap<PathBuf, Shared> = BTreeMap::new();
    let trials = cases()
        .into_iter()
        .map(|case| {
            let sets = Arc::clone(sets.entry(case.set.clone()).or_default());
            Trial::test(case.name.clone(), move || run(&case, &sets))
        })
        .collect();
    // The trials hold the sets now: each is dropped after the last case that needs it.
    drop(sets);
    libtest_mimic::run(&arguments, trials).exit();
}

/// The sets of one file, loaded for the first of its cases: that compiles every policy.
type Shared = Arc<OnceLock<Result<Sets, String>>>;

/// One set, loaded in each way.
struct Sets {
    snapshotted: PolicySet,
    configured_each_time: PolicySet,
    without_sources: PolicySet,
}

impl Sets {
    fn load(file: &Path) -> Result<Self, admit::Error> {
        let recorded = FileOptions {
            prepare: Prepare::EachTime,
            without_sources: true,
            ..FileOptions::default()
        };
        Ok(Self {
            snapshotted: PolicySet::from_file(file)?,
            configured_each_time: PolicySet::from_file_with(file, Prepare::EachTime)?,
            without_sources: PolicySet::from_file_with(file, recorded)?,
        })
    }
}

fn run(case: &Case, sets: &Shared) -> Result<(), Failed> {
    let sets = sets
        .get_or_init(|| Sets::load(&case.set).map_err(|error| error.to_string()))
        .as_ref()?;
    let payload = fs::read(&case.callout)?;
    let now = case.now.parse::<jiff::Timestamp>()?;
    let report = (sets.snapshotted).evaluate(&Callout::parse(&payload)?, now);
    let json = report.to_json();

    // Again, from the start and without snapshots: the same bytes.
    let again = (sets.configured_each_time).evaluate(&Callout::parse(&payload)?, now);
    if again.to_json() != json {
        return Err(format!("not the same twice:\n{json}\n{}", again.to_json()).into());
    }

    // And again with the facts that the first report recorded, and no source.
    let with_evidence = ReportOptions {
        evidence: true,
        ..ReportOptions::default()
    };
    let evidence = report.to_json_with(with_evidence);
    let again = (sets.without_sources)
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
