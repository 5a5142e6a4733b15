//! Policies in every language: one that does what the first answer says, and the example of authors.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use admit_build::{Language, Options, build, new, vendor};

use crate::{component, root};

/// Where `make policy-tools` puts the tools that compile policies, for builds in tests.
pub fn tools() -> Vec<PathBuf> {
    ["c/bin", "python/bin", "javascript/node_modules/.bin"]
        .map(|place| root().join("target/policy-tools").join(place))
        .into()
}

/// Builds the policy in a language. Its folder is put together as an author has it.
///
/// # Panics
///
/// It does not build; `make policy-tools` installs what compiles it.
pub fn conformance(language: Language) -> Vec<u8> {
    let name = language.as_str();
    let source = root().join("tests/guests/conformance").join(name);
    let options = Options {
        quiet: true,
        tools: tools(),
        ..Options::default()
    };
    // The crate is of the workspace, and needs no copy.
    let built = if language == Language::Rust {
        build(&source, &options)
    } else {
        let folder = root().join("target/conformance").join(name);
        let interpreter = language.is_rules().then(|| component(name));
        let _ = fs::remove_dir_all(&folder);
        copy(&source, &folder).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
        vendor(language, &folder, interpreter.as_deref()).unwrap_or_else(|error| panic!("{error}"));
        build(&folder, &options)
    };
    let built = built.unwrap_or_else(|error| panic!("{name}: {error}; see `make policy-tools`"));
    built.component
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Builds the example in a language, as an author does: in a folder that `admit new` would write.
///
/// # Panics
///
/// It does not build; `make policy-tools` installs what compiles it.
pub fn example(language: Language) -> Vec<u8> {
    let name = language.as_str();
    let folder = root().join("target/examples").join(name);
    let interpreter = language.is_rules().then(|| component(name));
    let _ = fs::remove_dir_all(&folder);
    new(language, "night-watch", &folder, interpreter.as_deref())
        .unwrap_or_else(|error| panic!("{error}"));
    let options = Options {
        quiet: true,
        tools: tools(),
        target_dir: Some(root().join("target/admit-policy")),
        ..Options::default()
    };
    let built = build(&folder, &options);
    let built = built.unwrap_or_else(|error| panic!("{name}: {error}; see `make policy-tools`"));
    built.component
}
