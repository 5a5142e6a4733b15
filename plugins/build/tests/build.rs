//! Building policies from text, from modules and from crates.

#![expect(
    clippy::unwrap_used,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use admit_build::{Built, Error, Options, STAGES, build, componentize};
use admit_wit::Metadata;
use tempfile::TempDir;
use wasmparser::{Parser, Payload};

/// A policy by hand: abstains, code `said`.
const HAND_WRITTEN: &str = r#"(module
    (import "admit:policy/verdict@0.1.0" "abstain" (func $abstain (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 64) "said")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "configure") (result i32) i32.const 16)
    (func (export "evaluate") (result i32)
        (call $abstain (i32.const 64) (i32.const 4) (i32.const 0) (i32.const 0))
        i32.const 16))"#;

const DESCRIPTION: &str = r#"name = "by-hand"
version = "1.2.3"
description = "Abstains."
stages = ["assignmentRequestCreated"]
facts = ["contracts"]
"#;

/// A directory with these files.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn quiet() -> Options {
    Options {
        quiet: true,
        ..Options::default()
    }
}

/// Names of the component's imports, and pages of its memories.
fn survey(component: &[u8]) -> (BTreeSet<String>, Vec<u64>) {
    let mut imports = BTreeSet::new();
    let mut pages = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ComponentImportSection(section) => {
                imports.extend(
                    section
                        .into_iter()
                        .map(|import| import.unwrap().name.name.to_owned()),
                );
            }
            Payload::MemorySection(section) => {
                pages.extend(section.into_iter().map(|memory| memory.unwrap().initial));
            }
            _ => {}
        }
    }
    (imports, pages)
}

#[test]
fn a_module_by_hand_becomes_a_component() {
    let home = directory(&[("by-hand.wat", HAND_WRITTEN), ("policy.toml", DESCRIPTION)]);
    let Built {
        component,
        metadata,
    } = build(&home.path().join("by-hand.wat"), &quiet()).unwrap();
    assert_eq!(Metadata::read(&component).as_ref(), Ok(&metadata));
    assert_eq!(metadata.name, "by-hand");
    assert_eq!(metadata.version, "1.2.3");
    assert_eq!(metadata.contract, admit_wit::CONTRACT_VERSION);
    assert_eq!(metadata.stages, ["assignmentRequestCreated"]);
    assert_eq!(metadata.facts, ["contracts"]);
    assert_eq!(metadata.settings_schema, None);
    let (imports, _) = survey(&component);
    assert_eq!(
        imports,
        BTreeSet::from(["admit:policy/verdict@0.1.0".to_owned()])
    );
}

#[test]
fn a_finished_component_gets_its_metadata_once() {
    let home = directory(&[("policy.toml", DESCRIPTION)]);
    let file = home.path().join("by-hand.wasm");
    fs::write(&file, componentize(HAND_WRITTEN.as_bytes()).unwrap()).unwrap();
    let built = build(&file, &quiet()).unwrap();
    assert_eq!(Metadata::read(&built.component), Ok(built.metadata));

    fs::write(&file, built.component).unwrap();
    let error = build(&file, &quiet()).unwrap_err();
    assert!(matches!(error, Error::Component(_)), "{error}");
}

#[test]
fn what_is_not_of_the_contract_is_named() {
    let foreign = HAND_WRITTEN.replace(
        "(memory ",
        r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
           (import "wasi_snapshot_preview1" "memory" (memory 1))
           (import "wasi_unstable" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
           (import "admit:policy/callout@0.2.0" "stage" (func (param i32)))
           (memory "#,
    );
    match componentize(foreign.as_bytes()) {
        Err(Error::Imports(names)) => assert_eq!(
            names,
            [
                "`wasi_snapshot_preview1`",
                "`wasi_unstable`",
                "`admit:policy/callout@0.2.0`"
            ]
        ),
        other => panic!("{other:?}"),
    }

    let unknown = HAND_WRITTEN.replace("\"abstain\"", "\"shrug\"");
    let error = componentize(unknown.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("shrug"), "{error}");

    let no_evaluate = HAND_WRITTEN.replace("\"evaluate\"", "\"judge\"");
    let error = componentize(no_evaluate.as_bytes())
        .unwrap_err()
        .to_string();
    assert!(error.contains("evaluate"), "{error}");

    let no_module = componentize(b"MZ").unwrap_err();
    assert!(matches!(no_module, Error::Component(_)), "{no_module}");
}

#[test]
fn a_component_of_something_else_is_refused() {
    let home = directory(&[("policy.toml", DESCRIPTION)]);
    let file = home.path().join("other.wasm");
    for (text, expected) in [
        ("(component)", "does not export configure and evaluate"),
        (
            r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#,
            "imports `wasi:clocks/wall-clock@0.2.0`",
        ),
    ] {
        fs::write(&file, wat::parse_str(text).unwrap()).unwrap();
        let error = build(&file, &quiet()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_description_that_cannot_be_used_is_named_by_place() {
    let without = |line: &str| {
        DESCRIPTION
            .lines()
            .filter(|text| !text.starts_with(line))
            .map(|text| format!("{text}\n"))
            .collect::<String>()
    };
    for (text, place, problem) in [
        (format!("{DESCRIPTION}sttages = []\n"), ":6:1", "sttages"),
        (without("name"), ":1:1", "name"),
        (
            DESCRIPTION.replace("by-hand", "By hand"),
            ":1:8",
            "the name `By hand`",
        ),
        (DESCRIPTION.replace("1.2.3", " "), ":2:11", "version"),
        (
            DESCRIPTION.replace("[\"assignmentRequestCreated\"]", "[]"),
            ":4:10",
            "at least one stage",
        ),
        (
            DESCRIPTION.replace("RequestCreated", "Created"),
            ":4:11",
            "there is no stage `assignmentCreated`",
        ),
        (
            DESCRIPTION.replace("Created\"]", "Created\", \"assignmentRequestCreated\"]"),
            ":4:39",
            "twice",
        ),
        (
            DESCRIPTION.replace("[\"contracts\"]", "[\"contracts\", \"contracts\"]"),
            ":5:23",
            "twice",
        ),
        (DESCRIPTION.replace("1.2.3\"", "1.2.3"), ":2:", ""),
    ] {
        let home = directory(&[("by-hand.wat", HAND_WRITTEN), ("policy.toml", &text)]);
        let error = build(&home.path().join("by-hand.wat"), &quiet()).unwrap_err();
        let Error::Description { place: at, detail } = error else {
            panic!("{error}");
        };
        assert!(
            at.contains(&format!("policy.toml{place}")),
            "{at}: {detail}"
        );
        assert!(detail.contains(problem), "{at}: {detail}");
    }
}

#[test]
fn a_missing_description_shows_one() {
    let home = directory(&[("by-hand.wat", HAND_WRITTEN)]);
    let error = build(&home.path().join("by-hand.wat"), &quiet()).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("policy.toml: there is no such file"),
        "{text}"
    );
    assert!(text.contains("stages = ["), "{text}");
}

#[test]
fn a_schema_that_cannot_be_used_is_named_by_place() {
    for (schema, expected) in [
        ("{\n\"type\": }", "settings.schema.json:2:9: not JSON"),
        (
            "[]",
            "settings.schema.json: a JSON Schema of settings is an object",
        ),
    ] {
        let home = directory(&[
            ("by-hand.wat", HAND_WRITTEN),
            ("policy.toml", DESCRIPTION),
            ("settings.schema.json", schema),
        ]);
        let error = build(&home.path().join("by-hand.wat"), &quiet()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn the_stages_are_those_of_the_contract() {
    for stage in STAGES {
        assert!(
            admit_wit::POLICY_WIT.contains(&format!("`{stage}`")),
            "{stage}"
        );
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn crates_become_small_components_that_import_what_they_use() {
    for (directory, limit, expected) in [
        (
            "tests/guests/mail-needed",
            8_000,
            &["target", "verdict"][..],
        ),
        (
            "plugins/stock/partner-domains",
            28_000,
            &["requestor", "settings", "target", "verdict"],
        ),
        (
            "plugins/stock/change-freeze",
            20_000,
            &["catalog", "evaluation", "settings", "verdict"],
        ),
        (
            "plugins/stock/approver-routing",
            48_000,
            &[
                "access-package",
                "answers",
                "approval-stage",
                "callout",
                "settings",
                "verdict",
            ],
        ),
    ] {
        let built = build(&repository().join(directory), &quiet()).unwrap();
        assert_eq!(Metadata::read(&built.component), Ok(built.metadata));
        let (imports, pages) = survey(&built.component);
        let expected: BTreeSet<_> = expected
            .iter()
            .map(|name| format!("admit:policy/{name}@0.1.0"))
            .collect();
        assert_eq!(imports, expected, "{directory}");
        assert_eq!(pages, [1], "{directory}");
        let size = built.component.len();
        assert!(size < limit, "{directory}: {size} bytes");
    }
}

#[test]
fn a_crate_that_gives_no_policy_is_told_why() {
    let library = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    for (manifest, source, expected) in [
        ("[workspace]\n", "", "name the policy's own crate"),
        (library, "fn f( {", "does not compile"),
        // Exports nothing of the contract.
        (library, "", "configure"),
        (
            &format!("{library}[package.metadata.admit]\nstack-size = 1024\n"),
            "",
            "`stack-size` of [package.metadata.admit] is 1024; it is a number of bytes from 16384 to 16777216",
        ),
        (
            &format!("{library}[package.metadata.admit]\nstack-size = \"1 MiB\"\n"),
            "",
            "is \"1 MiB\"; it is a number of bytes",
        ),
    ] {
        let home = directory(&[
            ("Cargo.toml", manifest),
            ("src/lib.rs", source),
            ("policy.toml", DESCRIPTION),
        ]);
        let error = build(home.path(), &quiet()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    let program = directory(&[
        ("Cargo.toml", library),
        ("src/main.rs", "fn main() {}"),
        ("policy.toml", DESCRIPTION),
    ]);
    let error = build(program.path(), &quiet()).unwrap_err().to_string();
    assert!(error.contains("has no library"), "{error}");

    let nothing = directory(&[("policy.toml", DESCRIPTION)]);
    let error = build(nothing.path(), &quiet()).unwrap_err().to_string();
    assert!(
        error.contains("there is no policy; its folder has one of Cargo.toml, policy.c, "),
        "{error}"
    );

    let two = directory(&[
        ("policy.toml", DESCRIPTION),
        ("policy.js", ""),
        ("access.rego", ""),
    ]);
    let error = build(two.path(), &quiet()).unwrap_err().to_string();
    let problem = "which of policy.js and *.rego is the policy? Put each into a folder of its own";
    assert!(error.contains(problem), "{error}");
}
