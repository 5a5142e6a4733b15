"""Verified credentials that the requestor presented (beta payloads)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from admit_policy import _host


@dataclass(frozen=True)
class VerifiedCredential:
    """One verified credential. Each member is None where the payload has none."""

    _index: int

    @property
    def authority(self) -> str | None:
        """Who issued it, a decentralized identifier such as `did:web:example.com`."""
        return _host.optional_text("verified_credentials", "authority", self._index)

    @property
    def issuance_date(self) -> str | None:
        """When it was issued, RFC 3339."""
        return _host.optional_text("verified_credentials", "issuance_date", self._index)

    @property
    def expiration_date(self) -> str | None:
        """When it ends, RFC 3339."""
        return _host.optional_text("verified_credentials", "expiration_date", self._index)

    @property
    def revocation_status(self) -> str | None:
        """Revocation status as the service saw it, such as `VALID`."""
        return _host.optional_text("verified_credentials", "revocation_status", self._index)

    def has_type(self, name: str) -> bool:
        """Whether the credential lists this type, compared exactly."""
        return _host.flag("verified_credentials", "has_type", self._index, name)

    def claim(self, name: str) -> str | None:
        """One claim by its exact name: a string's text, otherwise JSON text."""
        return _host.optional_text("verified_credentials", "claim", self._index, name)


class VerifiedCredentials:
    """The verified credentials of the callout, in payload order. A sequence: it has a length, items and an end."""

    __slots__ = ()

    def __len__(self) -> int:
        return _host.integer("verified_credentials", "count")

    def __getitem__(self, index: int) -> VerifiedCredential:
        length = len(self)
        if not -length <= index < length:
            raise IndexError(f"`verified_credentials[{index}]` of {length}")
        return VerifiedCredential(index % length)

    def __iter__(self) -> Iterator[VerifiedCredential]:
        return map(VerifiedCredential, range(len(self)))
