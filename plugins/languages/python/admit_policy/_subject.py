"""Who asks, and who gets access."""

from __future__ import annotations

from admit_policy import _host
from admit_policy._host import View


class Subject(View):
    """A subject of the callout.

    Every text is None where the payload has no such member or null, and all of them are where the
    payload has no such subject.
    """

    __slots__ = ("_role",)

    def __init__(self, role: str) -> None:
        self._role = role

    @property
    def is_present(self) -> bool:
        """Whether the callout names this subject at all."""
        return _host.flag(self._role, "is_present")

    @property
    def object_id(self) -> str | None:
        """Directory object id, a GUID: the one to use against Graph's `/users`. None or empty
        for an external person who has no guest account yet.
        """
        return _host.optional_text(self._role, "object_id")

    @property
    def id(self) -> str | None:
        """Entitlement management's own id of the subject, a GUID; not a directory id."""
        return _host.optional_text(self._role, "id")

    @property
    def display_name(self) -> str | None:
        """Name for people."""
        return _host.optional_text(self._role, "display_name")

    @property
    def email(self) -> str | None:
        """Mail address."""
        return _host.optional_text(self._role, "email")

    @property
    def principal_name(self) -> str | None:
        """User principal name. A guest's carries the tenant's own domain, so it does not tell
        where a guest comes from.
        """
        return _host.optional_text(self._role, "principal_name")

    @property
    def on_premises_security_identifier(self) -> str | None:
        """Security identifier in the on-premises directory."""
        return _host.optional_text(self._role, "on_premises_security_identifier")

    @property
    def subject_type(self) -> str | None:
        """What the subject is: see `SubjectType`."""
        return _host.optional_text(self._role, "subject_type")

    @property
    def subject_lifecycle(self) -> str | None:
        """`notDefined`, `notGoverned`, `governed`."""
        return _host.optional_text(self._role, "subject_lifecycle")

    @property
    def connected_organization_id(self) -> str | None:
        """Id of the connected organization that the person belongs to, a GUID; None for members of
        the tenant.
        """
        return _host.optional_text(self._role, "connected_organization_id")

    @property
    def connected_organization_display_name(self) -> str | None:
        """Name of the connected organization."""
        return _host.optional_text(self._role, "connected_organization_display_name")

    @property
    def connected_organization_state(self) -> str | None:
        """`configured` or `proposed`."""
        return _host.optional_text(self._role, "connected_organization_state")
