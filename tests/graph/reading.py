"""Reads JSON with the models of Graph's client, and says where they do not hold what was written."""

import json
import re
from datetime import timedelta
from enum import Enum

from kiota_abstractions.serialization import Parsable
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from msgraph.generated.identity_governance.entitlement_management.assignment_requests.item.resume.resume_post_request_body import (
    ResumePostRequestBody,
)

UNKNOWN = "not in the schema"


def read(body: bytes, model: type[Parsable] = ResumePostRequestBody) -> Parsable:
    """What the client makes of a body."""
    node = JsonParseNodeFactory().get_root_parse_node("application/json", body)
    return node.get_object_value(model)


def differences(body: bytes, model: type[Parsable] = ResumePostRequestBody) -> dict[str, str]:
    """Where the client reads something else than the body has, by JSON pointer.

    Nothing means: at every level each type is known, each member is typed, each value is the same
    and no additional data is left over.
    """
    return dict(_differences(json.loads(body), read(body, model), ""))


def _differences(written, read, place):
    if isinstance(written, dict) and isinstance(read, Parsable):
        kind = type(read).__name__
        type_name = "#microsoft.graph." + kind[0].lower() + kind[1:]
        if written.get("@odata.type", type_name) != type_name:
            yield f"{place}/@odata.type", f"read as {kind}"
        for name, value in written.items():
            if name in read.additional_data:
                yield f"{place}/{name}", UNKNOWN
            else:
                yield from _differences(value, getattr(read, _attribute(name)), f"{place}/{name}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for index, (one, other) in enumerate(zip(written, read)):
            yield from _differences(one, other, f"{place}/{index}")
    elif not _is_same(written, read):
        yield place, f"read as {read!r}"


def _attribute(member: str) -> str:
    """The client's name of a member: `userId` is `user_id`."""
    if member == "@odata.type":
        return "odata_type"
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), member)


def _is_same(written, read) -> bool:
    if isinstance(read, timedelta):
        return read == duration(written)
    if isinstance(read, Enum):
        return read.value == written
    # Python holds True and 1 for equal.
    return type(read) is type(written) and read == written


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of days, hours, minutes and seconds, not read by the client's code."""
    parts = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    if parts is None:
        raise ValueError(f"not a duration: {text}")
    days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
