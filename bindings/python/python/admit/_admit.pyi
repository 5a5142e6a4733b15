from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import Any, Final, Literal, TypeAlias, final

from ._enums import Decision, FaultKind, Severity
from ._errors import AdmitError

_Path: TypeAlias = str | PathLike[str]
_Json: TypeAlias = Mapping[str, Any]
_Payload: TypeAlias = bytes | str | _Json
_Source: TypeAlias = _Json | _Path | JsonFacts | SqliteFacts | Callable[[str], Any]
_Prepare: TypeAlias = Literal["snapshot", "each-time"]

__all__ = [
    "ApprovalStage",
    "Approver",
    "CONTRACT_VERSION",
    "Callout",
    "ERROR_KINDS",
    "FAULT_KINDS",
    "FactFailure",
    "Fault",
    "Finding",
    "Inspection",
    "JsonFacts",
    "Limits",
    "Note",
    "Outcome",
    "Policy",
    "PolicySet",
    "Reason",
    "RecordedFacts",
    "Report",
    "ResumeRequest",
    "SetFinding",
    "SqliteFacts",
    "Verdict",
    "__version__",
    "check",
    "inspect",
    "lint_callout",
    "lint_extension",
    "lint_resume",
]

__version__: Final[str]
CONTRACT_VERSION: Final[str]
ERROR_KINDS: Final[list[tuple[int, str, str]]]
FAULT_KINDS: Final[list[tuple[int, str]]]

@final
class PolicySet:
    """Policies in order and how they combine.

    Making one loads and compiles its policies, which takes some 100 ms for each. Immutable, and shared
    by threads; evaluating releases the interpreter lock. `PolicySet.from_file` loads one from its file.

    Args:
        policies: Its policies, in order.
        source: Who answers, for the audit log.
        rule: How outcomes combine: `"deny-overrides"`, `"first-applicable"` or `"unanimous"`.
        when_silent: What counts when no policy has an opinion: `"deny"`, `"approve"` or `"withhold"`.
        on_fault: What a fault counts as: `"deny"` or `"withhold"`.
        join_approvers: What differing approval stages come to: `"refuse"` or `"union"`.
        profile: The version of Graph that answers are for: `"v1.0"` or `"beta"`.
        stages: What differs at single stages, by Graph's names: mappings with `when_silent` and
            `on_fault`.
        extension: The definition of the custom extension that is answered for, in Graph's JSON; callouts
            of another kind are not evaluated.
        catalog: The id of the extension's catalog; callouts of another are not evaluated.
        limits: The limits of every policy.
        facts: Facts that the policies may look up, by name: each a mapping, the path of a JSON file,
            `JsonFacts`, `SqliteFacts`, or a function of a key that returns a JSON value, or None where
            there is no such key. A mapping is copied and a file is read now, once: what changes later
            is a function's. What is no mapping and can be called is a function, even if it is a path
            as well. A function that raises is a fault, never an approval; one that is async is for
            `aevaluate`.
        prepare: When policies are configured: `"snapshot"`, once, or `"each-time"`, for a process that
            evaluates few callouts: loading then takes a third.

    Raises:
        AdmitError: Something cannot be used: `SetError`, `PolicySettingsError` and their siblings say
            what, with the policy and the place.
        TypeError: An argument of another type.
    """

    def __new__(
        cls,
        policies: Sequence[Policy],
        *,
        source: str,
        rule: Literal["deny-overrides", "first-applicable", "unanimous"] = "deny-overrides",
        when_silent: Literal["deny", "approve", "withhold"] = "deny",
        on_fault: Literal["deny", "withhold"] = "deny",
        join_approvers: Literal["refuse", "union"] = "refuse",
        profile: Literal["v1.0", "beta"] = "v1.0",
        stages: Mapping[str, Mapping[str, str]] | None = None,
        extension: _Payload | None = None,
        catalog: str | None = None,
        limits: Limits | None = None,
        facts: Mapping[str, _Source] | None = None,
        prepare: _Prepare = "snapshot",
    ) -> PolicySet: ...
    @staticmethod
    def from_file(
        path: _Path,
        *,
        facts: Mapping[str, _Source] | None = None,
        prepare: _Prepare = "snapshot",
        without_sources: bool = False,
        cache: _Path | None = None,
    ) -> PolicySet:
        """Loads a set from its file, `admit.toml`.

        Args:
            path: The file.
            facts: The facts that the file declares with `host = true`, by name: all of them, and no
                others. As for `PolicySet`.
            prepare: When policies are configured: `"snapshot"` or `"each-time"`. As for `PolicySet`.
            without_sources: Whether to leave the sources of facts alone, for evaluating with recorded
                facts: any lookup that is not in a record is a fault.
            cache: A folder where compiled policies are kept, so that the next process need not compile
                them. It is made if it is not there, and must be this user's alone.

        Returns:
            The set.

        Raises:
            AdmitError: The file, or something that it names, cannot be used: `SetFileError`, which is an
                `OSError`, `SetError`, which is a `ValueError`, and their siblings, with line and column; or
                `ArgumentError`: the cache's folder cannot be made, or others may write there.
        """
    def evaluate(
        self,
        callout: _Payload | Callout,
        *,
        now: datetime | None = None,
        facts: RecordedFacts | None = None,
        reads: bool = True,
    ) -> Report:
        """Evaluates a callout: asks every policy that answers its stage, each in a fresh instance, and
        combines what they say.

        What goes wrong in a policy or in its facts is a fault in the report, which denies or withholds,
        and no exception. The same callout, instant, facts and set give the same report. The interpreter
        lock is released, and taken again for facts that are Python functions.

        Args:
            callout: The payload as bytes, text or a mapping, or a `Callout`.
            now: The instant that policies see, a datetime with a time zone; the system's clock where
                left out.
            facts: Facts that an earlier report recorded (`Report.facts`): no source is asked then.
            reads: Whether to keep what policies read of the callout.

        Returns:
            The report. There is an answer to send where `Report.resume_body` is not None.

        Raises:
            AdmitError: The payload is not a callout: `CalloutSyntaxError` and its siblings; or
                `FactRecordError`: the record is of another callout, a policy was cut short in it, or one
                asks for what it lacks.
            TypeError: `callout` or `now` is of another type.
            ValueError: `now` has no time zone, or is outside of the years 1 to 9999 in UTC.
        """
    def evaluate_many(
        self,
        callouts: Iterable[_Payload | Callout],
        *,
        threads: int | None = None,
        now: datetime | None = None,
        reads: bool = True,
    ) -> list[Report | AdmitError | TypeError]:
        """Evaluates many callouts, on several threads.

        Args:
            callouts: An iterable of payloads, each as for `evaluate`.
            threads: How many threads, the caller's included, at most the set's `concurrency`; as many as
                the machine has cores where left out.
            now: The instant that policies see, for all; as for `evaluate`.
            reads: Whether to keep what policies read of the callouts.

        Returns:
            In the order of the callouts, the report of each or, in its place, the exception that
            `evaluate` would have raised: ask with `isinstance`. One bad callout stops nothing; what the
            iterable itself raises is raised, and nothing was evaluated.

        Raises:
            TypeError: `callouts` is one payload, or it, `threads` or `now` is of another type.
            ValueError: `now` has no time zone or is outside of the years 1 to 9999 in UTC, or `threads`
                is below 1.
        """
    def aevaluate(
        self,
        callout: _Payload | Callout,
        *,
        now: datetime | None = None,
        facts: RecordedFacts | None = None,
        reads: bool = True,
    ) -> Coroutine[Any, Any, Report]:
        """Evaluates a callout on a thread of the set's own, of which there are as many as the set's
        `concurrency`.

        The event loop goes on meanwhile. What waits for a thread waits before its policies' deadlines
        begin. Facts may be async functions here: they run on the event loop, and are cancelled when the
        policy's deadline is over or the evaluation is cancelled.

        Args:
            callout: As for `evaluate`. A mapping is read at once, and may change before the report is
                awaited.
            now: As for `evaluate`; the clock is read when the evaluation begins.
            facts: As for `evaluate`.
            reads: As for `evaluate`.

        Returns:
            A coroutine of the report, to be awaited once or made a task.

        Raises:
            AdmitError: As for `evaluate`, when awaited.
        """
    def findings(self) -> list[SetFinding]:
        """What is doubtful with the set. Nothing is evaluated.

        Returns:
            Warnings and notes, the worst first.
        """
    @property
    def policy_ids(self) -> list[str]:
        """The ids of its policies, in order."""
    @property
    def source(self) -> str:
        """Who answers."""

@final
class Policy:
    """What a set says of one of its policies. It is loaded when the set is made.

    Args:
        id: Its id in the set, `[a-z0-9-]{1,64}`.
        component: The component: its path, or its bytes.
        settings: Its settings, checked against its own schema; a mapping of JSON values.
        stages: The stages that it is asked at, by Graph's names; all that it names where left out. May
            only narrow.
        facts: The collections of facts that it may look up; none where left out.
        limits: Its limits, where they differ from the set's.
        sha256: The digest that the component must have, in hexadecimal.

    Raises:
        SetError: There is no such stage, or a limit is the set's alone.
        PolicySettingsError: The settings are not JSON.
        TypeError: `component` is of another type.
    """

    def __new__(
        cls,
        id: str,
        component: _Path | bytes,
        *,
        settings: _Json | None = None,
        stages: Sequence[str] | None = None,
        facts: Sequence[str] | None = None,
        limits: Limits | None = None,
        sha256: str | None = None,
    ) -> Policy: ...
    @property
    def id(self) -> str:
        """Its id in the set."""

@final
class Limits:
    """What an evaluation may use: of a set, for every policy, or of one policy, where it differs.

    Args:
        fuel: Instructions, roughly, that one evaluation of a policy may execute; the same inputs always
            use the same. False turns metering off. Default 50,000,000.
        deadline: Wall-clock time of one policy's evaluation, in seconds; the backstop behind fuel.
            Waiting for an instance and for facts counts. Default 0.25.
        memory: Linear memory of one instance, in bytes. Default 16 MiB.
        stack: Stack of one instance, in bytes; of a set only. Default 512 KiB.
        concurrency: Instances that exist at once; of a set only. Default 64.

    What is left out, or None, is the default, or for a policy what the set says.

    Raises:
        SetError: A limit that cannot be.
        TypeError: A limit of another type.
    """

    def __new__(
        cls,
        *,
        fuel: int | Literal[False] | None = None,
        deadline: float | None = None,
        memory: int | None = None,
        stack: int | None = None,
        concurrency: int | None = None,
    ) -> Limits: ...
    @property
    def fuel(self) -> int | Literal[False] | None:
        """Instructions, roughly; False where metering is off, None where it is left out."""
    @property
    def deadline(self) -> float | None:
        """Seconds; None where it is left out."""
    @property
    def memory(self) -> int | None:
        """Bytes; None where it is left out."""
    @property
    def stack(self) -> int | None:
        """Bytes; None where it is left out."""
    @property
    def concurrency(self) -> int | None:
        """Instances; None where it is left out."""
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Callout:
    """One payload of a custom extension, read strictly.

    Immutable, and shared by threads. Reading one once and evaluating it many times saves the reading.
    """

    @staticmethod
    def parse(payload: _Payload) -> Callout:
        """Reads a callout.

        Args:
            payload: The payload as bytes, as text, or as a mapping such as `json.loads` gives. Bytes
                are best: nothing has touched them.

        Returns:
            The callout.

        Raises:
            AdmitError: It is not a callout; `CalloutSyntaxError` and its siblings say what is wrong.
                Values that JSON does not have (NaN, integers beyond 64 bits, lone surrogates, objects
                of other types) are a `CalloutSyntaxError`, cycles and more than 1 MiB a
                `CalloutLimitError`.
            TypeError: `payload` is of another type.
        """
    @property
    def request_id(self) -> str:
        """The request's id, a GUID in lower case with hyphens."""
    @property
    def instance_id(self) -> str:
        """The instance's id, as it was sent; empty where there is none."""
    @property
    def key(self) -> str:
        """What identifies the question: `request_id/instance_id`, the same when the service asks again."""
    @property
    def stage(self) -> str:
        """Graph's name of the stage that asks, such as `assignmentRequestCreated`."""
    @property
    def is_evaluated(self) -> bool:
        """Whether it asks something: connection tests and callouts of the 2021 preview do not, and are
        not evaluated.
        """
    @property
    def notes(self) -> list[Note]:
        """Remarks on the payload."""
    @property
    def timeout_seconds(self) -> int | None:
        """For how many seconds the service waits for an answer; None where it does not say."""
    def deadline(self, arrived: datetime) -> datetime | None:
        """Until when an answer is taken.

        Args:
            arrived: When the callout arrived, a datetime with a time zone.

        Returns:
            The instant, in UTC; None where the callout does not say.

        Raises:
            TypeError: `arrived` is not a datetime.
            ValueError: `arrived` has no time zone, or is outside of the years 1 to 9999 in UTC.
        """
    def document(self) -> dict[str, Any]:
        """The canonical document, which policies see: Graph's v1.0 form of the payload's data.

        Returns:
            The document as a dict.
        """
    def __bytes__(self) -> bytes: ...

@final
class Report:
    """What was decided for one callout, why, and what to send.

    Immutable, and shared by threads. It is a function of callout, policies, settings, facts, instant
    and limits: the same inputs give the same bytes.
    """

    @property
    def decision(self) -> Decision | None:
        """What is done with the request; None where the callout is not one that is evaluated.

        Only `Decision.APPROVE` and `Decision.REQUIRE_APPROVAL` let it go on, and only by sending the
        answer. None is no approval.
        """
    @property
    def rule(self) -> str | None:
        """The name of the rule by which outcomes were combined; None where nothing was evaluated."""
    @property
    def determined_by(self) -> list[str]:
        """The ids of the policies that determined the decision, in set order; empty where the set's silence
        did.
        """
    @property
    def reasons(self) -> list[Reason]:
        """Why the decision is what it is: a reason for each policy that determined it."""
    @property
    def notes(self) -> list[Note]:
        """Remarks of the library on the decision and the callout."""
    @property
    def outcomes(self) -> list[Outcome]:
        """What came of each policy, in set order."""
    @property
    def reads(self) -> list[str]:
        """What the policies read of the callout: JSON pointers into the canonical document, sorted. Their
        values are in `evidence`.
        """
    @property
    def resume_body(self) -> bytes | None:
        """The body to post to Graph, byte for byte; None where nothing is to be sent."""
    @property
    def resume_request(self) -> ResumeRequest | None:
        """The request to send to Graph; None where nothing is to be sent."""
    @property
    def no_answer_reason(self) -> Note | None:
        """Why nothing is to be sent; None where there is an answer."""
    @property
    def facts(self) -> RecordedFacts:
        """Every lookup of facts with its answer, to evaluate the same callout again."""
    @property
    def fact_errors(self) -> list[FactFailure]:
        """What functions that give facts raised, each a `FactFailure` with the exception and its traceback.
        A policy that asked for them has a fault.
        """
    @property
    def evidence(self) -> dict[str, Any]:
        """What the policies were shown: a dict with `callout`, JSON pointers and values, and `facts`, lookups
        and answers. It holds what the callout and the sources say about people.
        """
    @property
    def timings(self) -> dict[str, float]:
        """How long each policy took: a dict of policy ids and seconds, 0 where it was not asked. Not part
        of the report's JSON, which is the same whatever the time.
        """
    @property
    def callout(self) -> Callout:
        """The callout that was evaluated."""
    @property
    def key(self) -> str:
        """What identifies the question: `request_id/instance_id`, the same when the service asks again."""
    @property
    def stage(self) -> str:
        """Graph's name of the stage that asked."""
    @property
    def now(self) -> datetime:
        """The instant that the policies saw, a datetime in UTC."""
    def to_json(self, *, evidence: bool = False, redact: bool = False) -> str:
        """The report as JSON text without spaces: the same text for the same inputs, in every language.

        Args:
            evidence: Whether it carries the values that policies were shown: then it is a record from
                which the callout can be evaluated again, and holds what the callout and the sources say
                about people.
            redact: Whether texts and values are replaced by their SHA-256.

        Returns:
            The text.
        """
    def to_dict(self, *, evidence: bool = False, redact: bool = False) -> dict[str, Any]:
        """The report as a dict: what `to_json` says.

        Args:
            evidence: As for `to_json`.
            redact: As for `to_json`.

        Returns:
            A new dict.
        """
    def _repr_html_(self) -> str: ...
    def __bool__(self) -> bool: ...

@final
class Reason:
    """Why the decision is what it is."""

    @property
    def policy(self) -> str | None:
        """The policy's id; None where the set itself decided."""
    @property
    def code(self) -> str:
        """The verdict's code, or the library's."""
    @property
    def detail(self) -> str:
        """For people."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Note:
    """A remark with a code."""

    @property
    def code(self) -> str:
        """For programs."""
    @property
    def detail(self) -> str:
        """For people."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ResumeRequest:
    """The request to send to Graph. Its authorization is yours."""

    @property
    def method(self) -> str:
        """The method, `POST`."""
    @property
    def path(self) -> str:
        """The path below Graph's host, with the version."""
    @property
    def headers(self) -> dict[str, str]:
        """The headers, a dict."""
    @property
    def body(self) -> dict[str, Any]:
        """The body, a dict."""
    @property
    def content(self) -> bytes:
        """The body as it is to be sent, byte for byte: what `Report.resume_body` is."""

@final
class Outcome:
    """What came of one policy: one of `verdict`, `fault` and `skipped` is there."""

    @property
    def policy(self) -> str:
        """The policy's id."""
    @property
    def verdict(self) -> Verdict | None:
        """What it answered."""
    @property
    def fault(self) -> Fault | None:
        """How it failed."""
    @property
    def skipped(self) -> Literal["stage", "decided"] | None:
        """Why it was not asked: `"stage"`, it does not answer this one, or `"decided"`, an earlier policy
        did.
        """
    @property
    def reads(self) -> list[str] | None:
        """What it read of the callout: JSON pointers into the canonical document; None where that was not
        kept.
        """
    @property
    def facts(self) -> list[tuple[str, str]]:
        """The facts that it asked for, each as collection and key."""
    @property
    def granted(self) -> list[str]:
        """The collections of facts that it may ask."""
    @property
    def stages(self) -> list[str]:
        """The stages that it is asked at."""
    @property
    def fuel(self) -> int | None:
        """Fuel that it used; None where metering is off or nothing ran."""
    @property
    def memory(self) -> int:
        """Linear memory of its instance, in bytes."""
    @property
    def log(self) -> list[tuple[str, str]]:
        """What it logged, each as level and line."""
    @property
    def sha256(self) -> str:
        """SHA-256 of its component's bytes, in hexadecimal."""
    @property
    def settings_sha256(self) -> str:
        """SHA-256 of its settings as JSON, in hexadecimal."""

@final
class Verdict:
    """What a policy answered."""

    @property
    def effect(self) -> Literal["abstain", "approve", "require-approval", "cancel", "deny"]:
        """`"abstain"`, `"approve"`, `"require-approval"`, `"cancel"` or `"deny"`."""
    @property
    def code(self) -> str:
        """Why, for programs."""
    @property
    def detail(self) -> str:
        """Why, for people."""
    @property
    def notes(self) -> list[tuple[str, str]]:
        """Further reasons, each as code and detail."""
    @property
    def approval_stage(self) -> ApprovalStage | None:
        """Who has to approve, where the effect is `"require-approval"`; None otherwise."""

@final
class ApprovalStage:
    """Who has to approve, and until when: Graph's `accessPackageApprovalStage`, as the policy gave it."""

    @property
    def deny_after_seconds(self) -> int:
        """After how many seconds the request is denied where nobody decides."""
    @property
    def escalate_after_seconds(self) -> int | None:
        """After how many seconds the escalation approvers are asked; None where nobody else is."""
    @property
    def require_justification(self) -> bool:
        """Whether approvers must give a reason."""
    @property
    def primary(self) -> list[Approver]:
        """Who is asked. One of them suffices."""
    @property
    def fallback_primary(self) -> list[Approver]:
        """Who is asked where a primary approver cannot be found."""
    @property
    def escalation(self) -> list[Approver]:
        """Who is asked when nobody decides."""
    @property
    def fallback_escalation(self) -> list[Approver]:
        """Who is asked where an escalation approver cannot be found."""

@final
class Approver:
    """Who approves."""

    @property
    def kind(self) -> str:
        """Graph's type of subject set, such as `"singleUser"` or `"requestorManager"`."""
    @property
    def id(self) -> str | None:
        """The id in the directory; None where the kind has none."""
    @property
    def level(self) -> int | None:
        """How many levels up a manager is; None for other kinds."""
    @property
    def rule(self) -> str | None:
        """The membership rule; None for other kinds."""
    @property
    def description(self) -> str:
        """For people; may be empty."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Fault:
    """How a policy failed: a defect or a limit, not a decision of anybody's."""

    @property
    def kind(self) -> FaultKind:
        """Which way."""
    @property
    def code(self) -> int:
        """Stable number of the kind."""
    @property
    def detail(self) -> str:
        """What happened."""

@final
class FactFailure:
    """A lookup that raised an exception: the policy's evaluation became a fault by it."""

    @property
    def collection(self) -> str:
        """The collection that was asked."""
    @property
    def key(self) -> str:
        """The key that it was asked for."""
    @property
    def exception(self) -> BaseException:
        """What its function raised, with its traceback."""

@final
class JsonFacts:
    """Facts that are all in memory: a JSON object, whose members' names are the keys.

    Read once, when it is made. Keys that are GUIDs are found in every spelling; a value that is None or
    null says that there is no such key. Immutable, and shared by sets and threads.

    Args:
        source: A mapping of keys to values, or the path of a file that holds one JSON object.

    Raises:
        FactSourceError: The file cannot be read or is no such object, or a value is not JSON.
        TypeError: `source` is of another type.
    """

    def __new__(cls, source: _Json | _Path) -> JsonFacts: ...

@final
class SqliteFacts:
    """Facts from an SQLite database, asked at each lookup.

    The database is opened for reading only. A row becomes an object with a member for each column.
    Immutable, and shared by sets and threads.

    Args:
        path: The database.
        query: A query that only reads, with the one parameter `?1`, the key.
        json_columns: Columns whose text is JSON, such as what `json_group_array` gives.

    Raises:
        FactSourceError: The database or the query cannot be used.
    """

    def __new__(cls, path: _Path, query: str, *, json_columns: Sequence[str] | None = None) -> SqliteFacts: ...

@final
class RecordedFacts:
    """Every lookup of one evaluation with its answer, to evaluate the same callout again without sources.

    `Report.facts` gives it. Immutable, and shared by threads.
    """

    @staticmethod
    def from_json(text: str | bytes) -> RecordedFacts:
        """Reads the record of a report.

        Args:
            text: A report's JSON text with its evidence, as `Report.to_json(evidence=True)` gives it.

        Returns:
            The record.

        Raises:
            FactRecordError: It is not such a report, or is redacted.
        """
    def answers(self) -> list[tuple[str, str, Any]]:
        """The lookups that were answered.

        Returns:
            Of each lookup its collection, its key and its value, None where there was no such key, in
            the order of collection and key. Lookups that failed are left out; the report has them.
        """
    @property
    def now(self) -> datetime | None:
        """The instant of the evaluation that it is of, a datetime in UTC; None where only lookups were read."""
    @property
    def cut_short(self) -> list[str]:
        """Ids of the policies that were cut short, by their deadline or for want of an instance: that
        depends on the machine, and such an evaluation cannot be repeated.
        """
    def __len__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class Inspection:
    """What a policy's component is and can do, found without running it."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the component's bytes in hexadecimal: the policy's identity."""
    @property
    def size(self) -> int:
        """The component's size, in bytes."""
    @property
    def imports(self) -> list[str]:
        """Every function that it imports, as `interface.function`, sorted."""
    @property
    def readable(self) -> list[str] | None:
        """What of the callout its imports let it read, whatever it does: JSON pointers into the canonical
        document, `*` for any index; None where they set no bound.
        """
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def version(self) -> str:
        """Its version."""
    @property
    def description(self) -> str:
        """What it does."""
    @property
    def contract(self) -> str:
        """The version of the contract that it was built for."""
    @property
    def stages(self) -> list[str]:
        """The stages that it answers, by Graph's names."""
    @property
    def facts(self) -> list[str]:
        """The collections of facts that it asks for."""
    @property
    def settings_schema(self) -> dict[str, Any] | None:
        """The JSON schema of its settings, as a dict; None where it takes none."""
    @property
    def settings(self) -> dict[str, Any]:
        """Settings that the policy brings itself, such as rules as text, as a dict; a set gives no others of
        these names.
        """

@final
class Finding:
    """One thing that is wrong or doubtful with a payload or a body."""

    @property
    def code(self) -> str:
        """Stable name of the rule."""
    @property
    def severity(self) -> Severity:
        """How bad it is."""
    @property
    def path(self) -> str:
        """Where: a JSON pointer, or a place in the text."""
    @property
    def problem(self) -> str:
        """What is wrong."""
    @property
    def instead(self) -> str:
        """What to write instead."""
    @property
    def source(self) -> str:
        """Who says so."""
    def __eq__(self, other: object, /) -> bool: ...

@final
class SetFinding:
    """One thing that is wrong or doubtful with a policy set."""

    @property
    def code(self) -> str:
        """Stable name of the rule or, for an error, of its kind."""
    @property
    def severity(self) -> Severity:
        """How bad it is. With an error the set cannot be loaded."""
    @property
    def policy(self) -> str | None:
        """Id of the policy that is concerned; None where it is the set."""
    @property
    def place(self) -> str | None:
        """Where: a file, with line and column where that is known; None for a set from code."""
    @property
    def problem(self) -> str:
        """What is wrong or doubtful."""
    @property
    def excerpt(self) -> str | None:
        """The lines that the problem is about, with a caret below; None where they are not shown."""
    @property
    def instead(self) -> str | None:
        """What to write instead; None where the problem says it."""
    def __eq__(self, other: object, /) -> bool: ...

def check(path: _Path, *, facts: Mapping[str, _Source] | None = None) -> list[SetFinding]:
    """Says everything that is wrong with a policy set file or, where nothing is, everything that is
    doubtful with its set.

    The set is loaded, and nothing is evaluated.

    Args:
        path: The file.
        facts: Facts of the host, as for `PolicySet.from_file`; they may be missing.

    Returns:
        The findings, the worst first. The set can be loaded where none is an error.
    """
def inspect(component: _Path | bytes) -> Inspection:
    """Looks at a policy: its digest, its imports, and what it says about itself. It is not run.

    Args:
        component: The component: its path, or its bytes.

    Returns:
        What was found.

    Raises:
        AdmitError: It cannot be read or is no policy: `PolicyFileError`, which is an `OSError`,
            `PolicyFormatError`, which is a `ValueError`, and their siblings.
        TypeError: `component` is of another type.
    """
def lint_callout(callout: _Payload) -> list[Finding]:
    """Says what is wrong or doubtful with a callout, in any of its shapes.

    Args:
        callout: The payload as bytes, text or a mapping.

    Returns:
        At most 100 findings, the worst first.

    Raises:
        CalloutSyntaxError: `callout` is a mapping with values that JSON does not have.
        CalloutLimitError: `callout` is a mapping that nests too deep, as one within itself does, or comes
            to more than 1 MiB.
        TypeError: `callout` is of another type.
    """
def lint_resume(body: _Payload) -> list[Finding]:
    """Says what is wrong or doubtful with the body of Graph's `resume` action, before it is sent.

    Args:
        body: The body as bytes, text or a mapping.

    Returns:
        At most 100 findings, the worst first.

    Raises:
        GraphObjectError: `body` is a mapping with values that JSON does not have, or too deep or large.
        TypeError: `body` is of another type.
    """
def lint_extension(extension: _Payload) -> list[Finding]:
    """Says what is wrong or doubtful with a custom extension that is to be created, or with the record of
    one of its calls.

    Args:
        extension: The definition as bytes, text or a mapping.

    Returns:
        At most 100 findings, the worst first.

    Raises:
        GraphObjectError: `extension` is a mapping with values that JSON does not have, or too deep or large.
        TypeError: `extension` is of another type.
    """
