//! `admit inspect`: what a policy is, without running it.

use std::{fs, path::PathBuf};

use admit::{Error, ErrorKind, Inspection};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Failure, Format, cache, exit::Exit, output};

/// Show what a policy is: digest, imports, metadata and settings schema.
///
/// Nothing in the policy is run.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  admit inspect partner_domains.wasm")]
pub(crate) struct Args {
    /// The policy's component.
    file: PathBuf,

    /// How to print it.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    #[command(flatten)]
    cache: cache::Args,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Json<'i> {
    sha256: String,
    size: usize,
    contract: &'i str,
    imports: &'i [String],
    imports_bound_reads: bool,
    name: &'i str,
    version: &'i str,
    description: &'i str,
    stages: &'i [String],
    facts: &'i [String],
    settings_schema: &'i Option<Value>,
    /// What the policy brings itself.
    settings: &'i Map<String, Value>,
}

pub(crate) fn run(args: &Args) -> Exit {
    match inspect(args) {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}

fn inspect(args: &Args) -> Result<Exit, Failure> {
    let shown = args.file.display().to_string();
    let component = fs::read(&args.file).map_err(|error| {
        Error::new(ErrorKind::PolicyFile, format!("cannot be read: {error}"))
            .at(&shown)
            .caused_by(error)
    })?;
    let engine = args.cache.engine()?;
    let inspection = Inspection::of(&engine, &component).map_err(|error| error.at(&shown))?;
    let text = match args.format {
        Format::Json => json(&inspection),
        Format::Text => text(&inspection),
    };
    output::print(&text)
        .map_err(|error| Failure(Exit::Other, format!(": standard output: {error}")))?;
    Ok(Exit::Approve)
}

fn json(inspection: &Inspection) -> String {
    let metadata = inspection.metadata();
    let json = Json {
        sha256: inspection.sha256(),
        size: inspection.size(),
        contract: &metadata.contract,
        imports: inspection.imports(),
        imports_bound_reads: inspection.imports_bound_reads(),
        name: &metadata.name,
        version: &metadata.version,
        description: &metadata.description,
        stages: &metadata.stages,
        facts: &metadata.facts,
        settings_schema: &metadata.settings_schema,
        settings: &metadata.settings,
    };
    serde_json::to_string(&json).unwrap_or_default()
}

fn text(inspection: &Inspection) -> String {
    let metadata = inspection.metadata();
    let list = |items: &[String]| match items {
        [] => "none".to_owned(),
        items => items
            .iter()
            .map(|item| output::clean(item))
            .collect::<Vec<_>>()
            .join("\n          "),
    };
    let bound = if inspection.imports_bound_reads() {
        "nothing of the callout but what the imports name"
    } else {
        "anything of the callout: it imports callout.field or callout.document"
    };
    let schema = metadata
        .settings_schema
        .as_ref()
        .and_then(|schema| serde_json::to_string_pretty(schema).ok())
        .map(|schema| output::excerpt(&schema))
        .unwrap_or_else(|| "none: it takes no settings".into());
    // Rules are shown as they were written.
    let brought = (metadata.settings.iter()).map(|(name, value)| brought(name, value));
    format!(
        "{name} {version}\n\
         {description}\n\
         \n\
         sha256    {sha256}\n\
         size      {size} bytes\n\
         contract  {package}@{contract}\n\
         stages    {stages}\n\
         facts     {facts}\n\
         imports   {imports}\n\
         reads     {bound}\n\
         settings  {schema}{brought}",
        name = output::clean(&metadata.name),
        version = output::clean(&metadata.version),
        description = output::clean(&metadata.description),
        sha256 = inspection.sha256(),
        size = inspection.size(),
        package = "admit:policy",
        contract = metadata.contract,
        stages = list(&metadata.stages),
        facts = list(&metadata.facts),
        brought = brought.collect::<String>(),
        imports = match output::imports(inspection.imports()).as_slice() {
            [] => "none".to_owned(),
            lines => lines.join("\n          ").replace("imports ", ""),
        },
    )
}

/// A setting that the policy brings: texts by their names line by line, anything else as JSON.
fn brought(name: &str, value: &Value) -> String {
    let name = output::clean(name);
    let texts = value
        .as_object()
        .filter(|texts| texts.values().all(Value::is_string));
    match texts {
        Some(texts) => (texts.iter())
            .map(|(file, text)| {
                let text = output::excerpt(text.as_str().unwrap_or_default());
                format!("\n\nbrings {name}: {}\n{text}", output::clean(file))
            })
            .collect(),
        None => format!("\n\nbrings {name}: {}", output::clean(&value.to_string())),
    }
}
