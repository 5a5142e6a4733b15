//! Who asks and who gets access: neither may be the only approver.

use admit_policy::{Approver, ApproverKind, Callout, guid};

/// The requestor and the target.
pub(crate) struct Parties {
    object_ids: Vec<String>,
    /// Whether each of them has an object id. Whoever has none might be any user.
    known: bool,
}

impl Parties {
    /// Reads both, or says who is not named: code and sentence of the denial.
    pub(crate) fn of(callout: &Callout) -> Result<Self, (&'static str, &'static str)> {
        let mut parties = Self {
            object_ids: Vec::new(),
            known: true,
        };
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
            let named = match subject.object_id().filter(|id| !id.is_empty()) {
                Some(id) => guid(&id).map(|id| parties.object_ids.push(id)),
                None => {
                    parties.known = false;
                    subject.id().and_then(|id| guid(&id)).map(drop)
                }
            };
            if named.is_none() {
                return Err((code, detail));
            }
        }
        Ok(parties)
    }

    /// Whether each of them has an object id, which users can be compared with.
    pub(crate) fn are_known(&self) -> bool {
        self.known
    }

    /// Those of the approvers who neither ask nor get access, as far as one can see.
    pub(crate) fn others(&self, approvers: &[Approver]) -> Vec<Approver> {
        approvers
            .iter()
            .filter(|approver| match &approver.kind {
                ApproverKind::User(id) => self.known && !self.object_ids.contains(id),
                _ => true,
            })
            .cloned()
            .collect()
    }
}
