"""Who answers the functions of the contract: the host of a component, or the fixture of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from admit_policy._error import PolicyError

Answer = Callable[..., Any]
"""Called with an interface, a function, and the function's arguments."""


def _nobody(interface: str, function: str, *arguments: object) -> Any:
    raise PolicyError(
        f"`{interface}.{function}` was called while nothing is evaluated: "
        "read and log within `configure` and `evaluate`"
    )


_answer: Answer = _nobody


@contextmanager
def answered_by(answer: Answer) -> Iterator[None]:
    """Has this answer everything that is asked meanwhile."""
    global _answer
    before, _answer = _answer, answer
    try:
        yield
    finally:
        _answer = before


def call(interface: str, function: str, *arguments: object) -> Any:
    """Calls a function of the contract, in Python's spelling of its name."""
    return _answer(interface, function, *arguments)


def text(interface: str, function: str, *arguments: object) -> str:
    """Calls a function that gives a text."""
    result: str = call(interface, function, *arguments)
    return result


def optional_text(interface: str, function: str, *arguments: object) -> str | None:
    """Calls a function that gives a text or nothing."""
    result: str | None = call(interface, function, *arguments)
    return result


def flag(interface: str, function: str, *arguments: object) -> bool:
    """Calls a function that gives a boolean."""
    result: bool = call(interface, function, *arguments)
    return result


def optional_flag(interface: str, function: str, *arguments: object) -> bool | None:
    """Calls a function that gives a boolean or nothing."""
    result: bool | None = call(interface, function, *arguments)
    return result


def integer(interface: str, function: str, *arguments: object) -> int:
    """Calls a function that gives a number without fraction."""
    result: int = call(interface, function, *arguments)
    return result


def optional_integer(interface: str, function: str, *arguments: object) -> int | None:
    """Calls a function that gives a number without fraction, or nothing."""
    result: int | None = call(interface, function, *arguments)
    return result


def optional_number(interface: str, function: str, *arguments: object) -> float | None:
    """Calls a function that gives a number or nothing."""
    result: float | None = call(interface, function, *arguments)
    return result


class View:
    """A part of what can be read, whether or not there is anything.

    It is neither true nor false, and equals nothing: a condition on a part, where one of its
    members was meant, would hold always or never. So it is a fault.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TypeError(f"{type(self).__name__} is neither true nor false: ask for a member of it")

    def __eq__(self, other: object) -> bool:
        raise TypeError(f"{type(self).__name__} cannot be compared: compare members of it")
