"""Events of one mount: raised anywhere, also on native threads; sent by whoever answers the request that raised them.

An event nobody wants costs one look at a file. One that is wanted goes to this process's handlers and, through the
sidecar, to the subscribers of every worker.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from traitlets.config import Config

from flasknb.errors import BadRequest, FlasknbError, TooLarge
from flasknb.events.listening import Listening
from flasknb.events.recorder import Recorder, as_text

log = logging.getLogger(__name__)

MAX_WAITING = 10_000
MAX_EVENT_CHARS = 32 * 1024  # the sidecar keeps the newest thousand
# the documented one, whose Z says nothing, and what other clients write
TIMESTAMPS = ("%Y-%m-%dT%H:%M:%S%zZ", "%Y-%m-%dT%H:%M:%S.%f%zZ", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z")

Raised = tuple[str, Mapping[str, Any], datetime]
Publish = Callable[[str], None]


class Events:
    """The ``event_logger`` of contents managers, and what ``/api/events`` talks to. Any thread raises; ``send_waiting``
    and ``post`` are for the thread or greenlet of a request.

    Args:
        folder: private to the instance.
        publish: passes an event, as the text that subscribers get, to those of all workers.
    """

    def __init__(self, config: Config, folder: Path, publish: Publish) -> None:
        self.recorder = Recorder(config)
        self.listening = Listening(folder)
        self._publish = publish
        self._waiting: deque[Raised] = deque(maxlen=MAX_WAITING)

    def emit(self, *, schema_id: str, data: Mapping[str, Any], timestamp_override: datetime | None = None) -> None:
        """Raise an event; dropped where nobody wants it. Takes no lock, and goes out with the request's answer."""
        if self.recorder.has_handlers() or self.listening.is_anybody():
            self._waiting.append((schema_id, dict(data), timestamp_override or datetime.now(timezone.utc)))

    def send_waiting(self) -> None:
        """Send what was raised. A bad event, or a sidecar that is away, spoils no request."""
        while self._waiting:
            try:
                raised = self._waiting.popleft()
            except IndexError:  # another thread was faster
                return
            try:
                self._send(*raised)
            except FlasknbError as error:
                log.warning("event lost schema=%s reason=%r", raised[0], error.message[:500])
            except Exception:  # a handler of the user's that fails must not fail a save
                log.exception("event lost schema=%s", raised[0])

    def post(self, schema_id: str, data: Mapping[str, Any], moment: datetime) -> None:
        """Send an event of a client now. Raises BadRequest, TooLarge, SidecarUnavailable."""
        self._send(schema_id, data, moment)

    def _send(self, schema_id: str, data: Mapping[str, Any], moment: datetime) -> None:
        text = as_text(self.recorder.record(schema_id, data, moment))
        if len(text) > MAX_EVENT_CHARS:
            raise TooLarge(f"An event may have {MAX_EVENT_CHARS} characters at most")
        if self.listening.is_anybody():
            self._publish(text)


def moment_of(text: str) -> datetime:
    """The moment that a client names, with its zone. Raises BadRequest."""
    for layout in TIMESTAMPS:
        try:
            return datetime.strptime(text, layout)
        except ValueError:
            continue
    raise BadRequest(f"timestamp must be like 2026-01-31T12:00:00+00:00Z, not {text[:60]!r}")
