//! Reports.

use std::sync::OnceLock;

use admit::{Effect, Outcome, Report, ReportOptions, ResumeRequest, VerdictKind};

use crate::{
    error::fault_code,
    ffi::{Block, Handle, get},
    text::admit_str_t,
};

/// What was decided for one callout, why, and what to send. Holds no WebAssembly, immutable, shared by
/// threads.
pub struct admit_report_t;

impl Handle for admit_report_t {
    type Value = Given;
    const NAME: &'static str = "report";
}

/// A report, and what of it was asked for: it stays where views of it point to.
pub(crate) struct Given {
    report: Report,
    key: OnceLock<String>,
    body: OnceLock<String>,
    outcomes: OnceLock<Vec<Row>>,
    /// As text, by the flags.
    json: [OnceLock<String>; FLAGS],
}

impl From<Report> for Given {
    fn from(report: Report) -> Self {
        Self {
            report,
            key: OnceLock::new(),
            body: OnceLock::new(),
            outcomes: OnceLock::new(),
            json: [const { OnceLock::new() }; FLAGS],
        }
    }
}

/// What is done with a request, from the mildest to the most severe; and what policies say.
#[repr(u32)]
pub enum admit_effect_t {
    /// There is no decision, as for a connection test; of an outcome: the policy gave no verdict. Not an
    /// approval.
    ADMIT_EFFECT_NONE = 0,
    /// Processing goes on.
    ADMIT_EFFECT_APPROVE = 1,
    /// Processing goes on with an approval stage.
    ADMIT_EFFECT_REQUIRE_APPROVAL = 2,
    /// No answer is sent; the request times out and access is not granted. Of decisions only.
    ADMIT_EFFECT_WITHHOLD = 3,
    /// The request is called off.
    ADMIT_EFFECT_CANCEL = 4,
    /// The request is refused.
    ADMIT_EFFECT_DENY = 5,
    /// No opinion. Of verdicts only.
    ADMIT_EFFECT_ABSTAIN = 6,
}

use admit_effect_t::{
    ADMIT_EFFECT_ABSTAIN, ADMIT_EFFECT_APPROVE, ADMIT_EFFECT_CANCEL, ADMIT_EFFECT_DENY,
    ADMIT_EFFECT_NONE, ADMIT_EFFECT_REQUIRE_APPROVAL, ADMIT_EFFECT_WITHHOLD,
};

/// A number of C's that should be one of [`admit_effect_t`].
pub type effect = u32;

/// What came of one policy.
#[repr(u32)]
pub enum admit_outcome_kind_t {
    /// Nothing was told.
    ADMIT_OUTCOME_NONE = 0,
    /// It answered.
    ADMIT_OUTCOME_VERDICT = 1,
    /// It failed: a defect or a limit, not a decision.
    ADMIT_OUTCOME_FAULT = 2,
    /// It was not asked.
    ADMIT_OUTCOME_SKIPPED = 3,
}

/// A number of C's that should be one of [`admit_outcome_kind_t`].
pub type outcome_kind = u32;

/// One policy's outcome. Its texts live as long as the report.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_outcome_t {
    /// `sizeof(admit_outcome_t)`, written by the caller.
    pub size: usize,
    /// Id of the policy.
    pub policy: admit_str_t,
    /// Which of the three: one of `admit_outcome_kind_t`.
    pub kind: outcome_kind,
    /// The verdict: one of `admit_effect_t`, `ADMIT_EFFECT_NONE` where there is none.
    pub verdict: effect,
    /// The fault: one of `admit_fault_code_t`, `ADMIT_FAULT_NONE` where there is none.
    pub fault: fault_code,
    /// 0.
    pub reserved: u32,
    /// Why, for programs: the verdict's code, the fault's slug, or `stage` or `decided` for a policy that
    /// was not asked.
    pub code: admit_str_t,
    /// Why, for people; may be empty. Of a fault it is for the report and never part of an answer.
    pub detail: admit_str_t,
    /// What it read of the callout, JSON pointers into the canonical document; NULL where that was not
    /// kept. The array lives as long as the report.
    pub reads: *const admit_str_t,
    /// How many pointers.
    pub read_count: usize,
}

// SAFETY: the size comes first, and all members are numbers and pointers.
#[expect(unsafe_code, reason = "says what the type is")]
unsafe impl Block for admit_outcome_t {}

/// What a policy read: the pointers, and views of them. A text stays where it is when its `String`
/// moves.
struct Row {
    _pointers: Option<Vec<String>>,
    reads: Option<Vec<admit_str_t>>,
}

impl Row {
    fn new(pointers: Option<Vec<String>>) -> Self {
        let reads = pointers.as_ref().map(|pointers| {
            let views = pointers.iter().map(|pointer| pointer.as_str().into());
            views.collect()
        });
        Self {
            _pointers: pointers,
            reads,
        }
    }
}

/// For `admit_report_json`: with the values that policies were shown, of the callout and of facts. The
/// text is then a record from which the callout can be evaluated again.
pub const ADMIT_JSON_EVIDENCE: u32 = 1;
/// For `admit_report_json`: with the digests of texts and values in their place.
pub const ADMIT_JSON_REDACT: u32 = 2;
/// How many texts there are of a report.
const FLAGS: usize = 4;

impl Given {
    /// The request to send.
    fn resume(&self) -> Option<&ResumeRequest> {
        self.report.resume()
    }

    fn json(&self, flags: u32) -> Option<&str> {
        let text = self.json.get(usize::try_from(flags).ok()?)?;
        let options = ReportOptions {
            evidence: flags & ADMIT_JSON_EVIDENCE != 0,
            redact: flags & ADMIT_JSON_REDACT != 0,
        };
        Some(text.get_or_init(|| self.report.to_json_with(options)))
    }

    fn outcome(&self, index: usize) -> Option<admit_outcome_t> {
        let outcome = self.report.outcomes().get(index)?;
        let rows = self.outcomes.get_or_init(|| {
            let outcomes = self.report.outcomes().iter();
            outcomes.map(|outcome| Row::new(outcome.reads())).collect()
        });
        let reads = rows.get(index)?.reads.as_deref();
        let mut row = admit_outcome_t {
            size: size_of::<admit_outcome_t>(),
            policy: outcome.policy().as_str().into(),
            kind: admit_outcome_kind_t::ADMIT_OUTCOME_NONE as outcome_kind,
            verdict: ADMIT_EFFECT_NONE as effect,
            fault: 0,
            reserved: 0,
            code: admit_str_t::NONE,
            detail: "".into(),
            reads: reads.map_or(std::ptr::null(), <[_]>::as_ptr),
            read_count: reads.map_or(0, <[_]>::len),
        };
        match outcome.outcome() {
            Outcome::Verdict(verdict) => {
                row.kind = admit_outcome_kind_t::ADMIT_OUTCOME_VERDICT as outcome_kind;
                row.verdict = said(&verdict.kind) as effect;
                row.code = verdict.reason.code.as_str().into();
                row.detail = verdict.reason.detail.as_str().into();
            }
            Outcome::Fault(fault) => {
                row.kind = admit_outcome_kind_t::ADMIT_OUTCOME_FAULT as outcome_kind;
                row.fault = fault.kind.code();
                row.code = fault.kind.as_str().into();
                row.detail = fault.detail.as_str().into();
            }
            Outcome::Skipped(skip) => {
                row.kind = admit_outcome_kind_t::ADMIT_OUTCOME_SKIPPED as outcome_kind;
                row.code = skip.as_str().into();
            }
        }
        Some(row)
    }
}

fn decided(effect: Effect) -> admit_effect_t {
    match effect {
        Effect::Approve => ADMIT_EFFECT_APPROVE,
        Effect::RequireApproval => ADMIT_EFFECT_REQUIRE_APPROVAL,
        Effect::Withhold => ADMIT_EFFECT_WITHHOLD,
        Effect::Cancel => ADMIT_EFFECT_CANCEL,
        Effect::Deny => ADMIT_EFFECT_DENY,
    }
}

fn said(verdict: &VerdictKind) -> admit_effect_t {
    match verdict {
        VerdictKind::Abstain => ADMIT_EFFECT_ABSTAIN,
        VerdictKind::Approve => ADMIT_EFFECT_APPROVE,
        VerdictKind::RequireApproval(_) => ADMIT_EFFECT_REQUIRE_APPROVAL,
        VerdictKind::Cancel => ADMIT_EFFECT_CANCEL,
        VerdictKind::Deny => ADMIT_EFFECT_DENY,
    }
}

/// What was decided: one of `admit_effect_t`, `ADMIT_EFFECT_NONE` of NULL and where the callout is none
/// that is evaluated. Whether there is an answer to send, `admit_report_resume_body` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_effect(report: *const admit_report_t) -> effect {
    get!(ADMIT_EFFECT_NONE as effect, |call| {
        let decision = call.handle(report)?.report.decision();
        let effect = decision.map_or(ADMIT_EFFECT_NONE, |decision| decided(decision.effect));
        Ok(effect as effect)
    })
}

/// What identifies the question: `requestId/instanceId`, the same when the service asks again. No text
/// of NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_key(report: *const admit_report_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        let Given { report, key, .. } = call.handle(report)?;
        Ok(key.get_or_init(|| report.key()).as_str().into())
    })
}

/// The instant that policies saw, in microseconds since 1970-01-01T00:00:00Z; 0 of NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_now_us(report: *const admit_report_t) -> i64 {
    get!(0, |call| {
        Ok(call.handle(report)?.report.now().as_microsecond())
    })
}

/// The HTTP method of the request to send to Graph; no text of NULL, and where there is no answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_resume_method(report: *const admit_report_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        Ok(call
            .handle(report)?
            .resume()
            .map(ResumeRequest::method)
            .into())
    })
}

/// The path of the request below Graph's host, with the version, built from the request's id and never
/// from the callout's own path; no text of NULL, and where there is no answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_resume_path(report: *const admit_report_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        Ok(call
            .handle(report)?
            .resume()
            .map(ResumeRequest::path)
            .into())
    })
}

/// The body of the request, JSON: the bytes to send, as `application/json`. No text of NULL, and where
/// there is no answer: then nothing may be sent, and `admit_report_no_answer_code` says why.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_resume_body(report: *const admit_report_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        let given = call.handle(report)?;
        let body = given
            .resume()
            .map(|resume| given.body.get_or_init(|| resume.body()));
        Ok(body.map(String::as_str).into())
    })
}

/// Why there is no answer, for programs; no text of NULL, and where there is one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_no_answer_code(report: *const admit_report_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        let none = call.handle(report)?.report.no_answer();
        Ok(none.map(|none| none.code).into())
    })
}

/// Why there is no answer, for people; no text of NULL, and where there is one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_no_answer_detail(
    report: *const admit_report_t,
) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        let none = call.handle(report)?.report.no_answer();
        Ok(none.map(|none| none.detail.as_str()).into())
    })
}

/// How many policies the set has, and outcomes the report; 0 of NULL, and where the callout is none that
/// is evaluated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_outcome_count(report: *const admit_report_t) -> usize {
    get!(0, |call| {
        Ok(call.handle(report)?.report.outcomes().len())
    })
}

/// Tells what came of a policy, by its place in the set.
///
/// `outcome->size` must be set; `ADMIT_OUTCOME_INIT` does. False, and nothing is written, where there is
/// no such outcome, of NULL, and for a size that no version has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_outcome(
    report: *const admit_report_t,
    index: usize,
    outcome: *mut admit_outcome_t,
) -> bool {
    get!(false, |call| {
        let Some(row) = call.handle(report)?.outcome(index) else {
            return Ok(false);
        };
        call.fill(outcome, &row, "outcome")?;
        Ok(true)
    })
}

/// The whole report as JSON text, the same bytes for the same inputs, as every other binding gives it.
///
/// `flags` are 0, `ADMIT_JSON_EVIDENCE`, `ADMIT_JSON_REDACT` or both. A text is made when it is first
/// asked for. No text of NULL and for other flags.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_json(
    report: *const admit_report_t,
    flags: u32,
) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        Ok(call.handle(report)?.json(flags).into())
    })
}

/// Ends a report, and every text that it gave. NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_report_free(report: *mut admit_report_t) {
    get!((), |call| {
        call.free(report);
        Ok(())
    });
}
