//! Who may depend on whom.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each crate of ours may use of ours, tests aside.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("admit-model", &[][..]),
        ("admit-wit", &[]),
        ("admit", &["admit-model", "admit-wit"]),
        // The model natively only, for fixtures.
        ("admit-policy", &["admit-model", "admit-wit"]),
        ("admit-build", &["admit-wit"]),
        ("admit-c", &["admit"]),
        ("admit-cli", &["admit", "admit-build"]),
        ("admit-python", &["admit"]),
        ("admit-tests", &["admit", "admit-build", "admit-wit"]),
        ("admit-benches", &["admit", "admit-tests"]),
    ])
}

#[test]
fn arrows_point_where_the_design_says() {
    let metadata = MetadataCommand::new()
        .manifest_path(admit_tests::root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let ours: BTreeSet<_> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let allowed = allowed();
    for package in &metadata.packages {
        let used: BTreeSet<_> = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development)
            .map(|dependency| dependency.name.as_str())
            .filter(|name| ours.contains(name))
            .collect();
        let may: BTreeSet<_> = match allowed.get(package.name.as_str()) {
            Some(may) => may.iter().copied().collect(),
            // Policies: ours, the examples and the tests' own.
            None => BTreeSet::from(["admit-policy"]),
        };
        assert!(
            used.is_subset(&may),
            "{} uses {used:?}; it may use {may:?}",
            package.name
        );
    }
    for name in allowed.keys() {
        assert!(ours.contains(name), "{name} is gone; take it off the list");
    }
}

/// A policy has no WASI, so neither has the engine: not even as a dependency.
#[test]
fn there_is_no_wasi() {
    let metadata = MetadataCommand::new()
        .manifest_path(admit_tests::root().join("Cargo.toml"))
        .exec()
        .unwrap();
    let wasi: Vec<_> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .filter(|name| name.starts_with("wasmtime-wasi"))
        .collect();
    assert_eq!(wasi, Vec::<&str>::new());
}

#[test]
fn the_model_has_no_clock_and_no_wasm() {
    let metadata = MetadataCommand::new()
        .manifest_path(admit_tests::root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let model = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == "admit-model")
        .unwrap();
    let used: BTreeSet<_> = model
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == DependencyKind::Normal)
        // Beside these, what makes the schemas.
        .filter(|dependency| !dependency.optional)
        .map(|dependency| dependency.name.as_str())
        .collect();
    assert_eq!(
        used,
        BTreeSet::from(["jiff", "serde", "serde_json", "thiserror", "uuid", "wide"])
    );
}
