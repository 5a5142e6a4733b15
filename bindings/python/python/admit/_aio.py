"""What asyncio hosts need: evaluating on a thread, and facts that are async functions."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from concurrent.futures import TimeoutError
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any

from ._admit import Callout, Report

_loop = ContextVar[asyncio.AbstractEventLoop]("admit_loop")


async def call(evaluate: Callable[..., Report], callout: Any, **named: Any) -> Report:
    """Evaluates on a thread of the running loop's executor; async facts run on the loop."""
    loop = asyncio.get_running_loop()
    if not isinstance(callout, (bytes, str, Callout)):
        callout = Callout.parse(callout)  # before the loop goes on: a mapping may change
    context = copy_context()
    context.run(_loop.set, loop)
    return await loop.run_in_executor(None, partial(context.run, evaluate, callout, **named))


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def result(awaitable: Awaitable[Any], seconds: float) -> Any:
    """What an async source gives, waited for on an evaluation's thread until the policy's deadline."""
    loop = _loop.get(None)
    # A loop that runs on this thread would wait for itself.
    if loop is None or asyncio._get_running_loop() is not None:
        if inspect.iscoroutine(awaitable):
            awaitable.close()
        raise TypeError("an async function gives facts to `aevaluate` alone")
    future = asyncio.run_coroutine_threadsafe(_await(awaitable), loop)
    try:
        return future.result(seconds)
    except TimeoutError:
        if future.done():
            raise  # the source's own
        future.cancel()
        raise TimeoutError("the policy's deadline was over") from None
