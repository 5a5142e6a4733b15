//! The policies that tests use, built from source.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use crate::{corpus, root};

/// The policy crates, by the name of the component that each gives.
const SOURCES: [(&str, &str); 14] = [
    ("ask", "tests/guests/ask"),
    ("approver_by_fact", "plugins/stock/approver-by-fact"),
    ("approver_routing", "plugins/stock/approver-routing"),
    ("cedar", "plugins/stock/cedar"),
    ("change_freeze", "plugins/stock/change-freeze"),
    ("mail_needed", "tests/guests/mail-needed"),
    ("manager_only", "plugins/stock/manager-only"),
    ("partner_domains", "plugins/stock/partner-domains"),
    ("rego", "plugins/stock/rego"),
    ("required_training", "plugins/stock/required-training"),
    ("say", "tests/guests/say"),
    ("seat_budget", "plugins/stock/seat-budget"),
    ("separation_of_duties", "plugins/stock/separation-of-duties"),
    ("ticket_reference", "plugins/stock/ticket-reference"),
];

/// Builds every policy of the corpus into `tests/corpus/components`, once a process. The sets of
/// the corpus name them there.
///
/// # Panics
///
/// A policy does not build: nothing that needs it can be tested.
pub fn build_components() -> &'static BTreeMap<&'static str, PathBuf> {
    static BUILT: OnceLock<BTreeMap<&'static str, PathBuf>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = corpus().join("components");
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let options = admit_build::Options {
            quiet: true,
            ..Default::default()
        };
        SOURCES
            .iter()
            .map(|(name, source)| {
                let built = admit_build::build(&root().join(source), &options)
                    .unwrap_or_else(|error| panic!("{source}: {error}"));
                let path = folder.join(format!("{name}.wasm"));
                write(&path, &built.component)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                (*name, path)
            })
            .collect()
    })
}

/// Several test processes may build at once: what is there already is left alone, and the rest
/// appears whole.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    fs::write(&beside, bytes)?;
    fs::rename(&beside, path)
}

/// A built policy's bytes.
///
/// # Panics
///
/// There is no such policy, or it does not build.
pub fn component(name: &str) -> Vec<u8> {
    let path = build_components()
        .get(name)
        .unwrap_or_else(|| panic!("no policy `{name}`"));
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
