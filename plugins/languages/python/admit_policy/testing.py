"""Unit tests of policies in plain Python, without WebAssembly and without `admit`.

A `Fixture` is one callout with settings, facts and an instant. It runs a policy as the host does;
what would be a fault there is an exception here.

    import policy
    from admit_policy import deny
    from admit_policy.testing import Fixture

    fixture = Fixture({"accessPackage": {"id": "0d000001-0007-400e-a014-d13244aa029e"}})
    assert fixture.evaluate(policy) == deny("no-justification", "Please say why.")

It knows the common shapes of a callout, not every rule of the host: limits, the settings schema, and
what a stage can be answered with are the host's. `admit test` runs the component as the host does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from math import isfinite
from types import ModuleType
from typing import Any

from admit_policy import _host
from admit_policy._error import PolicyError
from admit_policy._guid import guid
from admit_policy._policy import Policy
from admit_policy._verdict import Verdict

_REQUIRED = {
    "stage": "assignmentRequestCreated",
    "accessPackageAssignmentRequestId": "c0de0001-0001-4008-a00e-cf616ba1441c",
    "customExtensionStageInstanceId": "c0de0001-0002-4009-a00f-cf61f18d0e87",
}


class Fixture:
    """One callout with the settings, the facts and the instant of its evaluation."""

    def __init__(
        self,
        callout: Mapping[str, Any],
        *,
        settings: Mapping[str, Any] | None = None,
        facts: Mapping[str, Mapping[str, Any]] | None = None,
        now: str = "2026-01-01T00:00:00Z",
    ) -> None:
        """Takes a callout as the service sends it, or those members that matter.

        `facts` has the values of each collection by their keys, and grants it, even if it is
        empty. `now` is RFC 3339 with an offset or `Z`.
        """
        self._callout = _canonical({**_REQUIRED, **_data(callout)})
        self._settings = settings or {}
        self._facts = {
            collection: {guid(key) or key: value for key, value in values.items()}
            for collection, values in (facts or {}).items()
        }
        instant = _instant(now)
        if instant is None:
            raise ValueError(f"`now` is {now}; it is a date-time with an offset or `Z`")
        self._now = instant
        self.logged: list[tuple[str, str]] = []
        """What was logged, with its level."""

    def evaluate(self, policy: ModuleType) -> Verdict:
        """Configures a policy's module and has it answer the callout."""
        loaded = Policy(policy)
        with _host.answered_by(self._configuring):
            loaded.configure()
        with _host.answered_by(self._answer):
            return loaded.evaluate()

    def _configuring(self, interface: str, function: str, *arguments: Any) -> Any:
        if interface not in ("settings", "log") and function != "timestamp":
            raise PolicyError(f"`{interface}.{function}` was called in `configure`")
        return self._answer(interface, function, *arguments)

    def _answer(self, interface: str, function: str, *arguments: Any) -> Any:
        """Answers a function of the contract."""
        if interface == "log":
            level, message = arguments
            self.logged.append((level.name.lower(), message))
            return None
        if interface == "evaluation":
            return self._evaluation(function, *arguments)
        if interface == "settings":
            if function == "document":
                return _text(self._settings)
            return _read(function, self._settings, *arguments)
        if interface == "facts":
            return self._fact(function, *arguments)
        if interface == "callout" and function == "document":
            return _text(self._callout)
        if interface == "callout" and function == "field":
            return _shown(_at(self._callout, *arguments))
        return self._member(interface, function, *arguments)

    def _evaluation(self, function: str, *arguments: Any) -> Any:
        if function == "timestamp":
            return _seconds(*arguments)
        if function == "now":
            return int(self._now.timestamp() // 1)
        return self._now.isoformat().replace("+00:00", "Z")

    def _fact(self, function: str, collection: str, key: str, *place: Any) -> Any:
        if collection not in self._facts:
            raise PolicyError(f"looked up `{collection}`, which it was not granted")
        value = self._facts[collection].get(guid(key) or key)
        if function == "lookup":
            return None if value is None else _text(value)
        return _read(function, value, *place)

    def _member(self, interface: str, function: str, *arguments: Any) -> Any:
        """A getter of a fixed place, or of a row of a list."""
        place = _PLACES[interface]
        if interface in ("answers", "verified_credentials"):
            rows = _at(self._callout, place) or []
            if function == "count":
                return len(rows)
            place = f"{place}/{_row(rows, arguments[0])}"
            if function == "has_type":
                return arguments[1] in (_at(self._callout, f"{place}/type") or [])
            if function == "claim":
                return _shown((_at(self._callout, f"{place}/claims") or {}).get(arguments[1]))
        if function == "is_present":
            return _at(self._callout, place) is not None
        value = _at(
            self._callout, f"{place}/{_MEMBERS.get((interface, function)) or _camel(function)}"
        )
        return value if isinstance(value, bool) else _shown(value)


_PLACES = {
    "callout": "",
    "requestor": "/requestor",
    "target": "/assignment/target",
    "access_package": "/accessPackage",
    "catalog": "/accessPackageCatalog",
    "assignment": "/assignment",
    "schedule": "/schedule",
    "answers": "/answers",
    "verified_credentials": "/verifiedCredentialsData",
}
"""Where the members of an interface stand in the callout."""

_MEMBERS = {
    ("callout", "request_id"): "accessPackageAssignmentRequestId",
    ("callout", "instance_id"): "customExtensionStageInstanceId",
    ("callout", "timeout_duration"): "callbackConfiguration/timeoutDuration",
    **{
        (subject, f"connected_organization_{member}"): f"connectedOrganization/{camel}"
        for subject in ("requestor", "target")
        for member, camel in (("id", "id"), ("display_name", "displayName"), ("state", "state"))
    },
    ("assignment", "policy_id"): "assignmentPolicy/id",
    ("assignment", "policy_display_name"): "assignmentPolicy/displayName",
    ("assignment", "start_date_time"): "schedule/startDateTime",
    **{
        (owner, function): f"{before}expiration/{member}"
        for owner, before in (("assignment", "schedule/"), ("schedule", ""))
        for function, member in (
            ("expiration_type", "type"),
            ("end_date_time", "endDateTime"),
            ("expiration_duration", "duration"),
        )
    },
    ("answers", "question_id"): "answeredQuestion/id",
    ("answers", "question_text"): "answeredQuestion/text",
    ("answers", "question_is_required"): "answeredQuestion/isRequired",
    ("verified_credentials", "revocation_status"): "credentialState/revocationStatus",
}
"""Members that are not named as their function is."""

_RENAMED = {"durationBeforeTimeout": "timeoutDuration", "textString": "text"}
_IDS = {
    "id",
    "objectId",
    "accessPackageAssignmentRequestId",
    "customExtensionStageInstanceId",
}


def _data(callout: Mapping[str, Any]) -> dict[str, Any]:
    """What a callout says, out of its envelope if it has one."""
    members = _lowered(callout)
    return _lowered(members["data"]) if isinstance(members.get("data"), Mapping) else members


def _lowered(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name[:1].lower() + name[1:]: value for name, value in members.items()}


def _canonical(value: Any) -> Any:
    """A value in Graph's spelling, without what is null."""
    if isinstance(value, Mapping):
        return {
            _RENAMED.get(name, name): _identified(name, _canonical(member))
            for name, member in _lowered(value).items()
            if member is not None and not name.startswith("@")
        }
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    return value


def _identified(name: str, value: Any) -> Any:
    return guid(value) or value if name in _IDS and isinstance(value, str) else value


def _camel(function: str) -> str:
    first, *rest = function.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _instant(text: str) -> datetime | None:
    """An instant that is told with its offset, or the midnight of a date."""
    try:
        instant = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError:
        return None
    if len(text) == 10:
        instant = instant.replace(tzinfo=timezone.utc)
    return instant.astimezone(timezone.utc) if instant.tzinfo else None


def _steps(pointer: str) -> Iterator[str]:
    if pointer and not pointer.startswith("/"):
        raise PolicyError(f"`{pointer}` is not a JSON pointer")
    for step in pointer.split("/")[1:]:
        yield step.replace("~1", "/").replace("~0", "~")


def _at(value: Any, pointer: str) -> Any:
    """What stands at a place; None where there is nothing."""
    for step in _steps(pointer):
        if isinstance(value, list) and step.isascii() and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _row(rows: list[Any], index: int) -> int:
    if not 0 <= index < len(rows):
        raise PolicyError(f"row {index} of {len(rows)}")
    return index


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _shown(value: Any) -> str | None:
    """A string's text, otherwise JSON text."""
    return value if value is None or isinstance(value, str) else _text(value)


def _read(function: str, root: Any, pointer: str, *index: int) -> Any:
    """A value of settings or facts as the type that is asked for."""
    value = _at(root, pointer)
    if value is None:
        return None
    read = _READERS.get(function)
    result = read(value) if read else sorted(value)[_row(value, *index)]
    if result is None:
        raise PolicyError(f"`{function}` at `{pointer}`: {_text(value)} is not of that type")
    return result


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value) if abs(value) < 2**53 else None


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": lambda value: value if isinstance(value, str) else None,
    "flag": lambda value: value if isinstance(value, bool) else None,
    "integer": _whole,
    "number": lambda value: (
        float(value) if type(value) in (int, float) and isfinite(value) else None
    ),
    "guid": lambda value: guid(value) if isinstance(value, str) else None,
    "timestamp": lambda value: _seconds(value) if isinstance(value, str) else None,
    "count": lambda value: len(value) if isinstance(value, list | Mapping) else None,
    "length": lambda value: len(value) if isinstance(value, list) else None,
}


def _seconds(text: str) -> int | None:
    instant = _instant(text)
    return None if instant is None else int(instant.timestamp() // 1)
