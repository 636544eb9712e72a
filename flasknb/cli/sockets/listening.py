"""From the options to a listening socket, whatever its kind, and its end."""

from __future__ import annotations

import logging
import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flasknb.cli.sockets.endpoint import Endpoint
from flasknb.cli.sockets.refusal import CannotListen
from flasknb.cli.sockets.tcp import listen_tcp
from flasknb.cli.sockets.tls import TlsSettings
from flasknb.cli.sockets.unix import listen_unix
from flasknb.config.options import DEFAULT_PORT, ServerApp

log = logging.getLogger(__name__)

INHERITED_VARIABLE = "FLASKNB_LISTENER"
"""Descriptors of the sockets that the process before us, which we replaced, was listening on; with commas."""


@dataclass(frozen=True)
class Place:
    """Listening sockets of one port, how they are reached, and their https settings where they have any."""

    listeners: Sequence[socket.socket]
    endpoint: Endpoint
    tls: TlsSettings | None
    context: ssl.SSLContext | None
    is_inherited: bool = False


@contextmanager
def listen(options: ServerApp) -> Iterator[Place]:
    """Listen as ``options`` say; closed, and a socket file gone, at the end.

    Raises:
        CannotListen: no port is free, a file cannot be used, or the options exclude each other.
    """
    tls = TlsSettings.of(options)
    context = tls.context() if tls else None
    inherited = os.environ.pop(INHERITED_VARIABLE, "")
    listeners = [socket.socket(fileno=int(one)) for one in inherited.split(",")] if inherited else _bind(options)
    try:
        endpoint = _endpoint(options, listeners[0], is_secure=tls is not None)
        yield Place(listeners, endpoint, tls, context, bool(inherited))
    finally:
        for listener in listeners:
            listener.close()
        if options.sock:
            _socket_path(options).unlink(missing_ok=True)


def _bind(options: ServerApp) -> list[socket.socket]:
    if not options.sock:
        return listen_tcp(options.ip, options.port, options.port_retries)
    if options.port not in (0, DEFAULT_PORT):
        raise CannotListen("--sock and --port exclude each other: leave one of them out")
    return [listen_unix(str(_socket_path(options)), options.sock_mode)]


def _endpoint(options: ServerApp, listener: socket.socket, *, is_secure: bool) -> Endpoint:
    if options.sock:
        return Endpoint(options.ip, 0, str(_socket_path(options)), is_secure)
    return Endpoint(options.ip, int(listener.getsockname()[1]), "", is_secure)


def _socket_path(options: ServerApp) -> Path:
    return Path(options.sock).expanduser().absolute()
