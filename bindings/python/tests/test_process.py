"""Processes: forks, other interpreters, signals, crashes, and the end of the program."""

import asyncio
import concurrent.futures
import copy
import importlib
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from conftest import CASES, CREATED, NOW, ask, hostile, load

import admit

PAYLOAD = CREATED.read_bytes()
PARTNERS = [case for case in CASES if case.name.startswith("partners-")]


def looping(deadline=0.1):
    """A set whose policy loops, and is ended by nothing but its deadline."""
    policy = admit.Policy("loops", hostile("loops"))
    limits = admit.Limits(fuel=False, deadline=deadline)
    return admit.PolicySet([policy], source="C", limits=limits)


def kind(policies):
    """How its one policy failed."""
    report = policies.evaluate(PAYLOAD, now=NOW)
    assert report.decision is admit.Decision.DENY
    return report.outcomes[0].fault.kind


def right(policies):
    """Whether a set gives the corpus's answers."""
    for case in PARTNERS:
        report = policies.evaluate(case.callout.read_bytes(), now=case.now)
        if report.to_dict()["decision"] != json.loads(case.expect.read_text("utf-8"))["decision"]:
            return False
    return True


def run(script, **named):
    """A program of its own; its folder is that of the tests."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=60,
        **named,
    )


def in_child(check):
    """What a child says after a fork: whether the check held."""
    child = os.fork()
    if child == 0:
        result = 1
        try:
            result = 0 if check() else 2
        finally:
            os._exit(result)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "it hangs"


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


@forks
def test_deadlines_fire_after_a_fork(partners):
    policies = looping()
    # The parent's clock runs: a child has none of its threads.
    assert kind(policies) is admit.FaultKind.DEADLINE

    def check():
        begun = time.monotonic()
        ended = kind(policies) is admit.FaultKind.DEADLINE and kind(policies) is admit.FaultKind.DEADLINE
        return ended and time.monotonic() - begun < 5 and right(partners)

    assert in_child(check) == 0
    # A child of a child, and the parent goes on.
    assert in_child(lambda: check() and in_child(check) == 0) == 0
    assert kind(policies) is admit.FaultKind.DEADLINE
    assert right(partners)


@forks
def test_many_threads_and_new_sets_after_a_fork(partners):
    partners.evaluate_many([PAYLOAD] * 100, threads=2)

    def check():
        results = partners.evaluate_many([PAYLOAD] * 100, threads=2, now=NOW)
        policies = ask(lambda key: os.getpid())
        said = policies.evaluate(PAYLOAD, now=NOW).outcomes[0].verdict.detail
        return said == str(os.getpid()) and {r.decision for r in results} == {admit.Decision.APPROVE}

    assert in_child(check) == 0


@forks
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_the_event_loop_after_a_fork(partners):
    """The threads that evaluate for the parent are not the child's."""

    async def main():
        return await asyncio.wait_for(partners.aevaluate(PAYLOAD, now=NOW), 10)

    assert asyncio.run(main()).decision is admit.Decision.APPROVE
    assert in_child(lambda: asyncio.run(main()).decision is admit.Decision.APPROVE) == 0
    assert asyncio.run(main()).decision is admit.Decision.APPROVE


SETS = {}


def prepare():
    """What a worker does when it starts: a set cannot be handed to it."""
    SETS["loops"] = looping()
    SETS["partners"] = load(PARTNERS[0].set)


def work(callout, limits):
    """In a worker: what a set gives that it has loaded itself, or has from its parent."""
    report = SETS["partners"].evaluate(callout, now=NOW)
    assert kind(SETS["loops"]) is admit.FaultKind.DEADLINE
    return limits, report.decision, report.resume_body, report.to_dict()


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_workers(method, partners):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {method}")
    context = multiprocessing.get_context(method)
    prepare()
    # Workers that are forked share what the parent has loaded.
    initializer = None if method == "fork" else prepare
    expected = partners.evaluate(PAYLOAD, now=NOW)
    callout, limits = admit.Callout.parse(PAYLOAD), admit.Limits(fuel=False, deadline=0.5)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context, initializer=initializer) as pool:
        for future in [pool.submit(work, callout, limits) for _ in range(4)]:
            said = future.result(timeout=60)
            assert said[:3] == (limits, admit.Decision.APPROVE, expected.resume_body)
            assert said[3] == expected.to_dict()


def refused(policies):
    """In a worker: an exception comes back as itself."""
    load(PARTNERS[0].set).evaluate(b"{")


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_exceptions_come_back_from_workers():
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        with pytest.raises(admit.CalloutSyntaxError) as raised:
            pool.submit(refused, None).result(timeout=60)
    assert raised.value.path == "line 1 column 2"


def test_what_can_be_pickled():
    callout = admit.Callout.parse(PAYLOAD)
    for again in pickle.loads(pickle.dumps(callout)), copy.copy(callout), copy.deepcopy(callout):
        assert bytes(again) == PAYLOAD
        assert again.key == callout.key
    for limits in (
        admit.Limits(),
        admit.Limits(fuel=False, deadline=0.1),
        admit.Limits(fuel=7, memory=65536, stack=65536, concurrency=3),
    ):
        assert pickle.loads(pickle.dumps(limits)) == copy.deepcopy(limits) == limits
    for member in [*admit.Decision, *admit.FaultKind, *admit.Severity]:
        assert pickle.loads(pickle.dumps(member)) is member


def test_what_cannot_be_pickled(partners):
    report = partners.evaluate(PAYLOAD, now=NOW)
    for handle, instead in (
        (partners, "load it in each process"),
        (report, "hand on its `resume_body`"),
        (report.outcomes[0], "cannot pickle 'admit.Outcome' object"),
        (report.facts, "cannot pickle 'admit.RecordedFacts' object"),
    ):
        for take in pickle.dumps, copy.copy, copy.deepcopy:
            with pytest.raises(TypeError, match=instead):
                take(handle)


def interpreters():
    """What makes interpreters: a private module still, under two names."""
    for name in "_interpreters", "_xxsubinterpreters":
        try:
            return importlib.import_module(name)
        except ImportError:
            pass
    return pytest.skip("this Python has no module that makes interpreters")


# An interpreter with a lock of its own, where Python knows that, and one with the lock of all.
@pytest.mark.parametrize("shares_the_lock", [False, True])
@pytest.mark.parametrize("order", ["main first", "main last"])
def test_one_interpreter_imports_it(shares_the_lock, order):
    name = interpreters().__name__
    make = "create()"
    if shares_the_lock:
        make = "create('legacy')" if name == "_interpreters" else "create(isolated=False)"
    script = f"""
        import {name} as interpreters

        def main():
            try:
                import admit
            except ImportError as error:
                return str(error)
            return admit.PolicySet.__name__

        def other():
            try:
                said = interpreters.run_string(interpreters.{make}, "import admit")
            except interpreters.RunFailedError as error:
                return str(error)
            return "PolicySet" if said is None else said.msg

        interpreters.RunFailedError = getattr(interpreters, "RunFailedError", OSError)
        first, second = (main, other) if {order!r} == "main first" else (other, main)
        print(first())
        print(second())
    """
    done = run(script)
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    # Newer versions of Python refuse an interpreter with a lock of its own even if it is the first.
    imported = said.index("PolicySet")
    assert imported == 0 or (order == "main last" and not shares_the_lock)
    assert "subinterpreters" in said[1 - imported]


TRAPS = ["unreachable", "reads-past-its-memory", "divides-by-zero", "recurses-without-end"]


@pytest.mark.parametrize("when", ["before the import", "before the first set"])
def test_faulthandler(when):
    """What WebAssembly traps with are signals: they are faults, and nobody's crash."""
    script = f"""
        import faulthandler, os
        os.environ.pop("PYTHONFAULTHANDLER", None)
        faulthandler.disable()
        if {when!r} == "before the import":
            faulthandler.enable()
        from conftest import CREATED, admit, hostile
        faulthandler.enable()
        for name in {TRAPS!r} * 2:
            policies = admit.PolicySet([admit.Policy("trap", hostile(name))], source="C")
            report = policies.evaluate(CREATED.read_bytes())
            print(report.decision, report.outcomes[0].fault.kind, flush=True)
        faulthandler._sigsegv()
    """
    done = run(script)
    assert done.stdout.splitlines() == ["deny trap", "deny trap", "deny trap", "deny stack"] * 2
    # A crash of the program itself is told as ever, and once.
    assert done.returncode == -signal.SIGSEGV
    assert done.stderr.startswith("Fatal Python error: Segmentation fault\n")
    assert done.stderr.count("most recent call first") == 1


def test_an_interrupt_waits_for_the_evaluation():
    """Ctrl-C is noticed when the policy ends, at its deadline at the latest."""
    policies = looping(deadline=0.5)
    begun = time.monotonic()
    threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        policies.evaluate(PAYLOAD)
        time.sleep(5)
    assert 0.4 < time.monotonic() - begun < 4


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupt_ends_many(threads, partners):
    payloads = [PAYLOAD] * 200_000
    sent = []

    def send():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Timer(0.2, send).start()
    with pytest.raises(KeyboardInterrupt):
        partners.evaluate_many(payloads, threads=threads, now=NOW)
    # Within 20 ms, and what a busy machine adds.
    assert time.monotonic() - sent[0] < 1


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupt_ends_many_that_ask_functions(threads):
    """In the function itself, which is where Python notices it."""
    asked = []

    def slow(key):
        asked.append(key)
        time.sleep(0.02)

    policies = ask(slow, limits=admit.Limits(deadline=10))
    threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        policies.evaluate_many([PAYLOAD] * 1000, threads=threads, now=NOW)
    assert len(asked) < 900


@pytest.mark.parametrize("threads", [1, 2])
def test_a_function_that_ends_the_program_ends_many(threads):
    asked = []

    def end(key):
        asked.append(key)
        if len(asked) >= 10:
            raise SystemExit(3)

    policies = ask(end)
    with pytest.raises(SystemExit):
        policies.evaluate_many([PAYLOAD] * 1000, threads=threads, now=NOW)
    assert len(asked) < 20


def test_a_policy_on_a_thread_with_little_stack():
    """It would recurse beyond the end of the stack, which ends the process."""
    policies = admit.PolicySet([admit.Policy("recurses", hostile("recurses-without-end"))], source="C")
    kinds = []

    def evaluate():
        kinds.append(kind(policies))

    # The C library may give the stack of a thread that has ended, of up to four times the size.
    size = threading.stack_size(128 * 1024)
    try:
        thread = threading.Thread(target=evaluate)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    evaluate()
    assert kinds == [admit.FaultKind.CAPACITY, admit.FaultKind.STACK]


def test_a_function_that_evaluates_its_own_set_without_end():
    """Ends where the thread's stack does, not beyond: a fault, which the function gets as a denial."""
    depth = []

    def again(key):
        depth.append(key)
        report = policies.evaluate(PAYLOAD, now=NOW)
        assert report.decision is not admit.Decision.APPROVE
        return str(report.decision)

    policies = ask(again, limits=admit.Limits(deadline=60, concurrency=1024))
    policies.evaluate(PAYLOAD, now=NOW)
    assert 2 < len(depth) < 1024


WAYS = {
    "evaluates": "partners.evaluate(payload)",
    "evaluates many": "partners.evaluate_many([payload] * 50, threads=2)",
    "asks a function": "asking.evaluate(payload)",
    "asks a function for many": "asking.evaluate_many([payload] * 50, threads=2)",
    "asks a function that waits": "waiting.evaluate(payload)",
    "asks a function that waits for many": "waiting.evaluate_many([payload] * 50, threads=2)",
    "loads": "load.__wrapped__(file)",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_program_ends_while_daemon_threads(way):
    script = f"""
        import threading, time
        from conftest import CORPUS, CREATED, admit, ask, load

        file = CORPUS / "sets" / "partners" / "admit.toml"
        payload = CREATED.read_bytes()
        partners = load(file)
        asking = ask(lambda key: key, limits=admit.Limits(deadline=10))
        def wait(key):
            time.sleep(0.002)
            return key

        waiting = ask(wait, limits=admit.Limits(deadline=10))
        begun = threading.Barrier(3)

        def work():
            begun.wait()
            while True:
                {WAYS[way]}

        for _ in range(2):
            threading.Thread(target=work, daemon=True).start()
        begun.wait()
        time.sleep(0.05)
    """
    for _ in range(3):
        done = run(script)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
