"""The kernel websocket. Everything that can be refused is refused before the upgrade, as an ordinary HTTP answer."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import requires, services
from flasknb.blueprints.visitor import current_login
from flasknb.errors import BadRequest
from flasknb.kernel_bridge.channels import run_channels
from flasknb.kernel_bridge.evictions import closed_when_unwelcome
from flasknb.kernel_bridge.options import ZMQChannelsWebsocketConnection
from flasknb.kernel_bridge.websocket import WebSocket, offered_protocols
from flasknb.kernel_bridge.ws_codec import choose_protocol

log = logging.getLogger(__name__)

bp = Blueprint("channels", __name__)

RULE = "/api/kernels/<uuid:kernel_id>/channels"
MAX_SESSION_ID_CHARS = 200


@bp.get(RULE)
@requires("kernels", "execute")
def refuse_plain_get(kernel_id: uuid.UUID) -> ResponseReturnValue:
    """Whoever asks for the channels without a websocket."""
    raise BadRequest('Can "Upgrade" only to "WebSocket".')


@bp.route(RULE, websocket=True)
@requires("kernels", "execute")
def kernel_channels(kernel_id: uuid.UUID) -> ResponseReturnValue:
    """Join the kernel first, so that a missing one is a 404, then upgrade and carry messages until either side ends."""
    stream = services().bridge.open_channels(
        str(kernel_id), _session_id(), since=_since(), epoch=request.args.get("epoch")
    )
    options = ZMQChannelsWebsocketConnection(config=services().settings.config)
    protocol = choose_protocol(offered_protocols(request.environ), options.kernel_ws_protocol)
    try:
        websocket = WebSocket(
            request.environ,
            subprotocol=protocol,
            max_message_bytes=options.max_message_bytes,
            ping_interval_s=options.websocket_ping_interval_s,
            ping_timeout_s=options.websocket_ping_timeout_s,
        )
    except BaseException:
        stream.release()
        raise
    with closed_when_unwelcome(websocket, _is_welcome()):
        run_channels(websocket, stream, protocol)
    return AlreadyAnswered(websocket.mode)


class AlreadyAnswered(Response):
    """What a view returns whose connection was a websocket: each server has its own way to be told to let go of it."""

    def __init__(self, server: str) -> None:
        super().__init__()
        self._server = server

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """gunicorn closes on StopIteration, Werkzeug finds the socket shut while it writes, pywsgi needs no answer."""
        if self._server == "gunicorn":
            raise StopIteration
        if self._server == "werkzeug":
            return super().__call__(environ, start_response)
        return []


def _is_welcome() -> Callable[[], bool]:
    """A question for later, outside of any request: has the login that opened this websocket not ended?"""
    identity, login = services().identity, current_login()
    return lambda: login is not None and not identity.has_ended(login)


def _session_id() -> str:
    given = request.args.get("session_id", "")
    if not given:
        log.warning("kernel websocket without session_id")
        return uuid.uuid4().hex
    if len(given) > MAX_SESSION_ID_CHARS:
        raise BadRequest(f"session_id has {len(given)} characters; at most {MAX_SESSION_ID_CHARS} make sense")
    return given


def _since() -> int | None:
    given = request.args.get("since")
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise BadRequest(f"since is a sequence number, not {given[:40]!r}")
    return int(given)
