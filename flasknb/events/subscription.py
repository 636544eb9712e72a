"""One subscriber's websocket: events out, whatever comes in is ignored. The feed is its bounded queue."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from flasknb.events.listening import BEAT_S, Listening
from flasknb.kernel_bridge.bridge import Feed
from flasknb.kernel_bridge.models import RaisedEvent
from flasknb.kernel_bridge.open_websockets import INTERNAL

if TYPE_CHECKING:
    from flasknb.kernel_bridge.websocket import WebSocket

log = logging.getLogger(__name__)

THREAD_END_TIMEOUT_S = 5.0


def run_subscription(
    websocket: WebSocket, feed: Feed[RaisedEvent], listening: Listening, *, viewer: str | None
) -> None:
    """Carry what ``viewer`` may hear of until either side ends. Called in the view's thread; makes two more."""
    ended = threading.Event()
    sender = threading.Thread(target=_send_events, args=(websocket, feed, viewer), name="events", daemon=True)
    threading.Thread(target=_keep_wanting, args=(listening, ended), name="events wanted", daemon=True).start()
    sender.start()
    try:
        while websocket.receive() is not None:
            pass
    finally:
        ended.set()
        feed.close()
        websocket.finish()
        sender.join(THREAD_END_TIMEOUT_S)


def _send_events(websocket: WebSocket, feed: Feed[RaisedEvent], viewer: str | None) -> None:
    try:
        for event in feed:
            if event.missed:
                log.warning("events missed by a slow subscriber count=%d", event.missed)
            elif event.is_for(viewer):
                websocket.send(event.text)
    except Exception:
        log.exception("event websocket failed")
        websocket.close(INTERNAL, "the server failed; come back")


def _keep_wanting(listening: Listening, ended: threading.Event) -> None:
    while not ended.wait(BEAT_S):
        try:
            listening.beat()
        except OSError as error:
            log.warning("events may be missed, the instance's folder takes no files reason=%s", error)
