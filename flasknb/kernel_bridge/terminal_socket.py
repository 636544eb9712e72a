"""One terminal websocket and one stream: two loops, and a clean end from either side."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from flasknb.kernel_bridge.open_websockets import INTERNAL, NORMAL, RESTARTING, UNSUPPORTED
from flasknb.kernel_bridge.terminal_codec import BadTerminalMessage, packed_command
from flasknb.kernel_bridge.terminals import TerminalStream

if TYPE_CHECKING:
    from flasknb.kernel_bridge.websocket import WebSocket

log = logging.getLogger(__name__)

MAX_MESSAGE_BYTES = 8 * 1024 * 1024  # of input in one piece; a longer one closes with 1009
WRITER_END_TIMEOUT_S = 5.0
LAST_MESSAGE = b'["disconnect",1]'


def run_terminal(websocket: WebSocket, stream: TerminalStream) -> None:
    """Carry messages both ways until either side ends. Called in the view's thread; makes one more."""
    writer = threading.Thread(target=_pages_way, args=(websocket, stream), daemon=True)
    writer.start()
    try:
        _terminals_way(websocket, stream)
    finally:
        stream.close()
        websocket.finish()
        writer.join(WRITER_END_TIMEOUT_S)
        if not writer.is_alive():
            stream.release()


def _terminals_way(websocket: WebSocket, stream: TerminalStream) -> None:
    """From the page to the terminal."""
    while (message := websocket.receive()) is not None:
        try:
            command = packed_command(message)
        except BadTerminalMessage as error:
            log.warning("terminal websocket closed: %s", error)
            websocket.close(UNSUPPORTED, str(error))
            return
        if command is not None:
            stream.send(command)


def _pages_way(websocket: WebSocket, stream: TerminalStream) -> None:
    """From the terminal to the page."""
    newest = b""
    try:
        while (batch := stream.receive_batch()) is not None:
            websocket.send_batch([message.decode() for message in batch])
            newest = batch[-1]
        if newest == LAST_MESSAGE:
            websocket.close(NORMAL, "the terminal has ended")
        else:
            websocket.close(RESTARTING, stream.end_reason or "the connection to the terminal was lost; come back")
    except Exception:
        log.exception("terminal websocket failed")
        websocket.close(INTERNAL, "the server failed; come back")
