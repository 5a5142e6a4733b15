//! The record of who approves for a value.

use admit_policy::{Approver, Callout, Fact, group, user};

/// Everyone whom the record names; nobody where there is none.
pub(crate) fn approvers(callout: &Callout, value: &str) -> Vec<Approver> {
    let record = callout.fact("approvers", value);
    let mut approvers: Vec<_> = ids(&record, "/users").map(user).collect();
    approvers.extend(ids(&record, "/groups").map(group));
    approvers
}

/// The ids of a list.
fn ids(record: &Fact, list: &str) -> impl Iterator<Item = String> {
    (0..record.count(list).unwrap_or(0))
        .filter_map(move |index| record.guid(&[list, "/", &index.to_string()].concat()))
}
