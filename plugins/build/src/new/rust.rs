//! What is particular to Rust: the crates that a policy stands on come along as their sources.

use std::path::Path;

use crate::{
    Error,
    new::{SOURCES, write},
};

/// The crates, by their folders.
const CRATES: [&str; 3] = ["core/model", "plugins/wit", "plugins/sdk"];

const PINS: [&str; 2] = ["rust-toolchain.toml", "Cargo.lock"];

/// The manifest of an author. In the sources of admit the example is of a workspace.
const MANIFEST: &str = r#"[package]
name = "night-watch"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
admit-policy = { path = "vendor/plugins/sdk" }

# Of no other workspace, wherever the folder is.
[workspace]
exclude = ["vendor"]
"#;

/// Words that name no crate: those of the language, and the crates that are always there.
const TAKEN: &str = "\
    abstract admit-policy alloc as async await become box break const continue core crate do dyn \
    else enum extern false final fn for if impl in let loop macro match mod move mut priv \
    proc-macro pub ref return self static std struct super test trait true try type typeof union \
    unsafe unsized use virtual where while yield";

/// Whether no crate can have this name.
pub(super) fn is_taken(name: &str) -> bool {
    TAKEN.split(' ').any(|taken| taken == name)
}

/// Makes the example's files those of an author.
pub(super) fn adapt(files: &mut Vec<(String, &'static [u8])>) {
    files.retain(|(path, _)| path != "Cargo.toml");
    files.push(("Cargo.toml".into(), MANIFEST.as_bytes()));
    // The toolchain and the versions that these sources are tested with.
    let pins = SOURCES.iter().filter(|(path, _)| PINS.contains(path));
    files.extend(pins.map(|(path, bytes)| ((*path).to_owned(), *bytes)));
}

/// Writes the crates, as a workspace of their own.
pub(super) fn vendor(vendor: &Path) -> Result<(), Error> {
    for (path, bytes) in SOURCES {
        if *path == "Cargo.toml" {
            write(&vendor.join(path), workspace(bytes).as_bytes())?;
        } else if *path == "LICENSE" || CRATES.iter().any(|of| Path::new(path).starts_with(of)) {
            write(&vendor.join(path), bytes)?;
        }
    }
    Ok(())
}

/// The manifest of the workspace, with none but these crates.
fn workspace(manifest: &[u8]) -> String {
    let manifest = String::from_utf8_lossy(manifest);
    let mut lines = Vec::new();
    let mut is_member = false;
    for line in manifest.lines() {
        is_member &= line != "]";
        let name = line.trim().trim_matches(['"', ',']);
        if !is_member || CRATES.contains(&name) {
            lines.push(line);
        }
        is_member |= line == "members = [";
    }
    lines.join("\n") + "\n"
}
