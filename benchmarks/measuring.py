"""What the benchmarks share: a real server, one kernel, and two ways to it in one run: raw ZMQ and the websocket."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Protocol

import websocket
import zmq

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.messages import Signer
from flasknb.kernel_bridge.ws_codec import V1_PROTOCOL, join_parts, split_parts
from tests.servers import WAYS, Server, start_server

TIMEOUT_S = 120.0
HEAD = ("server", "what", "raw ZMQ", "websocket", "times ratio", "remark")
Row = tuple[str, str, str, str, str]
"""All of ``HEAD`` but the server."""


class Client(Protocol):
    """One way to the kernel."""

    name: str

    def send(self, message: messages.WireMessage) -> None: ...

    def receive(self) -> tuple[str, str, bytes]:
        """``(message type, id of the parent, content)`` of the next message on any channel."""


class RawClient:
    """Straight to the kernel's sockets; what no server can beat."""

    name = "raw ZMQ"

    def __init__(self, connection_file: Path) -> None:
        connection = json.loads(connection_file.read_text())
        self._signer = Signer(connection["key"].encode(), connection["signature_scheme"])
        self._context, self._poller = zmq.Context(), zmq.Poller()
        separator = "-" if connection["transport"] == "ipc" else ":"
        where = f"{connection['transport']}://{connection['ip']}{separator}"
        self._shell, self._iopub = self._context.socket(zmq.DEALER), self._context.socket(zmq.SUB)
        self._iopub.setsockopt(zmq.RCVHWM, 0)
        self._iopub.setsockopt(zmq.SUBSCRIBE, b"")
        for socket, port in ((self._shell, "shell_port"), (self._iopub, "iopub_port")):
            socket.connect(f"{where}{connection[port]}")
            self._poller.register(socket, zmq.POLLIN)
        self._ready: list[Any] = []

    def send(self, message: messages.WireMessage) -> None:
        self._shell.send_multipart(self._signer.pack(message))

    def receive(self) -> tuple[str, str, bytes]:
        while not self._ready:
            self._ready = [socket for socket, _ in self._poller.poll(int(TIMEOUT_S * 1000))]
        message = self._signer.unpack(self._ready.pop().recv_multipart())
        return _described(message.header, message.parent_header, message.content)

    def close(self) -> None:
        self._context.destroy(linger=0)


class WebsocketClient:
    """An ordinary client of the server."""

    name = "websocket"

    def __init__(self, server: Server, kernel_id: str) -> None:
        where = server.base_url.replace("http", "ws", 1)
        self._socket = websocket.create_connection(
            f"{where}api/kernels/{kernel_id}/channels?session_id=bench&token={server.token}",
            timeout=TIMEOUT_S,
            subprotocols=[V1_PROTOCOL],
        )

    def send(self, message: messages.WireMessage) -> None:
        self._socket.send_binary(join_parts([b"shell", *message.signed_parts]))

    def receive(self) -> tuple[str, str, bytes]:
        _, header, parent, _, content = split_parts(self._received())[:5]
        return _described(header, parent, content)

    def close(self) -> None:
        self._socket.close()

    def _received(self) -> bytes:
        frame = self._socket.recv()
        return frame if isinstance(frame, bytes) else frame.encode()


def execute(client: Client, code: str) -> list[tuple[str, bytes]]:
    """Run ``code`` to its reply and its idle status; ``(type, content)`` of what came."""
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "user_expressions": {}}
    request = messages.build("execute_request", content, session="bench")
    msg_id = messages.peek(request.header).msg_id
    client.send(request)
    found: list[tuple[str, bytes]] = []
    missing = {"execute_reply", "idle"}
    while missing:
        kind, parent_id, body = client.receive()
        if parent_id == msg_id:
            found.append((kind, body))
            missing.discard("idle" if kind == "status" and b'"idle"' in body else kind)
    return found


def run(client: Client, code: str) -> tuple[float, list[tuple[str, bytes]]]:
    """Seconds and messages of an execution; what the other client's runs left on the way is read before."""
    execute(client, "")
    return timed(lambda: execute(client, code))


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that ``action`` took, and its result."""
    begun_s = time.perf_counter()
    result = action()
    return time.perf_counter() - begun_s, result


@contextmanager
def two_clients(way: str) -> Iterator[tuple[RawClient, WebsocketClient]]:
    """A server started in the given way, one kernel, and both ways to it."""
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(way, Path(folder))
        try:
            kernel_id = _start_kernel(server)
            connection_file = server.runtime_dir / f"kernel-{kernel_id}.json"
            with closing(RawClient(connection_file)) as raw, closing(WebsocketClient(server, kernel_id)) as ws:
                execute(raw, "from IPython.display import display")
                execute(ws, "pass")
                yield raw, ws
        finally:
            server.stop()


def report(
    description: str, measures: Sequence[Callable[[str], Iterator[Row]]], default_ways: Sequence[str] | None = None
) -> None:
    """Measure with the servers named on the command line, and print one table.

    Args:
        description: for ``--help``.
        measures: each takes the name of a way to run a server.
        default_ways: without ``--server``; ``None`` for all.
    """
    choices = [way for way in WAYS if way != "mounted"]
    wanted = default_ways or choices
    parser = argparse.ArgumentParser(description=description)
    told = f"may be given several times; default: {', '.join(wanted)}"
    parser.add_argument("--server", action="append", choices=choices, help=told)
    ways = parser.parse_args().server or wanted
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or the servers would stay
    rows = [(way, *row) for way in ways for measure in measures for row in measure(way)]
    today = datetime.now(timezone.utc).date()
    _print(f"{today}, {os.cpu_count()} cores, Python {platform.python_version()}", [HEAD, *rows])


def _print(title: str, rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))


def median_ms(durations_s: Sequence[float]) -> float:
    """Median in milliseconds."""
    return statistics.median(durations_s) * 1000


def _described(header: bytes, parent: bytes, content: bytes) -> tuple[str, str, bytes]:
    return messages.peek(header).msg_type, messages.peek(parent).msg_id, content


def _start_kernel(server: Server) -> str:
    request = urllib.request.Request(f"{server.base_url}api/kernels", method="POST")
    request.add_header("Authorization", f"token {server.token}")
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return str(json.loads(answer.read())["id"])
