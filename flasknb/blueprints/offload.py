"""Runs long disk and JSON work without stopping the worker: on gevent's native threads where the hub serves requests.

Under threads (``flask run``) every request has a thread already, and the work runs where it is.

The work must use no lock of ``threading``: under gevent these are gevent's, and hang for good once a native thread and
the hub want the same one (tried with gevent 26.9). The one such lock that nobody can avoid is that of logging, so it
becomes a native one here.
"""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flasknb.contents.afterwards import Work, collected, do_all

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_AGAIN_S = 0.01


def off_the_loop(work: Callable[[], T], *, opens_notebooks: bool = True) -> T:
    """What ``work()`` returns or raises; other requests go on meanwhile. ``work`` must not use the request.

    Args:
        opens_notebooks: it may need nbformat. That is imported here then: two native threads must not do it at once,
            since the locks of imports are gevent's too.
    """
    if not _is_hub_patched():
        return work()
    from gevent import get_hub, sleep

    if opens_notebooks:
        import flasknb.contents.signatures  # noqa: F401

    _free_logging_of_gevent_locks()
    task = _Task(work)
    try:
        get_hub().threadpool.apply(task.run)
    except RuntimeError as error:  # the pool has queued it nevertheless: it would run later, over newer things
        log.warning("no thread can be had, others wait meanwhile reason=%s", error)
        task.run()
    while task.outcome is None:  # a thread that was there before took it
        sleep(LOOK_AGAIN_S)
    if task.left:
        _do_later(task.left)
    result, failure = task.outcome
    if failure is not None:
        raise failure
    return cast(T, result)


def let_others_run() -> None:
    """Let the hub look at its sockets once, where it serves requests: for work that has to stay on the loop."""
    if _is_hub_patched():
        from gevent import get_hub

        hub = get_hub()
        hub.wait(hub.loop.timer(0))  # sleep(0) comes back before any socket is looked at


class _Task:
    """Work that is done once, by whichever thread is the first.

    Attributes:
        outcome: its result or error, when it is done.
        left: what came up and nobody has to wait for, not done yet.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        self._waiting = [work]
        self.outcome: tuple[Any, BaseException | None] | None = None
        self.left: deque[Work] = deque()

    def run(self) -> None:
        """Do it, unless somebody has begun. Errors are kept: the pool would print what escapes from its threads."""
        try:
            work = self._waiting.pop()
        except IndexError:
            return
        try:
            with collected() as self.left:
                outcome = work()
            self.outcome = outcome, None
        except BaseException as error:  # noqa: BLE001  handed to the caller's greenlet
            self.outcome = None, error


def _do_later(left: deque[Work]) -> None:
    """Have a native thread do it, begun when this greenlet waits for something the next time."""
    from gevent import get_hub, spawn

    def begin() -> None:
        try:
            get_hub().threadpool.spawn(do_all, left)
        except RuntimeError:  # no thread can be had
            do_all(left)

    spawn(begin)


def _is_hub_patched() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("socket"))


def _free_logging_of_gevent_locks() -> None:
    """Give logging and its handlers native locks, the ones they have without gevent. Switches to no other greenlet."""
    from gevent.monkey import get_original

    make_lock = get_original("_thread", "RLock")
    native = type(make_lock())
    for owner, name in [(logging, "_lock"), *_handlers_and_locks()]:
        lock: Any = getattr(owner, name)
        # a lock that is held stays for now; its holder releases the one it took
        if lock is not None and not isinstance(lock, native) and lock.acquire(blocking=False):
            setattr(owner, name, make_lock())
            lock.release()


def _handlers_and_locks() -> list[tuple[Any, str]]:
    handlers = [reference() for reference in logging._handlerList]  # type: ignore[attr-defined]
    return [(handler, "lock") for handler in handlers if handler is not None]
