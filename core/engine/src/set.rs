//! A policy set: policies in order and how they combine.

use std::{collections::HashSet, path::Path, sync::Arc};

use admit_model::{
    Callout, Combining, Error, ErrorKind, ExtensionRules, Judged, Outcome, Profile, Rule, Skip,
    Stage, combine,
};
use jiff::Timestamp;

use crate::{
    engine::Engine,
    host::Now,
    policy::{Policy, Prepare},
    report::{PolicyReport, Report},
    sandbox::{self, Ran},
    set_file,
};

/// What a set says beside its policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
        Self::prepare_file(path, Prepare::default())
    }

    /// As [`from_file`](Self::from_file), saying when the policies are configured: a process that
    /// evaluates a single callout is done sooner with [`Prepare::EachTime`].
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file).
    pub fn prepare_file(path: impl AsRef<Path>, prepare: Prepare) -> Result<Self, Error> {
        set_file::load(path.as_ref(), prepare)
    }

    /// A set of policies that were loaded by this engine.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Set`] for an empty source, no policy, two policies of one id, or a policy of
    /// another engine.
    pub fn new(engine: &Engine, options: SetOptions, policies: Vec<Policy>) -> Result<Self, Error> {
        if options.source.trim().is_empty() {
            return Err(
                Error::new(ErrorKind::Set, "source is empty; name who answers").at("source"),
            );
        }
        if policies.is_empty() {
            return Err(Error::new(
                ErrorKind::Set,
                "a set without policies decides nothing",
            ));
        }
        let mut ids = HashSet::new();
        for policy in &policies {
            if !ids.insert(policy.id()) {
                return Err(
                    Error::new(ErrorKind::Set, "this id stands twice in the set")
                        .of_policy(policy.id().as_str()),
                );
            }
            if !policy.inner().engine.is(engine) {
                return Err(Error::new(
                    ErrorKind::Set,
                    "was loaded by another engine than the set's",
                )
                .of_policy(policy.id().as_str()));
            }
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

    /// Whether the callout can be one of the set's extension, where it has one: see
    /// [`ExtensionRules::check`]. [`evaluate`](Self::evaluate) asks the same and refuses; a host
    /// that wants to refuse sooner asks here.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CalloutExtension`]: it is of another kind or catalog.
    pub fn check(&self, callout: &Callout) -> Result<(), Error> {
        match &self.options.extension {
            Some(extension) => extension.check(callout),
            None => Ok(()),
        }
    }

    /// Evaluates a callout at an instant: asks every policy that answers its stage, each in a
    /// fresh instance, in set order, and combines what they say.
    ///
    /// Always gives a report: what goes wrong in a policy is a fault in its outcome, and a callout
    /// that is not the set's extension's is not evaluated. The same callout, instant and set give
    /// the same report bytes.
    pub fn evaluate(&self, callout: &Callout, now: Timestamp) -> Report {
        if !callout.is_evaluated() {
            return Report::not_evaluated(callout, now);
        }
        if let Err(error) = self.check(callout) {
            return Report::refused(callout, now, &error);
        }
        let stage = callout.stage();
        let combining = self.combining(stage);
        let instant = Arc::new(Now::new(now));
        // Made once for all policies, so that no policy's deadline pays for it.
        let applies = |policy: &Policy| policy.stages().contains(&stage);
        if (self.policies.iter())
            .any(|policy| applies(policy) && policy.component().reads_document())
        {
            callout.document();
        }
        let mut reports: Vec<PolicyReport> = Vec::with_capacity(self.policies.len());
        let mut decided = false;
        for policy in &self.policies {
            let skip = if !applies(policy) {
                Some(Skip::Stage)
            } else if decided {
                Some(Skip::Decided)
            } else {
                None
            };
            let ran = match skip {
                Some(skip) => Ran::without(Outcome::Skipped(skip)),
                None => sandbox::run(policy.inner(), callout, &instant, self.options.profile),
            };
            decided |= combining.rule == Rule::FirstApplicable && decides(&ran.outcome);
            let report = PolicyReport {
                policy: policy.clone(),
                ran,
            };
            reports.push(report);
        }
        let judged: Vec<_> = reports
            .iter()
            .map(|report| Judged {
                policy: report.policy(),
                outcome: report.outcome(),
            })
            .collect();
        let decision = combine(&combining, &judged, stage);
        Report::new(callout, instant, decision, &self.options, reports)
    }

    fn combining(&self, stage: Stage) -> Combining {
        self.options
            .stages
            .iter()
            .find(|(of, _)| *of == stage)
            .map_or(self.options.combining, |(_, combining)| *combining)
    }
}

/// Whether an outcome ends the search under `first-applicable`.
fn decides(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Verdict(verdict) => verdict.kind != admit_model::VerdictKind::Abstain,
        Outcome::Fault(_) => true,
        Outcome::Skipped(_) => false,
    }
}
