//! Lets only the direct manager ask for someone else.

use admit_policy::{Callout, Policy, RequestType, Settings, Verdict, guid, policy};

/// The policy: which requests are judged.
pub struct ManagerOnly {
    judge_admin_requests: bool,
}

impl Policy for ManagerOnly {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let judge_admin_requests = match settings.text("/admin-requests").as_deref() {
            None | Some("abstain") => false,
            Some("judge") => true,
            Some(_) => return Err(settings.error("/admin-requests", "neither abstain nor judge")),
        };
        Ok(Self {
            judge_admin_requests,
        })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        match callout.request_type() {
            Some(RequestType::UserAdd | RequestType::UserUpdate | RequestType::OnBehalfAdd) => {}
            Some(
                RequestType::AdminAdd
                | RequestType::AdminUpdate
                | RequestType::SystemAdd
                | RequestType::SystemUpdate,
            ) => {
                if !self.judge_admin_requests {
                    return Ok(Verdict::abstain("admin-request", ""));
                }
            }
            // Nobody gets access by it, and a denial would leave access in place.
            Some(
                RequestType::UserRemove
                | RequestType::AdminRemove
                | RequestType::SystemRemove
                | RequestType::ApproverRemove,
            ) => return Ok(Verdict::abstain("removal", "")),
            Some(RequestType::NotSpecified | RequestType::Other(_)) | None => {
                return Ok(Verdict::deny(
                    "request-type-unknown",
                    "The request is of a kind that is not known.",
                ));
            }
        }
        Ok(judge(callout))
    }
}

policy!(ManagerOnly);

fn judge(callout: &Callout) -> Verdict {
    let requestor = some(callout.requestor().object_id());
    let target = some(callout.target().object_id());
    let own = match (&requestor, &target) {
        // People from outside have no object id before their first access.
        (None, None) => same(
            callout.requestor().id().as_deref(),
            callout.target().id().as_deref(),
        ),
        (requestor, target) => same(requestor.as_deref(), target.as_deref()),
    };
    if own {
        return Verdict::abstain("own-request", "");
    }
    let Some(requestor) = requestor.and_then(|id| guid(&id)) else {
        return Verdict::deny("no-requestor", "The request does not say who asks.");
    };
    let Some(target) = target.and_then(|id| guid(&id)) else {
        return Verdict::deny("no-target", "The request does not say who gets access.");
    };
    match callout.fact("people", &target).guid("/manager") {
        Some(manager) if manager == requestor => Verdict::approve("direct-manager", ""),
        Some(_) => Verdict::deny(
            "not-the-manager",
            "Only the direct manager may ask for someone else.",
        ),
        None => Verdict::deny(
            "manager-unknown",
            "Only the direct manager may ask for someone else, and none is known.",
        ),
    }
}

/// Whether two ids name the same. One that is not a GUID names nobody.
fn same(one: Option<&str>, other: Option<&str>) -> bool {
    let one = one.and_then(guid);
    one.is_some() && one == other.and_then(guid)
}

/// An id that is there.
fn some(id: Option<String>) -> Option<String> {
    id.filter(|id| !id.is_empty())
}
