//! Bodies of the resume action, of any kind that Graph's schema has.

use admit::{
    Stage,
    model::graph::{
        AccessPackageApprovalStage, AccessPackageAssignmentRequestCallbackData,
        AssignmentRequestApprovalStageCallbackData, AttributeRuleMembers,
        ConnectedOrganizationMembers, CustomExtensionCallbackData, GroupMembers, InternalSponsors,
        RequestorManager, ResumeBody, SingleServicePrincipal, SingleUser, SubjectSet,
        TargetApplicationOwners, TargetManager,
    },
};
use proptest::{collection::vec, prelude::*, sample::select};

use super::value::{duration, id, maybe, named, number, other, text};

/// A body, well-formed, not necessarily one that the service takes.
pub fn resume_body() -> impl Strategy<Value = ResumeBody> {
    (maybe(text()), maybe(text()), maybe(data()), other()).prop_map(
        |(source, kind, data, other)| ResumeBody {
            source,
            kind,
            data,
            other,
        },
    )
}

fn data() -> impl Strategy<Value = CustomExtensionCallbackData> {
    let members = || {
        (
            maybe(select(Stage::ALL.to_vec())),
            maybe(text()),
            maybe(text()),
            maybe(text()),
            other(),
        )
    };
    prop_oneof![
        members().prop_map(|(stage, instance, detail, state, other)| {
            AccessPackageAssignmentRequestCallbackData {
                stage: stage.map(Into::into),
                custom_extension_stage_instance_id: instance,
                custom_extension_stage_instance_detail: detail,
                state,
                other,
            }
            .into()
        }),
        (members(), maybe(stage())).prop_map(|(members, approval_stage)| {
            let (stage, instance, detail, state, other) = members;
            AssignmentRequestApprovalStageCallbackData {
                stage: stage.map(Into::into),
                custom_extension_stage_instance_id: instance,
                custom_extension_stage_instance_detail: detail,
                state,
                approval_stage,
                other,
            }
            .into()
        }),
    ]
}

fn stage() -> impl Strategy<Value = AccessPackageApprovalStage> {
    let list = || maybe(vec(subject_set(), 0..3));
    let flags = (maybe(any::<bool>()), maybe(any::<bool>()));
    let durations = (maybe(duration()), maybe(duration()));
    let visibility = maybe(named(&["default", "notVisible", "visible"]));
    (
        durations,
        flags,
        (list(), list(), list(), list()),
        visibility,
        other(),
    )
        .prop_map(
            |(durations, flags, lists, approver_information_visibility, other)| {
                AccessPackageApprovalStage {
                    duration_before_automatic_denial: durations.0,
                    is_approver_justification_required: flags.0,
                    is_escalation_enabled: flags.1,
                    duration_before_escalation: durations.1,
                    primary_approvers: lists.0,
                    fallback_primary_approvers: lists.1,
                    escalation_approvers: lists.2,
                    fallback_escalation_approvers: lists.3,
                    approver_information_visibility,
                    other,
                }
            },
        )
}

fn subject_set() -> impl Strategy<Value = SubjectSet> {
    let members = (
        maybe(id()),
        maybe(text()),
        maybe(number()),
        maybe(any::<bool>()),
        other(),
    );
    (0..8, members).prop_map(
        |(kind, (id, description, manager_level, is_backup, other))| match kind {
            0 => SingleUser {
                user_id: id,
                description,
                is_backup,
                other,
            }
            .into(),
            1 => GroupMembers {
                group_id: id,
                description,
                is_backup,
                other,
            }
            .into(),
            2 => ConnectedOrganizationMembers {
                connected_organization_id: id,
                description,
                is_backup,
                other,
            }
            .into(),
            3 => SingleServicePrincipal {
                service_principal_id: id,
                description,
                other,
            }
            .into(),
            4 => AttributeRuleMembers {
                membership_rule: id,
                description,
                is_backup,
                other,
            }
            .into(),
            5 => RequestorManager {
                manager_level,
                is_backup,
                other,
            }
            .into(),
            6 => TargetManager {
                manager_level,
                other,
            }
            .into(),
            _ if is_backup.is_some() => InternalSponsors { is_backup, other }.into(),
            _ => TargetApplicationOwners { other }.into(),
        },
    )
}
