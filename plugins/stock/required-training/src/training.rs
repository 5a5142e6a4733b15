//! Trainings.

use admit_policy::{Fact, Settings};

const DAY: i64 = 24 * 60 * 60;

/// Most days that a completion may count: a hundred years.
const MAX_DAYS: i64 = 36_500;

/// One training that is asked for.
pub(crate) struct Training {
    pub(crate) name: String,
    /// Where the record has its completion.
    pointer: String,
    /// How old the completion may be, in seconds; none means any age.
    max_age: Option<i64>,
    /// Packages that need it; none means all.
    packages: Option<Vec<String>>,
}

/// Why a training does not count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lack {
    Missing,
    InFuture,
    Expired,
}

impl Training {
    pub(crate) fn new(training: &Settings) -> Result<Self, String> {
        let name = training
            .text("/name")
            .ok_or_else(|| training.error("", "a training needs a `name`"))?;
        let course = training
            .text("/course")
            .filter(|course| !course.is_empty())
            .ok_or_else(|| training.error("", "a training needs a `course`"))?;
        let max_age = match training.integer("/max-age-days") {
            None => None,
            Some(days) if (1..=MAX_DAYS).contains(&days) => Some(days * DAY),
            Some(_) => return Err(training.error("/max-age-days", "not from 1 to 36500 days")),
        };
        let packages = match training.count("/packages") {
            None => None,
            // An empty list could be meant as none or as all.
            Some(0) => return Err(training.error("/packages", "empty; leave it out for all")),
            Some(_) => Some(training.guids("/packages")),
        };
        Ok(Self {
            name,
            pointer: completion(&course),
            max_age,
            packages,
        })
    }

    /// Whether a package needs it.
    pub(crate) fn covers(&self, package: &String) -> bool {
        self.packages
            .as_ref()
            .is_none_or(|packages| packages.contains(package))
    }

    /// Why it does not count at an instant; none where it does.
    pub(crate) fn lack(&self, record: Fact, now: i64) -> Option<Lack> {
        match record.timestamp(&self.pointer) {
            None => Some(Lack::Missing),
            Some(completed) if completed > now => Some(Lack::InFuture),
            Some(completed) => self
                .max_age
                .filter(|max_age| now - completed > *max_age)
                .map(|_| Lack::Expired),
        }
    }
}

/// The JSON pointer of a course's completion.
fn completion(course: &str) -> String {
    let mut pointer = String::from("/completions/");
    for char in course.chars() {
        match char {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            char => pointer.push(char),
        }
    }
    pointer
}
