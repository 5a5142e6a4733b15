//! The record of who approves for a value.

use admit_policy::{Approver, Callout, group, user};

/// Everyone whom the record names; nobody where there is none. A record without lists is an error:
/// what it leaves out is not known.
pub(crate) fn approvers(callout: &Callout, value: &str) -> Result<Vec<Approver>, String> {
    let record = callout.fact("approvers", value);
    let (users, groups) = (record.guids("/users")?, record.guids("/groups")?);
    if users.is_none() && groups.is_none() && record.exists() {
        return Err("the fact `approvers`: a record with neither `users` nor `groups`".into());
    }
    let users = users.into_iter().flatten().map(user);
    let groups = groups.into_iter().flatten().map(group);
    Ok(users.chain(groups).collect())
}
