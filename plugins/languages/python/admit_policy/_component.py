"""The exports of the component. `admit build` names this module; nothing else imports it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from admit_policy import _sandbox

_sandbox.begin()

import policy  # noqa: E402
from componentize_py_types import Err  # noqa: E402
from wit_world import imports  # noqa: E402
from wit_world.imports import (  # noqa: E402, F401
    access_package,
    answers,
    approval_stage,
    assignment,
    callout,
    catalog,
    evaluation,
    facts,
    requestor,
    schedule,
    settings,
    target,
    verdict,
    verified_credentials,
)
from wit_world.imports import log as host_log  # noqa: E402, F401

from admit_policy import _host, log  # noqa: E402
from admit_policy._error import PolicyError  # noqa: E402
from admit_policy._policy import Policy  # noqa: E402
from admit_policy._tell import tell  # noqa: E402

_POLICY = Policy(policy)
_HOME = os.path.dirname(policy.__file__) + "/"
_SDK = os.path.dirname(__file__) + "/"


class WitWorld:
    """What the component exports. The tool makes one of it for each export."""

    def configure(self) -> None:
        """The export `configure`."""
        _export(_POLICY.configure)

    def evaluate(self) -> None:
        """The export `evaluate`."""
        _export(lambda: tell(_POLICY.evaluate()))


def _call(interface: str, function: str, *arguments: object) -> Any:
    return getattr(getattr(imports, interface), function)(*arguments)


def _export(body: Callable[[], None]) -> None:
    _sandbox.close()
    problem = _during(body)
    # Outside of every `with`: an `Err` is frozen, and leaving a `with` writes into exceptions.
    if problem is not None:
        raise Err(problem)


def _during(body: Callable[[], None]) -> str | None:
    """Runs the policy's code, with everything at hand that it may have, and tells its problem."""
    out, err = _Lines(log.Level.INFO), _Lines(log.Level.WARN)
    with _host.answered_by(_call), redirect_stdout(out), redirect_stderr(err):
        try:
            body()
        # `SystemExit` and its like too: nothing else would tell the host what it was.
        except BaseException as error:
            return _describe(error)
        finally:
            out.end()
            err.end()
    return None


class _Lines(io.TextIOBase):
    """Writes lines to the log."""

    def __init__(self, level: log.Level) -> None:
        self._level = level
        self._rest = ""

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            log.write(self._level, line)
        return len(text)

    def end(self) -> None:
        """Writes what has no line end."""
        if self._rest:
            self.write("\n")


def _describe(error: BaseException) -> str:
    """Type, text and place of an exception; of a `PolicyError` its text alone."""
    try:
        text = str(error)
    except Exception:
        text = ""
    if isinstance(error, PolicyError) and text:
        return text
    name = type(error).__name__
    return f"{name}: {text}{_place(error)}" if text else f"{name}{_place(error)}"


def _place(error: BaseException) -> str:
    """Where in the policy's own modules an exception was raised last."""
    place = ""
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        if code.co_filename.startswith(_HOME) and not code.co_filename.startswith(_SDK):
            file = code.co_filename.removeprefix(_HOME)
            place = f" ({file}, line {trace.tb_lineno}, in {code.co_name})"
        trace = trace.tb_next
    return place
