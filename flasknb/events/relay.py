"""Gives the events that no worker raised, those of kernels, to the configured handlers: in one process at a time."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flasknb.errors import BadRequest
from flasknb.events.recorder import Recorder
from flasknb.kernel_bridge.bridge import Feed
from flasknb.kernel_bridge.models import RaisedEvent

log = logging.getLogger(__name__)

LOCK_NAME = "events.lock"
TURN_INTERVAL_S = 5.0  # between two looks whether the process that recorded has ended


class Relay:
    """Any thread may start it; it runs until its process ends.

    Args:
        folder: private to the instance.
        listen: begins to hear of events.
    """

    def __init__(self, folder: Path, listen: Callable[[], Feed[RaisedEvent]], recorder: Recorder) -> None:
        self._folder, self._listen, self._recorder = folder, listen, recorder
        self._pid = 0

    def start(self) -> None:
        """Begin, if somebody configured handlers and this process has not begun."""
        if self._pid == os.getpid() or not self._recorder.has_handlers():
            return
        self._pid = os.getpid()
        threading.Thread(target=self._wait_for_turn, name="events recorder", daemon=True).start()

    def _wait_for_turn(self) -> None:
        """The lock is of the kind that the system takes from a process that ends."""
        never = threading.Event()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                never.wait(TURN_INTERVAL_S)
            else:
                for event in self._listen():
                    self._record(event)
                return

    def _record(self, event: RaisedEvent) -> None:
        if event.is_recorded or not event.text:
            return
        try:
            told = json.loads(event.text)
            moment = datetime.fromisoformat(told["__timestamp__"].removesuffix("Z"))
            fields = {name: value for name, value in told.items() if name != "schema_id" and name[:2] != "__"}
            self._recorder.record(told["schema_id"], fields, moment)
        except BadRequest as error:
            log.warning("event lost reason=%r", error.message[:500])
        except Exception:  # a handler of the user's that fails must not end the others' events
            log.exception("event lost")
