use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    approval::ApproverKind,
    resume::Profile,
    verdict::{Fault, FaultKind, Reason, Skip},
};

fn verdict(kind: VerdictKind) -> Outcome {
    Outcome::Verdict(Verdict {
        kind,
        reason: Reason {
            code: "said".into(),
            detail: "Because.".into(),
        },
        notes: Vec::new(),
    })
}

fn fault() -> Outcome {
    Outcome::Fault(Fault {
        kind: FaultKind::Trap,
        detail: "wasm trap".into(),
    })
}

fn approval_stage() -> impl Strategy<Value = ApprovalStage> {
    let ids = select(vec![
        "c0ffee00-0000-4000-8000-000000000001",
        "c0ffee00-0000-4000-8000-000000000002",
    ]);
    (2_u32..1000, ids, proptest::option::of(1_u32..1000)).prop_map(|(deny, id, escalate)| {
        let mut stage = ApprovalStage {
            deny_after: deny,
            ..ApprovalStage::default()
        };
        let user = Approver {
            kind: ApproverKind::User(id.into()),
            description: String::new(),
        };
        stage.add(ApproverList::Primary, user).unwrap();
        if let Some(escalate) = escalate.filter(|escalate| *escalate < deny) {
            let manager = Approver {
                kind: ApproverKind::Manager(1),
                description: String::new(),
            };
            stage.add(ApproverList::Escalation, manager).unwrap();
            stage.escalate_after = Some(escalate);
        }
        stage
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(verdict(VerdictKind::Abstain)),
        Just(verdict(VerdictKind::Approve)),
        Just(verdict(VerdictKind::Cancel)),
        Just(verdict(VerdictKind::Deny)),
        approval_stage().prop_map(|stage| verdict(VerdictKind::RequireApproval(Box::new(stage)))),
        Just(fault()),
        Just(Outcome::Skipped(Skip::Stage)),
    ]
}

fn combining() -> impl Strategy<Value = Combining> {
    (
        select(Rule::ALL.to_vec()),
        select(vec![
            WhenSilent::Deny,
            WhenSilent::Approve,
            WhenSilent::Withhold,
        ]),
        select(vec![OnFault::Deny, OnFault::Withhold]),
        select(vec![JoinApprovers::Refuse, JoinApprovers::Union]),
    )
        .prop_map(|(rule, when_silent, on_fault, join_approvers)| Combining {
            rule,
            when_silent,
            on_fault,
            join_approvers,
        })
}

fn stage() -> impl Strategy<Value = Stage> {
    select(Stage::ALL.to_vec())
}

fn decide(combining: &Combining, outcomes: &[Outcome], stage: Stage) -> Decision {
    let ids: Vec<_> = (0..outcomes.len())
        .map(|index| PolicyId::new(&format!("p{index}")).unwrap())
        .collect();
    let judged: Vec<_> = ids
        .iter()
        .zip(outcomes)
        .map(|(policy, outcome)| Judged { policy, outcome })
        .collect();
    combine(combining, &judged, stage)
}

proptest! {
    #[test]
    fn the_effect_does_not_depend_on_the_order(
        combining in combining(), outcomes in vec(outcome(), 0..6), stage in stage(),
    ) {
        prop_assume!(combining.rule != Rule::FirstApplicable);
        let mut reversed = outcomes.clone();
        reversed.reverse();
        let one = decide(&combining, &outcomes, stage);
        let other = decide(&combining, &reversed, stage);
        prop_assert_eq!(one.effect, other.effect);
        // Which of two problems is named may differ, whether there is an answer may not.
        prop_assert_eq!(one.no_answer.is_some(), other.no_answer.is_some());
    }

    /// One more policy never makes a decision milder, unless nobody had an opinion before.
    #[test]
    fn more_policies_are_never_milder(
        combining in combining(), outcomes in vec(outcome(), 1..6), more in outcome(),
    ) {
        prop_assume!(combining.rule != Rule::FirstApplicable);
        // At this stage everything but an approval stage can be sent, so severity shows.
        let stage = Stage::AssignmentRequestCreated;
        let is_mute = |outcome: &Outcome| matches!(outcome, Outcome::Skipped(_))
            || *outcome == verdict(VerdictKind::Abstain) && combining.rule != Rule::Unanimous;
        prop_assume!(!outcomes.iter().all(is_mute));
        let before = decide(&combining, &outcomes, stage).effect;
        let with_more = [outcomes, vec![more]].concat();
        prop_assert!(decide(&combining, &with_more, stage).effect >= before);
    }

    #[test]
    fn a_fault_is_never_outvoted(
        combining in combining(), outcomes in vec(outcome(), 0..6), stage in stage(),
    ) {
        prop_assume!(combining.rule != Rule::FirstApplicable);
        let decision = decide(&combining, &[outcomes, vec![fault()]].concat(), stage);
        prop_assert!(decision.effect >= Effect::Withhold);
    }

    /// Under first-applicable what follows the first opinion does not matter.
    #[test]
    fn the_first_opinion_decides(
        combining in combining(), first in outcome(), rest in vec(outcome(), 0..4), stage in stage(),
    ) {
        let combining = Combining { rule: Rule::FirstApplicable, ..combining };
        let is_mute = matches!(first, Outcome::Skipped(_))
            || first == verdict(VerdictKind::Abstain);
        prop_assume!(!is_mute);
        let alone = decide(&combining, std::slice::from_ref(&first), stage);
        let with_rest = decide(&combining, &[vec![first], rest].concat(), stage);
        prop_assert_eq!(alone, with_rest);
    }

    /// What says that there is an answer has one that the stage can take, whole.
    #[test]
    fn an_answer_is_one_that_the_stage_takes(
        combining in combining(), outcomes in vec(outcome(), 0..6), stage in stage(),
    ) {
        let decision = decide(&combining, &outcomes, stage);
        let takes = matches!(stage.answer(decision.effect), Answer::Body | Answer::BodyDisputed);
        prop_assert_eq!(decision.no_answer.is_none(), takes);
        prop_assert_eq!(
            decision.approval_stage.is_some(),
            takes && decision.effect == Effect::RequireApproval
        );
        if let Some(joined) = &decision.approval_stage {
            prop_assert_eq!(joined.check(Profile::V1), Ok(()));
        }
        prop_assert!(decision.detail.chars().count() <= DETAIL_LIMIT);
    }
}

#[test]
fn a_detail_is_clean_and_capped() {
    let long = "ä".repeat(2 * DETAIL_LIMIT);
    assert_eq!(
        detail_text([long.as_str()].into_iter()).chars().count(),
        DETAIL_LIMIT
    );
    assert_eq!(
        detail_text(["a\u{0}\r\nb", "", "  ", "a  b", "c", "c"].into_iter()),
        "a  b; c"
    );
}
