"""The functions of a policy's module."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from admit_policy._callout import Callout
from admit_policy._error import PolicyError
from admit_policy._settings import Settings
from admit_policy._verdict import Verdict, begin, forgotten


class Policy:
    """A policy's module, checked: `evaluate`, and `configure` if there is one."""

    def __init__(self, module: ModuleType) -> None:
        name = f"{module.__name__}.py"
        evaluate = getattr(module, "evaluate", None)
        if not callable(evaluate):
            raise TypeError(f"{name} has no function `evaluate`")
        self._evaluate: Callable[..., Any] = evaluate
        self._configure: Callable[..., Any] | None = getattr(module, "configure", None)
        self._configured: tuple[object] | None = None
        self._takes_configured = not _takes(self._evaluate, 1)
        if self._takes_configured and not (self._configure and _takes(self._evaluate, 2)):
            raise TypeError(
                f"`evaluate` in {name} takes the callout, and where there is a `configure`, "
                "what that returned"
            )
        if self._configure is not None and not _takes(self._configure, 1):
            raise TypeError(f"`configure` in {name} takes the settings")
        for function in (self._configure, self._evaluate):
            if inspect.iscoroutinefunction(function):
                raise TypeError(f"a function of {name} is `async`: there is nothing to wait for")

    def configure(self) -> None:
        """Reads the settings, and keeps what `evaluate` wants of them."""
        self._configured = (self._configure(Settings()) if self._configure else None,)

    def evaluate(self) -> Verdict:
        """Answers the callout."""
        if self._configured is None:
            raise PolicyError("`evaluate` was called before `configure`")
        arguments = self._configured if self._takes_configured else ()
        begin()
        verdict = self._evaluate(Callout(), *arguments)
        if not isinstance(verdict, Verdict):
            given = "nothing" if verdict is None else f"{type(verdict).__name__} {verdict!r}"
            raise TypeError(f"`evaluate` returned {given:.200}, which is no verdict")
        effect = forgotten(verdict)
        if effect is not None:
            raise PolicyError(f"a {effect.value} was made and not returned")
        return verdict


def _takes(function: Callable[..., Any], count: int) -> bool:
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    return True
