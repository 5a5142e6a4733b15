//! Policies whose source is text for an interpreter: Rego and Cedar.
//!
//! The component is the stock policy of the language, which `vendor/` holds; the text goes into it as
//! settings that the policy brings itself, and so counts for its digest.

use std::{fs, io, path::Path};

use admit_wit::{Metadata, MetadataError};
use serde_json::{Map, Value};

use crate::{Error, json::json, languages::files, read};

/// Folders that hold no rules of the policy.
const LEFT: [&str; 3] = ["vendor", "tests", ".git"];

/// A language of rules.
pub(super) struct Rules {
    /// Extension of its files, and name of the stock policy that interprets them.
    name: &'static str,
    /// The setting that takes the texts by their files' names.
    texts: &'static str,
    /// The setting that takes the text of a single file: the file, the setting, whether it is JSON.
    beside: (&'static str, &'static str, bool),
    /// The setting that the policy's own schema is about, if it may have one.
    own: Option<&'static str>,
    /// What the names of files of tests end in: they are not part of the policy.
    tests: Option<&'static str>,
}

pub(super) const REGO: Rules = Rules {
    name: "rego",
    texts: "modules",
    beside: ("data.json", "data", true),
    own: Some("data"),
    tests: Some("_test.rego"),
};

pub(super) const CEDAR: Rules = Rules {
    name: "cedar",
    texts: "policies",
    beside: ("policy.cedarschema", "schema", false),
    own: None,
    tests: None,
};

/// Gives the stock policy without its own metadata, and adds the texts to the policy's.
pub(super) fn compile(
    rules: &Rules,
    folder: &Path,
    metadata: &mut Metadata,
) -> Result<Vec<u8>, Error> {
    let (stock, component) = interpreter(rules, folder)?;
    let wrong = |detail: String| Error::Source {
        path: folder.into(),
        detail,
    };
    nothing_below(rules, folder)?;
    let mut texts = Map::new();
    for path in files(folder, rules.name)? {
        let name = path.file_name().unwrap_or_default().to_str();
        // As the stock policies have it, whose messages say FILE:LINE:COLUMN.
        let is_name = |name: &&str| !name.contains([':', ' ', '\t', '\n']) && name.len() <= 100;
        let name = name.filter(is_name).ok_or_else(|| Error::Source {
            path: path.clone(),
            detail: "a file of rules has a name of at most 100 letters, without blanks and colons"
                .into(),
        })?;
        if rules.tests.is_some_and(|tests| name.ends_with(tests)) {
            continue;
        }
        texts.insert(name.to_owned(), Value::String(text(&path)?));
    }
    let mut bring = |name: &str, value: Value| match metadata.settings.insert(name.into(), value) {
        None => Ok(()),
        Some(_) => Err(wrong(format!(
            "`{name}` of [settings] in policy.toml is what the files of the folder give; take it out"
        ))),
    };
    bring(rules.texts, Value::Object(texts))?;
    let (file, setting, is_json) = rules.beside;
    let path = folder.join(file);
    // A link that leads nowhere is one that should lead somewhere.
    if path.symlink_metadata().is_ok() {
        let text = text(&path)?;
        let value = if is_json {
            json(&text).map_err(|error| Error::Source {
                path: path.clone(),
                detail: format!("not JSON: {error}"),
            })?
        } else {
            Value::String(text)
        };
        bring(setting, value)?;
    }
    metadata.settings_schema =
        schema(rules, stock, metadata.settings_schema.take()).map_err(wrong)?;
    Ok(component)
}

/// Refuses rules in folders below: they would be left out, and one that denies with them.
fn nothing_below(rules: &Rules, folder: &Path) -> Result<(), Error> {
    let failed = |source| Error::Read {
        path: folder.into(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default();
        let is_other = rules.beside.0 != name
            && Path::new(rules.beside.0).extension() == path.extension()
            && !rules.beside.2;
        if is_other {
            return Err(Error::Source {
                path,
                detail: format!("is not read; the file is called {}", rules.beside.0),
            });
        }
        let is_folder = path.symlink_metadata().map_err(failed)?.is_dir();
        if is_folder && !LEFT.iter().any(|left| name == *left) {
            if let Some(rule) = files(&path, rules.name)?.first() {
                return Err(Error::Source {
                    path: rule.clone(),
                    detail: "rules stand in the policy's own folder, not below it".into(),
                });
            }
            nothing_below(rules, &path)?;
        }
    }
    Ok(())
}

/// The stock policy that interprets the language: its schema, and it without metadata.
fn interpreter(rules: &Rules, folder: &Path) -> Result<(Value, Vec<u8>), Error> {
    let name = rules.name;
    let path = folder.join(format!("vendor/{name}.wasm"));
    let wrong = |detail: String| Error::Source {
        path: path.clone(),
        detail,
    };
    let component = match read(&path) {
        Err(Error::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            return Err(wrong(format!(
                "there is no such file; it is the stock policy `{name}`, which interprets the rules. \
                 `admit new --lang {name}` puts it there, and `make policies` in the sources of admit \
                 builds it"
            )));
        }
        component => component?,
    };
    let (stock, component) =
        Metadata::take(&component).map_err(|error: MetadataError| wrong(error.to_string()))?;
    match stock.settings_schema {
        Some(schema) if stock.name == name => Ok((schema, component)),
        _ => Err(wrong(format!(
            "not the stock policy `{name}`, but `{}`",
            stock.name
        ))),
    }
}

/// The schema of all settings: the stock policy's, with the policy's own at its place.
fn schema(rules: &Rules, mut stock: Value, own: Option<Value>) -> Result<Option<Value>, String> {
    let Some(mut own) = own else {
        return Ok(Some(stock));
    };
    let name = rules.name;
    let Some(at) = rules.own else {
        return Err(format!(
            "a policy in {name} has no settings of its own; take settings.schema.json out"
        ));
    };
    if let Some(members) = own.as_object_mut() {
        members.remove("$schema");
        // Of its own, so that what it refers to is found in it.
        (members.entry("$id")).or_insert_with(|| format!("urn:admit:settings:{at}").into());
    }
    let is_required = own
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| !names.is_empty());
    match stock.pointer_mut(&format!("/properties/{at}")) {
        Some(place) => *place = own,
        None => return Err(format!("the interpreter in vendor takes no setting `{at}`")),
    }
    if is_required && let Some(required) = stock.get_mut("required").and_then(Value::as_array_mut) {
        required.push(at.into());
    }
    Ok(Some(stock))
}

fn text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read {
        path: path.into(),
        source,
    })
}
