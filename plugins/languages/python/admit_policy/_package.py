"""What is asked for: access package, catalog, assignment and schedule."""

from __future__ import annotations

from admit_policy import _host
from admit_policy._host import View


class AccessPackage(View):
    """The access package that is asked for. Each member is None where the payload has none."""

    __slots__ = ()

    @property
    def id(self) -> str | None:
        """Id, a GUID."""
        return _host.optional_text("access_package", "id")

    @property
    def display_name(self) -> str | None:
        """Name for people; may be absent or out of date, decide by the id."""
        return _host.optional_text("access_package", "display_name")

    @property
    def description(self) -> str | None:
        """Description for people."""
        return _host.optional_text("access_package", "description")

    @property
    def is_hidden(self) -> bool | None:
        """Whether requestors can find the package in the portal."""
        return _host.optional_flag("access_package", "is_hidden")


class Catalog(View):
    """The catalog of the access package. Each member is None where the payload has none."""

    __slots__ = ()

    @property
    def id(self) -> str | None:
        """Id, a GUID."""
        return _host.optional_text("catalog", "id")

    @property
    def display_name(self) -> str | None:
        """Name for people."""
        return _host.optional_text("catalog", "display_name")

    @property
    def description(self) -> str | None:
        """Description for people."""
        return _host.optional_text("catalog", "description")

    @property
    def catalog_type(self) -> str | None:
        """`userManaged`, `serviceDefault`, `serviceManaged`."""
        return _host.optional_text("catalog", "catalog_type")

    @property
    def state(self) -> str | None:
        """`published` or `unpublished`."""
        return _host.optional_text("catalog", "state")

    @property
    def privilege_level(self) -> str | None:
        """Privilege level, where the service sends it."""
        return _host.optional_text("catalog", "privilege_level")

    @property
    def is_externally_visible(self) -> bool | None:
        """Whether people from outside may request its packages."""
        return _host.optional_flag("catalog", "is_externally_visible")


class Assignment(View):
    """The assignment of the access package to the target.

    Each member is None where the payload has none.
    """

    __slots__ = ()

    @property
    def id(self) -> str | None:
        """Id, a GUID."""
        return _host.optional_text("assignment", "id")

    @property
    def state(self) -> str | None:
        """`delivering`, `partiallyDelivered`, `delivered`, `expired`, `deliveryFailed`."""
        return _host.optional_text("assignment", "state")

    @property
    def status(self) -> str | None:
        """Status, free text of the service."""
        return _host.optional_text("assignment", "status")

    @property
    def expired_date_time(self) -> str | None:
        """When the assignment ended, RFC 3339."""
        return _host.optional_text("assignment", "expired_date_time")

    @property
    def policy_id(self) -> str | None:
        """Id of the assignment policy that the request was made under, a GUID."""
        return _host.optional_text("assignment", "policy_id")

    @property
    def policy_display_name(self) -> str | None:
        """Name of the assignment policy."""
        return _host.optional_text("assignment", "policy_display_name")

    @property
    def start_date_time(self) -> str | None:
        """When access begins, RFC 3339."""
        return _host.optional_text("assignment", "start_date_time")

    @property
    def expiration_type(self) -> str | None:
        """`noExpiration`, `afterDateTime`, `afterDuration`, `notSpecified`."""
        return _host.optional_text("assignment", "expiration_type")

    @property
    def end_date_time(self) -> str | None:
        """When access ends, RFC 3339."""
        return _host.optional_text("assignment", "end_date_time")

    @property
    def expiration_duration(self) -> str | None:
        """How long access lasts, an ISO 8601 duration."""
        return _host.optional_text("assignment", "expiration_duration")


class Schedule(View):
    """The period that the request itself asks for. Each member is None where the payload has none."""

    __slots__ = ()

    @property
    def start_date_time(self) -> str | None:
        """When access is to begin, RFC 3339."""
        return _host.optional_text("schedule", "start_date_time")

    @property
    def expiration_type(self) -> str | None:
        """`noExpiration`, `afterDateTime`, `afterDuration`, `notSpecified`."""
        return _host.optional_text("schedule", "expiration_type")

    @property
    def end_date_time(self) -> str | None:
        """When access is to end, RFC 3339."""
        return _host.optional_text("schedule", "end_date_time")

    @property
    def expiration_duration(self) -> str | None:
        """How long access is to last, an ISO 8601 duration."""
        return _host.optional_text("schedule", "expiration_duration")
