//! From a policy's source to a WebAssembly component.
//!
//! [`new`] writes the folder of a new policy. [`build`] takes such a folder, or a module that another toolchain made, and gives the
//! component with its metadata. [`componentize`] is the step in the middle, for callers that have
//! a core module in their hands.

#![forbid(unsafe_code)]

mod component;
mod describe;
mod error;
mod json;
mod languages;
mod new;
mod wasi;

use std::{
    fs,
    path::{Path, PathBuf},
};

use admit_wit::{Metadata, MetadataError};

pub use crate::{
    component::componentize,
    describe::STAGES,
    error::Error,
    languages::Language,
    new::{new, vendor},
};

/// How to build.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Do not let cargo use the network.
    pub offline: bool,
    /// Insist on the crate's `Cargo.lock` as it is.
    pub locked: bool,
    /// Do not let cargo report its progress. Warnings and errors of the compiler still go to
    /// standard error.
    pub quiet: bool,
    /// Where cargo puts what it builds; by default where the crate's workspace says.
    pub target_dir: Option<PathBuf>,
    /// Folders of tools, looked in before the path and after what is installed in the policy's own
    /// folder (`.venv`, `node_modules`).
    pub tools: Vec<PathBuf>,
    /// Directory of `policy.toml` and `settings.schema.json`; by default the crate's, or that of
    /// the `.wasm` file.
    pub description: Option<PathBuf>,
}

/// A policy, built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The component, metadata inside. The same source and tools give the same bytes, but for JavaScript,
    /// TypeScript and Python, whose tools draw numbers of their own.
    pub component: Vec<u8>,
    /// What the policy says about itself.
    pub metadata: Metadata,
}

impl Built {
    /// The component with metadata that takes any settings, to see whether it loads with those that it
    /// brings itself.
    ///
    /// # Errors
    ///
    /// As for [`build`].
    pub fn with_any_settings(&self) -> Result<Vec<u8>, Error> {
        let wrong = |error: MetadataError| Error::Component(error.to_string());
        let (mut metadata, mut component) = Metadata::take(&self.component).map_err(wrong)?;
        metadata.settings_schema = metadata.settings_schema.map(|_| true.into());
        metadata.embed(&mut component).map_err(wrong)?;
        Ok(component)
    }
}

/// Builds a policy.
///
/// `path` is the folder of a policy in one of the [languages](Language) or its source file, or a
/// finished core module or component (`FILE.wasm`), or a core module in text (`FILE.wat`).
/// `policy.toml` and, for policies with settings, `settings.schema.json` stand beside it.
///
/// A crate is compiled with the `cargo` that the environment variable `CARGO` names, else the one
/// on the path. Compiler flags of the environment and of configuration files are not used, so that
/// they cannot change a policy's digest.
///
/// # Errors
///
/// See [`Error`]. What the compiler has to say goes to standard error.
pub fn build(path: &Path, options: &Options) -> Result<Built, Error> {
    let is_module = path
        .extension()
        .is_some_and(|extension| extension == "wasm" || extension == "wat");
    let home = if is_module || path.is_file() {
        parent(path)
    } else {
        path
    };
    // First what is quick to check: a typing error there should not cost a compilation.
    let mut metadata = describe::read(options.description.as_deref().unwrap_or(home))?;

    let bytes = if is_module {
        read(path)?
    } else {
        Language::of(home)?.compile(home, options, &mut metadata)?
    };
    let mut component = if component::is_component(&bytes) {
        component::check(&bytes)?;
        bytes
    } else {
        componentize(&bytes)?
    };
    metadata
        .embed(&mut component)
        .map_err(|error| Error::Component(error.to_string()))?;
    Ok(Built {
        component,
        metadata,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Read {
        path: path.into(),
        source,
    })
}

/// The directory of a file.
fn parent(file: &Path) -> &Path {
    match file.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}
