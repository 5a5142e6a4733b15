//! Entra entitlement-management callouts, decisions and resume requests.
//!
//! Data and rules only: no WebAssembly, no I/O, no clock, no thread.
//!
//! - [`Callout`] is one payload of a custom extension, read strictly.
//! - [`Verdict`], [`Fault`] and [`Outcome`] are what policies say.
//! - [`combine`] makes one [`Decision`] of them.
//! - [`ResumeRequest`] is what to send to Graph for that decision.
//! - [`ExtensionRules`] is what an extension's definition says about its callouts.
//! - [`lint_resume`] and its siblings explain what is wrong with a body or a payload.

#![forbid(unsafe_code)]

mod approval;
mod callout;
mod combine;
mod decision;
mod error;
mod extension;
pub mod graph;
mod id;
mod json;
mod lint;
mod pointer;
mod resume;
#[cfg(feature = "schema")]
mod schema;
mod stage;
mod timeout;
mod value;
mod verdict;
mod workflow;

pub use crate::{
    approval::{ApprovalStage, Approver, ApproverKind, ApproverList, StageProblem},
    callout::{Callout, Field, Kind},
    combine::{Combining, JoinApprovers, OnFault, Rule, WhenSilent, combine, steers},
    decision::{Decision, DecisionReason, Effect, NoAnswer, Note, StagePart},
    error::{Error, ErrorKind},
    extension::{AnswerKind, ExtensionKind, ExtensionRules, Waits},
    id::{PolicyId, canonical_guid, guid},
    lint::{
        Finding, LintAs, Rule as LintRule, Severity, lint_callout, lint_extension, lint_resume,
    },
    pointer::{Places, PointerError, lookup},
    resume::{Profile, ResumeRequest},
    stage::{Answer, Stage, StageName},
    timeout::{MAX_TIMEOUT_SECONDS, MIN_TIMEOUT_SECONDS},
    value::{ValueError, ValueReader, seconds, sorted_json, timestamp},
    verdict::{
        Fault, FaultKind, Judged, Outcome, Reason, Skip, Verdict, VerdictKind, code_is_valid,
    },
};
