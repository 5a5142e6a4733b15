"""What a policy answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from admit_policy._approval import ApprovalStage


class Effect(Enum):
    """Which answer a policy gives."""

    ABSTAIN = "abstain"
    """No opinion about this callout."""
    APPROVE = "approve"
    """Nothing stands against it: processing goes on. It does not replace human approvers."""
    REQUIRE_APPROVAL = "require_approval"
    """The request needs an approval stage."""
    DENY = "deny"
    """The request is refused."""
    CANCEL = "cancel"
    """The request is called off: not refused on its merits, may be made again."""


@dataclass(frozen=True)
class Reason:
    """A reason with a code for programs, `[a-z0-9-]{1,64}`, and a detail for people.

    The detail may be empty, has at most 16 KiB, and may be shown to approvers: no secrets.
    """

    code: str
    detail: str = ""

    def __post_init__(self) -> None:
        for text in (self.code, self.detail):
            if not isinstance(text, str):
                raise TypeError(f"the code and detail of a reason are texts, not {text!r}")
            text.encode()  # raises where there is half a character, which cannot be told


@dataclass(frozen=True)
class Verdict:
    """The one answer of a policy to one callout. Plain data: a unit test compares whole verdicts.

    Made by `abstain`, `approve`, `require_approval`, `deny` and `cancel`.
    """

    effect: Effect
    """Which answer."""
    reason: Reason
    """Why."""
    notes: tuple[Reason, ...] = ()
    """Further reasons, for the report. At most 16."""
    approval_stage: ApprovalStage | None = None
    """With `require_approval`, and never without."""

    def __post_init__(self) -> None:
        wanted = self.effect is Effect.REQUIRE_APPROVAL
        if not (
            isinstance(self.effect, Effect)
            and isinstance(self.reason, Reason)
            and all(isinstance(note, Reason) for note in self.notes)
            and isinstance(self.approval_stage, ApprovalStage) == wanted
        ):
            raise TypeError("a verdict is made by approve, deny, cancel, abstain, require_approval")
        global _weightiest
        if _WEIGHTS[self.effect] > _WEIGHTS[_weightiest]:
            _weightiest = self.effect

    def note(self, code: str, detail: str = "") -> Verdict:
        """This verdict with a further reason, for the report. At most 16."""
        return replace(self, notes=(*self.notes, Reason(code, detail)))


_WEIGHTS = {
    Effect.ABSTAIN: 0,
    Effect.APPROVE: 0,
    Effect.REQUIRE_APPROVAL: 1,
    Effect.DENY: 2,
    Effect.CANCEL: 2,
}
"""How much effects weigh: what is returned must not weigh less than what was made."""

_weightiest = Effect.ABSTAIN
"""The effect that weighs most of those made since the evaluation began."""


def begin() -> None:
    """Forgets what was made before."""
    global _weightiest
    _weightiest = Effect.ABSTAIN


def forgotten(returned: Verdict) -> Effect | None:
    """The effect of a verdict that was made, and weighs more than the one returned."""
    return _weightiest if _WEIGHTS[_weightiest] > _WEIGHTS[returned.effect] else None


def abstain(code: str, detail: str = "") -> Verdict:
    """This policy has no opinion about this callout."""
    return Verdict(Effect.ABSTAIN, Reason(code, detail))


def approve(code: str, detail: str = "") -> Verdict:
    """Nothing stands against it: processing goes on."""
    return Verdict(Effect.APPROVE, Reason(code, detail))


def require_approval(code: str, detail: str, stage: ApprovalStage) -> Verdict:
    """The request needs this approval stage.

    Only at the stage `assignmentRequestDeterminingApprovalRequirements`; anywhere else this is a
    fault.
    """
    return Verdict(Effect.REQUIRE_APPROVAL, Reason(code, detail), approval_stage=stage)


def deny(code: str, detail: str = "") -> Verdict:
    """The request is refused."""
    return Verdict(Effect.DENY, Reason(code, detail))


def cancel(code: str, detail: str = "") -> Verdict:
    """The request is called off: not refused on its merits, may be made again."""
    return Verdict(Effect.CANCEL, Reason(code, detail))
