//! Hostile policies: each gives the fault or the error that its first lines name, and harms
//! nothing else.
//!
//! A guest is a core module in text, made a component of the contract here. Its directives:
//!
//! - `;; expect: fault KIND` or `;; expect: error KIND`, then `;; says: TEXT`, part of the message
//! - `;; callout: FILE` of the corpus, instead of the first one
//! - `;; fuel: off`
//! - `;; longest: BYTES` of the message, instead of 1000
//! - `;; raw`: the text is a component itself, not wrapped
//!
//! What a file does not define, the prelude does: memory, realloc, a `configure` that succeeds.

#![expect(
    clippy::expect_used,
    reason = "a guest that cannot be made is a broken test"
)]

use std::{fs, path::Path, time::Duration};

use admit::{
    Callout, Engine, Error, Limits, Outcome, Policy, PolicyOptions, PolicySet, SetOptions, Stage,
};
use admit_tests::{component, corpus};
use admit_wit::Metadata;
use libtest_mimic::{Arguments, Failed, Trial};

const MEMORY: &str = r#"(memory (export "memory") 1)"#;
const REALLOC: &str = r#"
    (global $heap (mut i32) (i32.const 4096))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
        (global.set $heap (i32.add (local.get $at) (local.get 3)))
        (local.get $at))"#;
const CONFIGURE: &str = r#"(func (export "configure") (result i32) (i32.const 1024))"#;

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/hostile");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the hostile guests")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let trials = files
        .into_iter()
        .map(|file| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            Trial::test(name.into_owned(), move || run(&file))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn run(file: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(file)?;
    let directive = |name: &str| {
        text.lines()
            .filter_map(|line| line.strip_prefix(";; "))
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    let expect = directive("expect").ok_or("no `;; expect:`")?;
    let says = directive("says").unwrap_or_default();

    let limits = Limits {
        fuel: (directive("fuel") != Some("off")).then_some(5_000_000),
        // Long, so that only what is about time is decided by it.
        deadline: if expect == "fault deadline" {
            Duration::from_millis(50)
        } else {
            Duration::from_secs(10)
        },
        memory: 4 * 1024 * 1024,
        concurrency: 2,
        ..Limits::default()
    };
    let engine = Engine::new(limits)?;
    let before = well_behaved(&engine)?;

    let callout = directive("callout").unwrap_or("01-request-created.flat.json");
    let found = match load(&engine, &text) {
        Err(error) => (format!("error {}", error.kind()), error.to_string()),
        Ok(policy) => {
            let callout = Callout::parse(&fs::read(corpus().join("callouts").join(callout))?)?;
            let outcome = evaluate(&engine, policy.clone(), &callout)?;
            if evaluate(&engine, policy, &callout)? != outcome {
                return Err("not the same outcome twice".into());
            }
            match outcome {
                Outcome::Fault(fault) => (format!("fault {}", fault.kind), fault.detail),
                Outcome::Verdict(verdict) => (
                    format!("verdict {}", verdict.kind.as_str()),
                    verdict.reason.detail,
                ),
                Outcome::Skipped(_) => return Err("skipped".into()),
            }
        }
    };
    let longest = directive("longest").map_or(Ok(1000), str::parse)?;
    if found.1.len() > longest {
        return Err(format!("a text of {} bytes", found.1.len()).into());
    }
    if found.0 != expect || !found.1.contains(says) {
        return Err(format!("expected {expect}: {says}; found {}: {}", found.0, found.1).into());
    }
    if well_behaved(&engine)? != before {
        return Err("another policy gives other bytes afterwards".into());
    }
    Ok(())
}

fn load(engine: &Engine, text: &str) -> Result<Policy, Error> {
    let component = if text.lines().any(|line| line == ";; raw") {
        wat::parse_str(text).expect("the guest is a component")
    } else {
        let mut module = format!("(module {text}");
        for (name, part) in [
            ("(memory (export", MEMORY),
            ("\"cabi_realloc\"", REALLOC),
            ("\"configure\"", CONFIGURE),
        ] {
            if !text.contains(name) {
                module.push_str(part);
            }
        }
        module.push(')');
        admit_build::componentize(module.as_bytes()).expect("the guest is a component")
    };
    let mut component = component;
    let metadata = Metadata {
        name: "hostile".into(),
        version: "0.0.0".into(),
        description: String::new(),
        contract: admit_wit::CONTRACT_VERSION.into(),
        stages: Stage::ALL
            .iter()
            .filter(|stage| stage.is_evaluated())
            .map(|stage| stage.as_str().into())
            .collect(),
        facts: Vec::new(),
        settings_schema: None,
        settings: Default::default(),
    };
    metadata.embed(&mut component).expect("the metadata fits");
    Policy::from_bytes(engine, "hostile", &component, PolicyOptions::default())
}

fn evaluate(engine: &Engine, policy: Policy, callout: &Callout) -> Result<Outcome, Failed> {
    let set = PolicySet::new(engine, options(), vec![policy])?;
    let report = set.evaluate(callout, jiff::Timestamp::UNIX_EPOCH);
    let [outcome] = report.outcomes() else {
        return Err("not one outcome".into());
    };
    // Whatever a hostile policy does, its fault is never an approval.
    if matches!(outcome.outcome(), Outcome::Fault(_)) {
        let effect = report.decision().ok_or("no decision")?.effect;
        if matches!(
            effect,
            admit::Effect::Approve | admit::Effect::RequireApproval
        ) {
            return Err(format!("a fault came to {}", effect.as_str()).into());
        }
    }
    Ok(outcome.outcome().clone())
}

/// A good policy's report on the same engine.
fn well_behaved(engine: &Engine) -> Result<String, Failed> {
    let good = Policy::from_bytes(
        engine,
        "good",
        &component("mail_needed"),
        PolicyOptions::default(),
    )?;
    let set = PolicySet::new(engine, options(), vec![good])?;
    let payload = fs::read(corpus().join("callouts/01-request-created.flat.json"))?;
    let report = set.evaluate(&Callout::parse(&payload)?, jiff::Timestamp::UNIX_EPOCH);
    Ok(report.to_json())
}

fn options() -> SetOptions {
    SetOptions {
        source: "Contoso.Test".into(),
        ..SetOptions::default()
    }
}
