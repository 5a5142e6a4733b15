//! The sources of facts that the file declares.

use std::collections::BTreeMap;

use admit_model::{Error, ErrorKind};
use toml::Spanned;

use super::{FileOptions, Purpose, place::File, tables::FactsTable};
use crate::facts::{Facts, JsonFacts, SqliteFacts, Unattached};

type Tables = BTreeMap<Spanned<String>, FactsTable>;

/// Opens every source that is declared, and takes the host's.
pub(super) fn attach(
    file: &File,
    tables: &Tables,
    given: &FileOptions,
    purpose: Purpose,
    problems: &mut Vec<Error>,
) -> Facts {
    let mut facts = Facts::new();
    for (name, table) in tables {
        let at = file.place_of(name);
        match source(file, &at, name.get_ref(), table, given, purpose) {
            Ok(source) => facts.extend(source),
            Err(error) => problems.push(error),
        }
    }
    for name in given.facts.collections() {
        let declared = (tables.iter()).any(|(declared, table)| {
            declared.get_ref() == name && table.host.as_ref().is_some_and(|host| *host.get_ref())
        });
        if !declared {
            problems.push(
                Error::new(
                    ErrorKind::Set,
                    format!(
                        "the program gives the facts `{name}`, which the file does not declare: \
                         `[facts.{name}]` with `host = true`"
                    ),
                )
                .at(file.place(None)),
            );
        }
    }
    facts
}

/// One collection with its source.
fn source(
    file: &File,
    at: &str,
    name: &str,
    table: &FactsTable,
    given: &FileOptions,
    purpose: Purpose,
) -> Result<Facts, Error> {
    let wrong = |problem: &str| Error::new(ErrorKind::Set, format!("facts `{name}`: {problem}"));
    let FactsTable {
        json,
        sqlite,
        query,
        json_columns,
        host,
    } = table;
    if let (None, Some(query)) = (sqlite, query) {
        return Err(wrong("a `query` belongs to `sqlite`").at(file.place_of(query)));
    }
    if let (None, Some(columns)) = (sqlite, json_columns) {
        return Err(wrong("`json-columns` belong to `sqlite`").at(file.place_of(columns)));
    }
    let none = Facts::new();
    let named = |error: Error, at: String| {
        let inner = error.place().unwrap_or_default().to_owned();
        Error::new(
            error.kind(),
            format!("facts `{name}`: {inner}: {}", error.detail()),
        )
        .at(at)
    };
    match (json, sqlite, host) {
        (Some(_), None, None) | (None, Some(_), None)
            if given.without_sources && query.is_some() == sqlite.is_some() =>
        {
            Ok(none.with(name, Unattached))
        }
        (Some(path), None, None) => match JsonFacts::from_file(file.path(path.get_ref())) {
            Ok(source) => Ok(none.with(name, source)),
            Err(error) => Err(named(error, file.place_of(path))),
        },
        (None, Some(path), None) => {
            let Some(query) = query else {
                return Err(wrong("`sqlite` needs a `query`").at(at));
            };
            let mut source = SqliteFacts::database(file.path(path.get_ref()))
                .map_err(|error| named(error, file.place_of(path)))?
                .asking(query.get_ref())
                .map_err(|error| named(error, file.place_of(query)))?;
            if let Some(columns) = json_columns {
                source = (source.with_json_columns(columns.get_ref().iter().map(String::as_str)))
                    .map_err(|error| named(error, file.place_of(columns)))?;
            }
            Ok(none.with(name, source))
        }
        (None, None, Some(host)) if !host.get_ref() => {
            Err(wrong("`host` is true, or left out").at(file.place_of(host)))
        }
        (None, None, Some(_)) if given.without_sources => Ok(none.with(name, Unattached)),
        (None, None, Some(host)) => match given.facts.one(name) {
            Some(source) => Ok(source),
            None if purpose == Purpose::Check => Ok(none.with(name, Unattached)),
            None => Err(
                wrong("come from the program that loads the set, and it gives none")
                    .at(file.place_of(host)),
            ),
        },
        _ => Err(wrong("needs one of `json`, `sqlite` with `query`, and `host = true`").at(at)),
    }
}
