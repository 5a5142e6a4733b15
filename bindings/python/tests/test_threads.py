"""One set, many threads: the same answers as one after the other, and the interpreter goes on."""

import asyncio
import json
import signal
import sys
import sysconfig
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest
from conftest import CASES, COMPONENTS, CREATED, NOW, ask, load

import admit

CONTOSO = [case for case in CASES if case.name.startswith("contoso-")]


def test_a_python_without_interpreter_lock_stays_without():
    is_enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    assert is_enabled != bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def test_threads_share_a_set():
    policies = load(CONTOSO[0].set)
    payloads = [case.callout.read_bytes() for case in CONTOSO]
    serial = [policies.evaluate(payload, now=NOW).to_json(evidence=True) for payload in payloads]
    barrier = threading.Barrier(8)

    def evaluate(turn):
        barrier.wait()
        # Each thread begins with another callout.
        order = payloads[turn:] + payloads[:turn]
        reports = [policies.evaluate(payload, now=NOW).to_json(evidence=True) for payload in order]
        return reports[-turn:] + reports[:-turn] if turn else reports

    with ThreadPoolExecutor(8) as pool:
        for reports in pool.map(evaluate, range(8)):
            assert reports == serial


@pytest.mark.parametrize("threads", [None, 1, 2, 7, 10_000])
def test_many_keeps_the_order(threads, partners):
    payloads = [case.callout.read_bytes() for case in CASES if case.name.startswith("partners-")]
    given = []
    for payload in payloads:
        given += [payload, b"{", payload.decode("utf-8-sig"), None]
    results = partners.evaluate_many(iter(given), threads=threads, now=NOW)
    assert len(results) == len(given)
    for payload, result in zip(given, results, strict=True):
        if payload is None:
            assert type(result) is TypeError
        elif payload == b"{":
            assert type(result) is admit.CalloutSyntaxError
        else:
            assert result.to_json() == partners.evaluate(payload, now=NOW).to_json()
    assert partners.evaluate_many([], threads=threads) == []


def test_many_with_python_facts(payload):
    policies = ask(lambda key: threading.get_ident(), limits=admit.Limits(deadline=10))
    results = policies.evaluate_many([payload] * 100, threads=4, now=NOW)
    assert all(result.decision is admit.Decision.APPROVE for result in results)

    def raises(key):
        raise LookupError(key)

    results = ask(raises).evaluate_many([payload] * 20, threads=2, now=NOW)
    assert all(len(result.fact_errors) == 1 for result in results)
    assert all(result.decision is admit.Decision.DENY for result in results)


def test_many_refuses_what_cannot_be(partners, payload):
    with pytest.raises(ValueError, match="threads is 0"):
        partners.evaluate_many([payload], threads=0)
    with pytest.raises(TypeError):
        partners.evaluate_many(3)

    def broken():
        yield payload
        raise LookupError("no more")

    with pytest.raises(LookupError):
        partners.evaluate_many(broken())


def test_the_interpreter_goes_on_meanwhile():
    """While one thread evaluates, others run Python."""
    policies = load(CONTOSO[0].set)
    turns = 0
    done = threading.Event()

    def evaluate():
        policies.evaluate_many([CONTOSO[12].callout.read_bytes()] * 2000, threads=1, now=NOW)
        done.set()

    thread = threading.Thread(target=evaluate)
    interval = sys.getswitchinterval()
    # A lock that was held would be given up on request only, which this puts off.
    sys.setswitchinterval(100)
    try:
        thread.start()
        while not done.is_set():
            turns += 1
            time.sleep(0)
    finally:
        sys.setswitchinterval(interval)
        thread.join()
    assert turns > 100


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="signals of POSIX")
def test_a_signal_ends_many(partners, payload):
    class Enough(Exception):
        pass

    def enough(number, frame):
        raise Enough

    before = signal.signal(signal.SIGALRM, enough)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        begun = time.monotonic()
        with pytest.raises(Enough):
            partners.evaluate_many([payload] * 1_000_000, threads=2, now=NOW)
        # Long before a million are done; making the list takes a part of it.
        assert time.monotonic() - begun < 10
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_the_event_loop_goes_on_meanwhile(payload):
    async def main():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.01)

        ticking = asyncio.create_task(tick())
        report = await policies.aevaluate(payload, now=NOW)
        ticking.cancel()
        return report, ticks

    policies = ask(lambda key: time.sleep(0.3) or True, limits=admit.Limits(deadline=5))
    report, ticks = asyncio.run(main())
    assert report.decision is admit.Decision.APPROVE
    assert ticks > 10


def test_many_at_once_on_the_event_loop(partners, payload):
    async def main():
        return await asyncio.gather(*(partners.aevaluate(payload, now=NOW) for _ in range(50)))

    serial = partners.evaluate(payload, now=NOW).to_json()
    assert {report.to_json() for report in asyncio.run(main())} == {serial}


def test_a_mapping_may_change_once_it_is_given(partners, payload):
    async def main():
        callout = json.loads(payload)
        task = asyncio.create_task(partners.aevaluate(callout, now=NOW))
        await asyncio.sleep(0)
        callout.clear()
        return await task

    assert asyncio.run(main()).decision is admit.Decision.APPROVE


def test_errors_of_aevaluate(partners):
    async def main():
        with pytest.raises(admit.CalloutSyntaxError):
            await partners.aevaluate(b"{")
        with pytest.raises(TypeError):
            await partners.aevaluate(3)

    asyncio.run(main())


def test_sets_are_made_on_threads():
    def make(turn):
        component = (COMPONENTS / "say.wasm").read_bytes()
        policy = admit.Policy("say", component, settings={"effect": "deny", "code": f"turn-{turn}"})
        return admit.PolicySet([policy], source="C", prepare="each-time").policy_ids

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(make, range(8))) == [["say"]] * 8


def test_functions_see_the_callers_context_on_every_thread():
    """And each thread is the same one for all of its lookups."""
    tenant = ContextVar("tenant", default=None)
    local = threading.local()
    seen = []

    def one(key):
        if not hasattr(local, "number"):
            local.number = threading.get_ident()
            seen.append(local.number)
        time.sleep(0.001)
        return tenant.get()

    policies = ask(one, limits=admit.Limits(deadline=10))
    tenant.set("contoso")
    reports = policies.evaluate_many([CREATED.read_bytes()] * 40, threads=4, now=NOW)
    assert {report.outcomes[0].verdict.detail for report in reports} == {'"contoso"'}
    assert len(seen) == len(set(seen)) == 4
