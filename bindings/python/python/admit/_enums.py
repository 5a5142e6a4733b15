"""Enumerations. Their members are strings, as in the report's JSON."""

import operator
from collections.abc import Callable
from enum import Enum

from ._admit import FAULT_KINDS


class _Name(str, Enum):
    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)

    # Strings would be compared by the alphabet, also where this gave NotImplemented.
    def _compare(self, other: object, holds: Callable[[int, int], bool]) -> bool:
        raise TypeError(f"a {type(self).__name__} is not before or after another")

    def __lt__(self, other: object) -> bool:
        return self._compare(other, operator.lt)

    def __le__(self, other: object) -> bool:
        return self._compare(other, operator.le)

    def __gt__(self, other: object) -> bool:
        return self._compare(other, operator.gt)

    def __ge__(self, other: object) -> bool:
        return self._compare(other, operator.ge)


class _Degree(_Name):
    """Its members are in their order."""

    def _compare(self, other: object, holds: Callable[[int, int], bool]) -> bool:
        kind = type(self)
        if not isinstance(other, kind):
            raise TypeError(f"a {kind.__name__} is compared with its like, not {type(other).__name__}")
        members = list(kind)
        return holds(members.index(self), members.index(other))


class Decision(_Degree):
    """What is done with a request, from the mildest to the most severe, and ordered so.

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


class Severity(_Degree):
    """How bad a finding is, from the mildest to the worst, and ordered so."""

    NOTE = "note"
    """Nothing to change for certain."""
    WARNING = "warning"
    """It may be taken, and is doubtful."""
    ERROR = "error"
    """It is refused, or does something else than it says."""


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
