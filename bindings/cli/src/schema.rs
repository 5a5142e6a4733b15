//! `admit schema`: JSON schemas.

use admit::Schema;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};

use crate::{Failure, exit::Exit, output};

/// Print the JSON schema of a callout, an answer, an extension, admit.toml or the report.
///
/// Without a name, list the schemas.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  admit schema set > admit.schema.json
and `#:schema ./admit.schema.json` as the first line of admit.toml: editors that know Taplo then
complete and check it.")]
pub(crate) struct Args {
    /// Which schema.
    #[arg(value_parser = names().try_map(|name| Schema::from_name(&name).ok_or("unknown")))]
    name: Option<Schema>,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(
        Schema::ALL.map(|schema| PossibleValue::new(schema.name()).help(schema.about())),
    )
}

pub(crate) fn run(args: &Args) -> Exit {
    let text = match args.name {
        Some(schema) => schema.to_json(),
        None => Schema::ALL
            .map(|schema| format!("{:<10} {}", schema.name(), schema.about()))
            .join("\n"),
    };
    match output::print(&text) {
        Ok(()) => Exit::Approve,
        Err(error) => Failure(Exit::Other, format!(": standard output: {error}")).report(),
    }
}
