//! Linting, and what it and the check of sets find.

use admit::{Finding, LintAs, SetFinding, Severity};

use crate::{
    choice::chosen,
    error::admit_error_t,
    ffi::{Block, Handle, call, get},
    text::admit_str_t,
};

/// What was found, the worst first. Immutable, shared by threads.
pub struct admit_findings_t;

impl Handle for admit_findings_t {
    type Value = Findings;
    const NAME: &'static str = "findings";
}

/// Findings of a document or of a set.
pub(crate) struct Findings(Vec<One>);

/// One of them.
struct One {
    severity: Severity,
    code: &'static str,
    policy: Option<String>,
    path: Option<String>,
    problem: String,
    instead: Option<String>,
    source: Option<&'static str>,
}

impl From<Vec<Finding>> for Findings {
    fn from(findings: Vec<Finding>) -> Self {
        let findings = findings.into_iter().map(|finding| One {
            severity: finding.severity,
            code: finding.code,
            policy: None,
            path: Some(finding.path),
            problem: finding.problem,
            instead: Some(finding.instead),
            source: Some(finding.source),
        });
        Self(findings.collect())
    }
}

impl From<Vec<SetFinding>> for Findings {
    fn from(findings: Vec<SetFinding>) -> Self {
        let findings = findings.into_iter().map(|finding| One {
            severity: finding.severity,
            code: finding.code,
            policy: finding.policy,
            path: finding.place,
            problem: finding.problem,
            instead: finding.instead,
            source: None,
        });
        Self(findings.collect())
    }
}

/// How bad a finding is.
#[repr(u32)]
#[expect(dead_code, reason = "one of them is for C alone")]
pub enum admit_severity_t {
    /// Nothing was told.
    ADMIT_SEVERITY_NONE = 0,
    /// It is wrong: expect that it is refused, or does not do what it says.
    ADMIT_SEVERITY_ERROR = 1,
    /// It may be taken, but should not be sent or used so.
    ADMIT_SEVERITY_WARNING = 2,
    /// Worth knowing; nothing to change for certain.
    ADMIT_SEVERITY_NOTE = 3,
}

/// A number of C's that should be one of [`admit_severity_t`].
pub type severity = u32;

/// What a document is linted as.
#[repr(u32)]
#[expect(dead_code, reason = "for C; read as numbers")]
pub enum admit_lint_as_t {
    /// The body of Graph's `resume` action.
    ADMIT_LINT_RESUME = 0,
    /// A callout.
    ADMIT_LINT_CALLOUT = 1,
    /// The definition of a custom extension.
    ADMIT_LINT_EXTENSION = 2,
}

/// A number of C's that should be one of [`admit_lint_as_t`].
pub type lint_as = u32;

/// One finding. Its texts live as long as the findings.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_finding_t {
    /// `sizeof(admit_finding_t)`, written by the caller.
    pub size: usize,
    /// How bad it is: one of `admit_severity_t`.
    pub severity: severity,
    /// 0.
    pub reserved: u32,
    /// What it is, for programs: a stable name.
    pub code: admit_str_t,
    /// Id of the policy that is concerned; no text where none is.
    pub policy: admit_str_t,
    /// Where: a JSON pointer, empty for the whole document, or a file with line and column; no text
    /// for a set from code.
    pub path: admit_str_t,
    /// What is wrong or doubtful.
    pub problem: admit_str_t,
    /// What to write instead; no text where the problem says it.
    pub instead: admit_str_t,
    /// Where that is said; no text for findings of a set.
    pub source: admit_str_t,
}

// SAFETY: the size comes first, and all members are numbers and pointers.
#[expect(unsafe_code, reason = "says what the type is")]
unsafe impl Block for admit_finding_t {}

impl From<&One> for admit_finding_t {
    fn from(one: &One) -> Self {
        let severity = match one.severity {
            Severity::Error => admit_severity_t::ADMIT_SEVERITY_ERROR,
            Severity::Warning => admit_severity_t::ADMIT_SEVERITY_WARNING,
            Severity::Note => admit_severity_t::ADMIT_SEVERITY_NOTE,
        };
        Self {
            size: size_of::<Self>(),
            severity: severity as u32,
            reserved: 0,
            code: one.code.into(),
            policy: one.policy.as_deref().into(),
            path: one.path.as_deref().into(),
            problem: one.problem.as_str().into(),
            instead: one.instead.as_deref().into(),
            source: one.source.into(),
        }
    }
}

/// Says what is wrong with a document before it is sent, the worst first.
///
/// `kind` is one of `admit_lint_as_t`; `admit_lint_detect` finds it out. What is no JSON is a finding,
/// too. Errors: of the arguments alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_lint(
    document: *const u8,
    document_len: usize,
    kind: lint_as,
    findings_out: *mut *mut admit_findings_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(findings_out)?;
        let document = call.bytes(document, document_len, "document")?;
        let kind = chosen(&LintAs::ALL, kind, "kind")?;
        out.give(Findings::from(kind.lint(document)));
        Ok(())
    })
}

/// What a document says that it is: one of `admit_lint_as_t`, `ADMIT_LINT_RESUME` where it says nothing
/// and of NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_lint_detect(document: *const u8, document_len: usize) -> lint_as {
    get!(0, |call| {
        let kind = LintAs::detect(call.bytes(document, document_len, "document")?);
        let found = LintAs::ALL.iter().position(|one| *one == kind);
        Ok(found.and_then(|found| found.try_into().ok()).unwrap_or(0))
    })
}

/// How many findings there are; 0 of NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_findings_count(findings: *const admit_findings_t) -> usize {
    get!(0, |call| { Ok(call.handle(findings)?.0.len()) })
}

/// Tells a finding, by its place.
///
/// `finding->size` must be set; `ADMIT_FINDING_INIT` does. False, and nothing is written, where there is
/// no such finding, of NULL, and for a size that no version has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_findings_get(
    findings: *const admit_findings_t,
    index: usize,
    finding: *mut admit_finding_t,
) -> bool {
    get!(false, |call| {
        let Some(one) = call.handle(findings)?.0.get(index) else {
            return Ok(false);
        };
        call.fill(finding, &admit_finding_t::from(one), "finding")?;
        Ok(true)
    })
}

/// Ends findings, and every text that they gave. NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_findings_free(findings: *mut admit_findings_t) {
    get!((), |call| {
        call.free(findings);
        Ok(())
    });
}
