"""Memory does not grow: not with evaluations, not with sets that are loaded and dropped, and not with
functions that refer to their own set.

Each measurement has a process of its own: `python tests/test_memory.py NAME` is one.
"""

import asyncio
import gc
import json
import os
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest
from conftest import CORPUS, CREATED, NOW, ask, hostile, load

import admit

PAYLOAD = CREATED.read_bytes()


def resident():
    """Resident memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def partners():
    return load(CORPUS / "sets" / "partners" / "admit.toml")


def evaluations():
    policies = partners()
    return lambda: policies.evaluate(PAYLOAD, now=NOW).resume_body


def reports():
    policies = load(CORPUS / "sets" / "contoso" / "admit.toml")
    callout = json.loads(PAYLOAD)

    def step():
        report = policies.evaluate(callout, now=NOW)
        request, evidence, html = report.resume_request, report.evidence, report._repr_html_()
        assert request and evidence and html
        again = policies.evaluate(report.callout, now=NOW, facts=report.facts)
        assert again.to_dict() == report.to_dict()

    return step


def refusals():
    policies = partners()
    wrong = [b"{", "\ud800", {"a": float("nan")}, None, PAYLOAD[:-1] + b',"Stage":""}']

    def step():
        results = policies.evaluate_many(wrong, now=NOW)
        assert all(isinstance(result, Exception) for result in results)

    return step


def failing_sources():
    """The exceptions keep their tracebacks, and those the source, which keeps the last reports."""

    class Source:
        def __init__(self):
            self.reports = []

        def __call__(self, key):
            raise LookupError(key)

    def step():
        source = Source()
        answers.append(source)
        for _ in range(10):
            source.reports.append(policies.evaluate(PAYLOAD, now=NOW))
        assert source.reports[0].fact_errors
        answers.clear()

    answers = []
    policies = ask(lambda key: answers[0](key))
    return step


def many():
    policies = partners()
    return lambda: policies.evaluate_many([PAYLOAD] * 100, threads=2, now=NOW)


def asynchronous():
    async def people(key):
        return {"name": key}

    async def step():
        await asyncio.gather(*(policies.aevaluate(PAYLOAD, now=NOW) for _ in range(100)))

    policies = ask(people, limits=admit.Limits(deadline=10))
    loop = asyncio.new_event_loop()
    return lambda: loop.run_until_complete(step())


def sets(component, prepare):
    """Sets that are asked once and dropped, each with a function that refers to it."""

    def step():
        gc.collect()  # the one before
        policy = admit.Policy("hostile", component, facts=["people"])
        policies = admit.PolicySet(
            [policy], source="C", facts={"people": lambda key: policies}, prepare=prepare
        )
        assert policies.evaluate(PAYLOAD, now=NOW).outcomes[0].fault.kind is admit.FaultKind.TRAP

    return step


def small_sets():
    return sets(hostile("unreachable", ("people",)), "each-time")


def snapshots():
    return sets(hostile("unreachable", ("people",)), "snapshot")


def large_sets():
    file = CORPUS / "sets" / "partners" / "admit.toml"
    return lambda: admit.PolicySet.from_file(file, prepare="each-time")


# How often each is done, first to warm up, then to measure, and how many bytes each may leave. In all there
# is noise of up to 2 MB, the allocator's; nothing leaves more with more turns.
MEASUREMENTS = {
    evaluations: (10_000, 100_000, 100),
    reports: (1_000, 2_000, 1_000),
    refusals: (1_000, 2_000, 1_000),
    failing_sources: (500, 1_000, 2_000),
    many: (100, 200, 10_000),
    asynchronous: (50, 100, 20_000),
    small_sets: (100, 1_000, 2_000),
    snapshots: (50, 200, 20_000),
    large_sets: (10, 20, 300_000),
}


def measure(name):
    """How much memory doing it leaves."""
    make, (warm_up, times, _) = next(item for item in MEASUREMENTS.items() if item[0].__name__ == name)
    step = make()
    gc.collect()
    gc.freeze()  # collecting is quick then
    for _ in range(warm_up):
        step()
    gc.collect()
    before = resident()
    begun = time.perf_counter()
    for _ in range(times):
        step()
    took = time.perf_counter() - begun
    gc.collect()
    return {"growth": resident() - before, "seconds": took}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize(("make", "bounds"), MEASUREMENTS.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_memory_does_not_grow(make, bounds, capsys):
    _, times, most = bounds
    command = [sys.executable, __file__, make.__name__]
    # Each thread that compiles has a heap of its own, and what it keeps for later is not a leak.
    environ = {**os.environ, "RAYON_NUM_THREADS": "1"}
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ).stdout
    measured = json.loads(said)
    with capsys.disabled():
        growth, seconds = measured["growth"] // 1024, measured["seconds"]
        print(f"\n{make.__name__}: {times} times in {seconds:.1f} s, {growth} KiB more", end=" ")
    assert measured["growth"] < times * most


class Host:
    """Something that holds a set, as a program does, and gives it a fact."""

    def people(self, key):
        return self.answer


def host(answer=None):
    it = Host()
    it.answer = answer
    it.policies = ask(it.people)
    return it


def is_collected(thing):
    """Whether nothing but cycles holds what is made."""
    seen = weakref.ref(thing())
    gc.collect()
    return seen() is None


def test_a_function_may_refer_to_its_own_set():
    assert is_collected(host)


def test_a_function_of_a_set_that_lives_is_not_collected():
    it = host("here")
    policies = it.policies
    seen = weakref.ref(it)
    del it
    gc.collect()
    assert seen() is not None
    assert policies.evaluate(PAYLOAD, now=NOW).outcomes[0].verdict.detail == '"here"'


def test_a_report_may_be_held_by_what_its_exceptions_hold():
    def failed():
        it = host()
        it.people = None
        it.policies = ask(lambda key: it.unknown)
        it.report = it.policies.evaluate(PAYLOAD, now=NOW)
        assert isinstance(it.report.fact_errors[0].exception, AttributeError)
        it.policies = None
        return it

    assert is_collected(failed)


def test_a_request_may_be_held_by_its_body():
    def held():
        it = Host()
        it.request = partners().evaluate(PAYLOAD, now=NOW).resume_request
        it.request.body["host"] = it
        return it

    assert is_collected(held)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
