//! The names that a report can have, for its schema.

use admit_model::{Effect, FaultKind, Rule, Skip, Stage, VerdictKind};

/// Of the contract with policies.
pub(super) const LEVELS: [&str; 4] = ["debug", "info", "warn", "error"];
/// Codes for programs.
pub(super) const CODE: &str = "^[a-z0-9-]{1,64}$";
pub(super) const SHA256: &str = "^[0-9a-f]{64}$";

pub(super) const REDACTED: &str = "^sha256:[0-9a-f]{64}$";

pub(super) fn stages() -> Vec<&'static str> {
    Stage::ALL.iter().map(|stage| stage.as_str()).collect()
}

pub(super) fn effects() -> Vec<&'static str> {
    Effect::ALL.map(Effect::as_str).into()
}

pub(super) fn rules() -> Vec<&'static str> {
    Rule::ALL.map(Rule::as_str).into()
}

pub(super) fn verdicts() -> Vec<&'static str> {
    // A policy cannot withhold.
    let others = Effect::ALL
        .into_iter()
        .filter(|one| *one != Effect::Withhold);
    [VerdictKind::Abstain.as_str()]
        .into_iter()
        .chain(others.map(Effect::as_str))
        .collect()
}

pub(super) fn faults() -> Vec<&'static str> {
    FaultKind::ALL.iter().map(|kind| kind.as_str()).collect()
}

pub(super) fn skips() -> [&'static str; 2] {
    [Skip::Stage, Skip::Decided].map(Skip::as_str)
}
