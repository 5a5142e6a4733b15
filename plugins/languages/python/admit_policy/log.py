"""Diagnostics for the policy's author, kept in the report and never part of the answer.

At most 100 lines and 64 KiB an evaluation; what is over is counted. `print` writes here too, at the
level info, and what goes to `sys.stderr` at the level warn.
"""

from enum import Enum

from admit_policy import _host


class Level(Enum):
    """How much a line matters."""

    DEBUG = 0
    """Of use while writing the policy."""
    INFO = 1
    """Worth knowing."""
    WARN = 2
    """Something is odd."""
    ERROR = 3
    """Something is wrong."""


def write(level: Level, message: str) -> None:
    """Writes one line."""
    if not isinstance(level, Level) or not isinstance(message, str):
        raise TypeError("`log.write` takes a `log.Level` and a text")
    _host.call("log", "write", level, message)


def debug(message: str) -> None:
    """Writes a line of use while writing the policy."""
    write(Level.DEBUG, message)


def info(message: str) -> None:
    """Writes a line worth knowing."""
    write(Level.INFO, message)


def warn(message: str) -> None:
    """Writes that something is odd."""
    write(Level.WARN, message)


def error(message: str) -> None:
    """Writes that something is wrong."""
    write(Level.ERROR, message)
