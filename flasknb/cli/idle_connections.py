"""Connections of a gunicorn worker on which nobody asks anything: closed when it stops, instead of waited for.

gunicorn lets a kept-alive connection wait ``keepalive`` seconds for its next request, also when it ends: every browser
holds some, so that each stop and each deploy took that long.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

import gevent

GRACE_S = 1.0  # for a request that is on its way; gunicorn looks no sooner whether it may end


class IdleConnections:
    """Those that wait for a request, each in a greenlet of its own."""

    def __init__(self, keepalive_s: float) -> None:
        self._keepalive_s = keepalive_s
        self._waits: set[_Wait] = set()
        self._is_closing = False

    def waiting(self) -> gevent.Timeout:
        """Around the wait for one request; leaves it when that takes too long."""
        return _Wait(GRACE_S if self._is_closing else self._keepalive_s, self._waits)

    def close(self) -> None:
        """End all waits after GRACE_S, and later ones as soon."""
        self._is_closing = True
        gevent.sleep(GRACE_S)
        for wait in list(self._waits):
            gevent.get_hub().loop.run_callback(wait.end)


class _Wait(gevent.Timeout):  # type: ignore[misc]
    def __init__(self, seconds: float, waits: set[_Wait]) -> None:
        super().__init__(seconds, exception=False)
        self._waits = waits

    def __enter__(self) -> _Wait:
        self._greenlet = gevent.getcurrent()
        self._waits.add(self)
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Any:
        self._waits.discard(self)
        return super().__exit__(kind, error, trace)

    def end(self) -> None:
        """Called by the loop: a wait that has got its request meanwhile is over by itself."""
        if self in self._waits:
            self._greenlet.throw(self)


def close_idle_connections(worker: Any) -> IdleConnections | None:
    """Have ``worker`` count its idle connections, which the caller closes; ``None`` for one that is not gevent's."""
    if not hasattr(worker, "timeout_ctx"):
        return None
    idle = IdleConnections(worker.cfg.keepalive)
    worker.timeout_ctx = idle.waiting
    return idle
