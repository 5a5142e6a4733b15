//! Puts into the crate what `new` writes: the examples, and what policies in each language stand on.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// Folders and files below the root of the sources.
const SOURCES: [&str; 13] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "core/model/Cargo.toml",
    "core/model/src",
    "plugins/wit/Cargo.toml",
    "plugins/wit/policy.wit",
    "plugins/wit/src",
    "plugins/sdk/Cargo.toml",
    "plugins/sdk/src",
    "plugins/examples",
    "plugins/languages",
    "rust-toolchain.toml",
];

/// What tools leave behind there.
const LEFT: [&str; 6] = [
    "node_modules",
    "target",
    "vendor",
    "__pycache__",
    ".venv",
    ".mypy_cache",
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let root = root.canonicalize()?;
    let mut table = String::from("&[\n");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
        add(&root, &root.join(source), &mut table)?;
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR")?).join("sources.rs");
    fs::write(out, table)?;
    Ok(())
}

/// Adds a file, or every file of a folder, by its path from the root.
fn add(root: &Path, path: &Path, table: &mut String) -> Result<(), Box<dyn Error>> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>, std::io::Error>>()?;
        entries.sort();
        let is_left = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default();
            LEFT.iter().any(|left| name == *left)
                || path
                    .extension()
                    .is_some_and(|extension| extension == "wasm")
        };
        entries.retain(|path| !is_left(path));
        return entries.iter().try_for_each(|path| add(root, path, table));
    }
    let name = path
        .strip_prefix(root)?
        .to_string_lossy()
        .replace('\\', "/");
    writeln!(table, "    ({name:?}, include_bytes!({path:?})),")?;
    Ok(())
}
