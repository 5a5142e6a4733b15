"""Laws that hold whatever is given: a report or a typed exception, the same each time, and no approval
where something failed."""

import collections
import copy
import json
import re
import string

import pytest
from conftest import CASES, COMPONENTS, CORPUS, CREATED, NOW, ask, load, say
from hypothesis import example, given, settings
from hypothesis import strategies as st

import admit

# The same examples each time; no file of those that failed, no bound on the time of one.
laws = settings(derandomize=True, database=None, deadline=None, max_examples=200)

PARTNERS = load(CORPUS / "sets" / "partners" / "admit.toml")
CONTOSO = load(CORPUS / "sets" / "contoso" / "admit.toml")

CALLOUTS = [
    json.loads(payload.decode("utf-8-sig"))
    for payload in sorted({case.callout.read_bytes() for case in CASES})
    if len(payload) < 10_000
]
PACKAGES = sorted(set(re.findall("0d0000[0-9a-f-]{30}", json.dumps(CALLOUTS))))
PAYLOAD = CREATED.read_bytes()
GUID = "0a000001-0004-400b-a011-2ac39fe6a35d"
WORSE = (admit.Severity.ERROR, admit.Severity.WARNING)


def held(person):
    """Knows every other person, and fails for the rest."""
    if int(person[-1], 16) % 2:
        raise LookupError(person)
    return {"packages": []}


# Approves where nothing fails.
LENIENT = admit.PolicySet(
    [
        say("approve"),
        admit.Policy(
            "duties",
            COMPONENTS / "separation_of_duties.wasm",
            settings={"conflicts": [{"name": "All and one", "sides": [PACKAGES, [GUID]]}]},
            facts=["held"],
        ),
    ],
    source="C",
    when_silent="approve",
    facts={"held": held},
    prepare="each-time",
)

names = st.text(string.ascii_letters + "@./~_", max_size=8)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from([GUID, "2026-11-20T12:00:00Z", "PT1H", "userAdd"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=8,
)


class Odd:
    """Raises whatever is asked of it."""

    def __getattr__(self, name):
        raise ZeroDivisionError(name)


class Pairs(collections.UserDict):
    """A mapping whose items are no pairs."""

    def items(self):
        return [("a", 1, 2), "b", None]


class Endless(collections.UserDict):
    """A mapping within itself."""

    def items(self):
        return [("a", self), ("b", self)]


def cycle():
    items = []
    items.append({"again": items})
    return items


def doubled():
    """Within itself not at all, and yet longer than any memory when it is written."""
    items = []
    for _ in range(80):
        items = [items, items]
    return items


odd = st.one_of(
    st.integers(2**64) | st.integers(max_value=-(2**63) - 1),
    st.sampled_from([float("nan"), float("inf"), -float("inf"), 1j, ..., object, len]),
    st.text(st.characters(categories=["Cs"]), min_size=1, max_size=2),
    st.binary(max_size=4),
    st.builds(object) | st.builds(Odd) | st.builds(Pairs) | st.builds(Endless),
    st.builds(cycle),
    st.frozensets(st.integers(0, 9), min_size=1, max_size=2),
    st.dictionaries(st.none() | st.integers() | st.binary(max_size=2), st.none(), min_size=1, max_size=2),
)


def nested(leaves):
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.tuples(inner, inner)
            | st.dictionaries(names | st.integers(0, 9), inner, max_size=3)
        ),
        max_leaves=6,
    )


objects = nested(scalars | odd | st.builds(doubled))


@st.composite
def mutated(draw):
    """A callout of the corpus with some members dropped, replaced, renamed or there twice."""
    callout = copy.deepcopy(draw(st.sampled_from(CALLOUTS)))
    for _ in range(draw(st.integers(1, 3))):
        holders = [callout]
        for holder in holders:
            inner = holder.values() if isinstance(holder, dict) else holder
            holders += [value for value in inner if isinstance(value, (dict, list)) and value]
        holder = draw(st.sampled_from(holders))
        if isinstance(holder, list):
            holder[draw(st.integers(0, len(holder) - 1))] = draw(values)
            continue
        name = draw(st.sampled_from(sorted(holder)))
        match draw(st.sampled_from(["drop", "replace", "twice", "rename", "add"])):
            case "drop":
                del holder[name]
            case "replace":
                holder[name] = draw(values)
            case "twice":
                holder[name.swapcase()] = draw(st.just(holder[name]) | values)
            case "rename":
                holder[name.swapcase()] = holder.pop(name)
            case "add":
                holder[draw(names)] = draw(values)
        if not callout:
            break
    return callout


def attempt(function, *given, **named):
    """The report's JSON, or the class of the exception: one that is documented, never another."""
    try:
        result = function(*given, **named)
    except (admit.AdmitError, TypeError) as error:
        assert str(error)
        return type(error)
    if not isinstance(result, admit.Report):
        return result
    hold(result)
    return result.to_json(evidence=True)


def hold(report):
    """What holds for every report."""
    text = report.to_json()
    assert json.loads(text) == report.to_dict()
    for options in {"evidence": True}, {"redact": True}, {"evidence": True, "redact": True}:
        assert json.loads(report.to_json(**options)) == report.to_dict(**options)
    assert text == report.to_json()

    body = report.resume_body
    assert (body is None) == (report.resume_request is None) == (report.no_answer_reason is not None)
    if body is not None:
        assert json.loads(body) == report.resume_request.body == report.to_dict()["answer"]["body"]
        assert not [finding for finding in admit.lint_resume(body) if finding.severity in WORSE]
    if report.decision is None:
        assert body is None
        assert report.outcomes == []
    if any(outcome.fault for outcome in report.outcomes):
        assert report.decision in (admit.Decision.DENY, admit.Decision.WITHHOLD)
        assert body is None or b'"state":"denied"' in body
    for outcome in report.outcomes:
        assert [outcome.verdict, outcome.fault, outcome.skipped].count(None) == 2
    assert repr(report).startswith("<admit.Report ")
    assert report._repr_html_()


def same(policies, callout):
    """What comes of a payload: the same each time, alone and among many, and from its record."""
    result = attempt(policies.evaluate, callout, now=NOW)
    assert attempt(policies.evaluate, callout, now=NOW) == result
    [many] = policies.evaluate_many([callout], now=NOW)
    assert (many.to_json(evidence=True) if isinstance(many, admit.Report) else type(many)) == result
    read = attempt(admit.Callout.parse, callout)
    if isinstance(result, str):
        report = policies.evaluate(read, now=NOW)
        assert report.to_json(evidence=True) == result
        again = policies.evaluate(read, now=NOW, facts=report.facts)
        assert again.to_json(evidence=True) == result
    else:
        assert read is result
    return result


def without_digest(result):
    """A mapping is digested as the text that it is written as."""
    if not isinstance(result, str):
        return result
    report = json.loads(result)
    del report["calloutSha256"]
    return report


@laws
@given(st.binary(max_size=200))
@example(b"")
@example(b"\xef\xbb\xbf{}")
@example(b"\xff\xfe{\x00}\x00")
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b" " * 2_000_000)
def test_bytes(payload):
    result = same(PARTNERS, payload)
    assert issubclass(result, admit.AdmitError)
    for lint in admit.lint_callout, admit.lint_extension, admit.lint_resume:
        assert lint(payload)


@laws
@given(values)
def test_json(value):
    text = json.dumps(value, ensure_ascii=False)
    result = same(PARTNERS, text)
    assert same(PARTNERS, text.encode()) == result
    for lint in admit.lint_callout, admit.lint_extension, admit.lint_resume:
        assert lint(text) == lint(text.encode())
    if isinstance(value, dict):
        assert without_digest(same(PARTNERS, value)) == without_digest(result)
        for lint in admit.lint_callout, admit.lint_extension, admit.lint_resume:
            assert attempt(lint, value) == lint(text)


@laws
@given(mutated(), st.booleans())
def test_mutated_callouts(callout, ascii_only):
    text = json.dumps(callout, ensure_ascii=ascii_only)
    for policies in PARTNERS, CONTOSO, LENIENT:
        result = same(policies, text)
        assert same(policies, text.encode()) == result
        assert without_digest(same(policies, callout)) == without_digest(result)
    findings = admit.lint_callout(text)
    assert admit.lint_callout(callout) == findings
    # Lint says why something is refused.
    assert isinstance(result, str) or findings[0].severity is admit.Severity.ERROR


@laws
@given(st.sampled_from(CALLOUTS), names, objects)
def test_objects_in_a_callout(callout, name, value):
    callout = {**callout, name: value}
    result = attempt(PARTNERS.evaluate, callout, now=NOW)
    assert attempt(admit.Callout.parse, callout) is result or isinstance(result, str)
    [many] = PARTNERS.evaluate_many([callout], now=NOW)
    if isinstance(result, str):
        assert many.to_json(evidence=True) == result
    else:
        assert type(many) is result
    for lint in admit.lint_callout, admit.lint_extension, admit.lint_resume:
        findings = attempt(lint, callout)
        assert isinstance(findings, (list, type))


@laws
@given(objects)
def test_objects_alone(value):
    result = attempt(PARTNERS.evaluate, value, now=NOW)
    assert not isinstance(result, str)
    if not isinstance(value, (bytes, str, collections.abc.Mapping)):
        assert result is TypeError
    [many] = PARTNERS.evaluate_many([value], now=NOW)
    assert type(many) is result
    for function in admit.lint_callout, admit.lint_extension, admit.lint_resume:
        attempt(function, value)


@laws
@given(
    st.lists(mutated() | values | st.binary(max_size=9) | objects, max_size=8),
    st.none() | st.integers(1, 4),
)
def test_many_are_each_alone(callouts, threads):
    def said(result):
        return result.to_json() if isinstance(result, admit.Report) else (type(result), str(result))

    def alone(callout):
        try:
            return CONTOSO.evaluate(callout, now=NOW)
        except Exception as error:
            return error

    results = CONTOSO.evaluate_many(callouts, threads=threads, now=NOW)
    assert list(map(said, results)) == [said(alone(callout)) for callout in callouts]


class Answers:
    """A source that gives what it is told to."""

    def __init__(self):
        self.answer = None

    def __call__(self, key):
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


ANSWERS = Answers()
ASKING = ask(ANSWERS)

# Something odd, in lists and dicts of what is not.
spoilt = st.recursive(
    odd | st.builds(doubled),
    lambda inner: (
        st.builds(lambda items, it: [*items, it], st.lists(scalars, max_size=3), inner)
        | st.builds(lambda items, name, it: {**items, name: it}, st.dictionaries(names, scalars), names, inner)
    ),
    max_leaves=4,
)
ERRORS = [
    LookupError("no"),
    StopIteration(1),
    RecursionError(),
    MemoryError(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "\udc80"),
    Exception("\udc80"),
    admit.CalloutSyntaxError("of another callout"),
    TimeoutError(),
]


def answered(answer):
    """The report, and what came of the asking policy."""
    ANSWERS.answer = answer
    report = ASKING.evaluate(PAYLOAD, now=NOW)
    hold(report)
    ANSWERS.answer = AssertionError("asked again")
    again = ASKING.evaluate(PAYLOAD, now=NOW, facts=report.facts)
    assert again.to_json(evidence=True) == report.to_json(evidence=True)
    [outcome] = report.outcomes
    return report, outcome


@laws
@given(values)
def test_what_a_source_may_give(answer):
    _, outcome = answered(answer)
    assert outcome.fault is None
    detail = outcome.verdict.detail
    assert detail == "none" if answer is None else json.loads(detail) == answer


@laws
@given(spoilt | st.sampled_from(ERRORS))
def test_what_a_source_may_not_give(answer):
    report, outcome = answered(answer)
    assert outcome.fault.kind is admit.FaultKind.FACTS
    assert report.decision is admit.Decision.DENY
    if isinstance(answer, BaseException):
        [failure] = report.fact_errors
        assert failure.exception is answer


@laws
@given(nested(scalars | odd))
def test_what_a_set_is_made_of(value):
    made = attempt(admit.JsonFacts, {"one": value})
    assert isinstance(made, admit.JsonFacts) or made is admit.FactSourceError
    made = attempt(admit.Policy, "say", b"", settings={"effect": value})
    assert isinstance(made, admit.Policy) or made is admit.PolicySettingsError
    if value is not None:
        made = attempt(admit.PolicySet, [say("approve")], source="C", extension=value)
        assert made in (admit.GraphObjectError, TypeError)


def test_what_doubles_without_end():
    """It is refused before memory is full."""
    with pytest.raises(admit.FactSourceError, match="more than 67108864 bytes"):
        admit.JsonFacts({"one": doubled()})
    with pytest.raises(admit.CalloutLimitError, match="more than 1048576 bytes"):
        admit.Callout.parse({"Extra": doubled()})
