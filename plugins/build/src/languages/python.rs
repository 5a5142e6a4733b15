//! Compiling a policy in Python: componentize-py makes a component of the interpreter, the policy and its
//! SDK, in the state that they have once they are loaded.
//!
//! The interpreter's hash secret is drawn while that is done, so that the same source gives other bytes
//! each time.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use admit_wit::WORLD;
use tempfile::TempDir;

use super::tool;
use crate::{Error, Options};

/// The tool, and the version that policies are built with.
const TOOL: &str = "componentize-py";
const VERSION: &str = "0.25.1";

/// The module of the SDK that has the component's exports.
const EXPORTS: &str = "admit_policy._component";

/// What the SDK is made of, as far as is needed here.
const VENDORED: [&str; 2] = ["vendor/policy.wit", "vendor/admit_policy/_component.py"];

/// Folders beside `policy.py` that are no part of the policy, whatever modules they have.
const APART: [&str; 4] = ["vendor", "tests", "node_modules", "__pycache__"];

/// Compiles the policy of a folder to a component.
pub(crate) fn compile(folder: &Path, options: &Options) -> Result<Vec<u8>, Error> {
    for file in VENDORED {
        if !folder.join(file).is_file() {
            return Err(Error::Source {
                path: folder.join(file),
                detail: "there is no such file; `vendor` holds the SDK, as `admit new` writes it"
                    .into(),
            });
        }
    }
    let program = find(folder, options)?;

    // A copy, since the interpreter writes what it compiles beside the modules.
    let home = TempDir::new().map_err(|source| Error::Read {
        path: std::env::temp_dir(),
        source,
    })?;
    let sources = home.path().join("sources");
    copy(folder, &sources, &[], &|path| is_of_policy(folder, path))?;
    copy(&folder.join("vendor"), &sources, &[], &|path| {
        !path.ends_with("__pycache__")
    })?;
    // In place of the packages of whichever Python is on the path: what a policy imports stands in its
    // folder, and nowhere else.
    let packages = home.path().join("packages");
    let site = packages.join("lib/site-packages");
    fs::create_dir_all(&site).map_err(|source| Error::Read { path: site, source })?;

    let component = home.path().join("policy.wasm");
    let output = Command::new(&program)
        .arg("--quiet")
        .args(["--world", WORLD, "--wit-path"])
        .arg(sources.join("policy.wit"))
        // Traps in place of WASI.
        .args(["componentize", "--stub-wasi", EXPORTS, "--python-path"])
        .arg(&sources)
        .arg("--output")
        .arg(&component)
        .env("VIRTUAL_ENV", &packages)
        .env_remove("RUST_BACKTRACE")
        .env_remove("RUST_LIB_BACKTRACE")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            Error::Toolchain(format!("cannot run `{}`: {error}", program.display()))
        })?;
    // What it says is for people: that they cannot be told is no reason to stop.
    let _ = io::stderr().write_all(told(&String::from_utf8_lossy(&output.stderr)).as_bytes());
    if !output.status.success() {
        return Err(Error::Compile {
            path: folder.join("policy.py"),
        });
    }
    crate::read(&component)
}

/// What the interpreter of the policy says, out of what the tool's own says of it.
fn told(messages: &str) -> String {
    messages
        .split_once("AssertionError: ")
        .and_then(|(_, inner)| inner.split_once("\n\nCaused by:"))
        .map_or_else(
            || messages.to_owned(),
            // The folder has no name in there.
            |(inner, _)| inner.trim_end().replace("File \"/0/", "File \"") + "\n",
        )
}

/// Finds the tool in the version that policies are built with.
fn find(folder: &Path, options: &Options) -> Result<PathBuf, Error> {
    let problem = match tool(TOOL, folder, options) {
        None => format!("`{TOOL}` is missing"),
        Some(program) => match version(&program) {
            Some(version) if version == VERSION => return Ok(program),
            Some(version) => format!("{} is version {version}", program.display()),
            None => format!("{} does not say its version", program.display()),
        },
    };
    let what = if folder.join("requirements.txt").is_file() {
        "--require-hashes --requirement requirements.txt".to_owned()
    } else {
        format!("{TOOL}=={VERSION}")
    };
    Err(Error::Toolchain(format!(
        "{problem}; policies are built with {TOOL} {VERSION}: run \
         `python3 -m venv .venv && .venv/bin/pip install {what}` in {}",
        folder.display()
    )))
}

fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.trim().strip_prefix(TOOL)?.trim();
    (!version.is_empty()).then(|| version.to_owned())
}

/// Whether a file or folder, not hidden, is the code of the policy in a folder.
fn is_of_policy(folder: &Path, path: &Path) -> bool {
    if path.is_dir() {
        // A virtual environment is a folder of other people's modules.
        let is_apart = APART.iter().any(|name| path == folder.join(name));
        !is_apart && !path.join("pyvenv.cfg").is_file()
    } else {
        path.extension().is_some_and(|extension| extension == "py")
    }
}

/// Copies what is asked for of a folder, and nothing that is hidden. A link is followed, unless it leads
/// back to a folder that it stands in: `above` has the others, as they are without links.
fn copy(
    from: &Path,
    to: &Path,
    above: &[PathBuf],
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<(), Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Read { path, source }
    };
    let here = from.canonicalize().map_err(failed(from))?;
    if above.iter().any(|folder| folder.starts_with(&here)) {
        return Ok(());
    }
    let above = [above, &[here]].concat();
    fs::create_dir_all(to).map_err(failed(to))?;
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let entry = entry.map_err(failed(from))?;
        let (path, name) = (entry.path(), entry.file_name());
        if name.as_encoded_bytes().starts_with(b".") || !wanted(&path) {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name), &above, wanted)?;
        } else {
            fs::copy(&path, to.join(name)).map_err(failed(&path))?;
        }
    }
    Ok(())
}
