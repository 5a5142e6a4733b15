//! The languages that policies are written in: how a folder tells its own, and what compiles it.

mod c;
mod javascript;
mod python;
mod rules;
mod rust;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use admit_wit::Metadata;

use crate::{Error, Options};

/// A language that policies are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A crate with `admit-policy`.
    Rust,
    /// `policy.c`, or `policy.cpp` for C++.
    C,
    /// `policy.js`.
    JavaScript,
    /// `policy.ts`.
    TypeScript,
    /// `policy.py`.
    Python,
    /// Rules in files such as `access.rego`.
    Rego,
    /// Policies in files such as `access.cedar`.
    Cedar,
}

/// The languages, by the file that a policy's folder has; `*.rego` is any file of that extension.
const SOURCES: [(&str, Language); 8] = [
    ("Cargo.toml", Language::Rust),
    ("policy.c", Language::C),
    ("policy.cpp", Language::C),
    ("policy.js", Language::JavaScript),
    ("policy.ts", Language::TypeScript),
    ("policy.py", Language::Python),
    ("*.rego", Language::Rego),
    ("*.cedar", Language::Cedar),
];

impl Language {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Rust,
        Self::C,
        Self::JavaScript,
        Self::TypeScript,
        Self::Python,
        Self::Rego,
        Self::Cedar,
    ];

    /// Its name in lower case, such as `javascript`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::C => "c",
            Self::JavaScript => "javascript",
            Self::TypeScript => "typescript",
            Self::Python => "python",
            Self::Rego => "rego",
            Self::Cedar => "cedar",
        }
    }

    /// Whether policies are rules as text, which a stock policy interprets.
    pub fn is_rules(self) -> bool {
        matches!(self, Self::Rego | Self::Cedar)
    }

    /// The language of a policy's folder.
    ///
    /// # Errors
    ///
    /// [`Error::Source`]: the folder has the source of none, or of several. [`Error::Read`]: it, or a
    /// file of rules in it, cannot be read.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        let mut found = Vec::new();
        for (source, language) in SOURCES {
            let is_there = match source.strip_prefix("*.") {
                Some(extension) => !files(folder, extension)?.is_empty(),
                None => folder.join(source).is_file(),
            };
            if is_there {
                found.push((source, language));
            }
        }
        let wrong = |detail| Error::Source {
            path: folder.into(),
            detail,
        };
        match found.as_slice() {
            [(_, language)] => Ok(*language),
            [] => {
                let sources: Vec<_> = SOURCES.iter().map(|(source, _)| *source).collect();
                Err(wrong(format!(
                    "there is no policy; its folder has one of {}",
                    sources.join(", ")
                )))
            }
            several => {
                let sources: Vec<_> = several.iter().map(|(source, _)| *source).collect();
                Err(wrong(format!(
                    "which of {} is the policy? Put each into a folder of its own",
                    sources.join(" and ")
                )))
            }
        }
    }

    /// Compiles a policy's folder to a core module or a component. What the policy says about itself
    /// is completed where the source is a part of that.
    pub(crate) fn compile(
        self,
        folder: &Path,
        options: &Options,
        metadata: &mut Metadata,
    ) -> Result<Vec<u8>, Error> {
        match self {
            Self::Rust => rust::compile(&folder.join("Cargo.toml"), options),
            Self::C => c::compile(folder, options),
            Self::JavaScript | Self::TypeScript => javascript::compile(self, folder, options),
            Self::Python => python::compile(folder, options),
            Self::Rego => rules::compile(&rules::REGO, folder, metadata),
            Self::Cedar => rules::compile(&rules::CEDAR, folder, metadata),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The files of a folder that have this extension, by name.
///
/// # Errors
///
/// One of them cannot be read, or is no file: what would be left out could be a rule that denies.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Error> {
    let failed = |path: &Path, source| Error::Read {
        path: path.into(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| failed(folder, source))? {
        let path = entry.map_err(|source| failed(folder, source))?.path();
        if path.extension().is_none_or(|it| it != extension) {
            continue;
        }
        let metadata = path.metadata().map_err(|source| failed(&path, source))?;
        if !metadata.is_file() {
            return Err(Error::Source {
                path,
                detail: format!("not a file, and its name ends in .{extension}"),
            });
        }
        files.push(path);
    }
    files.sort();
    Ok(files)
}

/// Where authors' package managers put tools, in the folder of a policy. Not above it: whose a folder
/// there is, nobody knows.
const INSTALLED: [&str; 2] = [".venv/bin", "node_modules/.bin"];

/// A tool: that of the folder, else one of the options, else the one on the path.
fn tool(name: &str, folder: &Path, options: &Options) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let own = INSTALLED.map(|place| folder.join(place));
    (own.iter().chain(&options.tools))
        .find_map(|place| which::which_in(place.join(name), None::<&str>, &folder).ok())
        .or_else(|| which::which(name).ok())
}
