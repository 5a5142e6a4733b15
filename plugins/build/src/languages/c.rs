//! Compiling a policy in C or C++ with zig, which brings clang and wasi-libc, or with a WASI SDK.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Error, Options};

/// The version of zig, as an author's `requirements.txt` pins it.
const ZIG: &str = "0.17.1";

/// How an author gets it.
const INSTALL: &str = "python3 -m venv .venv && .venv/bin/python -m pip install --require-hashes \
                       --only-binary :all: --requirement requirements.txt";

/// The folder of what every policy in C is compiled with, and what a policy includes of it.
const VENDOR: &str = "vendor";
const HEADER: &str = "admit_policy.h";

/// Flags of clang.
const FLAGS: &[&str] = &[
    "--target=wasm32-wasi",
    "-mexec-model=reactor",
    "-Os",
    "-g0",
    "-Wl,--strip-all",
    // With it, a policy's whole memory fits one page of 64 KiB, as in Rust.
    "-Wl,-z,stack-size=16384",
    // What C leaves undefined is a fault, and what was not set is nothing rather than what was there.
    "-fsanitize=undefined",
    "-fsanitize-trap=undefined",
    "-ftrivial-auto-var-init=zero",
    // Zig would leave out what `assert` asserts.
    "-UNDEBUG",
    "-Wall",
    "-Wextra",
    // A verdict that is forgotten, or a result that is not asked for, is no policy.
    "-Werror=return-type",
    "-Werror=unused-result",
    // The same source gives the same bytes.
    "-Werror=date-time",
    "-Ivendor",
];

/// What those of C++ add.
const FLAGS_CPP: &[&str] = &["-fno-exceptions", "-fno-rtti"];

/// Compiles every `.c` and `.cpp` of the folder and of its `vendor/` to a core module.
pub(crate) fn compile(folder: &Path, options: &Options) -> Result<Vec<u8>, Error> {
    if !folder.join(VENDOR).join(HEADER).is_file() {
        return Err(Error::Source {
            path: folder.into(),
            detail: format!(
                "`{VENDOR}/{HEADER}` is missing; copy `{VENDOR}` from a folder that \
                 `admit new --lang c NAME` made"
            ),
        });
    }
    let mut sources = sources(folder, "")?;
    sources.extend(self::sources(folder, VENDOR)?);
    let is_cpp = |source: &PathBuf| source.extension().is_some_and(|it| it == "cpp");
    let cpp = sources.iter().any(is_cpp);
    let main = if cpp { "policy.cpp" } else { "policy.c" };

    let made = tempfile::tempdir().map_err(|source| Error::Read {
        path: env::temp_dir(),
        source,
    })?;
    let module = made.path().join("policy.wasm");
    let mut command = compiler(folder, options)?.command(cpp);
    command.args(FLAGS);
    if cpp {
        command.args(FLAGS_CPP);
    }
    // Named relative to the folder, so that its place is not in the module.
    command.args(sources).arg("-o").arg(&module);
    command.current_dir(folder);
    // Objects are not for the next policy; what the libraries become is.
    command.env("ZIG_LOCAL_CACHE_DIR", made.path());
    for name in [
        "CPATH",
        "C_INCLUDE_PATH",
        "CPLUS_INCLUDE_PATH",
        "CCC_OVERRIDE_OPTIONS",
    ] {
        command.env_remove(name);
    }
    let status = command
        .stdin(Stdio::null())
        .stdout(io::stderr())
        .status()
        .map_err(|error| Error::Toolchain(format!("the compiler cannot be run: {error}")))?;
    if !status.success() {
        return Err(Error::Compile {
            path: folder.join(main),
        });
    }
    crate::read(&module)
}

/// The sources beside each other in a place of the folder, sorted, named from the folder.
fn sources(folder: &Path, place: &str) -> Result<Vec<PathBuf>, Error> {
    let directory = folder.join(place);
    let unread = |source| Error::Read {
        path: directory.clone(),
        source,
    };
    let mut sources = Vec::new();
    for entry in fs::read_dir(&directory).map_err(unread)? {
        // With a dot, so that a name that begins with `-` is no flag.
        let source = Path::new(".")
            .join(place)
            .join(entry.map_err(unread)?.file_name());
        if (source.extension()).is_some_and(|extension| extension == "c" || extension == "cpp") {
            sources.push(source);
        }
    }
    sources.sort();
    Ok(sources)
}

/// What compiles.
enum Compiler {
    Zig(PathBuf),
    /// The `bin` of a WASI SDK.
    Sdk(PathBuf),
}

impl Compiler {
    fn command(&self, cpp: bool) -> Command {
        match self {
            Self::Zig(zig) => {
                let mut command = Command::new(zig);
                command.arg(if cpp { "c++" } else { "cc" });
                command
            }
            Self::Sdk(bin) => {
                let mut command = Command::new(bin.join(if cpp { "clang++" } else { "clang" }));
                // As zig does: a stack that overflows meets the end of memory, not the policy's data.
                command.arg("-Wl,--stack-first");
                command
            }
        }
    }
}

/// Zig in the pinned version, or else the WASI SDK that the environment names.
fn compiler(folder: &Path, options: &Options) -> Result<Compiler, Error> {
    // The Python package calls it `python-zig`.
    let zig = ["python-zig", "zig"]
        .iter()
        .find_map(|name| super::tool(name, folder, options));
    let problem = match zig {
        Some(zig) => match version(&zig) {
            Ok(version) if version == ZIG => return Ok(Compiler::Zig(zig)),
            Ok(version) => format!("`{}` is zig {version}", zig.display()),
            Err(error) => format!("`{}` cannot be run: {error}", zig.display()),
        },
        None => "zig is missing".to_owned(),
    };
    match env::var_os("WASI_SDK_PATH") {
        Some(sdk) => Ok(Compiler::Sdk(Path::new(&sdk).join("bin"))),
        None => Err(Error::Toolchain(format!(
            "{problem}; policies in C and C++ are compiled with zig {ZIG}, or with the WASI SDK \
             that the environment variable WASI_SDK_PATH names: in {}, run `{INSTALL}`",
            folder.display()
        ))),
    }
}

/// What zig says of itself.
fn version(zig: &Path) -> io::Result<String> {
    let output = Command::new(zig)
        .arg("version")
        .stdin(Stdio::null())
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::ZIG;

    /// What an author installs is what is asked for.
    #[test]
    fn the_example_pins_the_same_zig() {
        let pinned = include_str!("../../../examples/c/requirements.txt");
        assert!(pinned.contains(&format!("\nziglang=={ZIG} ")), "{pinned}");
    }
}
