//! Reports.

use std::collections::BTreeSet;

use admit::{DecisionReason, PolicyReport, ReportOptions};
use pyo3::{
    PyTraverseError, PyVisit,
    prelude::*,
    types::{PyBytes, PyDict},
};

use crate::{
    approval::ApprovalStage,
    callout::Callout,
    facts::{FactFailure, Raised, RecordedFacts},
    python::{datetime, loads, member, member_of, no_truth, not_pickled, quoted, shown},
};

/// What was decided for one callout, why, and what to send.
///
/// Immutable, and shared by threads. It is a function of callout, policies, settings, facts, instant
/// and limits: the same inputs give the same bytes.
#[pyclass(frozen, module = "admit")]
pub(crate) struct Report {
    report: Box<admit::Report>,
    failures: Vec<Py<FactFailure>>,
}

impl Report {
    pub(crate) fn new(py: Python<'_>, report: Box<admit::Report>, raised: Vec<Raised>) -> Self {
        let failures = (raised.into_iter())
            .filter_map(|raised| Py::new(py, FactFailure::new(py, raised)).ok())
            .collect();
        Self { report, failures }
    }

    /// The decision and what determined it, in a few words.
    fn summary(&self) -> String {
        let stage = self.report.callout().stage();
        let Some(decision) = self.report.decision() else {
            let why = self.report.no_answer().map_or("", |none| none.code);
            return format!("not evaluated at {stage}: {why}");
        };
        let reasons = decision.reasons.iter().map(|reason| match &reason.policy {
            Some(policy) => format!("{policy} ({})", reason.code),
            None => reason.code.clone(),
        });
        let reasons: Vec<_> = reasons.collect();
        let effect = decision.effect.as_str();
        format!("{effect} at {stage} by {}", reasons.join(", "))
    }
}

#[pymethods]
impl Report {
    /// What is done with the request; None where the callout is not one that is evaluated.
    ///
    /// Only `Decision.APPROVE` and `Decision.REQUIRE_APPROVAL` let it go on, and only by sending the
    /// answer. None is no approval.
    #[getter]
    fn decision<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let decision = self.report.decision();
        let decision = decision.map(|decision| {
            let class = member!(py, "admit._enums", "Decision");
            member_of(class, decision.effect.as_str())
        });
        decision.transpose()
    }

    /// The name of the rule by which outcomes were combined; None where nothing was evaluated.
    #[getter]
    fn rule(&self) -> Option<&'static str> {
        self.report
            .decision()
            .map(|decision| decision.rule.as_str())
    }

    /// The ids of the policies that determined the decision, in set order; empty where the set's silence
    /// did.
    #[getter]
    fn determined_by(&self) -> Vec<&str> {
        let policies = self
            .report
            .decision()
            .map(|decision| &decision.determined_by);
        policies
            .into_iter()
            .flatten()
            .map(|id| id.as_str())
            .collect()
    }

    /// Why the decision is what it is: a reason for each policy that determined it.
    #[getter]
    fn reasons(&self) -> Vec<Reason> {
        let reasons = self.report.decision().map(|decision| &decision.reasons);
        reasons.into_iter().flatten().map(Reason::from).collect()
    }

    /// Remarks of the library on the decision and the callout.
    #[getter]
    fn notes(&self) -> Vec<Note> {
        self.report.notes().iter().map(Note::from).collect()
    }

    /// What came of each policy, in set order.
    #[getter]
    fn outcomes(&self) -> Vec<Outcome> {
        self.report
            .outcomes()
            .iter()
            .cloned()
            .map(Outcome)
            .collect()
    }

    /// What the policies read of the callout: JSON pointers into the canonical document, sorted. Their
    /// values are in `evidence`.
    #[getter]
    fn reads(&self) -> Vec<String> {
        let outcomes = self.report.outcomes().iter();
        let reads: BTreeSet<_> = outcomes.filter_map(PolicyReport::reads).flatten().collect();
        reads.into_iter().collect()
    }

    /// The body to post to Graph, byte for byte; None where nothing is to be sent.
    #[getter]
    fn resume_body<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        let answer = self.report.resume();
        answer.map(|answer| PyBytes::new(py, answer.body().as_bytes()))
    }

    /// The request to send to Graph; None where nothing is to be sent.
    #[getter]
    fn resume_request(&self, py: Python<'_>) -> PyResult<Option<ResumeRequest>> {
        let Some(answer) = self.report.resume() else {
            return Ok(None);
        };
        let headers = PyDict::new(py);
        for (name, value) in answer.headers() {
            headers.set_item(name, value)?;
        }
        let body = answer.body();
        Ok(Some(ResumeRequest {
            method: answer.method(),
            path: answer.path().into(),
            headers: headers.unbind(),
            body: loads(py, &body)?.unbind(),
            content: PyBytes::new(py, body.as_bytes()).unbind(),
        }))
    }

    /// Why nothing is to be sent; None where there is an answer.
    #[getter]
    fn no_answer_reason(&self) -> Option<Note> {
        self.report.no_answer().map(|none| Note {
            code: none.code.into(),
            detail: none.detail.clone(),
        })
    }

    /// Every lookup of facts with its answer, to evaluate the same callout again.
    #[getter]
    fn facts(&self) -> RecordedFacts {
        RecordedFacts(self.report.facts().clone())
    }

    /// What functions that give facts raised, each a `FactFailure` with the exception and its traceback.
    /// A policy that asked for them has a fault.
    #[getter]
    fn fact_errors(&self, py: Python<'_>) -> Vec<Py<FactFailure>> {
        let failures = self.failures.iter();
        failures.map(|failure| failure.clone_ref(py)).collect()
    }

    /// What the policies were shown: a dict with `callout`, JSON pointers and values, and `facts`, lookups
    /// and answers. It holds what the callout and the sources say about people.
    #[getter]
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py, true, false)?.get_item("evidence")
    }

    /// How long each policy took: a dict of policy ids and seconds, 0 where it was not asked. Not part
    /// of the report's JSON, which is the same whatever the time.
    #[getter]
    fn timings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let timings = PyDict::new(py);
        for (policy, time) in self.report.timings() {
            timings.set_item(policy.as_str(), time.as_secs_f64())?;
        }
        Ok(timings)
    }

    /// The callout that was evaluated.
    #[getter]
    fn callout(&self) -> Callout {
        Callout(self.report.callout().clone())
    }

    /// What identifies the question: `request_id/instance_id`, the same when the service asks again.
    #[getter]
    fn key(&self) -> String {
        self.report.key()
    }

    /// Graph's name of the stage that asked.
    #[getter]
    fn stage(&self) -> &'static str {
        self.report.callout().stage().as_str()
    }

    /// The instant that the policies saw, a datetime in UTC.
    #[getter]
    fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        datetime(py, self.report.now())
    }

    /// The report as JSON text without spaces: the same text for the same inputs, in every language.
    ///
    /// Args:
    ///     evidence: Whether it carries the values that policies were shown: then it is a record from
    ///         which the callout can be evaluated again, and holds what the callout and the sources say
    ///         about people.
    ///     redact: Whether texts and values are replaced by their SHA-256.
    ///
    /// Returns:
    ///     The text.
    #[pyo3(signature = (*, evidence=false, redact=false))]
    fn to_json(&self, py: Python<'_>, evidence: bool, redact: bool) -> String {
        py.detach(|| self.report.to_json_with(ReportOptions { evidence, redact }))
    }

    /// The report as a dict: what `to_json` says.
    ///
    /// Args:
    ///     evidence: As for `to_json`.
    ///     redact: As for `to_json`.
    ///
    /// Returns:
    ///     A new dict.
    #[pyo3(signature = (*, evidence=false, redact=false))]
    fn to_dict<'py>(
        &self,
        py: Python<'py>,
        evidence: bool,
        redact: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.to_json(py, evidence, redact))
    }

    fn __reduce__(&self) -> PyResult<()> {
        let instead = "hand on its `resume_body`, its `to_dict()` or its `to_json()`";
        Err(not_pickled("a report", instead))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        (self.failures.iter()).try_for_each(|failure| visit.call(failure))
    }

    fn __repr__(&self) -> String {
        shown("Report", &self.summary())
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        member!(py, "admit._html", "report")?.call1((slf,))
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(no_truth("a report", "compare its `decision`"))
    }
}

/// Why the decision is what it is.
#[pyclass(frozen, get_all, eq, hash, module = "admit")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Reason {
    /// The policy's id; None where the set itself decided.
    policy: Option<String>,
    /// The verdict's code, or the library's.
    code: String,
    /// For people.
    detail: String,
}

impl From<&DecisionReason> for Reason {
    fn from(reason: &DecisionReason) -> Self {
        Self {
            policy: reason.policy.as_ref().map(ToString::to_string),
            code: reason.code.clone(),
            detail: reason.detail.clone(),
        }
    }
}

#[pymethods]
impl Reason {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let policy = self.policy.as_deref().unwrap_or("the set");
        let says = format!("{policy}: {} {}", self.code, quoted(py, &self.detail)?);
        Ok(shown("Reason", &says))
    }
}

/// A remark with a code.
#[pyclass(frozen, get_all, eq, hash, module = "admit")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Note {
    /// For programs.
    code: String,
    /// For people.
    detail: String,
}

impl From<&admit::Note> for Note {
    fn from(note: &admit::Note) -> Self {
        Self {
            code: note.code.into(),
            detail: note.detail.clone(),
        }
    }
}

#[pymethods]
impl Note {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let says = format!("{} {}", self.code, quoted(py, &self.detail)?);
        Ok(shown("Note", &says))
    }
}

/// The request to send to Graph. Its authorization is yours.
#[pyclass(frozen, get_all, module = "admit")]
pub(crate) struct ResumeRequest {
    /// The method, `POST`.
    method: &'static str,
    /// The path below Graph's host, with the version.
    path: String,
    /// The headers, a dict.
    headers: Py<PyDict>,
    /// The body, a dict.
    body: Py<PyAny>,
    /// The body as it is to be sent, byte for byte: what `Report.resume_body` is.
    content: Py<PyBytes>,
}

#[pymethods]
impl ResumeRequest {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.headers)?;
        visit.call(&self.body)
    }

    fn __repr__(&self) -> String {
        shown("ResumeRequest", &format!("{} {}", self.method, self.path))
    }
}

/// What came of one policy: one of `verdict`, `fault` and `skipped` is there.
#[pyclass(frozen, module = "admit")]
pub(crate) struct Outcome(PolicyReport);

#[pymethods]
impl Outcome {
    /// The policy's id.
    #[getter]
    fn policy(&self) -> &str {
        self.0.policy().as_str()
    }

    /// What it answered.
    #[getter]
    fn verdict(&self, py: Python<'_>) -> PyResult<Option<Verdict>> {
        match self.0.outcome() {
            admit::Outcome::Verdict(verdict) => Verdict::new(py, verdict).map(Some),
            _ => Ok(None),
        }
    }

    /// How it failed.
    #[getter]
    fn fault(&self, py: Python<'_>) -> PyResult<Option<Fault>> {
        match self.0.outcome() {
            admit::Outcome::Fault(fault) => Fault::new(py, fault).map(Some),
            _ => Ok(None),
        }
    }

    /// Why it was not asked: `"stage"`, it does not answer this one, or `"decided"`, an earlier policy
    /// did.
    #[getter]
    fn skipped(&self) -> Option<&'static str> {
        match self.0.outcome() {
            admit::Outcome::Skipped(skip) => Some(skip.as_str()),
            _ => None,
        }
    }

    /// What it read of the callout: JSON pointers into the canonical document; None where that was not
    /// kept.
    #[getter]
    fn reads(&self) -> Option<Vec<String>> {
        self.0.reads()
    }

    /// The facts that it asked for, each as collection and key.
    #[getter]
    fn facts(&self) -> Vec<(String, String)> {
        let facts = self.0.facts();
        facts
            .map(|(collection, key)| (collection.into(), key.into()))
            .collect()
    }

    /// The collections of facts that it may ask.
    #[getter]
    fn granted(&self) -> Vec<String> {
        self.0.granted().to_vec()
    }

    /// The stages that it is asked at.
    #[getter]
    fn stages(&self) -> Vec<&'static str> {
        self.0.stages().iter().map(|stage| stage.as_str()).collect()
    }

    /// Fuel that it used; None where metering is off or nothing ran.
    #[getter]
    fn fuel(&self) -> Option<u64> {
        self.0.fuel()
    }

    /// Linear memory of its instance, in bytes.
    #[getter]
    fn memory(&self) -> u64 {
        self.0.memory()
    }

    /// What it logged, each as level and line.
    #[getter]
    fn log(&self) -> Vec<(String, String)> {
        self.0
            .log()
            .map(|(level, line)| (level.into(), line.into()))
            .collect()
    }

    /// SHA-256 of its component's bytes, in hexadecimal.
    #[getter]
    fn sha256(&self) -> String {
        self.0.component().sha256()
    }

    /// SHA-256 of its settings as JSON, in hexadecimal.
    #[getter]
    fn settings_sha256(&self) -> String {
        self.0.settings_sha256()
    }

    fn __repr__(&self) -> String {
        let came = match self.0.outcome() {
            admit::Outcome::Verdict(verdict) => {
                format!("{} ({})", verdict.kind.as_str(), verdict.reason.code)
            }
            admit::Outcome::Fault(fault) => format!("fault ({})", fault.kind),
            admit::Outcome::Skipped(skip) => format!("not asked ({})", skip.as_str()),
        };
        shown("Outcome", &format!("{}: {came}", self.0.policy()))
    }
}

/// What a policy answered.
#[pyclass(frozen, get_all, module = "admit")]
pub(crate) struct Verdict {
    /// `"abstain"`, `"approve"`, `"require-approval"`, `"cancel"` or `"deny"`.
    effect: &'static str,
    /// Why, for programs.
    code: String,
    /// Why, for people.
    detail: String,
    /// Further reasons, each as code and detail.
    notes: Vec<(String, String)>,
    /// Who has to approve, where the effect is `"require-approval"`; None otherwise.
    approval_stage: Option<Py<ApprovalStage>>,
}

impl Verdict {
    fn new(py: Python<'_>, verdict: &admit::Verdict) -> PyResult<Self> {
        let notes = verdict.notes.iter();
        let approval_stage = match &verdict.kind {
            admit::VerdictKind::RequireApproval(stage) => {
                Some(Py::new(py, ApprovalStage::new(py, stage)?)?)
            }
            _ => None,
        };
        Ok(Self {
            effect: verdict.kind.as_str(),
            code: verdict.reason.code.clone(),
            detail: verdict.reason.detail.clone(),
            notes: notes
                .map(|note| (note.code.clone(), note.detail.clone()))
                .collect(),
            approval_stage,
        })
    }
}

#[pymethods]
impl Verdict {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let says = format!(
            "{} ({}) {}",
            self.effect,
            self.code,
            quoted(py, &self.detail)?
        );
        Ok(shown("Verdict", &says))
    }
}

/// How a policy failed: a defect or a limit, not a decision of anybody's.
#[pyclass(frozen, get_all, module = "admit")]
pub(crate) struct Fault {
    /// Which way.
    kind: Py<PyAny>,
    /// Stable number of the kind.
    code: u32,
    /// What happened.
    detail: String,
}

impl Fault {
    fn new(py: Python<'_>, fault: &admit::Fault) -> PyResult<Self> {
        let kind = member_of(
            member!(py, "admit._enums", "FaultKind"),
            fault.kind.as_str(),
        )?;
        Ok(Self {
            kind: kind.unbind(),
            code: fault.kind.code(),
            detail: fault.detail.clone(),
        })
    }
}

#[pymethods]
impl Fault {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let kind = self.kind.bind(py).str()?;
        let says = format!("{kind} {}", quoted(py, &self.detail)?);
        Ok(shown("Fault", &says))
    }
}
