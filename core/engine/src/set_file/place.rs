//! Where something stands in `admit.toml`.

use std::path::{Path, PathBuf};

use admit_model::{Error, ErrorKind, ExtensionRules, Stage};
use toml::Spanned;

use super::tables::{ExtensionTable, SetFile};

/// The file that is read.
pub(super) struct File {
    shown: String,
    text: String,
    /// What its paths are relative to.
    folder: PathBuf,
}

impl File {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Error::new(ErrorKind::SetFile, format!("cannot be read: {error}"))
                .at(&shown)
                .caused_by(error)
        })?;
        Ok(Self {
            shown,
            text,
            folder: path.parent().map(PathBuf::from).unwrap_or_default(),
        })
    }

    /// What it says.
    pub(super) fn parse(&self) -> Result<SetFile, Error> {
        toml::from_str(&self.text).map_err(|error| {
            let place = self.place(error.span().map(|span| span.start));
            let message = error.message().lines().collect::<Vec<_>>().join(" ");
            Error::new(ErrorKind::Set, message).at(place)
        })
    }

    /// Where the file is.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// A path that the file names.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// File, line and column of a value or a key.
    pub(super) fn place_of<T>(&self, spanned: &Spanned<T>) -> String {
        self.place(Some(spanned.span().start))
    }

    /// File, line and column of a byte.
    pub(super) fn place(&self, byte: Option<usize>) -> String {
        let Some(before) = byte.and_then(|byte| self.text.get(..byte)) else {
            return self.shown.clone();
        };
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.shown)
    }

    /// The rules of the extension file, with the set's catalog.
    pub(super) fn extension(&self, table: &ExtensionTable) -> Result<ExtensionRules, Error> {
        let path = self.path(table.file.get_ref());
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Error::new(ErrorKind::SetFile, format!("cannot be read: {error}"))
                .at(&shown)
                .caused_by(error)
        })?;
        let wrong = |error: &Error| Error::new(ErrorKind::Set, error.detail());
        let rules = ExtensionRules::from_json(&text).map_err(|error| {
            let place = error.place().map(str::to_owned);
            match place {
                Some(place) => wrong(&error).at(place).within(&shown),
                None => wrong(&error).at(&shown),
            }
        })?;
        match &table.catalog {
            None => Ok(rules),
            Some(id) => (rules.of_catalog(id.get_ref()))
                .map_err(|error| wrong(&error).at(self.place_of(id))),
        }
    }

    /// A stage by its name.
    pub(super) fn stage(&self, name: &Spanned<String>) -> Result<Stage, Error> {
        Stage::ALL
            .iter()
            .copied()
            .find(|stage| stage.is_evaluated() && stage.as_str() == name.get_ref())
            .ok_or_else(|| {
                let known: Vec<_> = Stage::ALL
                    .iter()
                    .filter(|stage| stage.is_evaluated())
                    .map(|stage| stage.as_str())
                    .collect();
                Error::new(
                    ErrorKind::Set,
                    format!(
                        "unknown stage `{}`; known are {}",
                        name.get_ref(),
                        known.join(", ")
                    ),
                )
                .at(self.place_of(name))
            })
    }
}
