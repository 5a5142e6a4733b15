"""The approval stage of a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, replace


@dataclass(frozen=True)
class Approver:
    """Someone who may approve. Made by `user`, `group`, `manager` and their like."""

    kind: str
    """Who, such as `user` or `target_manager`."""
    who: str | int | None = None
    """An id or a membership rule, or how many levels up a manager is."""
    description: str = ""
    """For people; may be empty. Only approvers that are named by an id or a rule carry it."""

    def __post_init__(self) -> None:
        expected = str if self.kind in _NAMED else int if self.kind in _MANAGERS else type(None)
        if self.kind not in _KINDS or type(self.who) is not expected:
            raise TypeError(f"no approver: {self.kind} {self.who!r}")
        if isinstance(self.who, int):
            _unsigned("the level of a manager", self.who)
        if not isinstance(self.description, str):
            raise TypeError(f"the description of an approver is a text, not {self.description!r}")

    def described(self, description: str) -> Approver:
        """This approver, and for people who this is.

        Kept only for approvers that are named by an id or a rule: the contract has no description
        for managers, sponsors and owners.
        """
        return replace(self, description=description)


_NAMED = {
    "user",
    "group",
    "connected_organization",
    "service_principal",
    "attribute_rule_members",
}
_MANAGERS = {"manager", "target_manager"}
_KINDS = {
    *_NAMED,
    *_MANAGERS,
    "internal_sponsors",
    "external_sponsors",
    "target_user_sponsors",
    "target_agent_identity_sponsors_or_owners",
    "target_application_owners",
}


@dataclass(frozen=True)
class ApprovalStage:
    """Who must approve, and by when: Graph's `accessPackageApprovalStage`.

        ApprovalStage(
            primary=[manager(1)],
            fallback_primary=[user("0a000001-0004-400b-a011-2ac39fe6a35d").described("Duty officer")],
            deny_after=days(2),
            require_justification=True,
        )

    It needs at least one primary approver. Escalation needs both an escalation approver and
    `escalate_after`, less than `deny_after`. At most 100 approvers a list. A stage that is not
    whole is a fault.
    """

    _: KW_ONLY
    primary: Iterable[Approver]
    """Who is asked first. One approval suffices."""
    deny_after: int
    """Seconds after which the request is denied when nobody has decided: see `days`."""
    fallback_primary: Iterable[Approver] = ()
    """Who is asked when no primary approver exists, such as a missing manager."""
    escalation: Iterable[Approver] = ()
    """Who is asked when the primary approvers do not decide in time."""
    fallback_escalation: Iterable[Approver] = ()
    """Who is asked when no escalation approver exists."""
    escalate_after: int | None = None
    """Seconds after which the escalation approvers are asked: see `hours`."""
    require_justification: bool = False
    """Whether approvers must give a reason."""

    def __post_init__(self) -> None:
        for name in ("primary", "fallback_primary", "escalation", "fallback_escalation"):
            approvers = getattr(self, name)
            if isinstance(approvers, Approver):
                raise TypeError(f"`{name}` is a list of approvers, not one approver")
            approvers = tuple(approvers)
            for approver in approvers:
                if not isinstance(approver, Approver):
                    raise TypeError(f"`{name}` has {approver!r}, which is no approver")
            # Kept as it was given: what is changed afterwards does not count.
            object.__setattr__(self, name, approvers)
        _unsigned("`deny_after`", self.deny_after)
        if self.escalate_after is not None:
            _unsigned("`escalate_after`", self.escalate_after)
        if not isinstance(self.require_justification, bool):
            raise TypeError("`require_justification` is True or False")


def _unsigned(what: str, value: object) -> None:
    """Checks what the contract takes as an unsigned number."""
    if type(value) is not int:
        raise TypeError(f"{what} is a number without fraction, not {value!r}")
    if not 0 <= value < 2**32:
        raise ValueError(f"{what} of {value}")


def user(id: str) -> Approver:
    """A user, by the GUID of the directory object."""
    return Approver("user", id)


def group(id: str) -> Approver:
    """The members of a group, by the GUID of the directory object."""
    return Approver("group", id)


def connected_organization(id: str) -> Approver:
    """The members of a connected organization, by its GUID."""
    return Approver("connected_organization", id)


def service_principal(id: str) -> Approver:
    """A service principal, by the GUID of the directory object. In the beta profile a fault."""
    return Approver("service_principal", id)


def attribute_rule_members(rule: str) -> Approver:
    """Everyone whom a membership rule selects."""
    return Approver("attribute_rule_members", rule)


def manager(level: int) -> Approver:
    """The requestor's manager, so many levels up, 1 to 100; 1 is the direct manager."""
    return Approver("manager", level)


def target_manager(level: int) -> Approver:
    """The target's manager, so many levels up, 1 to 100. In the beta profile a fault."""
    return Approver("target_manager", level)


def internal_sponsors() -> Approver:
    """The internal sponsors of the requestor's connected organization."""
    return Approver("internal_sponsors")


def external_sponsors() -> Approver:
    """The external sponsors of the requestor's connected organization."""
    return Approver("external_sponsors")


def target_user_sponsors() -> Approver:
    """The sponsors of the user who gets access."""
    return Approver("target_user_sponsors")


def target_agent_identity_sponsors_or_owners() -> Approver:
    """The sponsors or owners of the agent identity that gets access."""
    return Approver("target_agent_identity_sponsors_or_owners")


def target_application_owners() -> Approver:
    """The owners of the application that gets access. In the beta profile a fault."""
    return Approver("target_application_owners")


def minutes(count: int) -> int:
    """So many minutes in seconds."""
    return count * 60


def hours(count: int) -> int:
    """So many hours in seconds."""
    return count * 60 * 60


def days(count: int) -> int:
    """So many days of 24 hours in seconds."""
    return count * 24 * 60 * 60
