//! Compiling a policy crate with cargo.

use std::{
    env,
    ffi::OsString,
    io::{self, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use cargo_metadata::{CrateType, Message, MetadataCommand, Target};

use crate::{Error, Options};

/// The target of policies: the one that has no system to import from.
const TARGET: &str = "wasm32-unknown-unknown";

/// The profile, given on the command line so that an author's `Cargo.toml` needs nothing.
const PROFILE: &[&str] = &[
    r#"profile.admit-policy.inherits="release""#,
    r#"profile.admit-policy.opt-level="s""#,
    r#"profile.admit-policy.lto="fat""#,
    "profile.admit-policy.codegen-units=1",
    "profile.admit-policy.debug=false",
    r#"profile.admit-policy.panic="abort""#,
    "profile.admit-policy.strip=true",
];

/// Stack in bytes, unless the crate says otherwise. With it, a policy's whole memory fits one page of
/// 64 KiB, which makes a fresh instance cheap; the linker's own default of 1 MiB would take seventeen.
const STACK: u32 = 16 * 1024;

/// Largest stack that a crate may ask for: the default memory of an instance.
const MAX_STACK: u64 = 16 * 1024 * 1024;

/// Compiles the crate to a core module.
pub(crate) fn compile(manifest: &Path, options: &Options) -> Result<Vec<u8>, Error> {
    let wrong = |detail: &str| Error::Source {
        path: manifest.into(),
        detail: detail.into(),
    };
    let manifest = manifest
        .canonicalize()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => wrong("there is no such file; name a policy crate"),
            _ => Error::Read {
                path: manifest.into(),
                source: error,
            },
        })?;
    let survey = survey(&manifest, options)?;

    let mut command = command();
    command
        .args(["rustc", "--lib", "--message-format=json-render-diagnostics"])
        // Given here rather than in `Cargo.toml`: a crate that is an `rlib` as well, as unit tests
        // need it, would be linked without link-time optimisation, at twice the size.
        .args(["--crate-type", "cdylib"])
        .args(["--target", TARGET, "--profile", "admit-policy"])
        .arg("--manifest-path")
        .arg(&manifest);
    for setting in PROFILE {
        command.args(["--config", setting]);
    }
    command.args(["--config", &rustflags(&survey)]);
    if options.offline {
        command.arg("--offline");
    }
    if options.locked {
        command.arg("--locked");
    }
    if options.quiet {
        command.arg("--quiet");
    }
    if let Some(directory) = &options.target_dir {
        command.arg("--target-dir").arg(directory);
    }
    // Cargo works where the crate is, as an author would, so that a `rust-toolchain.toml` and a
    // `.cargo/config.toml` there count.
    let directory = crate::parent(&manifest);
    command.current_dir(directory).stdout(Stdio::piped());

    let mut child = command.spawn().map_err(|error| no_cargo(&error))?;
    let mut module = None;
    if let Some(output) = child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(output)) {
            let message = message.map_err(|error| {
                Error::Toolchain(format!("cargo's messages cannot be read: {error}"))
            })?;
            if let Message::CompilerArtifact(artifact) = message
                && artifact.manifest_path == manifest
                && let Some(file) = artifact
                    .filenames
                    .iter()
                    .find(|file| file.extension() == Some("wasm"))
            {
                module = Some(file.clone().into_std_path_buf());
            }
        }
    }
    let status = child
        .wait()
        .map_err(|error| Error::Toolchain(format!("cargo was lost: {error}")))?;
    if !status.success() {
        return Err(if target_is_missing(directory) {
            Error::Toolchain(format!(
                "the compiler has no target {TARGET}; install it with `rustup target add {TARGET}`"
            ))
        } else {
            Error::Compile { path: manifest }
        });
    }
    let module = module.ok_or_else(|| Error::Source {
        path: manifest,
        detail: "cargo made no WebAssembly module of this crate".into(),
    })?;
    crate::read(&module)
}

/// What the flags of the compiler depend on.
struct Survey {
    /// Bytes of stack.
    stack: u32,
    /// Folders that sources are compiled from, and what is written for each.
    folders: Vec<(PathBuf, String)>,
}

/// Checks that the crate can give a module, and finds what its compilation depends on.
fn survey(manifest: &Path, options: &Options) -> Result<Survey, Error> {
    let wrong = |detail: String| Error::Source {
        path: manifest.into(),
        detail,
    };
    let mut query = MetadataCommand::new();
    query
        .cargo_path(program())
        .manifest_path(manifest)
        .no_deps();
    let flags = [("--offline", options.offline), ("--locked", options.locked)];
    query.other_options(
        flags
            .iter()
            .filter(|(_, wanted)| *wanted)
            .map(|(flag, _)| (*flag).to_owned())
            .collect::<Vec<_>>(),
    );
    let metadata = query.exec().map_err(|error| match error {
        cargo_metadata::Error::Io(error) => no_cargo(&error),
        cargo_metadata::Error::CargoMetadata { stderr } => wrong(stderr.trim().to_owned()),
        other => wrong(other.to_string()),
    })?;
    let package = metadata
        .packages
        .iter()
        .find(|package| package.manifest_path == manifest)
        .ok_or_else(|| wrong("a workspace without a crate; name the policy's own crate".into()))?;
    if !package.targets.iter().any(is_library) {
        return Err(wrong(
            "the crate has no library; put the policy into src/lib.rs".into(),
        ));
    }
    let workspace = metadata.workspace_root.into_std_path_buf();
    let outside = package.dependencies.iter().filter_map(|dependency| {
        let folder = dependency.path.as_ref()?.as_std_path();
        let name = format!("/{}", dependency.name);
        (!folder.starts_with(&workspace)).then(|| (folder.to_owned(), name))
    });
    let mut folders: Vec<_> = outside.collect();
    folders.push((workspace, "/policy".into()));
    folders.extend(cargo_home().map(|home| (home, "/cargo".into())));
    Ok(Survey {
        stack: stack(&package.metadata).map_err(wrong)?,
        folders,
    })
}

/// The stack that a crate asks for: `stack-size` of `[package.metadata.admit]`.
fn stack(metadata: &serde_json::Value) -> Result<u32, String> {
    let Some(size) = metadata.pointer("/admit/stack-size") else {
        return Ok(STACK);
    };
    size.as_u64()
        .filter(|size| (u64::from(STACK)..=MAX_STACK).contains(size))
        .and_then(|size| u32::try_from(size).ok())
        .ok_or_else(|| {
            format!(
                "`stack-size` of [package.metadata.admit] is {size}; it is a number of bytes from \
                 {STACK} to {MAX_STACK}"
            )
        })
}

/// Whether a target is the crate's library, of whatever type.
fn is_library(target: &Target) -> bool {
    target.crate_types.iter().any(|crate_type| {
        matches!(
            crate_type,
            CrateType::Lib
                | CrateType::RLib
                | CrateType::CDyLib
                | CrateType::DyLib
                | CrateType::StaticLib
        )
    })
}

/// Flags of the compiler, as a setting of cargo.
///
/// Source paths stand in the messages of panics. They are written the same wherever the workspace,
/// the crates beside it and cargo's home are, so that the same source gives the same bytes.
fn rustflags(survey: &Survey) -> String {
    let mut flags = vec![format!("-Clink-arg=-zstack-size={}", survey.stack)];
    for (from, to) in &survey.folders {
        if let Some(from) = from.to_str() {
            flags.push(format!("--remap-path-prefix={from}={to}"));
        }
    }
    let flags = toml::Value::Array(flags.into_iter().map(toml::Value::String).collect());
    format!("target.{TARGET}.rustflags={flags}")
}

fn cargo_home() -> Option<PathBuf> {
    match env::var_os("CARGO_HOME") {
        Some(home) => Some(home.into()),
        None => env::home_dir().map(|home| home.join(".cargo")),
    }
}

fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Cargo, without the environment that would change what it makes.
fn command() -> Command {
    let mut command = Command::new(program());
    for name in [
        // These would replace the flags that are given above.
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        // Set where this runs below `cargo clippy`.
        "RUSTC_WORKSPACE_WRAPPER",
    ] {
        command.env_remove(name);
    }
    command
}

fn no_cargo(error: &io::Error) -> Error {
    Error::Toolchain(format!(
        "cannot run `{}`: {error}; install Rust from https://rustup.rs, or name cargo in the \
         environment variable CARGO",
        program().display()
    ))
}

/// Whether the compiler lacks the target's standard library. Asked only after a failure.
fn target_is_missing(directory: &Path) -> bool {
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Command::new(compiler)
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(directory)
        .output()
        .is_ok_and(|output| {
            let place = String::from_utf8_lossy(&output.stdout);
            output.status.success() && !Path::new(place.trim()).is_dir()
        })
}
