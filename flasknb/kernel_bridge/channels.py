"""One websocket and one stream: two loops, and a clean end from either side."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flasknb.kernel_bridge.bridge import ChannelStream
from flasknb.kernel_bridge.open_websockets import INTERNAL, UNSUPPORTED
from flasknb.kernel_bridge.websocket_rules import farewell
from flasknb.kernel_bridge.ws_codec import (
    SEQ_BYTES,
    SEQ_PROTOCOL,
    V1_PROTOCOL,
    BadFrame,
    incoming,
    split_parts,
    to_legacy,
)

if TYPE_CHECKING:
    from flasknb.kernel_bridge.websocket import WebSocket

log = logging.getLogger(__name__)

WRITER_END_TIMEOUT_S = 5.0
COPIED_BYTES = 64 * 1024  # below, a copy takes less than a view
Outgoing = str | bytes | memoryview


def run_channels(websocket: WebSocket, stream: ChannelStream, protocol: str) -> None:
    """Carry messages both ways until either side ends. Called in the view's thread; makes one more.

    Args:
        protocol: the subprotocol that was answered, ``""`` for legacy JSON.
    """
    writer = threading.Thread(target=_pages_way, args=(websocket, stream, protocol), daemon=True)
    writer.start()
    try:
        _kernels_way(websocket, stream, protocol)
    finally:
        stream.close()
        websocket.finish()
        writer.join(WRITER_END_TIMEOUT_S)
        if writer.is_alive():  # the sidecar hangs, and lets go of nothing by itself
            stream.close()
            writer.join(WRITER_END_TIMEOUT_S)
        if not writer.is_alive():
            stream.release()


def _kernels_way(websocket: WebSocket, stream: ChannelStream, protocol: str) -> None:
    """From the page to the kernel."""
    while (message := websocket.receive()) is not None:
        try:
            stream.send(incoming(message, protocol))
        except BadFrame as error:
            log.warning("websocket closed: %s", error)
            websocket.close(UNSUPPORTED, str(error))
            return


def _pages_way(websocket: WebSocket, stream: ChannelStream, protocol: str) -> None:
    """From the kernel to the page."""
    encode = ENCODERS.get(protocol, _legacy_frame)
    try:
        if protocol == SEQ_PROTOCOL:
            websocket.send(json.dumps(stream.joined.told()))
        while (batch := stream.receive_batch()) is not None:
            websocket.send_batch(_encoded(batch, encode, takes_notes=protocol == SEQ_PROTOCOL))
        websocket.close(*farewell(stream.end_reason))
    except Exception:
        log.exception("kernel websocket failed")
        websocket.close(INTERNAL, "the server failed; come back")


def _encoded(batch: Sequence[bytes | str], encode: Callable[[bytes], Outgoing], *, takes_notes: bool) -> list[Outgoing]:
    if encode is _v1_frame and max(map(len, batch)) < COPIED_BYTES:
        return [body[SEQ_BYTES:] for body in batch if not isinstance(body, str)]
    return [
        encode(body) if not isinstance(body, str) else body
        for body in batch
        if takes_notes or not isinstance(body, str)
    ]


def _legacy_frame(body: bytes) -> str | bytes:
    return to_legacy(split_parts(body[SEQ_BYTES:]))


def _v1_frame(body: bytes) -> memoryview:
    return memoryview(body)[SEQ_BYTES:]


def _numbered_frame(body: bytes) -> bytes:
    return body


ENCODERS: dict[str, Callable[[bytes], Outgoing]] = {SEQ_PROTOCOL: _numbered_frame, V1_PROTOCOL: _v1_frame}
