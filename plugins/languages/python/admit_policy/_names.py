"""Names of Graph's enumerations, to compare with.

What is read is text in Graph's spelling. Microsoft adds members: treat one that you do not know as
a reason to deny or abstain, never to approve.
"""

from typing import Final


class Stage:
    """The stages that call out."""

    ASSIGNMENT_REQUEST_CREATED: Final = "assignmentRequestCreated"
    """The request was submitted."""
    ASSIGNMENT_REQUEST_APPROVED: Final = "assignmentRequestApproved"
    """The request was approved."""
    ASSIGNMENT_REQUEST_DETERMINING_APPROVAL_REQUIREMENTS: Final = (
        "assignmentRequestDeterminingApprovalRequirements"
    )
    """The service asks which approval the request needs."""
    ASSIGNMENT_REQUEST_GRANTED: Final = "assignmentRequestGranted"
    """Access was granted."""
    ASSIGNMENT_REQUEST_REMOVED: Final = "assignmentRequestRemoved"
    """Access was removed."""
    ASSIGNMENT_FOURTEEN_DAYS_BEFORE_EXPIRATION: Final = "assignmentFourteenDaysBeforeExpiration"
    """Access ends in fourteen days."""
    ASSIGNMENT_ONE_DAY_BEFORE_EXPIRATION: Final = "assignmentOneDayBeforeExpiration"
    """Access ends in one day."""


class RequestType:
    """The kinds of requests."""

    NOT_SPECIFIED: Final = "notSpecified"
    """Not said."""
    USER_ADD: Final = "userAdd"
    """A person asks for access."""
    USER_UPDATE: Final = "userUpdate"
    """A person asks to change their access, such as its end."""
    USER_REMOVE: Final = "userRemove"
    """A person gives access up."""
    ADMIN_ADD: Final = "adminAdd"
    """An administrator assigns access."""
    ADMIN_UPDATE: Final = "adminUpdate"
    """An administrator changes an assignment."""
    ADMIN_REMOVE: Final = "adminRemove"
    """An administrator removes access."""
    SYSTEM_ADD: Final = "systemAdd"
    """The service assigns access."""
    SYSTEM_UPDATE: Final = "systemUpdate"
    """The service changes an assignment."""
    SYSTEM_REMOVE: Final = "systemRemove"
    """The service removes access."""
    ON_BEHALF_ADD: Final = "onBehalfAdd"
    """A person asks for someone else."""
    APPROVER_REMOVE: Final = "approverRemove"
    """An approver removes access."""

    REMOVALS: Final = frozenset({USER_REMOVE, ADMIN_REMOVE, SYSTEM_REMOVE, APPROVER_REMOVE})
    """Those that are known to take access away. A rule that guards access need not stand in the
    way of that."""
    UPDATES: Final = frozenset({USER_UPDATE, ADMIN_UPDATE, SYSTEM_UPDATE})
    """Those that are known to change an assignment that there is already."""


class SubjectType:
    """What a subject is."""

    NOT_SPECIFIED: Final = "notSpecified"
    """Not said."""
    USER: Final = "user"
    """A person."""
    SERVICE_PRINCIPAL: Final = "servicePrincipal"
    """A service principal."""
