//! Chooses the approvers of a request by cost center or access package.

mod approval;
mod matcher;

use admit_policy::{ApprovalStage, Callout, Policy, Settings, Stage, Verdict, policy};

use crate::matcher::{Match, Matcher};

/// The policy: who approves which requests.
pub struct ApproverRouting {
    routes: Vec<Route>,
    default: Option<ApprovalStage>,
}

struct Route {
    name: String,
    matcher: Matcher,
    approval: ApprovalStage,
}

impl Policy for ApproverRouting {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let mut routes = Vec::new();
        for route in settings.items("/routes") {
            routes.push(Route {
                name: route
                    .text("/name")
                    .ok_or_else(|| route.error("", "a route needs a `name`"))?,
                matcher: Matcher::new(&route)?,
                approval: approval::read(&route)?,
            });
        }
        let default = match settings.count("/default") {
            Some(_) => Some(approval::read(&settings.at("/default"))?),
            None => None,
        };
        if routes.is_empty() && default.is_none() {
            return Err(settings.error(
                "",
                "neither a route nor a default, so no request could be answered",
            ));
        }
        Ok(Self { routes, default })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        if callout.stage() != Stage::AssignmentRequestDeterminingApprovalRequirements {
            return Ok(Verdict::abstain("other-stage", ""));
        }
        for route in &self.routes {
            match route.matcher.matches(callout) {
                Match::No => {}
                Match::Yes => {
                    return Ok(Verdict::require_approval(
                        "route",
                        ["Approvers of the route \"", &route.name, "\"."].concat(),
                        route.approval.clone(),
                    ));
                }
                // It might be one of them, and what comes after may be approved more easily.
                Match::Unknown => {
                    return Ok(Verdict::deny(
                        "no-package",
                        "The request names no access package.",
                    ));
                }
            }
        }
        Ok(match &self.default {
            Some(approval) => Verdict::require_approval(
                "default-route",
                "Approvers of the default route.",
                approval.clone(),
            ),
            None => Verdict::deny("no-route", "No route says who approves this request."),
        })
    }
}

policy!(ApproverRouting);
