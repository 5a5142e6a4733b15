//! The report: what was decided, by which policies, on what they read.

pub(crate) mod json;
#[cfg(feature = "schema")]
mod names;

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use admit_model::{
    Callout, Decision, Error, ExtensionRules, Kind, NoAnswer, Note, Outcome, PolicyId,
    ResumeRequest, Stage,
};
use jiff::Timestamp;

use crate::{
    facts::RecordedFacts, host::Now, inspection::Inspection, policy::Policy, sandbox::Ran,
    set::SetOptions,
};

/// What was decided for one callout, why, and what to send.
///
/// Belongs to one callout and holds no WebAssembly. It is a function of the inputs: durations are
/// beside it, in [`timings`](Self::timings).
#[derive(Clone)]
pub struct Report {
    callout: Callout,
    now: Arc<Now>,
    decision: Option<Decision>,
    answer: Option<ResumeRequest>,
    no_answer: Option<NoAnswer>,
    notes: Vec<Note>,
    outcomes: Vec<PolicyReport>,
    facts: RecordedFacts,
}

/// One place of the callout, and what a policy was shown there.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// JSON pointer into the canonical document.
    pub pointer: String,
    /// JSON text of what stands there, none where there is nothing: of a list whose length was
    /// asked for, the length; of an object that was only asked for, whether it is there.
    pub value: Option<String>,
}

/// What came of one policy.
#[derive(Clone)]
pub struct PolicyReport {
    pub(crate) policy: Policy,
    pub(crate) ran: Ran,
}

impl PolicyReport {
    /// Id of the policy.
    pub fn policy(&self) -> &PolicyId {
        self.policy.id()
    }

    /// What its component is.
    pub fn component(&self) -> &Inspection {
        self.policy.component()
    }

    /// SHA-256 of its settings, in hexadecimal: see [`Policy::settings_sha256`].
    pub fn settings_sha256(&self) -> String {
        self.policy.settings_sha256()
    }

    /// The stages that it is asked at.
    pub fn stages(&self) -> &[Stage] {
        self.policy.stages()
    }

    /// What came of it.
    pub fn outcome(&self) -> &Outcome {
        &self.ran.outcome
    }

    /// What it read of the callout: JSON pointers into the canonical document. None where that was
    /// not kept, as [`without_reads`](crate::Evaluation::without_reads) says.
    pub fn reads(&self) -> Option<Vec<String>> {
        let reads = &self.ran.reads;
        reads.are_kept().then(|| {
            let places = reads.places().into_iter();
            places.map(|place| place.pointer).collect()
        })
    }

    /// The collections of facts that it may ask.
    pub fn granted(&self) -> &[String] {
        self.policy.facts()
    }

    /// The facts that it asked for: collection and key, in the order of both.
    pub fn facts(&self) -> impl Iterator<Item = (&str, &str)> {
        (self.ran.asked.iter()).map(|(collection, key)| (&**collection, &**key))
    }

    /// Fuel that `evaluate` used; none where metering is off or nothing ran.
    pub fn fuel(&self) -> Option<u64> {
        self.ran.fuel
    }

    /// What it logged: the level, such as `info`, and the line. Lines over the bounds are not kept.
    pub fn log(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.ran.log.lines.iter();
        lines.map(|line| (line.level.as_str(), &*line.message))
    }

    /// Linear memory of its instance, in bytes.
    pub fn memory(&self) -> u64 {
        self.ran.memory
    }
}

impl Report {
    pub(crate) fn new(
        callout: &Callout,
        now: Arc<Now>,
        decision: Decision,
        options: &SetOptions,
        outcomes: Vec<PolicyReport>,
        facts: RecordedFacts,
    ) -> Self {
        let answer = ResumeRequest::new(callout, &decision, &options.source, options.profile);
        let mut notes = decision.notes.clone();
        notes.extend(callout.notes().iter().cloned());
        if answer.is_some() {
            notes.extend(not_waited_for(callout, options.extension.as_ref()));
        }
        Self {
            callout: callout.clone(),
            now,
            no_answer: decision.no_answer.clone(),
            decision: Some(decision),
            answer,
            notes,
            outcomes,
            facts,
        }
    }

    pub(crate) fn not_evaluated(callout: &Callout, now: Timestamp) -> Self {
        let (code, detail) = match callout.kind() {
            Kind::Preview2021 => (
                "preview-2021",
                "the callout model of the 2021 preview, retired in 2023, cannot be answered",
            ),
            _ => (
                "connection-test",
                "the service tries the endpoint; nothing is asked",
            ),
        };
        Self::without_decision(callout, now, code, detail.into())
    }

    /// For a callout that is not the set's extension's.
    pub(crate) fn refused(callout: &Callout, now: Timestamp, error: &Error) -> Self {
        Self::without_decision(callout, now, error.kind().as_str(), error.to_string())
    }

    fn without_decision(
        callout: &Callout,
        now: Timestamp,
        code: &'static str,
        detail: String,
    ) -> Self {
        Self {
            callout: callout.clone(),
            now: Arc::new(Now::new(now)),
            decision: None,
            answer: None,
            no_answer: Some(NoAnswer { code, detail }),
            notes: callout.notes().to_vec(),
            outcomes: Vec::new(),
            facts: RecordedFacts::default(),
        }
    }

    /// What identifies the question: `requestId/instanceId`, the same when the service retries.
    pub fn key(&self) -> String {
        self.callout.key()
    }

    /// The callout that was evaluated.
    pub fn callout(&self) -> &Callout {
        &self.callout
    }

    /// The instant that it was evaluated at.
    pub fn now(&self) -> Timestamp {
        self.now.instant
    }

    /// What was decided; none where the callout is not one that is evaluated.
    pub fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }

    /// The request to send to Graph; none where there is no answer.
    pub fn resume(&self) -> Option<&ResumeRequest> {
        self.answer.as_ref()
    }

    /// Why there is no answer; none where there is one.
    pub fn no_answer(&self) -> Option<&NoAnswer> {
        self.no_answer.as_ref()
    }

    /// Remarks of the library on the decision and the callout.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What came of each policy, in set order.
    pub fn outcomes(&self) -> &[PolicyReport] {
        &self.outcomes
    }

    /// Every lookup of facts with its answer, each once: what
    /// [`Evaluation::with_facts`](crate::Evaluation::with_facts) takes.
    pub fn facts(&self) -> &RecordedFacts {
        &self.facts
    }

    /// What a policy read of the callout, with what it was shown; none where that was not kept, and
    /// where the set has no such policy.
    pub fn shown_to(&self, policy: &PolicyId) -> Option<Vec<Shown>> {
        let outcome = (self.outcomes.iter()).find(|outcome| outcome.policy() == policy)?;
        let reads = &outcome.ran.reads;
        let mut places = self.callout.places();
        reads.are_kept().then(|| {
            let shown = reads.places().into_iter().map(|place| Shown {
                value: place.shown(&self.callout, &mut places).map(Cow::into_owned),
                pointer: place.pointer,
            });
            shown.collect()
        })
    }

    /// How long each policy took, in set order; zero where it was skipped.
    pub fn timings(&self) -> impl Iterator<Item = (&PolicyId, Duration)> {
        self.outcomes
            .iter()
            .map(|outcome| (outcome.policy(), outcome.ran.elapsed))
    }

    /// The report as JSON text, without spaces: the same bytes for the same inputs.
    pub fn to_json(&self) -> String {
        self.to_json_with(ReportOptions::default())
    }

    /// The report as JSON text, with more or with less in it.
    pub fn to_json_with(&self, options: ReportOptions) -> String {
        // Strings, numbers and lists only: writing them as JSON cannot fail.
        serde_json::to_string(&json::Report::new(self, options.into())).unwrap_or_default()
    }
}

// Details, keys and values are about people.
impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("key", &self.key())
            .field(
                "effect",
                &self.decision.as_ref().map(|decision| decision.effect),
            )
            .field("outcomes", &self.outcomes)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PolicyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, says) = match self.outcome() {
            Outcome::Verdict(verdict) => ("verdict", verdict.kind.as_str()),
            Outcome::Fault(fault) => ("fault", fault.kind.as_str()),
            Outcome::Skipped(skip) => ("skipped", skip.as_str()),
        };
        f.debug_struct("PolicyReport")
            .field("policy", self.policy())
            .field(name, &says)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown")
            .field("pointer", &self.pointer)
            .finish_non_exhaustive()
    }
}

/// What a report carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// Whether it carries the values that policies were shown, of the callout and of facts: then
    /// it is a record from which the callout can be evaluated again, and holds what the callout
    /// and the sources say about people. By default it has pointers and keys alone.
    pub evidence: bool,
    /// Whether texts and values are replaced by their SHA-256, `sha256:` in front: details, log
    /// lines, keys of facts, approvers, the body, and pointers that a policy made up itself, such as
    /// names of claims. Codes, names of collections, ids of policies and requests, the pointers of
    /// the contract's getters and digests stay: a policy that puts a value into a code shows it. A
    /// digest of something that can be guessed can be found by guessing.
    pub redact: bool,
}

/// The note on an answer that the service may not wait for, by the callout or by the extension.
fn not_waited_for(callout: &Callout, extension: Option<&ExtensionRules>) -> Option<Note> {
    let why = if extension.is_some_and(|extension| extension.waits().is_none()) {
        "the extension launches and continues"
    } else if !callout.has_callback_configuration() {
        "the callout has no callback configuration"
    } else {
        return None;
    };
    Some(Note {
        code: "may-not-be-waited-for",
        detail: format!("{why}: the service may not wait for this answer, and then refuses it"),
    })
}
