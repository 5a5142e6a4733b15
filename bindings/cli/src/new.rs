//! `admit new`: the folder of a new policy.

use std::{fs, path::PathBuf};

use admit_build::Language;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::{Failure, exit::Exit, output};

/// Start a policy: a folder that builds at once, with source, settings, cases and a README.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  admit new --lang javascript night-watch
  cd night-watch
  admit test")]
pub(crate) struct Args {
    /// The language.
    #[arg(long, value_name = "LANG", value_parser = languages())]
    lang: Language,

    /// The policy's name: 1 to 64 of a-z, 0-9 and `-`, beginning with a letter. Also that of the folder.
    name: String,

    /// The stock policy that interprets Rego or Cedar, in place of the one of this program.
    #[arg(long, value_name = "FILE")]
    interpreter: Option<PathBuf>,
}

/// The stock policies that interpret rules, where they were built before this program.
const REGO: Option<&[u8]> = include!(concat!(env!("OUT_DIR"), "/rego.rs"));
const CEDAR: Option<&[u8]> = include!(concat!(env!("OUT_DIR"), "/cedar.rs"));

fn languages() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::ALL.map(Language::as_str)).try_map(|name| {
        let named = |language: &Language| language.as_str() == name;
        Language::ALL
            .into_iter()
            .find(named)
            .ok_or("no such language")
    })
}

pub(crate) fn run(args: &Args) -> Exit {
    match create(args) {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}

fn create(args: &Args) -> Result<Exit, Failure> {
    let Args { lang, name, .. } = args;
    let failed = |problem: String| Failure(Exit::Other, format!(": {problem}"));
    let interpreter = match (lang, &args.interpreter) {
        (Language::Rego | Language::Cedar, Some(file)) => Some(
            fs::read(file)
                .map_err(|error| failed(format!("{}: cannot be read: {error}", file.display())))?,
        ),
        (Language::Rego, None) => Some(own(REGO, *lang).map_err(failed)?),
        (Language::Cedar, None) => Some(own(CEDAR, *lang).map_err(failed)?),
        (_, Some(_)) => {
            return Err(failed(format!(
                "{lang} is not interpreted; leave --interpreter out"
            )));
        }
        (_, None) => None,
    };
    let folder = PathBuf::from(name);
    admit_build::new(*lang, name, &folder, interpreter.as_deref())
        .map_err(|error| failed(error.to_string()))?;
    output::say(&format!(
        "{name}: a policy in {lang}; its README.md says what is where"
    ));
    for line in [format!("cd {name}"), "admit test".into()] {
        output::say(&format!("  {line}"));
    }
    Ok(Exit::Approve)
}

fn own(interpreter: Option<&[u8]>, language: Language) -> Result<Vec<u8>, String> {
    interpreter.map(<[u8]>::to_vec).ok_or_else(|| {
        format!(
            "this program was built without the stock policy `{language}`; `make cli` in the sources \
             builds one that has it, or name the file: --interpreter {language}.wasm"
        )
    })
}
