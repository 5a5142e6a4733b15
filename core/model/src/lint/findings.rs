//! What was found, and where.

use std::fmt;

use serde::Serialize;

use super::{
    rules::{self, Rule},
    text::shortened,
};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It is wrong: expect that it is refused, or does not do what it says.
    Error,
    /// It may be taken, but should not be sent so.
    Warning,
    /// Worth knowing; nothing to change for certain.
    Note,
}

impl Severity {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is wrong or odd in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name; [`Rule::ALL`] has them all.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where: a JSON pointer, empty for the whole document; line and column for what is not JSON.
    pub path: String,
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub instead: String,
    /// Where that is said.
    pub source: &'static str,
}

/// Collects findings, not more than [`Findings::MOST`] of each severity.
#[derive(Default)]
pub(super) struct Findings {
    found: Vec<Finding>,
    counts: [usize; 3],
    /// Where the strict reader stopped: it is said there already.
    refused_at: Option<String>,
}

impl Findings {
    /// Most findings that are given.
    pub(super) const MOST: usize = 100;

    /// Whether one more of a severity is kept, so that its texts are worth making.
    pub(super) fn has_room(&self, rule: &Rule) -> bool {
        let count = self.counts.get(rule.severity as usize);
        count.is_some_and(|count| *count < Self::MOST)
    }

    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        place: &Place<'_>,
        problem: impl Into<String>,
        instead: impl Into<String>,
    ) {
        if !self.has_room(rule) {
            return self.count(rule);
        }
        let path = place.to_string();
        let is_told = self.refused_at.as_ref() == Some(&path)
            && ![rules::PLACEHOLDER, rules::EXPRESSION].contains(&rule);
        if !is_told {
            self.add_at(rule, path, problem, instead);
        }
    }

    /// The same, at a place that is given as text.
    pub(super) fn add_at(
        &mut self,
        rule: &'static Rule,
        path: String,
        problem: impl Into<String>,
        instead: impl Into<String>,
    ) {
        let has_room = self.has_room(rule);
        self.count(rule);
        if has_room {
            self.found.push(Finding {
                code: rule.code,
                severity: rule.severity,
                path,
                problem: problem.into(),
                instead: instead.into(),
                source: rule.source,
            });
        }
    }

    fn count(&mut self, rule: &Rule) {
        if let Some(count) = self.counts.get_mut(rule.severity as usize) {
            *count += 1;
        }
    }

    /// Takes the error of the strict reader; of what else is found at its place nothing is said.
    pub(super) fn refused(
        &mut self,
        rule: &'static Rule,
        path: String,
        problem: String,
        instead: &str,
    ) {
        self.refused_at = Some(path.clone());
        self.add_at(rule, path, problem, instead);
    }

    /// The findings, the worst first.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        let all: usize = self.counts.iter().sum();
        self.found.sort_by_key(|finding| finding.severity);
        if all > Self::MOST {
            let kept = Self::MOST - 1;
            self.found.truncate(kept);
            let rule = rules::MORE_FINDINGS;
            self.found.push(Finding {
                code: rule.code,
                severity: rule.severity,
                path: String::new(),
                problem: format!("{} more findings are not shown", all - kept),
                instead: "repair what is shown and lint again".into(),
                source: rule.source,
            });
        }
        self.found
    }
}

/// Where something stands: a chain of steps from the root, made without allocating.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    around: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Member(&'p str),
    Item(usize),
}

impl<'p> Place<'p> {
    pub(super) const ROOT: Self = Self {
        around: None,
        step: Step::Root,
    };

    pub(super) const fn member(&'p self, name: &'p str) -> Self {
        Self {
            around: Some(self),
            step: Step::Member(name),
        }
    }

    pub(super) const fn item(&'p self, index: usize) -> Self {
        Self {
            around: Some(self),
            step: Step::Item(index),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(around) = self.around {
            around.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Item(index) => write!(f, "/{index}"),
            Step::Member(name) => {
                let name = shortened(name, 100);
                write!(f, "/{}", name.replace('~', "~0").replace('/', "~1"))
            }
        }
    }
}
