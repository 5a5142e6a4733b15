//! Combining: what the outcomes of all policies come to.

use crate::{
    approval::{ApprovalStage, Approver, ApproverList},
    decision::{Decision, DecisionReason, Effect, NoAnswer, Note, StagePart},
    id::PolicyId,
    stage::{Answer, Stage},
    verdict::{Judged, Outcome, Verdict, VerdictKind},
};

/// How outcomes combine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The most severe outcome wins.
    #[default]
    DenyOverrides,
    /// The first policy that does not abstain decides; a fault does not abstain.
    FirstApplicable,
    /// As deny-overrides, and an abstention counts as a denial.
    Unanimous,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::DenyOverrides, Self::FirstApplicable, Self::Unanimous];

    /// Stable name, as in the set file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DenyOverrides => "deny-overrides",
            Self::FirstApplicable => "first-applicable",
            Self::Unanimous => "unanimous",
        }
    }
}

/// What a fault counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnFault {
    /// A denial.
    #[default]
    Deny,
    /// No answer is sent.
    Withhold,
}

impl OnFault {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Deny, Self::Withhold];

    /// Stable name, as in the set file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Withhold => "withhold",
        }
    }
}

/// What it counts as when no policy has an opinion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WhenSilent {
    /// A denial.
    #[default]
    Deny,
    /// An approval.
    Approve,
    /// No answer is sent.
    Withhold,
}

impl WhenSilent {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Deny, Self::Approve, Self::Withhold];

    /// Stable name, as in the set file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Approve => "approve",
            Self::Withhold => "withhold",
        }
    }
}

/// What several differing approval stages come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum JoinApprovers {
    /// No answer is sent: in Entra one approver suffices, so a union would weaken each policy.
    #[default]
    Refuse,
    /// The union of their approvers.
    Union,
}

impl JoinApprovers {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Refuse, Self::Union];

    /// Stable name, as in the set file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Union => "union",
        }
    }
}

/// What a set says about combining, for one stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Combining {
    /// The rule.
    pub rule: Rule,
    /// What silence counts as.
    pub when_silent: WhenSilent,
    /// What a fault counts as.
    pub on_fault: OnFault,
    /// What differing approval stages come to.
    pub join_approvers: JoinApprovers,
}

/// What a fault says to people; its own text stays in the report.
const FAULT_DETAIL: &str = "The request could not be evaluated.";

/// Longest detail text of an answer, in characters. The service's own limit is not published.
const DETAIL_LIMIT: usize = 1000;

/// What one outcome counts for.
struct Vote<'a> {
    policy: &'a PolicyId,
    effect: Effect,
    code: &'a str,
    detail: &'a str,
    stage: Option<&'a ApprovalStage>,
}

/// Combines the outcomes of all policies, given in set order, and meets the stage.
///
/// Total and pure: any outcomes give a decision, and the same ones give the same. Under
/// `deny-overrides` and `unanimous` the effect does not depend on the order; under every rule a
/// fault is never outvoted by an approval.
pub fn combine(combining: &Combining, outcomes: &[Judged<'_>], stage: Stage) -> Decision {
    let votes = outcomes.iter().filter_map(|judged| vote(combining, judged));
    let votes: Vec<Vote<'_>> = match combining.rule {
        Rule::FirstApplicable => votes.take(1).collect(),
        Rule::DenyOverrides | Rule::Unanimous => votes.collect(),
    };

    let mut decision = Decision {
        effect: match combining.when_silent {
            WhenSilent::Deny => Effect::Deny,
            WhenSilent::Approve => Effect::Approve,
            WhenSilent::Withhold => Effect::Withhold,
        },
        rule: combining.rule,
        determined_by: Vec::new(),
        reasons: Vec::new(),
        notes: Vec::new(),
        approval_stage: None,
        stage_parts: Vec::new(),
        no_answer: None,
        detail: String::new(),
    };
    match votes.iter().map(|vote| vote.effect).max() {
        None => decision.reasons.push(DecisionReason {
            policy: None,
            code: "silent".into(),
            detail: "no policy had an opinion".into(),
        }),
        Some(effect) => {
            decision.effect = effect;
            let determining: Vec<_> = votes.iter().filter(|vote| vote.effect == effect).collect();
            for vote in &determining {
                decision.determined_by.push(vote.policy.clone());
                decision.reasons.push(DecisionReason {
                    policy: Some(vote.policy.clone()),
                    code: vote.code.into(),
                    detail: vote.detail.into(),
                });
            }
            decision.detail = detail_text(determining.iter().map(|vote| vote.detail));
            if effect == Effect::RequireApproval {
                join(&mut decision, combining.join_approvers, &determining);
            }
        }
    }
    meet(&mut decision, stage);
    decision
}

/// What an outcome counts for; none where it has no say.
fn vote<'a>(combining: &Combining, judged: &Judged<'a>) -> Option<Vote<'a>> {
    let vote = |effect, code, detail, stage| {
        Some(Vote {
            policy: judged.policy,
            effect,
            code,
            detail,
            stage,
        })
    };
    match judged.outcome {
        Outcome::Skipped(_) => None,
        Outcome::Fault(fault) => vote(
            match combining.on_fault {
                OnFault::Deny => Effect::Deny,
                OnFault::Withhold => Effect::Withhold,
            },
            fault.kind.as_str(),
            FAULT_DETAIL,
            None,
        ),
        Outcome::Verdict(Verdict { kind, reason, .. }) => {
            let effect = match kind {
                VerdictKind::Abstain if combining.rule == Rule::Unanimous => {
                    return vote(Effect::Deny, "not-unanimous", "", None);
                }
                VerdictKind::Abstain => return None,
                VerdictKind::Approve => Effect::Approve,
                VerdictKind::RequireApproval(stage) => {
                    return vote(
                        Effect::RequireApproval,
                        &reason.code,
                        &reason.detail,
                        Some(stage.as_ref()),
                    );
                }
                VerdictKind::Cancel => Effect::Cancel,
                VerdictKind::Deny => Effect::Deny,
            };
            vote(effect, &reason.code, &reason.detail, None)
        }
    }
}

/// Whether a character steers what shows it rather than being shown: control characters, and those
/// that turn the direction of the text after them.
pub fn steers(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Detail texts in set order, without repeats, without characters that steer, capped.
fn detail_text<'a>(details: impl Iterator<Item = &'a str>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut text = String::new();
    for detail in details {
        // A line break parts words, so it becomes a space; other control characters go.
        let clean: String = detail
            .chars()
            .filter_map(|char| match char {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
                char if steers(char) => None,
                char => Some(char),
            })
            .collect();
        let clean = clean.trim();
        if !clean.is_empty() && !parts.iter().any(|part| part == clean) {
            // Whole sentences follow one another; anything else is a list.
            text.push_str(match text.chars().next_back() {
                None => "",
                Some('.' | '!' | '?') => " ",
                Some(_) => "; ",
            });
            text.push_str(clean);
            parts.push(clean.into());
        }
    }
    match text.char_indices().nth(DETAIL_LIMIT) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// Joins the approval stages of all policies that require approval.
fn join(decision: &mut Decision, rule: JoinApprovers, votes: &[&Vote<'_>]) {
    let stages: Vec<(&PolicyId, &ApprovalStage)> = votes
        .iter()
        .filter_map(|vote| Some((vote.policy, vote.stage?)))
        .collect();
    let Some(((_, first), others)) = stages.split_first() else {
        return;
    };
    let differing = ApproverList::ALL.into_iter().find(|list| {
        others
            .iter()
            .any(|(_, stage)| !same_approvers(first.list(*list), stage.list(*list)))
    });
    if let Some(list) = differing
        && rule == JoinApprovers::Refuse
    {
        withhold(
            decision,
            "approval-stages-differ",
            format!(
                "policies ask for different {}; one approver suffices in Entra, so joining them \
                 would weaken each; make them agree or set join-approvers = \"union\"",
                list.as_str()
            ),
        );
        return;
    }

    let mut joined = ApprovalStage {
        deny_after: stages
            .iter()
            .map(|(_, stage)| stage.deny_after)
            .min()
            .unwrap_or_default(),
        escalate_after: stages
            .iter()
            .filter_map(|(_, stage)| stage.escalate_after)
            .min(),
        require_justification: stages.iter().any(|(_, stage)| stage.require_justification),
        ..ApprovalStage::default()
    };
    let mut parts = Vec::new();
    let mut part = |name: &'static str, given: &dyn Fn(&ApprovalStage) -> bool| {
        let policies: Vec<_> = stages
            .iter()
            .filter(|(_, stage)| given(stage))
            .map(|(policy, _)| (*policy).clone())
            .collect();
        if !policies.is_empty() {
            parts.push(StagePart {
                part: name,
                policies,
            });
        }
    };
    part("durationBeforeAutomaticDenial", &|stage| {
        stage.deny_after == joined.deny_after
    });
    part("isApproverJustificationRequired", &|stage| {
        stage.require_justification
    });
    part("durationBeforeEscalation", &|stage| {
        stage.escalate_after.is_some() && stage.escalate_after == joined.escalate_after
    });
    for list in ApproverList::ALL {
        part(list.as_str(), &|stage| !stage.list(list).is_empty());
        for (_, stage) in &stages {
            for approver in stage.list(list) {
                let target = joined.list_mut(list);
                if !target.iter().any(|present| present.kind == approver.kind) {
                    target.push(approver.clone());
                }
            }
        }
    }
    decision.stage_parts = parts;
    if joined
        .escalate_after
        .is_some_and(|escalate| escalate >= joined.deny_after)
    {
        withhold(
            decision,
            "escalation-not-before-denial",
            "joined, the shortest time to escalate is not shorter than the shortest time to deny",
        );
        return;
    }
    decision.approval_stage = Some(Box::new(joined));
}

fn same_approvers(one: &[Approver], other: &[Approver]) -> bool {
    let within = |some: &[Approver], all: &[Approver]| {
        some.iter()
            .all(|approver| all.iter().any(|present| present.kind == approver.kind))
    };
    within(one, other) && within(other, one)
}

fn withhold(decision: &mut Decision, code: &'static str, detail: impl Into<String>) {
    decision.effect = Effect::Withhold;
    decision.no_answer = Some(NoAnswer {
        code,
        detail: detail.into(),
    });
}

/// Meets the stage: what cannot be sent there is withheld.
fn meet(decision: &mut Decision, stage: Stage) {
    match stage.answer(decision.effect) {
        Answer::Body => {}
        Answer::BodyDisputed => decision.notes.push(Note::new(
            "deny-at-approved",
            "Microsoft's sources disagree on whether a request can be denied at \
             assignmentRequestApproved; look at the request afterwards",
        )),
        Answer::ReportOnly => {
            decision.approval_stage = None;
            decision.no_answer = Some(NoAnswer {
                code: "stage-not-answerable",
                detail: format!("{stage} does not wait for an answer; the decision is a report"),
            });
        }
        Answer::Withhold(code) => {
            if decision.no_answer.is_none() {
                let detail = match decision.effect {
                    Effect::Withhold => "no answer may be sent".into(),
                    effect => format!("{stage} cannot be answered with {}", effect.as_str()),
                };
                withhold(decision, code, detail);
            }
        }
    }
    if decision.effect == Effect::Withhold {
        decision.approval_stage = None;
        if stage.access_may_remain() {
            decision.notes.push(Note::new(
                "access-may-remain",
                "without an answer the removal may not go on; look at the assignment",
            ));
        }
    }
}

#[cfg(test)]
mod tests;
