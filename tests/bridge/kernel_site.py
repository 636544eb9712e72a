"""A running server as programs see it: REST answers as they are, and kernel websockets of every protocol."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import websocket

from flasknb.kernel_bridge import messages
from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL, V1_PROTOCOL, from_legacy, join_parts, split_parts, to_legacy
from tests.servers import Server, start_server

TIMEOUT_S = 30.0
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
PROTOCOLS = ["", V1_PROTOCOL, SEQ_PROTOCOL]
every_protocol = pytest.mark.parametrize("protocol", PROTOCOLS, ids=["legacy", "v1", "seq"])


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. ``json`` is its body, ``None`` where it is none."""

    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Message:
    """One message that a page got."""

    channel: str
    header: dict[str, Any]
    parent: dict[str, Any]
    content: dict[str, Any]
    buffers: list[bytes]

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.header["msg_type"])

    @property
    def state(self) -> str:
        """What a status message says."""
        return str(self.content.get("execution_state", ""))


class Channels:
    """One open kernel websocket."""

    def __init__(self, socket: Any, session: str) -> None:
        self.socket, self.session = socket, session
        self.protocol = socket.getsubprotocol() or ""
        self.notes: list[dict[str, Any]] = []
        self.greeting = json.loads(socket.recv()) if self.protocol == SEQ_PROTOCOL else None

    def send(self, kind: str, content: dict[str, Any], *, channel: str = "shell", **more: Any) -> str:
        """Send one message; returns its id. ``buffers``, ``session`` and ``parent`` may be given."""
        session, buffers = more.get("session", self.session), more.get("buffers", [])
        message = messages.build(kind, content, session=session, parent_header=more.get("parent", b"{}"))
        parts = [channel.encode(), *message.signed_parts, *buffers]
        if self.protocol:
            self.socket.send_binary(join_parts(parts))
        else:
            frame = to_legacy(parts)
            self.socket.send(frame) if isinstance(frame, str) else self.socket.send_binary(frame)
        return messages.peek(message.header).msg_id

    def execute(self, code: str, **more: Any) -> str:
        """Ask for an execution."""
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": True, "user_expressions": {}}
        return self.send("execute_request", content, **more)

    def run(self, code: str) -> list[Message]:
        """Execute; everything that belongs to it, up to reply and idle."""
        return self.answers_to(self.execute(code))

    def answers_to(self, msg_id: str) -> list[Message]:
        """Everything with this parent, up to reply and idle."""
        found: list[Message] = []
        while not (any(one.kind.endswith("_reply") for one in found) and any(one.state == "idle" for one in found)):
            message = self.receive()
            if message.parent.get("msg_id") == msg_id:
                found.append(message)
        return found

    def receive(self) -> Message:
        """The next message. Raises websocket.WebSocketConnectionClosedException, WebSocketTimeoutException."""
        frame = self.socket.recv()
        if not frame:
            raise websocket.WebSocketConnectionClosedException("closed")
        if self.protocol == SEQ_PROTOCOL and isinstance(frame, str):
            self.notes.append(json.loads(frame))
            return self.receive()
        if self.protocol == SEQ_PROTOCOL:
            parts = split_parts(frame[8:])
        else:
            parts = split_parts(frame) if self.protocol else from_legacy(frame)
        header, parent, _, content = (json.loads(part) for part in parts[1:5])
        return Message(parts[0].decode(), header, parent, content, parts[5:])

    def wait_for(self, kind: str, state: str = "") -> Message:
        """The next message of this type (and state); others are dropped."""
        while True:
            message = self.receive()
            if message.kind == kind and state in ("", message.state):
                return message

    def silence(self, for_s: float) -> list[Message]:
        """What comes within a time in which nothing should."""
        found: list[Message] = []
        self.socket.settimeout(for_s)
        try:
            while True:
                found.append(self.receive())
        except websocket.WebSocketTimeoutException:
            return found
        finally:
            self.socket.settimeout(TIMEOUT_S)

    def close_code(self) -> int:
        """Reads to the end; the code it closed with."""
        opcode, data = 0, b""
        while opcode != websocket.ABNF.OPCODE_CLOSE:
            opcode, data = self.socket.recv_data(control_frame=True)
        self.socket.shutdown()
        return int.from_bytes(data[:2], "big")


@dataclass(frozen=True)
class KernelSite:
    """A running server."""

    server: Server

    def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Answer:
        """Ask the REST API with the token; ``token=""`` as a stranger."""
        request = urllib.request.Request(self.server.base_url + path, method=method, data=raw)
        token = headers.pop("token", self.server.token)
        if token:
            request.add_header("Authorization", f"token {token}")
        for name, value in headers.items():
            request.add_header(name, value)
        if body is not None:
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read().decode())

    def path_of(self, where: str) -> str:
        """The path below the server's base of a ``Location``, which must begin there."""
        base = urllib.parse.urlsplit(self.server.base_url).path
        assert where.startswith(base)
        return where[len(base) :]

    def kernel(self, **body: Any) -> str:
        """Start a kernel; its id."""
        answer = self("POST", "api/kernels", body)
        assert answer.status == 201, answer.text
        return str(answer.json["id"])

    def open(self, kernel_id: str, *, session: str | None = None, protocol: str = V1_PROTOCOL, **more: Any) -> Channels:
        """An open websocket; ``query`` is added to the address, further arguments are websocket-client's."""
        session = uuid.uuid4().hex if session is None else session
        query = f"session_id={session}&token={self.server.token}{more.pop('query', '')}"
        url = f"{self.server.base_url.replace('http', 'ws', 1)}api/kernels/{kernel_id}/channels?{query}"
        protocols = [protocol] if protocol else None
        more = {"suppress_origin": True, "skip_utf8_validation": True, **more}
        socket = websocket.create_connection(url, timeout=TIMEOUT_S, subprotocols=protocols, **more)
        return Channels(socket, session)

    def raw(self, kernel_id: str, *headers: str, expected: bytes = b"HTTP/1.1 101") -> socket.socket:
        """A socket right after the head of the answer to somebody who wants the v1 protocol."""
        return raw_websocket(self.server, kernel_id, *headers, expected=expected)

    @contextmanager
    def channels(self, kernel_id: str, **options: Any) -> Iterator[Channels]:
        """The same, closed at the end."""
        channels = self.open(kernel_id, **options)
        try:
            yield channels
        finally:
            channels.socket.close()

    def eventually(self, path: str, field: str, value: Any) -> bool:
        """Whether the model at ``path`` comes to say so within TIMEOUT_S."""
        end_s = time.monotonic() + TIMEOUT_S
        while self("GET", path).json.get(field) != value:
            if time.monotonic() > end_s:
                return False
            time.sleep(0.05)
        return True


def raw_websocket(server: Server, kernel_id: str, *headers: str, expected: bytes = b"HTTP/1.1 101") -> socket.socket:
    """A socket right after the head of the answer to somebody who wants the v1 protocol."""
    lines = (
        f"GET {urllib.parse.urlsplit(server.base_url).path}api/kernels/{kernel_id}/channels"
        f"?session_id=raw&token={server.token} HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        f"Sec-WebSocket-Protocol: {V1_PROTOCOL}",
        *headers,
    )
    peer = socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S)
    peer.sendall("\r\n".join((*lines, "", "")).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += peer.recv(1)
    assert answer.startswith(expected), answer
    assert b"extensions" not in answer.lower()
    return peer


@contextmanager
def running_site(home: Path, way: str = "gunicorn", more_config: str = "") -> Iterator[KernelSite]:
    """By default gunicorn with two workers; its log has no traceback at the end."""
    server = start_server(way, home, more_config)
    try:
        yield KernelSite(server)
        assert "Traceback" not in server.log
    finally:
        server.stop()


def text_of(found: list[Message]) -> str:
    """All stream text."""
    return "".join(one.content["text"] for one in found if one.kind == "stream")


def blocking_client(connection_file: Path) -> Any:
    """What ``jupyter console --existing`` uses."""
    from jupyter_client.blocking.client import BlockingKernelClient

    client = BlockingKernelClient(connection_file=str(connection_file))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=20)
    return client
