"""Serves this machine only: gevent's own WSGI server inside the ``flasknb`` process."""

from __future__ import annotations

import logging
import socket
from typing import Any

from flask import Flask
from gevent import pywsgi

from flasknb.auth.scrub import scrub
from flasknb.cli.log_format import one_line
from flasknb.kernel_bridge.websocket import close_all

log = logging.getLogger(__name__)

STOP_TIMEOUT_S = 2.0


class LoopbackServer:
    """One listening socket, served by greenlets."""

    def __init__(self, app: Flask, listener: socket.socket) -> None:
        if listener.family != socket.AF_UNIX:
            # pywsgi sends headers and body apart: under Nagle's algorithm answers wait 40 ms for an acknowledgement.
            # Accepted sockets inherit this.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server = pywsgi.WSGIServer(listener, app, handler_class=RequestHandler, log=None, error_log=log)

    def start(self) -> None:
        """Begin to accept."""
        self._server.start()

    def has_ended(self) -> bool:
        """Never on its own: it lives in this process."""
        return False

    def stop(self) -> None:
        """Stop accepting, tell open websockets to come back later, wait ``STOP_TIMEOUT_S`` for answers under way."""
        self._server.stop_accepting()
        close_all()
        self._server.stop(timeout=STOP_TIMEOUT_S)


class RequestHandler(pywsgi.WSGIHandler):  # type: ignore[misc]
    """Refuses what can be read in two ways; writes the request log, by status and without tokens."""

    def read_request(self, raw_requestline: str) -> bool:
        """Parse the head. Raises ValueError, which is answered with 400."""
        is_read: bool = super().read_request(raw_requestline)
        for name in ("content-length", "host", "transfer-encoding"):
            if len(self.headers.get_all(name, [])) > 1:
                raise ValueError(f"more than one {name} header")
        coding = self.headers.get("transfer-encoding")
        if coding is not None:
            if coding.lower() != "chunked":
                raise ValueError("unknown transfer coding")
            self.close_connection = True  # a Content-Length beside it was ignored: what follows may be no request
        return is_read

    def handle_one_request(self) -> Any:
        """Answer one request; after a websocket the rest of the bytes are frames, not requests."""
        outcome = super().handle_one_request()
        environ = getattr(self, "environ", None) or {}
        return None if environ.get("HTTP_UPGRADE", "").lower() == "websocket" else outcome

    def log_request(self) -> None:
        """One line for the answered request."""
        status = str(self.status or "").split(" ", 1)[0]
        level = request_log_level(int(status) if status.isdigit() else 0)
        if log.isEnabledFor(level):
            duration_ms = (self.time_finish - self.time_start) * 1000 if self.time_finish else 0.0
            log.log(level, "%s", one_line(scrub(f"{status} {self.requestline or ''} {duration_ms:.2f}ms")))


def request_log_level(status: int) -> int:
    """Traffic is for debugging; refusals and failures are for the operator."""
    if status >= 500:
        return logging.ERROR
    if status >= 400:
        return logging.WARNING
    return logging.INFO if 300 <= status < 400 and status != 304 else logging.DEBUG
