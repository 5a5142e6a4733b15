//! Looks up who approves a request by an attribute of the person or by an answer.

mod approval;
mod parties;
mod record;

use admit_policy::{Approver, Callout, Policy, Settings, Verdict, guid, policy};

use crate::{approval::Approval, parties::Parties};

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

/// The value and who approves for it, or the code and the sentence of why nobody does.
type Found = Result<(String, Vec<Approver>), (&'static str, &'static str)>;

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
        let parties = match Parties::of(callout) {
            Ok(parties) => parties,
            Err((code, detail)) => return Ok(Verdict::deny(code, detail)),
        };
        let (code, detail, primary) = match self.find(callout, &parties)? {
            Ok((value, primary)) => (
                "approvers-found",
                ["Approvers of \"", &value, "\"."].concat(),
                primary,
            ),
            Err((code, why)) => {
                let fallback = parties.others(&self.approval.fallback);
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
    /// The value and who approves for it, or why the fallback is asked. A record that cannot be
    /// read is an error.
    fn find(&self, callout: &Callout, parties: &Parties) -> Result<Found, String> {
        let Some(value) = self.value(callout) else {
            return Ok(Err((
                "fallback-no-value",
                "There is nothing to look approvers up by.",
            )));
        };
        let named = record::approvers(callout, &value)?;
        let left = parties.others(&named);
        Ok(if !left.is_empty() {
            Ok((value, left))
        } else if named.is_empty() {
            Err(("fallback-no-approvers", "No approvers are known."))
        } else if parties.are_known() {
            Err((
                "fallback-same-person",
                "The approvers are who asks or who gets access.",
            ))
        } else {
            Err((
                "fallback-person-unknown",
                "It cannot be told whether the approvers are who asks or who gets access.",
            ))
        })
    }

    /// The value to look approvers up by, without blanks around it.
    fn value(&self, callout: &Callout) -> Option<String> {
        let value = match &self.key {
            Key::Attribute(pointer) => {
                let target = guid(&callout.target().object_id()?)?;
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
