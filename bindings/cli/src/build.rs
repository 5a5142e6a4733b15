//! `admit build`: from a policy's source to a component.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use admit::{Engine, Inspection, Policy, PolicyOptions, Prepare};

use crate::{Failure, cache, exit::Exit, output};

/// Build a policy: compile it, make a component of it, and add what policy.toml says.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  admit build policies/partner-domains --output partner_domains.wasm
  admit build finished.wasm            (a core module or a component; policy.toml beside it)")]
pub(crate) struct Args {
    /// The policy's folder, or a finished WebAssembly module.
    #[arg(default_value = ".")]
    path: PathBuf,

    /// Where the component goes [default: NAME.wasm in the working directory].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    tools: Tools,
}

/// How tools are called.
#[derive(clap::Args)]
pub(crate) struct Tools {
    /// Do not let cargo use the network.
    #[arg(long)]
    offline: bool,

    /// Insist on Cargo.lock as it is.
    #[arg(long)]
    locked: bool,

    #[command(flatten)]
    pub(crate) cache: cache::Args,
}

pub(crate) fn run(args: &Args) -> Exit {
    let output = |name: String| args.output.clone().unwrap_or_else(|| name.into());
    match build(&args.path, &args.tools, output) {
        Ok(()) => Exit::Approve,
        Err(failure) => failure.report(),
    }
}

/// Builds a policy and says what it is. `output` gives the component's place by its usual name.
pub(crate) fn build(
    path: &Path,
    tools: &Tools,
    output: impl FnOnce(String) -> PathBuf,
) -> Result<(), Failure> {
    let options = admit_build::Options {
        offline: tools.offline,
        locked: tools.locked,
        ..admit_build::Options::default()
    };
    let built = admit_build::build(path, &options).map_err(failed)?;
    let output = output(format!("{}.wasm", built.metadata.name.replace('-', "_")));

    // What is written is what the engine takes.
    let engine = tools.cache.engine()?;
    let inspection = inspect(&engine, &built)?;
    write(&output, &built.component).map_err(|error| {
        Failure(
            Exit::Other,
            format!(": {}: cannot be written: {error}", output.display()),
        )
    })?;
    output::say(&format!(
        "{}: {} {}, {} bytes, sha256 {}",
        output.display(),
        built.metadata.name,
        built.metadata.version,
        inspection.size(),
        inspection.sha256(),
    ));
    for line in output::imports(inspection.imports()) {
        output::say_indented("  ", &line);
    }
    Ok(())
}

/// Looks at what was built. Rules that it brings as settings are read by its interpreter for the first
/// time; what the set has yet to give is not missed.
fn inspect(engine: &Engine, built: &admit_build::Built) -> Result<Inspection, Failure> {
    let metadata = &built.metadata;
    let inspection = Inspection::of(engine, &built.component)?;
    if metadata.settings.is_empty() {
        return Ok(inspection);
    }
    let options = PolicyOptions {
        facts: metadata.facts.clone(),
        prepare: Prepare::EachTime,
        ..PolicyOptions::default()
    };
    let component = built.with_any_settings().map_err(failed)?;
    match Policy::from_bytes(engine, &metadata.name, &component, options) {
        Err(error) if error.excerpt().is_some() => Err(error.into()),
        _ => Ok(inspection),
    }
}

fn failed(error: admit_build::Error) -> Failure {
    Failure(Exit::BadPolicy, format!(": {error}"))
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut beside = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    beside.write_all(bytes)?;
    // As anybody's file: a temporary one is its owner's alone.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_or(0o644, |there| there.permissions().mode());
        beside
            .as_file()
            .set_permissions(fs::Permissions::from_mode(mode))?;
    }
    beside.persist(path)?;
    Ok(())
}
