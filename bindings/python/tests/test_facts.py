"""Facts: what sources give, and how they fail. No failure is an approval, nor an empty answer."""

import asyncio
import sqlite3
import time
import traceback

import pytest
from conftest import COMPONENTS, NOW, ask

import admit

ONE = {"collection": "people", "key": "one"}


def said(policies, payload):
    """What the asking policy found."""
    [outcome] = policies.evaluate(payload, now=NOW).outcomes
    assert outcome.fault is None, outcome.fault
    return outcome.verdict.detail


def fault(policies, payload):
    """How the asking policy failed; the request is denied then."""
    report = policies.evaluate(payload, now=NOW)
    [outcome] = report.outcomes
    assert outcome.verdict is None
    assert report.decision is admit.Decision.DENY
    assert b'"state":"denied"' in report.resume_body
    return outcome.fault


def test_a_mapping(payload):
    assert said(ask({"one": {"a": [1, None, 2.5, "é"]}}), payload) == '{"a":[1,null,2.5,"é"]}'
    assert said(ask({"two": 1}), payload) == "none"
    assert said(ask({"one": None}), payload) == "none"


def test_keys_that_are_guids_are_found_in_any_spelling(payload):
    key = "0a000001-0004-400b-a011-2ac39fe6a35d"
    policies = ask({key.upper(): 1}, {"collection": "people", "key": key})
    assert said(policies, payload) == "1"


def test_files(payload, tmp_path):
    file = tmp_path / "people.json"
    file.write_text('{"one": true}')
    assert said(ask(file), payload) == "true"
    assert said(ask(str(file)), payload) == "true"
    assert said(ask(admit.JsonFacts(file)), payload) == "true"
    assert said(ask(admit.JsonFacts({"one": 7})), payload) == "7"


def test_databases(payload, tmp_path):
    file = tmp_path / "hr.db"
    with sqlite3.connect(file) as database:
        database.execute("create table person (id text, packages text)")
        database.execute("insert into person values ('one', '[1, 2]')")
    database.close()
    query = "select packages from person where id = ?1"
    assert said(ask(admit.SqliteFacts(file, query)), payload) == '{"packages":"[1, 2]"}'
    source = admit.SqliteFacts(file, query, json_columns=["packages"])
    assert said(ask(source), payload) == '{"packages":[1,2]}'
    with pytest.raises(admit.FactSourceError):
        admit.SqliteFacts(file, "delete from person where id = ?1")
    with pytest.raises(OSError):
        admit.SqliteFacts(tmp_path / "none.db", query)


def test_functions(payload):
    keys = []

    def people(key):
        keys.append(key)
        return {"name": "Noor", "seats": (1, 2)}

    assert said(ask(people, ONE, ONE), payload) == " ".join(['{"name":"Noor","seats":[1,2]}'] * 2)
    assert keys == ["one"]  # asked once in an evaluation
    assert said(ask(lambda key: None), payload) == "none"


def test_an_exception_is_a_fault_and_keeps_its_traceback(payload):
    def people(key):
        raise LookupError(f"no directory for {key}")

    report = ask(people).evaluate(payload, now=NOW)
    assert report.decision is admit.Decision.DENY
    [outcome] = report.outcomes
    assert outcome.fault.kind is admit.FaultKind.FACTS
    assert outcome.fault.detail == "the source `people` failed: LookupError: no directory for one"
    assert "<td>fault</td><td>facts</td>" in report._repr_html_()
    [failure] = report.fact_errors
    assert (failure.collection, failure.key) == ("people", "one")
    assert isinstance(failure.exception, LookupError)
    frames = traceback.extract_tb(failure.exception.__traceback__)
    assert [frame.name for frame in frames] == ["people"]


class Strange:
    def __str__(self):
        raise RuntimeError("no text either")


class StrangeError(Exception):
    __str__ = Strange.__str__


def cycle():
    items = []
    items.append(items)
    return items


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        (Strange(), "it returned a value of type Strange, which JSON does not have"),
        (float("nan"), "it returned a number that is not finite"),
        ({"a": [float("inf")]}, "it returned a number that is not finite at /a/0"),
        (2**64, "it returned an integer of more than 64 bits"),
        ("\ud800", "it returned a lone surrogate, which is no character"),
        ({1: 2}, "it returned a key of type int; keys are strings"),
        (b"bytes", "it returned a value of type bytes, which JSON does not have"),
        ({"a/b": {1, 2}}, "it returned a value of type set, which JSON does not have at /a~1b"),
        ("x" * 300_000, "a value of 300002 bytes"),
    ],
    ids=["object", "nan", "infinite", "huge", "surrogate", "key", "bytes", "set", "long"],
)
def test_nonsense_is_a_fault(payload, value, detail):
    fault_of = fault(ask(lambda key: value), payload)
    assert fault_of.kind is admit.FaultKind.FACTS
    assert fault_of.detail.startswith(f"the source `people` failed: {detail}")


def test_more_nonsense(payload):
    assert "within itself" in fault(ask(lambda key: cycle()), payload).detail

    def strange(key):
        raise StrangeError

    assert fault(ask(strange), payload).kind is admit.FaultKind.FACTS
    assert fault(ask(lambda: None), payload).kind is admit.FaultKind.FACTS


def test_a_function_that_sleeps_past_the_deadline(payload):
    def slow(key):
        time.sleep(0.3)
        return True

    policies = ask(slow, limits=admit.Limits(deadline=0.05))
    assert fault(policies, payload).kind is admit.FaultKind.DEADLINE


def test_a_source_that_is_late_is_late_in_the_record(payload):
    async def slow(key):
        return await asyncio.sleep(60)

    policies = ask(slow, limits=admit.Limits(deadline=0.05))
    recorded = asyncio.run(alone(policies, payload)).facts
    assert recorded.cut_short == []
    again = policies.evaluate(payload, now=NOW, facts=recorded)
    assert again.outcomes[0].fault.kind is admit.FaultKind.DEADLINE

def test_a_function_that_evaluates_with_the_same_set(payload):
    inner = []

    def people(key):
        if len(inner) < 2:
            inner.append(None)
            inner.append(policies.evaluate(payload, now=NOW))
        return len(inner)

    # No instance is free for the inner evaluation: it faults at once, and does not wait for ever.
    policies = ask(people, limits=admit.Limits(concurrency=1))
    begun = time.monotonic()
    assert said(policies, payload) == "2"
    assert time.monotonic() - begun < 5
    [outcome] = inner[1].outcomes
    assert outcome.fault.kind is admit.FaultKind.CAPACITY
    assert inner[1].decision is admit.Decision.DENY
    # That is the machine's doing, and cannot be repeated.
    assert inner[1].facts.cut_short == ["ask"]
    with pytest.raises(admit.FactRecordError, match="cannot be repeated"):
        policies.evaluate(payload, now=NOW, facts=inner[1].facts)
    inner.clear()
    # With room it evaluates, and its own exceptions are its own.
    policies = ask(people, limits=admit.Limits(concurrency=8, deadline=5))
    report = policies.evaluate(payload, now=NOW)
    assert report.decision is admit.Decision.APPROVE
    assert report.fact_errors == []


def test_what_ends_programs_is_no_fault(payload):
    def interrupted(key):
        raise KeyboardInterrupt

    policies = ask(interrupted)
    with pytest.raises(KeyboardInterrupt):
        policies.evaluate(payload, now=NOW)
    with pytest.raises(KeyboardInterrupt):
        policies.evaluate_many([payload] * 4, now=NOW)


def test_async_functions(payload):
    async def people(key):
        await asyncio.sleep(0.001)
        return {"key": key}

    policies = ask(people)
    report = asyncio.run(alone(policies, payload))
    assert report.outcomes[0].verdict.detail == '{"key":"one"}'
    # Without an event loop it is a fault, and nobody is left waiting.
    assert "aevaluate" in fault(policies, payload).detail


async def alone(policies, payload):
    return await policies.aevaluate(payload, now=NOW)


def test_async_functions_are_cancelled_at_the_deadline(payload):
    cancelled = []

    async def people(key):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(key)
            raise

    async def main():
        report = await policies.aevaluate(payload, now=NOW)
        await asyncio.sleep(0.05)
        return report

    policies = ask(people, limits=admit.Limits(deadline=0.1))
    report = asyncio.run(main())
    assert report.outcomes[0].fault.kind is admit.FaultKind.DEADLINE
    assert report.decision is admit.Decision.DENY
    assert cancelled == ["one"]


def test_an_async_function_that_evaluates_on_the_loop_does_not_wait_for_itself(payload):
    async def people(key):
        if not inner:
            inner.append(policies.evaluate(payload, now=NOW))
        return True

    inner = []
    policies = ask(people, limits=admit.Limits(deadline=5))
    report = asyncio.run(alone(policies, payload))
    assert report.decision is admit.Decision.APPROVE
    assert inner[0].outcomes[0].fault.kind is admit.FaultKind.FACTS


def test_an_evaluation_that_is_cancelled_leaves_the_loop_alone(payload):
    async def main():
        task = asyncio.create_task(policies.aevaluate(payload, now=NOW))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await policies.aevaluate(payload, now=NOW)

    policies = ask(lambda key: time.sleep(0.2) or 1, limits=admit.Limits(deadline=5))
    assert asyncio.run(main()).decision is admit.Decision.APPROVE


def test_the_record_evaluates_again_without_the_source(payload):
    report = ask(lambda key: {"seats": 3}).evaluate(payload, now=NOW)
    assert report.facts.answers() == [("people", "one", {"seats": 3})]
    assert report.evidence["facts"] == [{"collection": "people", "key": "one", "value": {"seats": 3}}]
    assert len(report.facts) == 1
    assert report.facts.now == admit.RecordedFacts.from_json(report.to_json(evidence=True)).now == NOW
    assert report.facts.cut_short == []

    def never(key):
        raise AssertionError("a source was asked")

    again = ask(never).evaluate(payload, now=NOW, facts=report.facts)
    assert again.to_json(evidence=True) == report.to_json(evidence=True)
    other = ask(never, {"collection": "people", "key": "two"})
    with pytest.raises(admit.FactRecordError, match="lacks the fact `people` of key `two`"):
        other.evaluate(payload, now=NOW, facts=report.facts)
    with pytest.raises(admit.FactRecordError, match="of another callout"):
        ask(never).evaluate(payload + b" ", now=NOW, facts=report.facts)
    with pytest.raises(admit.FactRecordError, match="carries no evidence"):
        admit.RecordedFacts.from_json(report.to_json())
    with pytest.raises(admit.FactRecordError, match="redacted"):
        admit.RecordedFacts.from_json(report.to_json(evidence=True, redact=True))
    with pytest.raises(TypeError):
        admit.RecordedFacts.from_json(7)


@pytest.mark.parametrize("source", [3, None, object(), [1]], ids=["int", "none", "object", "list"])
def test_what_is_no_source(source):
    with pytest.raises(TypeError, match="the facts `people`"):
        ask(source)


def test_facts_of_a_file(tmp_path, payload):
    file = tmp_path / "admit.toml"
    file.write_text(
        f"""source = "Contoso.Test"
[facts.people]
host = true
[[policy]]
id = "ask"
component = "{COMPONENTS / "ask.wasm"}"
facts = ["people"]
[policy.settings]
lookups = [{{ collection = "people", key = "one" }}]
"""
    )
    with pytest.raises(admit.SetError, match="come from the program"):
        admit.PolicySet.from_file(file)
    with pytest.raises(admit.SetError):
        admit.PolicySet.from_file(file, facts={"people": {}, "others": {}})
    policies = admit.PolicySet.from_file(file, facts={"people": lambda key: 5}, prepare="each-time")
    assert said(policies, payload) == "5"
    recorded = policies.evaluate(payload, now=NOW).facts
    policies = admit.PolicySet.from_file(file, without_sources=True, prepare="each-time")
    assert policies.evaluate(payload, now=NOW, facts=recorded).facts == recorded
    assert fault(policies, payload).kind is admit.FaultKind.FACTS
    codes = {finding.code for finding in admit.check(file)}
    assert "host-facts" in codes
    assert "host-facts" not in {finding.code for finding in admit.check(file, facts={"people": {}})}
