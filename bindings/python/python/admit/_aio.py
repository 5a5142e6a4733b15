"""What asyncio hosts need: evaluating on a thread, and facts that are async functions."""

import asyncio
import inspect
import os
from collections.abc import Awaitable, Coroutine
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, TimeoutError
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from ._admit import Callout, PolicySet, Report


class _Awaited:
    """An evaluation that a coroutine awaits on its loop, and the facts that it waits for there."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.is_cancelled = False
        self._pending: set[Future[Any]] = set()

    def ask(self, awaitable: Awaitable[Any]) -> Future[Any]:
        future = asyncio.run_coroutine_threadsafe(_await(awaitable), self.loop)
        self._pending.add(future)
        future.add_done_callback(self._pending.discard)
        if self.is_cancelled:  # meanwhile
            future.cancel()
        return future

    def cancel(self) -> None:
        """Ends what is pending; nothing more is asked."""
        self.is_cancelled = True
        for future in list(self._pending):
            future.cancel()


_awaited = ContextVar[_Awaited]("admit_awaited")

# Not the loop's own: evaluations that wait for facts would take the threads that these facts need.
_executors: WeakKeyDictionary[PolicySet, ThreadPoolExecutor] = WeakKeyDictionary()


def _forget() -> None:
    """In a child after a fork, which has none of its parent's threads."""
    global _executors
    _executors = WeakKeyDictionary()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _executor(policies: PolicySet, threads: int) -> ThreadPoolExecutor:
    """The set's threads, which are started as they are needed and end with it."""
    executor = _executors.get(policies)
    if executor is None:
        executor = _executors.setdefault(policies, ThreadPoolExecutor(threads, "admit"))
    return executor


def call(
    policies: PolicySet, threads: int, callout: Any, **named: Any
) -> Coroutine[Any, Any, Report]:
    """Evaluates, when awaited. What can change is read at once: the caller may change it until then."""
    if not isinstance(callout, (bytes, str, Callout)):
        try:
            callout = Callout.parse(callout)
        except Exception as error:
            return _refused(error)
    return aevaluate(policies, threads, callout, **named)


async def _refused(error: Exception) -> Report:
    try:
        raise error
    finally:
        del error  # its traceback has this frame


async def aevaluate(policies: PolicySet, threads: int, callout: Any, **named: Any) -> Report:
    """Evaluates on one of the set's threads; async facts run on the running loop."""
    loop = asyncio.get_running_loop()
    awaited = _Awaited(loop)
    context = copy_context()
    context.run(_awaited.set, awaited)
    evaluate = partial(context.run, policies.evaluate, callout, **named)
    try:
        return await loop.run_in_executor(_executor(policies, threads), evaluate)
    except BaseException:
        awaited.cancel()
        raise


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def result(awaitable: Awaitable[Any], seconds: float) -> Any:
    """What an async source gives, waited for on an evaluation's thread until the policy's deadline."""
    awaited = _awaited.get(None)
    # A loop that runs on this thread would wait for itself.
    if awaited is None or asyncio._get_running_loop() is not None:
        _drop(awaitable)
        raise TypeError("an async function gives facts to `aevaluate` alone")
    if awaited.is_cancelled:
        _drop(awaitable)
        raise CancelledError("the evaluation was cancelled")
    future = awaited.ask(awaitable)
    try:
        return future.result(seconds)
    except TimeoutError:
        if future.done():
            raise  # the source's own
        future.cancel()
        raise TimeoutError("the policy's deadline was over") from None


def _drop(awaitable: Awaitable[Any]) -> None:
    """Says that a coroutine is not awaited on purpose."""
    if inspect.iscoroutine(awaitable):
        awaitable.close()
