"""One set, many threads: the same answers as one after the other, and the interpreter goes on."""

import asyncio
import gc
import itertools
import json
import operator
import signal
import sys
import sysconfig
import threading
import time
import types
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
    for threads in 0, -1, 2**70:
        with pytest.raises(ValueError, match="threads is 0, negative or too large"):
            partners.evaluate_many([payload], threads=threads)
    for threads in True, 1.5, "2":
        with pytest.raises(TypeError):
            partners.evaluate_many([payload], threads=threads)
    with pytest.raises(TypeError):
        partners.evaluate_many(3)
    # One payload is not many: its bytes, characters and keys are none.
    callout = json.loads(payload)
    for one in payload, payload.decode(), bytearray(payload), callout, types.MappingProxyType(callout):
        with pytest.raises(TypeError, match="an iterable of payloads"):
            partners.evaluate_many(one)

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


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="signals of POSIX")
def test_a_signal_ends_taking_many(partners):
    class Enough(Exception):
        pass

    def enough(number, frame):
        raise Enough

    # Neither it nor reading bytes runs Python, which would look for signals.
    callouts = itertools.repeat(b"{", 5_000_000)
    before = signal.signal(signal.SIGALRM, enough)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(Enough):
            partners.evaluate_many(callouts)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert operator.length_hint(callouts) > 0


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


def test_async_facts_have_the_threads_of_the_loop(payload):
    """Those that evaluate are others, or they would wait for each other until the deadline."""
    names = set()

    async def people(key):
        return await asyncio.to_thread(lambda: names.add(threading.current_thread().name) or key)

    async def main():
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1, "of the loop"))
        return await asyncio.gather(*(policies.aevaluate(payload, now=NOW) for _ in range(20)))

    policies = ask(people, limits=admit.Limits(deadline=3))
    assert {report.decision for report in asyncio.run(main())} == {admit.Decision.APPROVE}
    assert names == {"of the loop_0"}


def test_waiting_for_a_thread_is_not_the_policy_s_time(payload):
    async def people(key):
        return await asyncio.sleep(0.3, key)

    async def main():
        return await asyncio.gather(*(policies.aevaluate(payload, now=NOW) for _ in range(5)))

    policies = ask(people, limits=admit.Limits(deadline=1, concurrency=1))
    assert {report.decision for report in asyncio.run(main())} == {admit.Decision.APPROVE}


def test_threads_that_evaluate_are_named_and_end_with_their_set(payload):
    async def main():
        return await asyncio.gather(*(policies.aevaluate(payload, now=NOW) for _ in range(8)))

    threads = set()
    policies = ask(lambda key: threads.add(threading.current_thread()), limits=admit.Limits(concurrency=2))
    asyncio.run(main())
    assert {thread.name for thread in threads} <= {"admit_0", "admit_1"}
    del policies
    gc.collect()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_a_mapping_may_change_once_it_is_given(partners, payload):
    """One dict for several people: each gets the answer of what it was at the call."""

    async def main():
        callout = json.loads(payload)
        tasks = []
        for domain in "nowhere.example", "contoso.example":
            callout["Requestor"]["Email"] = f"someone@{domain}"
            tasks.append(asyncio.create_task(partners.aevaluate(callout, now=NOW)))
        callout.clear()
        return [report.decision for report in await asyncio.gather(*tasks)]

    assert asyncio.run(main()) == [admit.Decision.DENY, admit.Decision.APPROVE]


def test_a_coroutine_is_a_coroutine(partners, payload):
    given = partners.aevaluate(payload, now=NOW), partners.aevaluate({})
    for coroutine in given:
        assert asyncio.iscoroutine(coroutine)
        coroutine.close()


def test_errors_of_aevaluate(partners):
    async def main():
        with pytest.raises(admit.CalloutSyntaxError):
            await partners.aevaluate(b"{")
        with pytest.raises(TypeError):
            await partners.aevaluate(3)
        refused = partners.aevaluate({"Extra": {1, 2}})
        with pytest.raises(admit.CalloutSyntaxError, match="type set"):
            await refused

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
