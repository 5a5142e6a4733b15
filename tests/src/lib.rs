//! What the tests of several crates need: the corpus and the policies that it uses.
//!
//! The corpus is data in `tests/corpus`: callouts, policy sets, and cases with the whole report
//! that each must give. Every binding runs the same cases.

#![forbid(unsafe_code)]
#![expect(clippy::panic, reason = "tests say what must hold by failing")]

mod cases;
mod components;
mod golden;
mod json;
mod languages;
mod notation;
mod pages;
mod probe;
pub mod strategies;

use std::path::PathBuf;

pub use crate::{
    cases::{Case, cases, comparable},
    components::{build_components, component},
    golden::golden,
    json::Json,
    languages::{conformance, example, tools},
    notation::bytes,
    pages::{blocks, page},
    probe::{HEAD, Probe},
};

/// The folder `tests/corpus`.
pub fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(PathBuf::from)
        .unwrap_or_default()
}
