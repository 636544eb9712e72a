"""Runs long disk and JSON work without stopping the worker: on gevent's native threads where the hub serves requests.

Under threads (``flask run``) every request has a thread already, and the work runs where it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def off_the_loop(work: Callable[[], T]) -> T:
    """What ``work()`` returns or raises; other requests go on meanwhile. ``work`` must not use the request."""
    if not _is_hub_patched():
        return work()
    from gevent import get_hub

    # An error comes back as a value, because the pool prints what escapes from its threads.
    result, error = get_hub().threadpool.apply(_caught, (work,))
    if error is not None:
        raise error
    return result  # type: ignore[no-any-return]


def _caught(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    try:
        return work(), None
    except BaseException as error:  # noqa: BLE001  handed to the caller's greenlet
        return None, error


def _is_hub_patched() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("socket"))
