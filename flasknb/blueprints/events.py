"""``/api/events``: raise an event; listen to all of them on a websocket, whichever worker or kernel they come from."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from flask import Blueprint
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import requires, services
from flasknb.blueprints.request_body import json_body, object_field, text_field
from flasknb.blueprints.sockets import Upgrade, sockets
from flasknb.blueprints.visitor import stays_welcome, viewer_name
from flasknb.errors import BadRequest
from flasknb.events.events import moment_of
from flasknb.events.subscription import run_subscription
from flasknb.kernel_bridge.evictions import closed_when_unwelcome

if TYPE_CHECKING:
    from flasknb.kernel_bridge.websocket import WebSocket

bp = Blueprint("events", __name__, url_prefix="/api/events")

MAX_INCOMING_BYTES = 64 * 1024  # whatever a subscriber says is ignored
NEEDED = ("schema_id", "version", "data")


@bp.post("")
@requires("events", "write")
def raise_event() -> ResponseReturnValue:
    """Check one event and pass it on."""
    body = json_body(required=True) or {}
    missing = [name for name in NEEDED if body.get(name) is None]
    if missing:
        raise BadRequest(f"Missing field in JSON data: {missing[0]}")
    schema_id, timestamp = text_field(body, "schema_id") or "", text_field(body, "timestamp")
    events = services().events
    events.recorder.require_schema(schema_id, str(body["version"]))
    moment = datetime.now(timezone.utc) if timestamp is None else moment_of(timestamp)
    events.post(schema_id, object_field(body, "data") or {}, moment)
    return "", 204


@bp.get("/subscribe")
@requires("events", "execute")
def refuse_plain_get() -> ResponseReturnValue:
    """Whoever subscribes without a websocket."""
    raise BadRequest('Can "Upgrade" only to "WebSocket".')


@sockets.route("/subscribe", bp)
@requires("events", "execute")
def subscribe(upgrade: Upgrade) -> None:
    """Every event from now on, one text message each."""
    bridge, listening = services().bridge, services().events.listening
    bridge.status()  # starts the sidecar, through which events reach every worker
    with closing(bridge.events()) as feed:
        feed.open()
        listening.beat()
        websocket = _accepted(upgrade)
        with closed_when_unwelcome(websocket, stays_welcome()):
            run_subscription(websocket, feed, listening, viewer=viewer_name())


def _accepted(upgrade: Upgrade) -> WebSocket:
    return upgrade.accept(subprotocol="", max_message_bytes=MAX_INCOMING_BYTES)
