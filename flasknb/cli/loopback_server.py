"""Serves this machine only: gevent's own WSGI server inside the ``flasknb`` process."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask
from gevent import Timeout, pywsgi

from flasknb.cli.fairness import serve_first
from flasknb.cli.logs.requests import log_request
from flasknb.cli.request_head import LineReader, RequestHead, origin_form, read_head
from flasknb.kernel_bridge.open_websockets import close_all
from flasknb.lingering import LINGER_BYTES, LINGER_S

log = logging.getLogger(__name__)

STOP_TIMEOUT_S = 2.0
HANDSHAKE_TIMEOUT_S = 10.0
DISCARDED_AT_ONCE_BYTES = 64 * 1024
SENT_AT_ONCE_BYTES = 16 * 1024  # above, copying costs more than another call


class LoopbackServer:
    """Listening sockets, served by greenlets; with a ``context`` they speak https."""

    def __init__(self, app: Flask, listeners: Sequence[socket.socket], context: ssl.SSLContext | None = None) -> None:
        for listener in listeners:
            if listener.family != socket.AF_UNIX:
                # pywsgi sends headers and body apart: under Nagle's algorithm answers wait 40 ms for an
                # acknowledgement. Accepted sockets inherit this.
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        tls = {"ssl_context": context} if context else {}
        options = {"handler_class": RequestHandler, "log": None, "error_log": log, **tls}
        self._servers = [_Server(listener, app, **options) for listener in listeners]

    def start(self) -> None:
        """Begin to accept."""
        serve_first()
        for server in self._servers:
            server.start()

    def has_ended(self) -> bool:
        """Never on its own: it lives in this process."""
        return False

    def stop(self) -> None:
        """Stop accepting, tell open websockets to come back later, wait ``STOP_TIMEOUT_S`` for answers under way."""
        for server in self._servers:
            server.stop_accepting()
        close_all()
        for server in self._servers:
            server.stop(timeout=STOP_TIMEOUT_S)


class _Server(pywsgi.WSGIServer):  # type: ignore[misc]
    """A visitor who speaks no TLS, or stops half way, costs a line and not a traceback."""

    def handle(self, client: Any, address: Any) -> None:
        """Serve one connection."""
        if isinstance(client, ssl.SSLSocket):
            try:
                client.settimeout(HANDSHAKE_TIMEOUT_S)
                client.do_handshake()
                client.settimeout(None)
            except OSError as error:  # ssl.SSLError and timeouts too
                reason = getattr(error, "reason", None) or error.strerror or error
                log.warning("TLS refused address=%s reason=%s", address[0] if address else "", reason)
                return
        super().handle(client, address)


class BoundedInput(pywsgi.Input):  # type: ignore[misc]
    """A body of which not everything is read when nobody wants it."""

    __slots__ = ("is_cut",)

    def _discard(self) -> None:
        """Called once the request is answered: read on for a while."""
        self.is_cut = False
        if self.chunked_input or self.position < (self.content_length or 0):
            self.is_cut = True
            with Timeout(LINGER_S, False):
                self.is_cut = not self._ends_soon()

    def _ends_soon(self) -> bool:
        """Whether it has been read to its end. A body in an unknown state is left to its finder, as gevent does."""
        if self._chunked_input_error:
            return True
        self.send_100_continue_enabled = False  # type: ignore[misc]  # one of the slots of gevent's
        read_bytes = 0
        while read_bytes < LINGER_BYTES:
            piece = self.read(DISCARDED_AT_ONCE_BYTES)
            if not piece:
                return True
            read_bytes += len(piece)
        return False


class DirectInput(BoundedInput):
    """A body that can be read to where it stays."""

    __slots__ = ()

    def readinto(self, room: bytearray | memoryview) -> int:
        """Fill ``room`` with what comes next; how many bytes, fewer where the body or the connection ends."""
        left_bytes = (self.content_length or 0) - self.position
        self._send_100_continue()
        count: int = self.rfile.readinto(memoryview(room)[:left_bytes])
        self.position += count
        return count


class RequestHandler(pywsgi.WSGIHandler):  # type: ignore[misc]
    """Refuses what can be read in two ways; writes the request log, by status and without tokens."""

    _held: bytearray | None = None
    path: str
    wsgi_input: pywsgi.Input

    def read_request(self, raw_requestline: str) -> bool:
        """Parse the head. Raises ValueError, which is answered with 400."""
        is_read: bool = super().read_request(raw_requestline)
        length = self.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise ValueError("Content-Length is no number")
        for name in ("content-length", "host", "transfer-encoding"):
            if len(self.headers.get_all(name, [])) > 1:
                raise ValueError(f"more than one {name} header")
        coding = self.headers.get("transfer-encoding")
        if coding is not None:
            if coding.lower() != "chunked":
                raise ValueError("unknown transfer coding")
            self.close_connection = True  # a Content-Length beside it was ignored: what follows may be no request
        self.path = origin_form(self.path, self.headers.get("host"))
        return is_read

    def get_environ(self) -> dict[str, Any]:
        """The request; a body whose length is known can be read directly."""
        environ: dict[str, Any] = super().get_environ()
        given = environ["wsgi.input"]
        if isinstance(given, pywsgi.Input):
            kind = BoundedInput if given.chunked_input else DirectInput
            made = kind(given.rfile, given.content_length, given.socket, given.chunked_input)
            environ["wsgi.input"] = self.wsgi_input = made
        return environ

    def MessageClass(self, file: LineReader, *_: Any) -> RequestHead:
        """The fields of the head. Raises ValueError, which is answered with 400."""
        return read_head(file)

    def finalize_headers(self) -> None:
        """The last headers. A client that is not told that no answer follows sends the next request to nobody."""
        super().finalize_headers()
        is_said = any(name.lower() == b"connection" for name, _ in self.response_headers)
        if self.close_connection and not is_said and self.code != HTTPStatus.SWITCHING_PROTOCOLS:
            self.response_headers.append((b"Connection", b"close"))

    def _write_with_headers(self, data: bytes) -> None:
        """Head and a small body in one system call, which is most of what a small answer costs the server."""
        if len(data) > SENT_AT_ONCE_BYTES:
            super()._write_with_headers(data)
            return
        self._held = held = bytearray()
        try:
            super()._write_with_headers(data)
        finally:
            self._held = None
        self._sendall(bytes(held))

    def _sendall(self, data: bytes) -> None:
        if self._held is None:
            super()._sendall(data)
        else:
            self._held += data

    def handle_one_request(self) -> Any:
        """Answer one request; after a websocket the rest of the bytes are frames, not requests."""
        self.environ: dict[str, Any] = {}
        outcome = super().handle_one_request()
        return None if self.environ.get("HTTP_UPGRADE", "").lower() == "websocket" else outcome

    def handle_one_response(self) -> None:
        """Answer, and end the connection where more of the body would come than anybody reads."""
        super().handle_one_response()
        if getattr(self.wsgi_input, "is_cut", False):
            self.close_connection = True

    def log_request(self) -> None:
        """One line for the answered request."""
        status = self.status.decode("latin-1") if isinstance(self.status, bytes) else str(self.status or "")
        number = status.split(" ", 1)[0]
        environ = self.environ or {"REQUEST_METHOD": "", "REMOTE_ADDR": (self.client_address or ("",))[0]}
        uri = self.path if self.environ else str(self.requestline or "")
        duration_ms = (self.time_finish - self.time_start) * 1000 if self.time_finish else 0.0
        log_request(environ, uri, int(number) if number.isdigit() else 0, duration_ms)
