//! Looks up who approves a request by an attribute of the person or by an answer.

mod approval;
mod record;

use admit_policy::{Approver, Callout, Policy, Settings, Subject, Verdict, policy};

use crate::approval::Approval;

/// Longest value to look approvers up by, in bytes. It bounds what a requestor can have shown to
/// approvers.
const MAX_VALUE: usize = 200;

/// The policy: what to look approvers up by, and how they are asked.
pub struct ApproverByFact {
    key: Key,
    approval: Approval,
}

/// Where the value comes from that approvers are looked up by.
enum Key {
    /// A place in the record of who gets access.
    Attribute(String),
    /// The id or the text of a question.
    Question(String),
}

impl Policy for ApproverByFact {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let key = match (settings.text("/attribute"), settings.text("/question")) {
            (Some(attribute), None) if attribute.starts_with('/') => Key::Attribute(attribute),
            (Some(_), None) => {
                return Err(settings.error("/attribute", "not a JSON pointer, such as /costCenter"));
            }
            (None, Some(question)) => Key::Question(question),
            _ => return Err(settings.error("", "needs `attribute` or `question`, one of them")),
        };
        Ok(Self {
            key,
            approval: Approval::new(settings)?,
        })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        let parties = match parties(callout) {
            Ok(parties) => parties,
            Err((code, detail)) => return Ok(Verdict::deny(code, detail)),
        };
        let (code, detail, primary) = match self.find(callout, &parties) {
            Ok((value, primary)) => (
                "approvers-found",
                ["Approvers of \"", &value, "\"."].concat(),
                primary,
            ),
            Err((code, why)) => {
                let fallback = approval::others(&self.approval.fallback, &parties);
                if !approval::names_someone(&fallback) {
                    return Ok(Verdict::deny(
                        "no-approver",
                        [why, " The fallback names nobody else."].concat(),
                    ));
                }
                (code, [why, " The fallback is asked."].concat(), fallback)
            }
        };
        let stage = self.approval.by(primary, &parties);
        Ok(Verdict::require_approval(code, detail, stage))
    }
}

policy!(ApproverByFact);

impl ApproverByFact {
    /// The value and who approves for it, or why the fallback is asked.
    fn find(
        &self,
        callout: &Callout,
        parties: &[String],
    ) -> Result<(String, Vec<Approver>), (&'static str, &'static str)> {
        let value = self.value(callout).ok_or((
            "fallback-no-value",
            "There is nothing to look approvers up by.",
        ))?;
        let named = record::approvers(callout, &value);
        if named.is_empty() {
            return Err(("fallback-no-approvers", "No approvers are known."));
        }
        let left = approval::others(&named, parties);
        if left.is_empty() {
            return Err((
                "fallback-same-person",
                "The approvers are who asks or who gets access.",
            ));
        }
        Ok((value, left))
    }

    /// The value to look approvers up by, without blanks around it.
    fn value(&self, callout: &Callout) -> Option<String> {
        let value = match &self.key {
            Key::Attribute(pointer) => {
                let target = object_id(callout.target())?;
                callout.fact("people", &target).text(pointer)
            }
            Key::Question(question) => callout
                .answers()
                .to(question)
                .and_then(|answer| answer.value()),
        };
        let value = value?.trim().to_owned();
        (!value.is_empty() && value.len() <= MAX_VALUE).then_some(value)
    }
}

/// The object ids of who asks and who gets access, or why they are not known: then one of them
/// might be asked to approve.
fn parties(callout: &Callout) -> Result<Vec<String>, (&'static str, &'static str)> {
    let mut ids = Vec::new();
    for (subject, code, detail) in [
        (
            callout.requestor(),
            "no-requestor",
            "The request does not say who asks.",
        ),
        (
            callout.target(),
            "no-target",
            "The request does not say who gets access.",
        ),
    ] {
        match object_id(subject) {
            Some(id) => ids.push(id),
            // Someone from outside who is not in the directory yet cannot be an approver.
            None if subject.id().is_some_and(|id| !id.is_empty()) => {}
            None => return Err((code, detail)),
        }
    }
    Ok(ids)
}

fn object_id(subject: Subject) -> Option<String> {
    subject.object_id().filter(|id| !id.is_empty())
}
