//! Decides by policies in Cedar, which stand in its settings.

mod approval;
mod policies;
mod request;

use admit_policy::{Callout, Policy, Reason, Settings, Verdict, policy};
use cedar_policy::{Authorizer, Decision, Response};
use serde_json::Value;

use crate::{
    policies::{Policies, Says},
    request::{Asked, Fact, Principal},
};

/// Most reasons that a verdict holds: its own and 16 notes.
const REASONS: usize = 17;

/// The policy: policies in Cedar, and what they say.
pub struct Cedar {
    policies: Policies,
    principal: Principal,
    facts: Vec<Fact>,
    /// What to say when no policy permits and none forbids.
    when_nothing_permits: fn(&'static str, &'static str) -> Verdict,
}

impl Policy for Cedar {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let document: Value = serde_json::from_str(&settings.document())
            .map_err(|error| settings.error("", &error.to_string()))?;
        let cedar = Self {
            principal: match settings.text("/principal").as_deref() {
                None | Some("requestor") => Principal::Requestor,
                Some("target") => Principal::Target,
                Some(_) => return Err(settings.error("/principal", "not `requestor` or `target`")),
            },
            facts: request::facts(settings)?,
            when_nothing_permits: match settings.text("/when-nothing-permits").as_deref() {
                None | Some("deny") => Verdict::deny,
                Some("abstain") => Verdict::abstain,
                Some(_) => {
                    let problem = "not `deny` or `abstain`";
                    return Err(settings.error("/when-nothing-permits", problem));
                }
            },
            policies: Policies::read(settings, &document)?,
        };
        // On a callout that is made up, so that what Cedar makes on first use is there. What comes of
        // it does not matter.
        cedar.ask(&Asked::made_up(cedar.principal)?);
        Ok(cedar)
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        let response = self.ask(&Asked::of(callout, self.principal, &self.facts)?);
        // Cedar passes over a policy that fails; one that forbids would let the request through.
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(self.policies.told(error));
        }
        let mut said: Vec<_> = (response.diagnostics().reason())
            .filter_map(|id| self.policies.says(id))
            .collect();
        if said.is_empty() {
            return Ok((self.when_nothing_permits)(
                "nothing-permits",
                "No policy permits the request.",
            ));
        }
        said.sort_by_key(|says| says.order);
        match response.decision() {
            Decision::Allow => self.permit(&said),
            Decision::Deny => Ok(forbid(&said)),
        }
    }
}

policy!(Cedar);

impl Cedar {
    fn ask(&self, asked: &Asked) -> Response {
        Authorizer::new().is_authorized(&asked.request, &self.policies.set, &asked.entities)
    }

    /// Approves, or asks for the approval stage that a policy names.
    fn permit(&self, said: &[&Says]) -> Result<Verdict, String> {
        let mut named: Option<&Says> = None;
        for says in said {
            match (says.approval.as_deref(), named) {
                (Some(name), Some(before)) if before.approval.as_deref() != Some(name) => {
                    return Err(format!(
                        "`{}` and `{}` ask for different approval stages",
                        before.name, says.name
                    ));
                }
                (Some(_), None) => named = Some(says),
                _ => {}
            }
        }
        let Some(named) = named else {
            return Ok(reasoned(Verdict::approve, said));
        };
        let stage = named.approval.as_ref();
        let stage = stage.and_then(|name| self.policies.approvals.get(name));
        let stage = stage.ok_or_else(|| format!("`{}`: no such approval stage", named.name))?;
        let said: Vec<_> = (said.iter().copied())
            .filter(|says| says.approval.is_some())
            .collect();
        Ok(reasoned(
            |code: String, detail: String| Verdict::require_approval(code, detail, stage.clone()),
            &said,
        ))
    }
}

/// Denies, or cancels where all that forbid say so.
fn forbid(said: &[&Says]) -> Verdict {
    let denials: Vec<_> = (said.iter().copied())
        .filter(|says| !says.cancels)
        .collect();
    if denials.is_empty() {
        reasoned(Verdict::cancel, said)
    } else {
        reasoned(Verdict::deny, &denials)
    }
}

/// A verdict with the reasons of the policies that determine it. There is at least one.
fn reasoned(verdict: impl FnOnce(String, String) -> Verdict, said: &[&Says]) -> Verdict {
    let mut reasons = said.iter().take(REASONS);
    let first = reasons.next();
    let mut verdict = verdict(
        first.map(|says| says.code.clone()).unwrap_or_default(),
        first.map(|says| says.detail.clone()).unwrap_or_default(),
    );
    verdict.notes = reasons
        .map(|says| Reason {
            code: says.code.clone().into(),
            detail: says.detail.clone().into(),
        })
        .collect();
    verdict
}
