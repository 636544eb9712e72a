"""Lets a contents manager have sync or async methods: ``call`` and ``settle`` turn either result into a value."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
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
    if not _is_inside_loop():
        return _run(awaitable)
    # An async method of a subclass called a sync one of ours, which needs another async one: this thread's loop is
    # busy being us, so the inner one gets a thread with a loop of its own.
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(_run, awaitable).result()


def _is_inside_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run(awaitable: Awaitable[T]) -> T:
    async def wait() -> T:
        return await awaitable

    return asyncio.run(wait())
