"""How a verdict reaches the host."""

from __future__ import annotations

from enum import Enum

from admit_policy import _host
from admit_policy._approval import ApprovalStage, Approver
from admit_policy._verdict import Verdict


class ApproverList(Enum):
    """Which list an approver belongs to, in the contract's order."""

    PRIMARY = 0
    FALLBACK_PRIMARY = 1
    ESCALATION = 2
    FALLBACK_ESCALATION = 3


def tell(verdict: Verdict) -> None:
    """Tells the host."""
    reason = verdict.reason
    _host.call("verdict", verdict.effect.value, reason.code, reason.detail)
    if verdict.approval_stage:
        _tell_stage(verdict.approval_stage)
    for note in verdict.notes:
        _host.call("verdict", "note", note.code, note.detail)


def _tell_stage(stage: ApprovalStage) -> None:
    _host.call("approval_stage", "deny_after", stage.deny_after)
    if stage.escalate_after is not None:
        _host.call("approval_stage", "escalate_after", stage.escalate_after)
    if stage.require_justification:
        _host.call("approval_stage", "require_justification")
    for to, approvers in (
        (ApproverList.PRIMARY, stage.primary),
        (ApproverList.FALLBACK_PRIMARY, stage.fallback_primary),
        (ApproverList.ESCALATION, stage.escalation),
        (ApproverList.FALLBACK_ESCALATION, stage.fallback_escalation),
    ):
        for approver in approvers:
            _add(to, approver)


def _add(to: ApproverList, approver: Approver) -> None:
    arguments: list[object] = [to]
    if approver.who is not None:
        arguments.append(approver.who)
    if isinstance(approver.who, str):
        arguments.append(approver.description)
    _host.call("approval_stage", f"add_{approver.kind}", *arguments)
