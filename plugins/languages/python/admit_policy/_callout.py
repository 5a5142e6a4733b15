"""The callout that a policy answers."""

from __future__ import annotations

from admit_policy import _host
from admit_policy._answers import Answers
from admit_policy._credentials import VerifiedCredentials
from admit_policy._facts import Fact
from admit_policy._host import View
from admit_policy._package import AccessPackage, Assignment, Catalog, Schedule
from admit_policy._subject import Subject


class Callout(View):
    """The callout that a policy answers, and the instant at which it does.

    Every member asks the host for what it gives, so reading twice costs twice, and what is not
    read costs nothing. The report says what was read.
    """

    __slots__ = ()

    @property
    def stage(self) -> str:
        """The stage that asks: see `Stage`."""
        return _host.text("callout", "stage")

    @property
    def request_id(self) -> str:
        """Id of the access package assignment request, a GUID."""
        return _host.text("callout", "request_id")

    @property
    def instance_id(self) -> str:
        """Id of this call of the custom extension; the same when the service retries the call."""
        return _host.text("callout", "instance_id")

    @property
    def request_type(self) -> str | None:
        """What kind of request this is: see `RequestType`.

        None in assignment callouts (before expiration).
        """
        return _host.optional_text("callout", "request_type")

    @property
    def state(self) -> str | None:
        """State of the request, such as `submitted` or `delivering`: not an answer."""
        return _host.optional_text("callout", "state")

    @property
    def status(self) -> str | None:
        """Status of the request, free text of the service: show it, do not decide by it."""
        return _host.optional_text("callout", "status")

    @property
    def timeout_duration(self) -> str | None:
        """How long the service waits for the answer, an ISO 8601 duration such as `PT1H`.

        None when it does not wait.
        """
        return _host.optional_text("callout", "timeout_duration")

    @property
    def requestor(self) -> Subject:
        """Who asked.

        For requests of administrators and on behalf of others this is not the person who gets
        access.
        """
        return Subject("requestor")

    @property
    def target(self) -> Subject:
        """Who gets, has or loses the access."""
        return Subject("target")

    @property
    def access_package(self) -> AccessPackage:
        """The access package that is asked for."""
        return AccessPackage()

    @property
    def catalog(self) -> Catalog:
        """The catalog of the access package."""
        return Catalog()

    @property
    def assignment(self) -> Assignment:
        """The assignment of the access package to the target."""
        return Assignment()

    @property
    def schedule(self) -> Schedule:
        """The period that the request itself asks for."""
        return Schedule()

    @property
    def answers(self) -> Answers:
        """What the requestor answered to the questions of the assignment policy."""
        return Answers()

    @property
    def verified_credentials(self) -> VerifiedCredentials:
        """The verified credentials that the requestor presented."""
        return VerifiedCredentials()

    def field(self, pointer: str) -> str | None:
        """Anything in the canonical document by its JSON pointer (RFC 6901).

        A string's text, otherwise the value's JSON text; None where absent or null. A malformed
        pointer is a fault.
        """
        return _host.optional_text("callout", "field", pointer)

    @property
    def document(self) -> str:
        """The whole canonical document as JSON text: the callout's data in Graph's v1.0 form."""
        return _host.text("callout", "document")

    @property
    def now(self) -> int:
        """The instant of this evaluation, given by the host: the same for every policy of the set.

        Seconds since 1970-01-01T00:00:00Z, rounded down.
        """
        return _host.integer("evaluation", "now")

    @property
    def now_text(self) -> str:
        """The same instant as RFC 3339 text in UTC, with its fraction of a second if it has one."""
        return _host.text("evaluation", "now_text")

    def timestamp(self, text: str) -> int | None:
        """A date-time of the payload or of a fact in seconds since 1970-01-01T00:00:00Z.

        Rounded down. RFC 3339 with an offset or `Z`, or a date alone, which means midnight UTC.
        None for any other text: an offset is never guessed.
        """
        return _host.optional_integer("evaluation", "timestamp", text)

    def fact(self, collection: str, key: str) -> Fact:
        """A value of a fact collection, by its key.

        Keys that are GUIDs are lower case with hyphens, as the callout's ids are.
        """
        return Fact(collection, key)
