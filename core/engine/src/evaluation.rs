//! One callout, evaluated by a set.

use std::sync::Arc;

use admit_model::{
    Callout, Error, ErrorKind, Fault, FaultKind, Judged, Outcome, Rule, Skip, VerdictKind, combine,
};
use jiff::Timestamp;

use crate::{
    facts::{From, Lookups, RecordedFacts},
    host::{Now, Question},
    policy::Policy,
    report::{PolicyReport, Report},
    sandbox::{self, Ran},
    set::PolicySet,
};

/// The evaluation of one callout by a set, at one instant.
///
/// [`PolicySet::evaluation`] makes one; [`run`](Self::run) evaluates.
#[derive(Clone, Debug)]
#[must_use = "nothing is evaluated before `run`"]
pub struct Evaluation<'e> {
    set: &'e PolicySet,
    callout: &'e Callout,
    now: Timestamp,
    recorded: Option<RecordedFacts>,
    keep_reads: bool,
}

impl<'e> Evaluation<'e> {
    pub(crate) fn new(set: &'e PolicySet, callout: &'e Callout, now: Timestamp) -> Self {
        Self {
            set,
            callout,
            now,
            recorded: None,
            keep_reads: true,
        }
    }

    /// With facts that an earlier evaluation recorded, and no others: no source is asked. With what
    /// a report recorded, its callout, instant and set, this gives the same report bytes, or an
    /// error where a policy was cut short then.
    pub fn with_facts(mut self, recorded: RecordedFacts) -> Self {
        self.recorded = Some(recorded);
        self
    }

    /// Without keeping what policies read: the report then has no `reads`, and says nothing about
    /// what a policy looked at. Decisions are the same.
    pub fn without_reads(mut self) -> Self {
        self.keep_reads = false;
        self
    }

    /// Evaluates.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FactRecord`]: the record is of another callout, or of an evaluation in which a
    /// policy was cut short, by its deadline or for want of an instance, which cannot be repeated;
    /// or a policy asked for a fact that is not in it: the error names policy, collection and key.
    /// Without a record there are no errors.
    pub fn run(&self) -> Result<Report, Error> {
        if let Some(recorded) = &self.recorded {
            recorded.check(self.callout)?;
        }
        let (report, missing) = self.report();
        match missing {
            Some(error) => Err(error),
            None => Ok(report),
        }
    }

    /// The report, and an error where the record lacks a fact.
    pub(crate) fn report(&self) -> (Report, Option<Error>) {
        let Self { set, callout, .. } = self;
        if !callout.is_evaluated() {
            return (Report::not_evaluated(callout, self.now), None);
        }
        if let Err(error) = set.accepts(callout) {
            return (Report::refused(callout, self.now, &error), None);
        }
        let stage = callout.stage();
        let combining = set.combining(stage);
        let now = Arc::new(Now::new(self.now));
        // Made once for all policies, so that no policy's deadline pays for it.
        let applies = |policy: &Policy| policy.stages().contains(&stage);
        if (set.policies().iter())
            .any(|policy| applies(policy) && policy.component().reads_document())
        {
            callout.document();
        }
        let question = Question {
            callout,
            now: &now,
            profile: set.options().profile,
            keep_reads: self.keep_reads,
        };
        let mut lookups = Lookups::new(match &self.recorded {
            Some(recorded) => From::Record(recorded.clone()),
            None => From::Sources(set.options().facts.clone()),
        });
        let mut reports: Vec<PolicyReport> = Vec::with_capacity(set.policies().len());
        let mut missing = None;
        let mut decided = false;
        for policy in set.policies() {
            let skip = if !applies(policy) {
                Some(Skip::Stage)
            } else if decided {
                Some(Skip::Decided)
            } else {
                None
            };
            let ran = match skip {
                Some(skip) => Ran::without(Outcome::Skipped(skip), self.keep_reads),
                None => sandbox::run(policy.inner(), &question, &mut lookups),
            };
            if missing.is_none()
                && let Some((collection, key)) = lookups.missing()
            {
                let detail = format!("the record lacks the fact `{collection}` of key `{key}`");
                let error = Error::new(ErrorKind::FactRecord, detail);
                missing = Some(error.of_policy(policy.id().as_str()));
            }
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
        let cut_short = (reports.iter())
            .filter(|report| match report.outcome() {
                Outcome::Fault(fault) => is_the_machines(fault) && !lookups.gave(fault),
                _ => false,
            })
            .map(|report| report.policy().as_str().to_owned())
            .collect();
        let lookups = lookups.into_recorded();
        let facts = RecordedFacts::new(lookups, cut_short, callout, self.now);
        let report = Report::new(callout, now, decision, set.options(), reports, facts);
        (report, missing)
    }
}

/// Whether a fault depends on the machine, and not on callout, set and facts alone.
fn is_the_machines(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Deadline | FaultKind::Capacity)
}

/// Whether an outcome ends the search under `first-applicable`.
fn decides(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Verdict(verdict) => verdict.kind != VerdictKind::Abstain,
        Outcome::Fault(_) => true,
        Outcome::Skipped(_) => false,
    }
}
