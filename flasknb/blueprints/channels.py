"""The kernel websocket. Everything that can be refused is refused before the upgrade, as an ordinary HTTP answer."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from flasknb.blueprints.context import requires, services
from flasknb.blueprints.sockets import Upgrade, sockets
from flasknb.blueprints.visitor import stays_welcome
from flasknb.errors import BadRequest
from flasknb.kernel_bridge.bridge import CarriedWebsocket, WebsocketTerms
from flasknb.kernel_bridge.channels import run_channels
from flasknb.kernel_bridge.evictions import EVICTIONS, closed_when_unwelcome
from flasknb.kernel_bridge.options import ZMQChannelsWebsocketConnection
from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL, choose_protocol

log = logging.getLogger(__name__)

bp = Blueprint("channels", __name__)

RULE = "/api/kernels/<uuid:kernel_id>/channels"
MAX_SESSION_ID_CHARS = 200


@dataclass(frozen=True)
class Asked:
    """What a page wants to join, and from where on."""

    kernel_id: str
    session_id: str
    since: int | None
    epoch: str | None


@bp.get(RULE)
@requires("kernels", "execute")
def refuse_plain_get(kernel_id: uuid.UUID) -> ResponseReturnValue:
    """Whoever asks for the channels without a websocket."""
    return 'Can "Upgrade" only to "WebSocket".', 400, {"Content-Type": "text/plain; charset=utf-8"}


@sockets.route(RULE, bp)
@requires("kernels", "execute")
def kernel_channels(upgrade: Upgrade, kernel_id: uuid.UUID) -> None:
    """Join the kernel first, so that a missing one is a 404, then upgrade, and have messages carried until the end."""
    options = ZMQChannelsWebsocketConnection(config=services().settings.config)
    services().away.start()
    protocol = choose_protocol(upgrade.offered_protocols, options.kernel_ws_protocol)
    asked = Asked(str(kernel_id), _session_id(), since=_since(), epoch=request.args.get("epoch"))
    carried = upgrade.pass_on(protocol, options.max_message_bytes, partial(_pass_on, asked))
    if carried is not None:
        EVICTIONS.watch(carried, stays_welcome())
        carried.when_over(partial(EVICTIONS.forget, carried))
    else:
        _carry_here(upgrade, asked, protocol, options.max_message_bytes)


def _pass_on(asked: Asked, descriptor: int, agreed: Mapping[str, Any]) -> CarriedWebsocket | None:
    return services().bridge.pass_websocket(descriptor, WebsocketTerms(**asdict(asked), **agreed))


def _carry_here(upgrade: Upgrade, asked: Asked, protocol: str, max_message_bytes: int) -> None:
    """Until the websocket ends."""
    takes_notes = protocol == SEQ_PROTOCOL
    stream = services().bridge.open_channels(**asdict(asked), takes_notes=takes_notes)
    try:
        websocket = upgrade.accept(subprotocol=protocol, max_message_bytes=max_message_bytes)
    except BaseException:
        stream.release()
        raise
    with closed_when_unwelcome(websocket, stays_welcome()):
        run_channels(websocket, stream, protocol)


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
