//! Answers Microsoft Entra entitlement-management callouts with WebAssembly policies.
//!
//! - An [`Engine`] is created once per process, cheap to clone, shared by threads.
//! - A [`Policy`] is expensive to load (it compiles), cheap to clone, immutable.
//! - A [`PolicySet`] is a list and a rule; building one from loaded policies is free.
//! - A [`Report`] belongs to one callout and holds no WebAssembly.

mod cache;
mod check;
mod engine;
mod evaluation;
mod facts;
mod host;
mod inspection;
mod limits;
mod policy;
mod report;
mod sandbox;
#[cfg(feature = "schema")]
mod schema;
mod set;
mod set_file;
mod slots;
mod snapshot;
mod ticker;

/// The model crate, whole: Graph's types, combining, checks of payloads.
pub use admit_model as model;
pub use admit_model::{
    Answer, AnswerKind, ApprovalStage, Approver, ApproverKind, ApproverList, Callout, Combining,
    Decision, DecisionReason, Effect, Error, ErrorKind, ExtensionKind, ExtensionRules, Fault,
    FaultKind, Finding, JoinApprovers, Kind, LintAs, LintRule, MAX_TIMEOUT_SECONDS,
    MIN_TIMEOUT_SECONDS, NoAnswer, Note, OnFault, Outcome, PolicyId, Profile, Reason,
    ResumeRequest, Rule, Severity, Skip, Stage, StagePart, Verdict, VerdictKind, Waits, WhenSilent,
    lint_callout, lint_extension, lint_resume,
};
pub use admit_wit::{CONTRACT_VERSION, Metadata};

#[cfg(feature = "schema")]
pub use crate::schema::Schema;
pub use crate::{
    cache::CodeCache,
    check::{SetFinding, SetRule},
    engine::Engine,
    evaluation::Evaluation,
    facts::{Fact, FactError, FactSource, Facts, JsonFacts, Recorded, RecordedFacts, SqliteFacts},
    inspection::Inspection,
    limits::{Limits, PolicyLimits},
    policy::{Policy, PolicyOptions, Prepare},
    report::{PolicyReport, Report, ReportOptions, Shown},
    set::{PolicySet, SetOptions},
    set_file::FileOptions,
};

/// The page's example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/facts.md")]
struct FactsPage;
