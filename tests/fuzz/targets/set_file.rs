//! Any text as `admit.toml`: a set that evaluates, or an error with its place.

#![no_main]

use std::{fs, path::PathBuf, sync::LazyLock};

use admit::{Callout, ErrorKind, PolicySet, Prepare, Stage};
use admit_wit::Metadata;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

/// Detail and place have at most 4 KiB each; a policy's id is told as the file has it.
const LONGEST_ERROR: usize = 13 * 1024;

/// A policy that says yes, whatever its settings are.
const POLICY: &str = r#"(module
    (import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "code")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 2048))
    (func (export "configure") (result i32) (i32.const 1024))
    (func (export "evaluate") (result i32)
        (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
        (i32.const 1024)))"#;

/// The components that the corpus's sets name: all of them that policy.
const COMPONENTS: [&str; 12] = [
    "approver_by_fact",
    "approver_routing",
    "ask",
    "change_freeze",
    "mail_needed",
    "manager_only",
    "partner_domains",
    "required_training",
    "say",
    "seat_budget",
    "separation_of_duties",
    "ticket_reference",
];

static CALLOUT: LazyLock<Callout> = LazyLock::new(|| {
    let payload = include_bytes!("../../corpus/callouts/01-request-created.flat.json");
    Callout::parse(payload).expect("a callout of the corpus")
});

/// Where the set's file is written, laid out as the corpus is.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/fuzz/sets")
        .join(std::process::id().to_string());
    let components = folder.join("components");
    let set = folder.join("sets/one");
    fs::create_dir_all(&components).expect("a folder for components");
    fs::create_dir_all(&set).expect("a folder for the set");
    let policy = policy();
    for name in COMPONENTS {
        fs::write(components.join(format!("{name}.wasm")), &policy).expect("a component");
    }
    set.join("admit.toml")
});

fn policy() -> Vec<u8> {
    let mut component = admit_build::componentize(POLICY.as_bytes()).expect("a component");
    let stages = Stage::ALL.iter().filter(|stage| stage.is_evaluated());
    let metadata = Metadata {
        name: "yes".into(),
        version: "1.0.0".into(),
        description: String::new(),
        contract: "0.1.0".into(),
        stages: stages.map(|stage| stage.as_str().into()).collect(),
        facts: Vec::new(),
        settings_schema: Some(json!({ "type": "object" })),
        settings: Default::default(),
    };
    metadata.embed(&mut component).expect("metadata");
    component
}

fuzz_target!(|text: &[u8]| {
    fs::write(&*FILE, text).expect("the set's file");
    // Not snapshotted: that compiles three times, and has nothing to do with the file.
    match PolicySet::from_file_with(&*FILE, Prepare::EachTime) {
        Ok(set) => {
            let now = Timestamp::UNIX_EPOCH;
            let report = set.evaluate(&CALLOUT, now);
            assert_eq!(report.to_json(), set.evaluate(&CALLOUT, now).to_json());
        }
        Err(error) => {
            assert!(!error.kind().is_callout(), "{error}");
            assert_ne!(error.kind(), ErrorKind::Internal, "{error}");
            assert!(error.place().is_some(), "{error}");
            assert!(error.to_string().len() <= LONGEST_ERROR);
        }
    }
});
