"""Lets a contents manager have sync or async methods: ``call`` and ``settle`` turn either result into a value.

Coroutines run on a loop of their own in the calling thread. No thread is started for them: under gevent the threads of
the standard library are greenlets, which share the one running loop of their native thread.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import ParamSpec, TypeVar, cast

T = TypeVar("T")
P = ParamSpec("P")


def call(method: Callable[P, T | Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``method`` returns, awaited when it is a coroutine method."""
    return settle(method(*args, **kwargs))


def settle(result: T | Awaitable[T]) -> T:
    """``result``, awaited to its end when it is awaitable. Blocks this thread meanwhile."""
    if not inspect.isawaitable(result):
        return result
    awaitable = cast("Awaitable[T]", result)
    with _outer_loop_aside():
        return _run(awaitable)


@contextlib.contextmanager
def _outer_loop_aside() -> Iterator[None]:
    """Let another loop run here although one runs already.

    An async method of a subclass called a sync one of ours, which needs another async one: the loop of the first waits
    in the middle of a step. These hooks are those with which loops themselves tell asyncio which one runs.
    """
    import asyncio  # only for managers with async methods

    outer = asyncio._get_running_loop()
    if outer is None:
        yield
        return
    swap_task = getattr(asyncio.tasks, "_swap_current_task", None)  # since Python 3.12; 3.14 knows one task per thread
    task = swap_task(outer, None) if swap_task else None
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(outer)
        if swap_task:
            swap_task(outer, task)


def _run(awaitable: Awaitable[T]) -> T:
    import asyncio

    async def wait() -> T:
        return await awaitable

    return asyncio.run(wait())
