"""Facts from outside the callout."""

from __future__ import annotations

from admit_policy import _host
from admit_policy._error import PolicyError
from admit_policy._host import View


class Fact(View):
    """One value of a fact collection, by its key.

    The policy names the collection in its `policy.toml`, and the policy set grants it.

    None always means absence, of the key or of a place inside its value, or null: a source that
    fails, a collection that was not granted, and a value of another type than the one asked for
    end the evaluation as a fault, which no `except` sees. What absence means is the policy's to
    say: deny, unless the collection is known to list everyone.
    """

    __slots__ = ("_collection", "_key")

    def __init__(self, collection: str, key: str) -> None:
        self._collection = collection
        self._key = key

    @property
    def exists(self) -> bool:
        """Whether the collection has the key.

        Nothing is copied: the value must be an object, as rows of a database are, or an array; of
        others ask for the value itself.
        """
        return self.count("") is not None

    def lookup(self) -> str | None:
        """The whole value as JSON text; None where the collection has no such key."""
        return _host.optional_text("facts", "lookup", self._collection, self._key)

    def text(self, pointer: str) -> str | None:
        """A string inside the value, by its JSON pointer; None where absent or null."""
        return _host.optional_text("facts", "text", self._collection, self._key, pointer)

    def guid(self, pointer: str) -> str | None:
        """A GUID inside the value, in the spelling that the callout's ids have.

        None where absent or null.
        """
        return _host.optional_text("facts", "guid", self._collection, self._key, pointer)

    def timestamp(self, pointer: str) -> int | None:
        """A date-time inside the value, in seconds since 1970-01-01T00:00:00Z.

        None where absent or null.
        """
        return _host.optional_integer("facts", "timestamp", self._collection, self._key, pointer)

    def flag(self, pointer: str) -> bool | None:
        """A boolean inside the value; None where absent or null."""
        return _host.optional_flag("facts", "flag", self._collection, self._key, pointer)

    def integer(self, pointer: str) -> int | None:
        """A number without fraction, within ±(2^53 - 1); None where absent or null."""
        return _host.optional_integer("facts", "integer", self._collection, self._key, pointer)

    def number(self, pointer: str) -> float | None:
        """A number inside the value; None where absent or null."""
        return _host.optional_number("facts", "number", self._collection, self._key, pointer)

    def count(self, pointer: str) -> int | None:
        """How many items an array, or members an object inside the value has; None where absent."""
        return _host.optional_integer("facts", "count", self._collection, self._key, pointer)

    def length(self, pointer: str) -> int | None:
        """How many items an array inside the value has; None where absent or null.

        An object is a fault, unlike for `count`.
        """
        return _host.optional_integer("facts", "length", self._collection, self._key, pointer)

    def texts(self, pointer: str) -> list[str] | None:
        """The strings of an array inside the value; None where it is absent or null.

        Empty and absent are not the same: a list that is not there says nothing. An item that is
        null is a fault.
        """
        return self._items(pointer, "text")

    def guids(self, pointer: str) -> list[str] | None:
        """The GUIDs of an array inside the value, as `guid` gives them; None where it is absent.

        An item that is null is a fault.
        """
        return self._items(pointer, "guid")

    def _items(self, pointer: str, function: str) -> list[str] | None:
        length = self.length(pointer)
        if length is None:
            return None
        items = []
        for index in range(length):
            place = f"{pointer}/{index}"
            item = _host.optional_text("facts", function, self._collection, self._key, place)
            if item is None:
                raise PolicyError(f"the fact `{self._collection}`: nothing at `{place}`")
            items.append(item)
        return items
