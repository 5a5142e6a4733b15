"""Refuses what a policy may not have, with a sentence where the machine would only trap.

Decisions are functions of the callout, the settings, the facts and the instant. What Python knows
of the time and of chance while a component is built would be frozen into it, so that both are
refused from the beginning; modules and files are there while it is built, and refused afterwards.
"""

from __future__ import annotations

import builtins
import datetime
import io
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

_CLOCK = "a policy has no clock: take the instant from `callout.now`"
_CHANCE = "a policy has no randomness: the same callout gets the same answer"
_FILES = "a policy has no files: settings and facts carry what it needs"


def _refusal(sentence: str) -> Callable[..., NoReturn]:
    def refused(*_arguments: object, **_named: object) -> NoReturn:
        raise RuntimeError(sentence)

    return refused


def _refuse(module: ModuleType, names: Sequence[str], sentence: str) -> None:
    for name in names:
        if hasattr(module, name):
            setattr(module, name, _refusal(sentence))


def _given(name: str, position: int) -> Callable[..., Any]:
    """A function of `time` that takes the clock's time where it is given none."""
    function = getattr(time, name)

    def careful(*arguments: Any) -> Any:
        if len(arguments) <= position or arguments[position] is None:
            raise RuntimeError(_CLOCK)
        return function(*arguments)

    return careful


class _Kind(type):
    """Takes every date for one of its own, whoever made it."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__base__ or object)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.__base__ or object)


def _refuse_dates() -> None:
    refused = staticmethod(_refusal(_CLOCK))
    for name, methods in (("date", ["today"]), ("datetime", ["today", "now", "utcnow"])):
        base = getattr(datetime, name)
        members = {"__slots__": (), "__module__": "datetime", **dict.fromkeys(methods, refused)}
        setattr(datetime, name, _Kind(name, (base,), members))


class _NoImports:
    """Stands before all finders of modules once nothing can be imported."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        raise ImportError(
            f"`{name}` cannot be imported while a callout is evaluated: "
            "import it at the top of policy.py",
            name=name,
        )


def begin() -> None:
    """Refuses clock and randomness, before anything of the policy runs."""
    clocks = ("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime")
    _refuse(time, [*clocks, *(f"{name}_ns" for name in clocks), "clock_getres", "sleep"], _CLOCK)
    for name, position in (("gmtime", 0), ("localtime", 0), ("ctime", 0), ("asctime", 0)):
        setattr(time, name, _given(name, position))
    time.strftime = _given("strftime", 1)
    _refuse_dates()
    _refuse(random, random.__all__, _CHANCE)
    _refuse(os, ["urandom", "getrandom"], _CHANCE)


def close() -> None:
    """Refuses modules and files, once the component runs."""
    if not isinstance(sys.meta_path[0], _NoImports):
        sys.meta_path.insert(0, _NoImports())
        builtins.open = io.open = _refusal(_FILES)
