//! A policy set: policies in order and how they combine.

use std::{collections::HashSet, path::Path};

use admit_model::{
    Callout, Combining, Error, ErrorKind, ExtensionRules, Profile, Stage, code_is_valid,
};
use jiff::Timestamp;

use crate::{
    check::{self, SetFinding},
    engine::Engine,
    evaluation::Evaluation,
    facts::Facts,
    policy::Policy,
    report::Report,
    set_file::{self, FileOptions},
};

/// What a set says beside its policies.
#[derive(Clone, Debug, Default)]
pub struct SetOptions {
    /// The `source` of resume bodies: which process answered, for the audit log.
    pub source: String,
    /// Which version of Graph the answers are for.
    pub profile: Profile,
    /// How outcomes combine.
    pub combining: Combining,
    /// What differs at single stages.
    pub stages: Vec<(Stage, Combining)>,
    /// The custom extension whose callouts are answered; where there is one, others are refused.
    pub extension: Option<ExtensionRules>,
    /// The facts that its policies may look up, each those that it is granted.
    pub facts: Facts,
}

/// Policies in order and how they combine.
///
/// A list and a rule: building one from loaded policies costs nothing. Immutable, shared by
/// threads by reference.
#[derive(Clone, Debug)]
pub struct PolicySet {
    engine: Engine,
    options: SetOptions,
    policies: Vec<Policy>,
}

impl PolicySet {
    /// Loads a set from its file, `admit.toml`, with an engine of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SetFile`] where it cannot be read, [`ErrorKind::Set`] for what it says, with
    /// line and column, and those of [`Policy::from_file`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::from_file_with(path, FileOptions::default())
    }

    /// As [`from_file`](Self::from_file), with what the file does not say.
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file).
    pub fn from_file_with(
        path: impl AsRef<Path>,
        options: impl Into<FileOptions>,
    ) -> Result<Self, Error> {
        set_file::load(path.as_ref(), &options.into())
    }

    /// Everything that is wrong with a set file, or, where nothing is, everything that is doubtful
    /// with its set; the worst first, at most [`Severity::Warning`] where the file can be loaded.
    ///
    /// It is loaded as by [`from_file_with`](Self::from_file_with), sources of facts included, and
    /// costs the same. Sources that the host gives may be missing, since nothing is looked up.
    ///
    /// [`Severity::Warning`]: admit_model::Severity::Warning
    pub fn check_file(path: impl AsRef<Path>, options: impl Into<FileOptions>) -> Vec<SetFinding> {
        set_file::check(path.as_ref(), &options.into())
    }

    /// A set of policies that were loaded by this engine.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Set`] for an empty source, no policy, two policies of one id, a policy of
    /// another engine, facts that a policy is granted and the set does not have, or the reverse.
    pub fn new(engine: &Engine, options: SetOptions, policies: Vec<Policy>) -> Result<Self, Error> {
        let granted: Vec<Vec<&str>> = (policies.iter())
            .map(|policy| policy.facts().iter().map(String::as_str).collect())
            .collect();
        let outline = Outline {
            source: &options.source,
            policies: (policies.iter().zip(&granted))
                .map(|(policy, granted)| (policy.id().as_str(), granted.as_slice()))
                .collect(),
            facts: options.facts.collections().collect(),
        };
        if let Some((_, error)) = outline.problems().into_iter().next() {
            return Err(error);
        }
        if let Some(foreign) = (policies.iter()).find(|policy| !policy.inner().engine.is(engine)) {
            return Err(Error::new(
                ErrorKind::Set,
                "was loaded by another engine than the set's",
            )
            .of_policy(foreign.id().as_str()));
        }
        Ok(Self {
            engine: engine.clone(),
            options,
            policies,
        })
    }

    /// Its policies, in order.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// What it says beside its policies.
    pub fn options(&self) -> &SetOptions {
        &self.options
    }

    /// The engine that its policies run on.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What is doubtful with it: warnings and notes, the worst first, without a place. See
    /// [`SetRule`](crate::SetRule). Nothing is evaluated.
    pub fn findings(&self) -> Vec<SetFinding> {
        let doubts = check::doubts(self).into_iter();
        doubts.map(|(_, finding)| finding).collect()
    }

    /// Whether the callout can be one of the set's extension, where it has one: see
    /// [`ExtensionRules::check`]. [`evaluate`](Self::evaluate) asks the same and refuses; a host
    /// that wants to refuse sooner asks here.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CalloutExtension`]: it is of another kind or catalog.
    pub fn accepts(&self, callout: &Callout) -> Result<(), Error> {
        match &self.options.extension {
            Some(extension) => extension.check(callout),
            None => Ok(()),
        }
    }

    /// Evaluates a callout at an instant: asks every policy that answers its stage, each in a
    /// fresh instance, in set order, and combines what they say.
    ///
    /// Always gives a report: what goes wrong in a policy is a fault in its outcome, and a callout
    /// that is not the set's extension's is not evaluated. The same callout, instant, facts and set
    /// give the same report bytes.
    pub fn evaluate(&self, callout: &Callout, now: Timestamp) -> Report {
        self.evaluation(callout, now).report().0
    }

    /// The evaluation of a callout at an instant, to say more about it than
    /// [`evaluate`](Self::evaluate) does.
    pub fn evaluation<'e>(&'e self, callout: &'e Callout, now: Timestamp) -> Evaluation<'e> {
        Evaluation::new(self, callout, now)
    }

    pub(crate) fn combining(&self, stage: Stage) -> Combining {
        self.options
            .stages
            .iter()
            .find(|(of, _)| *of == stage)
            .map_or(self.options.combining, |(_, combining)| *combining)
    }
}

/// What a set says as a whole.
pub(crate) struct Outline<'s> {
    pub(crate) source: &'s str,
    /// Id of each policy, and the collections of facts that it is granted.
    pub(crate) policies: Vec<(&'s str, &'s [&'s str])>,
    /// The collections of facts that there are.
    pub(crate) facts: Vec<&'s str>,
}

/// What a problem is about.
#[derive(Clone, Copy)]
pub(crate) enum About {
    Set,
    Source,
    /// The policy at this place.
    Policy(usize),
    /// The collection at the second place that the policy at the first is granted.
    Granted(usize, usize),
    /// The collection at this place.
    Facts(usize),
}

impl Outline<'_> {
    /// Everything that is wrong, whatever the policies are.
    pub(crate) fn problems(&self) -> Vec<(About, Error)> {
        let mut problems = Vec::new();
        let mut wrong = |about, at: &str, detail: String| {
            problems.push((about, Error::new(ErrorKind::Set, detail).at(at)));
        };
        if self.source.trim().is_empty() {
            let detail = "source is empty; name who answers";
            wrong(About::Source, "source", detail.into());
        }
        if self.policies.is_empty() {
            let detail = "a set without policies decides nothing";
            wrong(About::Set, "policy", detail.into());
        }
        for (index, collection) in self.facts.iter().enumerate() {
            let about = About::Facts(index);
            if !code_is_valid(collection) {
                let detail = format!("the name `{collection}` is not `[a-z0-9-]{{1,64}}`");
                wrong(about, "facts", detail);
            }
            if !(self.policies.iter()).any(|(_, granted)| granted.contains(collection)) {
                let detail = format!(
                    "no policy is granted the facts `{collection}`; grant them, or take them out"
                );
                wrong(about, "facts", detail);
            }
        }
        let mut ids = HashSet::new();
        for (index, (id, granted)) in self.policies.iter().enumerate() {
            let mut wrong = |about, at: &str, detail: String| {
                let error = Error::new(ErrorKind::Set, detail).at(at).of_policy(*id);
                problems.push((about, error));
            };
            if !ids.insert(id) {
                let detail = "this id stands twice in the set";
                wrong(About::Policy(index), "id", detail.into());
            }
            for (place, collection) in granted.iter().enumerate() {
                if !self.facts.contains(collection) {
                    let detail =
                        format!("is granted the facts `{collection}`, which the set does not have");
                    wrong(About::Granted(index, place), "facts", detail);
                }
            }
        }
        problems
    }
}
