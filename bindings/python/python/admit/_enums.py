"""Enumerations. Their members are strings, as in the report's JSON."""

from enum import Enum

from ._admit import FAULT_KINDS


class _Name(str, Enum):
    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)


class Decision(_Name):
    """What is done with a request, from the mildest to the most severe.

    Neither true nor false: an `if` that forgot to compare would take a denial for an approval.
    """

    APPROVE = "approve"
    """Processing goes on."""
    REQUIRE_APPROVAL = "require-approval"
    """Processing goes on with an approval stage."""
    WITHHOLD = "withhold"
    """No answer is sent; the request times out and access is not granted."""
    CANCEL = "cancel"
    """The request is called off."""
    DENY = "deny"
    """The request is refused."""

    def __bool__(self) -> bool:
        raise TypeError("a decision is neither true nor false: compare it, as with Decision.APPROVE")


class Severity(_Name):
    """How bad a finding is."""

    ERROR = "error"
    """It is refused, or does something else than it says."""
    WARNING = "warning"
    """It may be taken, and is doubtful."""
    NOTE = "note"
    """Nothing to change for certain."""


class FaultKind(_Name):
    """In which way a policy failed."""

    TRAP = "trap"
    """It did what WebAssembly does not allow."""
    FUEL = "fuel"
    """It executed more instructions than it may."""
    DEADLINE = "deadline"
    """It did not end in time."""
    MEMORY = "memory"
    """It wanted more memory than it may have."""
    STACK = "stack"
    """It called too deep."""
    CAPACITY = "capacity"
    """No instance was free in time, or the thread has too little stack left."""
    FACTS = "facts"
    """A lookup of facts failed, or was not granted."""
    SETTINGS = "settings"
    """It read a setting as another type than the one that it has."""
    ANSWER = "answer"
    """Its answer is none, two or malformed."""
    EFFECT = "effect"
    """Its answer is one that the stage cannot take."""
    REFUSED = "refused"
    """It said itself that it could not evaluate."""
    INTERNAL = "internal"
    """A defect of this library."""

    @property
    def code(self) -> int:
        """Stable number."""
        return _FAULT_CODES[self.value]


_FAULT_CODES = {name: code for code, name in FAULT_KINDS}

for _kind in (Decision, Severity, FaultKind):
    _kind.__module__ = "admit"
