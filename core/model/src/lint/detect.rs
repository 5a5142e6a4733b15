//! Which of the documents this is.

use std::fmt;

use super::{Finding, callout, extension, lint_callout, lint_extension, lint_resume, resume, tree};
use crate::json::Tree;

/// As what a document is linted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LintAs {
    /// The body of Graph's `resume` action.
    Resume,
    /// What the service sends to an extension.
    Callout,
    /// A custom extension, or the record of one of its calls.
    Extension,
}

impl LintAs {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Resume, Self::Callout, Self::Extension];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::Callout => "callout",
            Self::Extension => "extension",
        }
    }

    /// What a document is by its types and members. What says nothing is a resume body, since
    /// that is what gets sent.
    pub fn detect(bytes: &[u8]) -> Self {
        let Ok(tree) = tree(bytes) else {
            return Self::of_text(bytes);
        };
        let inner = match tree.find(&["value"]) {
            Some((_, Tree::List(items))) => items.first(),
            Some((_, value)) => Some(value),
            None => tree.items().first(),
        };
        let levels = [Some(&tree), inner];
        let mut levels = levels.into_iter().flatten();
        levels.find_map(Self::of).unwrap_or(Self::Resume)
    }

    fn of(tree: &Tree<'_>) -> Option<Self> {
        if extension::is_extension(tree) {
            Some(Self::Extension)
        } else if callout::is_callout(tree) || tree.has(&["event"]) {
            Some(Self::Callout)
        } else {
            (resume::is_body(tree) || resume::is_data(tree)).then_some(Self::Resume)
        }
    }

    /// The same for what is not JSON, by the names in it.
    fn of_text(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
        let has = |name: &str| text.contains(name);
        if has("\"endpointconfiguration\"") {
            Self::Extension
        } else if has("\"accesspackageassignmentrequestid\"") || has("\"callbackuripath\"") {
            Self::Callout
        } else {
            Self::Resume
        }
    }

    /// Lints a document as this.
    pub fn lint(self, bytes: &[u8]) -> Vec<Finding> {
        match self {
            Self::Resume => lint_resume(bytes),
            Self::Callout => lint_callout(bytes),
            Self::Extension => lint_extension(bytes),
        }
    }
}

impl fmt::Display for LintAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
