//! What policies say, and how it combines.

use admit::{
    ApprovalStage, Approver, ApproverKind, ApproverList, Combining, Fault, FaultKind,
    JoinApprovers, OnFault, Outcome, Reason, Rule, Skip, Verdict, VerdictKind, WhenSilent,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::value::{guid, text};

/// How a set combines.
pub fn combining() -> impl Strategy<Value = Combining> {
    let silent = select(vec![
        WhenSilent::Deny,
        WhenSilent::Approve,
        WhenSilent::Withhold,
    ]);
    let fault = select(vec![OnFault::Deny, OnFault::Withhold]);
    let join = select(vec![JoinApprovers::Refuse, JoinApprovers::Union]);
    (select(Rule::ALL.to_vec()), silent, fault, join).prop_map(
        |(rule, when_silent, on_fault, join_approvers)| Combining {
            rule,
            when_silent,
            on_fault,
            join_approvers,
        },
    )
}

/// What came of several policies.
pub fn outcomes() -> impl Strategy<Value = Vec<Outcome>> {
    vec(outcome(), 0..5)
}

/// What came of one policy.
pub fn outcome() -> impl Strategy<Value = Outcome> {
    let kind = prop_oneof![
        1 => Just(VerdictKind::Abstain),
        2 => Just(VerdictKind::Approve),
        1 => Just(VerdictKind::Cancel),
        1 => Just(VerdictKind::Deny),
        2 => approval_stage().prop_map(|stage| VerdictKind::RequireApproval(Box::new(stage))),
    ];
    let reason = || ("[a-z0-9-]{1,64}", text()).prop_map(|(code, detail)| Reason { code, detail });
    let fault = (select(FaultKind::ALL.to_vec()), text())
        .prop_map(|(kind, detail)| Outcome::Fault(Fault { kind, detail }));
    prop_oneof![
        8 => (kind, reason(), vec(reason(), 0..3)).prop_map(|(kind, reason, notes)| {
            Outcome::Verdict(Verdict { kind, reason, notes })
        }),
        1 => fault,
        1 => select(vec![Skip::Stage, Skip::Decided]).prop_map(Outcome::Skipped),
    ]
}

/// An approval stage that the service can take in either profile.
pub fn approval_stage() -> impl Strategy<Value = ApprovalStage> {
    let approver = || {
        (0..9, guid(), 1..=ApprovalStage::MAX_LEVEL, text()).prop_map(
            |(kind, id, level, description)| Approver {
                kind: match kind {
                    0 => ApproverKind::User(id),
                    1 => ApproverKind::Group(id),
                    2 => ApproverKind::ConnectedOrganization(id),
                    3 => ApproverKind::AttributeRule(format!("user.department -eq \"{id}\"")),
                    4 => ApproverKind::Manager(level),
                    5 => ApproverKind::InternalSponsors,
                    6 => ApproverKind::ExternalSponsors,
                    7 => ApproverKind::TargetUserSponsors,
                    _ => ApproverKind::TargetAgentIdentitySponsorsOrOwners,
                },
                description,
            },
        )
    };
    let times = (
        2..=ApprovalStage::MAX_SECONDS,
        option::of(any::<u32>()),
        any::<bool>(),
    );
    let lists = (
        vec(approver(), 1..4),
        vec(approver(), 0..2),
        vec(approver(), 1..3),
    );
    (times, lists, vec(approver(), 0..2)).prop_map(|((deny_after, escalate, asks), lists, last)| {
        let mut stage = ApprovalStage {
            deny_after,
            require_justification: asks,
            escalate_after: escalate.map(|seconds| 1 + seconds % (deny_after - 1)),
            ..ApprovalStage::default()
        };
        let mut add = |list: ApproverList, approvers: Vec<Approver>| {
            for approver in approvers {
                stage
                    .add(list, approver)
                    .unwrap_or_else(|problem| panic!("{problem}"));
            }
        };
        add(ApproverList::Primary, lists.0);
        add(ApproverList::FallbackPrimary, lists.1);
        if escalate.is_some() {
            add(ApproverList::Escalation, lists.2);
            add(ApproverList::FallbackEscalation, last);
        }
        stage
    })
}
