//! `admit build`: from a policy's source to a component.

use std::{fs, path::PathBuf};

use admit::{Engine, Inspection, Limits};

use crate::{Failure, exit::Exit, output};

/// Build a policy: compile it, make a component of it, and add what policy.toml says.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  admit build policies/partner-domains --output partner_domains.wasm
  admit build finished.wasm            (a core module or a component; policy.toml beside it)")]
pub(crate) struct Args {
    /// The policy's crate, or a finished WebAssembly module.
    #[arg(default_value = ".")]
    path: PathBuf,

    /// Where the component goes [default: NAME.wasm in the working directory].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Do not let cargo use the network.
    #[arg(long)]
    offline: bool,

    /// Insist on Cargo.lock as it is.
    #[arg(long)]
    locked: bool,
}

pub(crate) fn run(args: &Args) -> Exit {
    match build(args) {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}

fn build(args: &Args) -> Result<Exit, Failure> {
    let options = admit_build::Options {
        offline: args.offline,
        locked: args.locked,
        ..admit_build::Options::default()
    };
    let built = admit_build::build(&args.path, &options)
        .map_err(|error| Failure(Exit::BadPolicy, format!(": {error}")))?;
    let path = args.output.clone().unwrap_or_else(|| {
        PathBuf::from(format!("{}.wasm", built.metadata.name.replace('-', "_")))
    });

    // What is written is what the engine takes.
    let engine = Engine::new(Limits {
        concurrency: 1,
        ..Limits::default()
    })?;
    let inspection = Inspection::of(&engine, &built.component)?;
    write(&path, &built.component).map_err(|error| {
        Failure(
            Exit::Other,
            format!(": {}: cannot be written: {error}", path.display()),
        )
    })?;
    output::say(&format!(
        "{}: {} {}, {} bytes, sha256 {}",
        path.display(),
        built.metadata.name,
        built.metadata.version,
        inspection.size(),
        inspection.sha256(),
    ));
    for line in output::imports(inspection.imports()) {
        output::say_indented("  ", &line);
    }
    Ok(Exit::Approve)
}

/// Writes a file whole or not at all.
fn write(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The error that matters is the first one.
        let _ = fs::remove_file(&beside);
    }
    written
}
