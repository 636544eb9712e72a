"""Ends a server that nobody uses: no kernels, no terminals, and no requests for a while."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask, request

from flasknb.blueprints.context import Services
from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.bridge import Bridge
from flasknb.kernel_bridge.instance import instance_dir

log = logging.getLogger("flasknb")

FILE_NAME = "last-request"
TOUCH_INTERVAL_S = 1.0
LONGEST_INTERVAL_S = 60.0
CHECKS_PER_TIMEOUT = 4
UNCOUNTED = ("api/status", "metrics", "static/")
"""What programs ask that look after servers, and what pages that are open anyway load again."""


def is_use(path: str, arguments: Mapping[str, str]) -> bool:
    """Whether a request for ``path`` (below base_url) means that somebody uses the server."""
    return not path.startswith(UNCOUNTED) and arguments.get("no_track_activity", "0") in ("", "0", "false")


class Requests:
    """Keeps the time of the latest request of an app on disk, for whichever process looks after the server's end.

    ``under_way`` counts those of this process that have no answer yet: starting a kernel may take longer than the
    timeout. Websockets are none: their kernels and terminals count.
    """

    def __init__(self, app: Flask, services: Services) -> None:
        self.under_way = 0
        self._is_wanted = services.settings.server.shutdown_no_activity_timeout > 0
        if self._is_wanted:
            self._file = instance_dir(services.settings.root_dir) / FILE_NAME
            self._prefix = f"{services.settings.url_prefix}/"
            self._noted_s = 0.0
            app.before_request(self._begin)
            app.teardown_request(self._end)

    def _begin(self) -> None:
        if self._counts():
            self.under_way += 1
            self._note()

    def _end(self, error: BaseException | None) -> None:
        if self._counts():
            self.under_way -= 1
            self._note()

    def _counts(self) -> bool:
        is_websocket = "HTTP_UPGRADE" in request.environ
        return not is_websocket and is_use(request.path.removeprefix(self._prefix), request.args)

    def _note(self) -> None:
        now_s = time.monotonic()
        if now_s - self._noted_s >= TOUCH_INTERVAL_S:
            self._noted_s = now_s
            _touch(self._file)


class IdleWatch:
    """Asked again and again by the process that can end the server."""

    def __init__(
        self,
        services: Services,
        timeout_s: float,
        has_requests: Callable[[], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``has_requests``: whether some have no answer yet; ``clock``: seconds since 1970."""
        self._has_requests = has_requests
        self._bridge: Bridge = services.bridge
        self._file = instance_dir(services.settings.root_dir) / FILE_NAME
        self._timeout_s = timeout_s
        self._clock = clock
        self._used_s = clock()
        self._next_look_s = clock()
        log.info("Will shut down after %d seconds with no kernels.", timeout_s)

    def has_expired(self) -> bool:
        """Whether nobody has used the server for the timeout. Looks only now and then, whenever it is asked."""
        now_s = self._clock()
        if now_s < self._next_look_s:
            return False
        self._next_look_s = now_s + min(self._timeout_s / CHECKS_PER_TIMEOUT, LONGEST_INTERVAL_S)
        if self._has_requests() or self._has_processes():
            self._used_s = now_s
        idle_s = now_s - max(self._used_s, _changed_s(self._file))
        if idle_s <= self._timeout_s:
            return False
        log.info("No kernels for %d seconds; shutting down.", idle_s)
        return True

    def _has_processes(self) -> bool:
        """Whether kernels or terminals run; yes also where nobody can tell. Starts no sidecar."""
        try:
            if not self._bridge.attach():
                return False
            return bool(self._bridge.list_kernels()) or bool(self._bridge.terminals.list())
        except FlasknbError as error:
            log.debug("nobody tells whether kernels run reason=%s", error.message)
            return True


def _touch(file: Path) -> None:
    try:
        file.touch(mode=0o600)
    except OSError as error:
        log.warning("The time of this request cannot be kept: %s", error)


def _changed_s(file: Path) -> float:
    try:
        return os.stat(file).st_mtime  # noqa: PTH116 - one call
    except OSError:
        return 0.0
