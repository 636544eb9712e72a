"""Asks a kernel who it is, through a server's websocket, as a page does: the one proof that all of it works."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, Event, Ping, RejectConnection, Request, TextMessage
from wsproto.utilities import RemoteProtocolError

from flasknb.cli.commands.server_http import Target, ask

CONNECT_TIMEOUT_S = 10.0
START_TIMEOUT_S = 90.0
ANSWER_TIMEOUT_S = 20.0
RECEIVE_BYTES = 64 * 1024


class NoEcho(Exception):
    """Where it ended, for a person."""


@contextmanager
def probe_kernel(target: Target, token: str) -> Iterator[str]:
    """A kernel that exists for the probe only; its id. Raises NoEcho."""
    try:
        answer = ask(target, "POST", "api/kernels", token=token, body=b"{}", timeout_s=START_TIMEOUT_S)
    except OSError as error:
        raise NoEcho(f"a kernel could not be started: {error}") from error
    content = _parsed(answer.body)
    if answer.status != 201 or "id" not in content:
        said = content.get("message") or f"status {answer.status}"
        raise NoEcho(f"a kernel could not be started: {said}")
    try:
        yield str(content["id"])
    finally:
        with suppress(OSError):
            ask(target, "DELETE", f"api/kernels/{content['id']}", token=token, timeout_s=START_TIMEOUT_S)


def echo(target: Target, token: str, kernel_id: str) -> float:
    """How long a kernel's answer took, in seconds.

    Raises:
        NoEcho: no connection, no upgrade, or no answer.
    """
    try:
        return _Conversation(target, token, f"{target.path}api/kernels/{kernel_id}/channels").ask_kernel()
    except (OSError, RemoteProtocolError) as error:
        raise NoEcho(f"the websocket broke: {error or type(error).__name__}") from error


class _Conversation:
    """One websocket. Raises OSError, NoEcho, RemoteProtocolError."""

    def __init__(self, target: Target, token: str, path: str) -> None:
        headers = [(b"Authorization", f"token {token}".encode())] if token else []
        headers.append((b"Origin", target.origin.encode()))
        self._websocket = WSConnection(ConnectionType.CLIENT)
        self._request = Request(host=target.host_header, target=path, extra_headers=headers)
        self._socket = target.connect(CONNECT_TIMEOUT_S)

    def ask_kernel(self) -> float:
        """Say hello, ask, wait for the reply to what was asked; seconds from question to reply."""
        with self._socket:
            self._send(self._request)
            self._wait_for_upgrade()
            message_id, started_s = uuid.uuid4().hex, time.monotonic()
            self._send(TextMessage(data=_question(message_id)))
            self._wait_for_reply(message_id)
            return time.monotonic() - started_s

    def _wait_for_upgrade(self) -> None:
        for event in self._events(CONNECT_TIMEOUT_S):
            if isinstance(event, AcceptConnection):
                return
            if isinstance(event, RejectConnection):
                raise NoEcho(f"the upgrade to a websocket was answered with status {event.status_code}")
        raise NoEcho("the upgrade to a websocket was not answered")

    def _wait_for_reply(self, message_id: str) -> None:
        text = ""
        for event in self._events(ANSWER_TIMEOUT_S):
            if isinstance(event, TextMessage):
                text += event.data
                if not event.message_finished:
                    continue
                if _parsed(text.encode()).get("parent_header", {}).get("msg_id") == message_id:
                    return
                text = ""
        raise NoEcho(f"the kernel did not answer through the websocket within {ANSWER_TIMEOUT_S:.0f} s")

    def _events(self, timeout_s: float) -> Iterator[Event]:
        """Everything that arrives within ``timeout_s``; ends early when the other side closes."""
        deadline_s = time.monotonic() + timeout_s
        while (left_s := deadline_s - time.monotonic()) > 0:
            self._socket.settimeout(left_s)
            try:
                received = self._socket.recv(RECEIVE_BYTES)
            except TimeoutError:
                return
            if not received:
                return
            self._websocket.receive_data(received)
            for event in self._websocket.events():
                if isinstance(event, Ping):
                    self._send(event.response())
                elif not isinstance(event, BytesMessage):
                    yield event

    def _send(self, event: Event) -> None:
        self._socket.sendall(self._websocket.send(event))


def _question(message_id: str) -> str:
    header = {
        "msg_id": message_id,
        "msg_type": "kernel_info_request",
        "session": uuid.uuid4().hex,
        "username": "doctor",
        "version": "5.3",
        "date": "",
    }
    return json.dumps(
        {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": {}, "buffers": []}
    )


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
