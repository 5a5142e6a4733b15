"""Ids that are GUIDs."""

from __future__ import annotations

import re

_GUID = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)


def guid(text: str) -> str | None:
    """A GUID in the spelling that callouts use for policies: lower case with hyphens.

    Takes any case, braces around it, and hyphens or none. None where the text is not a GUID.
    Compare ids in this spelling: a comparison that misses by case may let something through.
    """
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    if not _GUID.fullmatch(inner):
        return None
    digits = inner.replace("-", "").lower()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
