"""The settings that the policy set gives a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from admit_policy import _host
from admit_policy._error import PolicyError
from admit_policy._host import View

T = TypeVar("T")


class Settings(View):
    """The settings of the policy, or a part of them: JSON that fits the policy's own schema.

    Places are JSON pointers (RFC 6901), counted from this part. Absent and null give None; a value
    of another type than the one asked for is a fault, as is a malformed pointer. State types in
    `settings.schema.json`, and neither comes up.
    """

    __slots__ = ("_base",)

    def __init__(self, base: str = "") -> None:
        self._base = base

    def at(self, pointer: str) -> Settings:
        """The part at a place, whether or not there is anything."""
        return Settings(self._base + pointer)

    def item(self, pointer: str, index: int) -> Settings:
        """The item of an array at a place, from 0, whether or not there is one."""
        return Settings(f"{self._base}{pointer}/{index}")

    def items(self, pointer: str) -> Iterator[Settings]:
        """Every item of the array at a place; none where it is absent."""
        return (self.item(pointer, index) for index in range(self.length(pointer) or 0))

    def text(self, pointer: str) -> str | None:
        """A string."""
        return _host.optional_text("settings", "text", self._base + pointer)

    def flag(self, pointer: str) -> bool | None:
        """A boolean."""
        return _host.optional_flag("settings", "flag", self._base + pointer)

    def integer(self, pointer: str) -> int | None:
        """A number without fraction, within ±(2^53 - 1)."""
        return _host.optional_integer("settings", "integer", self._base + pointer)

    def number(self, pointer: str) -> float | None:
        """Any number."""
        return _host.optional_number("settings", "number", self._base + pointer)

    def count(self, pointer: str) -> int | None:
        """How many items an array, or members an object has."""
        return _host.optional_integer("settings", "count", self._base + pointer)

    def length(self, pointer: str) -> int | None:
        """How many items an array has. An object is a fault, unlike for `count`."""
        return _host.optional_integer("settings", "length", self._base + pointer)

    def key(self, pointer: str, index: int) -> str | None:
        """The name of an object's member by its place, in the order of the names' bytes.

        None where there is no object. A place past the end is a fault.
        """
        return _host.optional_text("settings", "key", self._base + pointer, _place(index))

    def texts(self, pointer: str) -> list[str]:
        """The strings of an array; empty where it is absent. An item that is null is a fault."""
        return self._list(pointer, Settings.text)

    def guid(self, pointer: str) -> str | None:
        """A GUID in the spelling that the callout's ids have, from any of its spellings.

        A text that is none is a fault.
        """
        return _host.optional_text("settings", "guid", self._base + pointer)

    def guids(self, pointer: str) -> list[str]:
        """The GUIDs of an array, as `guid` gives them; empty where it is absent.

        An item that is null is a fault.
        """
        return self._list(pointer, Settings.guid)

    def timestamp(self, pointer: str) -> int | None:
        """A date-time in seconds since 1970-01-01T00:00:00Z, rounded down.

        RFC 3339 with an offset or `Z`, or a date alone, which means midnight UTC. A text that is
        none of these is a fault.
        """
        return _host.optional_integer("settings", "timestamp", self._base + pointer)

    @property
    def document(self) -> str:
        """All settings as JSON text, keys sorted, no spaces; `{}` when there are none.

        The same for every part.
        """
        return _host.text("settings", "document")

    def error(self, pointer: str, problem: str) -> PolicyError:
        """An error that names a place, for `raise` in `configure`: `settings POINTER: PROBLEM`."""
        place = self._base + pointer
        return PolicyError(f"settings {place}: {problem}" if place else f"settings: {problem}")

    def _list(self, pointer: str, read: Callable[[Settings, str], T | None]) -> list[T]:
        values = []
        for item in self.items(pointer):
            value = read(item, "")
            if value is None:
                raise item.error("", "nothing there, where an item was asked for")
            values.append(value)
        return values


def _place(index: int) -> int:
    if not 0 <= index < 2**32:
        raise IndexError(f"{index} is not a place")
    return index
