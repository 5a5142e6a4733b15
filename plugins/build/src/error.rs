//! Why a policy could not be built.

use std::{io, path::PathBuf};

/// Why a policy could not be built. Each message names the place and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A name that no policy can have.
    #[error("the name `{0}` is not 1 to 64 of a-z, 0-9 and `-`, beginning with a letter")]
    Name(String),
    /// A name that no crate can have.
    #[error("the name `{0}` is a word of Rust's own; choose another")]
    Taken(String),
    /// `policy.toml` or `settings.schema.json` is missing or says something that cannot be used.
    #[error("{place}: {detail}")]
    Description {
        /// File, and line and column where known.
        place: String,
        /// What is wrong, and what would be right.
        detail: String,
    },
    /// What is there is not the source of a policy, or its tools cannot read it.
    #[error("{}: {detail}", path.display())]
    Source {
        /// The folder, or the file that is wrong.
        path: PathBuf,
        /// What is wrong, and what would be right.
        detail: String,
    },
    /// The tools that compile a policy are not all there.
    #[error("{0}")]
    Toolchain(String),
    /// The policy does not compile; the compiler has said why on standard error.
    #[error("{}: the policy does not compile; the compiler's messages are above", path.display())]
    Compile {
        /// The file that was compiled; for a crate its `Cargo.toml`.
        path: PathBuf,
    },
    /// The module cannot be made a component of the contract.
    #[error("{0}")]
    Component(String),
    /// The component imports what a policy may not have.
    #[error(
        "the policy imports {}, which is not part of {}@{}: a policy has no clock, randomness, \
         files or network; remove the dependency that asks for it",
        .0.join(", "), admit_wit::PACKAGE, admit_wit::CONTRACT_VERSION
    )]
    Imports(Vec<String>),
    /// The component lacks an export of the contract.
    #[error(
        "the component does not export {}; a Rust policy exports both with `policy!(TheType);`",
        .0.join(" and ")
    )]
    Exports(Vec<&'static str>),
}
