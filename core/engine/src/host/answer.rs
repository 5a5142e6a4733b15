//! A policy's answer: exactly one verdict, and the approval stage that may go with it.

use admit_model::{
    ApprovalStage, Approver, ApproverKind, ApproverList, Fault, FaultKind, Reason, Stage, Verdict,
    VerdictKind, code_is_valid,
};
use wasmtime::{
    StoreContextMut,
    component::{ComponentType, Lift},
};

use super::{Instance, State, fault, state::Evaluation};

/// Longest detail text, in bytes.
const DETAIL: usize = 16 * 1024;
/// Most notes.
const NOTES: usize = 16;

/// What a policy has said so far.
#[derive(Default)]
pub(crate) struct Draft {
    verdict: Option<(Effect, Reason)>,
    notes: Vec<Reason>,
    stage: Option<Box<ApprovalStage>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Abstain,
    Approve,
    RequireApproval,
    Deny,
    Cancel,
}

impl Effect {
    const ALL: [Self; 5] = [
        Self::Abstain,
        Self::Approve,
        Self::RequireApproval,
        Self::Deny,
        Self::Cancel,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Abstain => "abstain",
            Self::Approve => "approve",
            Self::RequireApproval => "require-approval",
            Self::Deny => "deny",
            Self::Cancel => "cancel",
        }
    }
}

impl Evaluation {
    /// The verdict, once `evaluate` has returned.
    pub(crate) fn verdict(&mut self) -> Result<Verdict, Fault> {
        let answer = |detail: String| Fault {
            kind: FaultKind::Answer,
            detail,
        };
        let Some((effect, reason)) = self.draft.verdict.take() else {
            return Err(answer("no verdict was given".into()));
        };
        let stage = self.draft.stage.take();
        let kind = match (effect, stage) {
            (Effect::RequireApproval, stage) => {
                let at = self.callout.stage();
                if !at.takes_approval_stage() {
                    return Err(Fault {
                        kind: FaultKind::Effect,
                        detail: format!(
                            "require-approval at {at}; only {} takes it",
                            Stage::AssignmentRequestDeterminingApprovalRequirements
                        ),
                    });
                }
                let stage = stage.unwrap_or_default();
                stage
                    .check(self.profile)
                    .map_err(|problem| answer(format!("require-approval with {problem}")))?;
                VerdictKind::RequireApproval(stage)
            }
            (effect, Some(_)) => {
                return Err(answer(format!(
                    "an approval stage together with {}",
                    effect.as_str()
                )));
            }
            (Effect::Abstain, None) => VerdictKind::Abstain,
            (Effect::Approve, None) => VerdictKind::Approve,
            (Effect::Deny, None) => VerdictKind::Deny,
            (Effect::Cancel, None) => VerdictKind::Cancel,
        };
        Ok(Verdict {
            kind,
            reason,
            notes: std::mem::take(&mut self.draft.notes),
        })
    }

    fn approval_stage(&mut self) -> &mut ApprovalStage {
        self.draft.stage.get_or_insert_default()
    }
}

fn reason(code: Box<str>, detail: Box<str>) -> wasmtime::Result<Reason> {
    if !code_is_valid(&code) {
        let shown: String = code.chars().take(80).collect();
        return Err(fault(
            FaultKind::Answer,
            format!("the code `{shown}` is not `[a-z0-9-]{{1,64}}`"),
        ));
    }
    if detail.len() > DETAIL {
        return Err(fault(
            FaultKind::Answer,
            format!("a detail of {} bytes; at most {DETAIL}", detail.len()),
        ));
    }
    Ok(Reason {
        code: code.into(),
        detail: detail.into(),
    })
}

type Store<'s> = StoreContextMut<'s, State>;

pub(super) fn link_verdict(instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    for effect in Effect::ALL {
        instance.func_wrap(
            effect.as_str(),
            move |mut store: Store<'_>, (code, detail): (Box<str>, Box<str>)| {
                let draft = &mut store.data_mut().evaluation()?.draft;
                let reason = reason(code, detail)?;
                if let Some((first, _)) = &draft.verdict {
                    return Err(fault(
                        FaultKind::Answer,
                        format!(
                            "a second verdict, {}, after {}",
                            effect.as_str(),
                            first.as_str()
                        ),
                    ));
                }
                draft.verdict = Some((effect, reason));
                Ok(())
            },
        )?;
    }
    instance.func_wrap(
        "note",
        |mut store: Store<'_>, (code, detail): (Box<str>, Box<str>)| {
            let draft = &mut store.data_mut().evaluation()?.draft;
            if draft.notes.len() == NOTES {
                return Err(fault(FaultKind::Answer, format!("more than {NOTES} notes")));
            }
            draft.notes.push(reason(code, detail)?);
            Ok(())
        },
    )
}

/// Which list an approver belongs to, as the contract has it.
#[derive(Clone, Copy, ComponentType, Lift)]
#[component(enum)]
#[repr(u8)]
#[expect(dead_code, reason = "made by lifting a guest's value")]
enum To {
    #[component(name = "primary")]
    Primary,
    #[component(name = "fallback-primary")]
    FallbackPrimary,
    #[component(name = "escalation")]
    Escalation,
    #[component(name = "fallback-escalation")]
    FallbackEscalation,
}

impl From<To> for ApproverList {
    fn from(to: To) -> Self {
        match to {
            To::Primary => Self::Primary,
            To::FallbackPrimary => Self::FallbackPrimary,
            To::Escalation => Self::Escalation,
            To::FallbackEscalation => Self::FallbackEscalation,
        }
    }
}

fn add(
    store: &mut Store<'_>,
    to: To,
    kind: ApproverKind,
    description: Box<str>,
) -> wasmtime::Result<()> {
    let evaluation = store.data_mut().evaluation()?;
    if description.len() > DETAIL {
        return Err(fault(
            FaultKind::Answer,
            format!(
                "an approver's description of {} bytes; at most {DETAIL}",
                description.len()
            ),
        ));
    }
    let approver = Approver {
        kind,
        description: description.into(),
    };
    evaluation
        .approval_stage()
        .add(to.into(), approver)
        .map_err(|problem| fault(FaultKind::Answer, problem.to_string()))
}

/// Name of a setter, and the kind of approver that it adds.
type Setter<T> = (&'static str, fn(T) -> ApproverKind);

pub(super) fn link_approval_stage(instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    instance.func_wrap("deny-after", |mut store: Store<'_>, (seconds,): (u32,)| {
        store.data_mut().evaluation()?.approval_stage().deny_after = seconds;
        Ok(())
    })?;
    instance.func_wrap(
        "escalate-after",
        |mut store: Store<'_>, (seconds,): (u32,)| {
            store
                .data_mut()
                .evaluation()?
                .approval_stage()
                .escalate_after = Some(seconds);
            Ok(())
        },
    )?;
    instance.func_wrap("require-justification", |mut store: Store<'_>, (): ()| {
        store
            .data_mut()
            .evaluation()?
            .approval_stage()
            .require_justification = true;
        Ok(())
    })?;

    let named: [Setter<String>; 5] = [
        ("add-user", ApproverKind::User),
        ("add-group", ApproverKind::Group),
        (
            "add-connected-organization",
            ApproverKind::ConnectedOrganization,
        ),
        ("add-service-principal", ApproverKind::ServicePrincipal),
        ("add-attribute-rule-members", ApproverKind::AttributeRule),
    ];
    for (name, kind) in named {
        instance.func_wrap(
            name,
            move |mut store: Store<'_>, (to, id, description): (To, Box<str>, Box<str>)| {
                if id.len() > DETAIL {
                    return Err(fault(
                        FaultKind::Answer,
                        format!("an approver's id or rule of {} bytes", id.len()),
                    ));
                }
                add(&mut store, to, kind(id.into()), description)
            },
        )?;
    }
    let leveled: [Setter<u32>; 2] = [
        ("add-manager", ApproverKind::Manager),
        ("add-target-manager", ApproverKind::TargetManager),
    ];
    for (name, kind) in leveled {
        instance.func_wrap(name, move |mut store: Store<'_>, (to, level): (To, u32)| {
            add(&mut store, to, kind(level), Box::default())
        })?;
    }
    let plain = [
        ("add-internal-sponsors", ApproverKind::InternalSponsors),
        ("add-external-sponsors", ApproverKind::ExternalSponsors),
        ("add-target-user-sponsors", ApproverKind::TargetUserSponsors),
        (
            "add-target-agent-identity-sponsors-or-owners",
            ApproverKind::TargetAgentIdentitySponsorsOrOwners,
        ),
        (
            "add-target-application-owners",
            ApproverKind::TargetApplicationOwners,
        ),
    ];
    for (name, kind) in plain {
        instance.func_wrap(name, move |mut store: Store<'_>, (to,): (To,)| {
            add(&mut store, to, kind.clone(), Box::default())
        })?;
    }
    Ok(())
}
