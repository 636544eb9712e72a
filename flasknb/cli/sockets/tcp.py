"""The listening TCP socket of the ``flasknb`` command: the wanted port, or one near it."""

from __future__ import annotations

import errno
import logging
import random
import socket
from collections.abc import Callable, Iterator

from flasknb.cli.sockets.refusal import CannotListen

log = logging.getLogger(__name__)

SEQUENTIAL_TRIES = 5
HIGHEST_PORT = 65_535
FIRST_FREE_FOR_ALL = 1024  # by custom; a system may let everybody have lower ones, and then denies nothing
BACKLOG = 128
EVERY_IPV4 = ("", "*")
START_FAILED = "ERROR: the Jupyter server could not be started because"

NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)

Bind = Callable[[str, int], list[socket.socket]]


def bind_tcp(ip: str, port: int) -> list[socket.socket]:
    """Listening sockets of one port, two for localhost. Raises OSError.

    Browsers try ``[::1]`` for localhost first: whoever else listened there would be sent our token.
    """
    if ip != "localhost":
        return [_bind("" if ip in EVERY_IPV4 else ip, port)]
    first = _bind("127.0.0.1", port)
    try:
        return [first, _bind("::1", first.getsockname()[1])]
    except OSError as error:
        if error.errno in NO_IPV6:
            return [first]
        first.close()
        raise


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if host == "::1":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def listen_tcp(ip: str, port: int, retries: int, bind: Bind = bind_tcp) -> list[socket.socket]:
    """Listening TCP sockets on ``ip`` and ``port`` or, when that is taken, on one of ``retries`` further ports.

    Raises:
        CannotListen: none was free, none was allowed, or the address is not this machine's.
    """
    for candidate in candidate_ports(port, retries):
        try:
            return bind(ip, candidate)
        except OSError as error:
            if isinstance(error, PermissionError) and candidate == port < FIRST_FREE_FOR_ALL:
                raise CannotListen(_kept_back(port)) from error  # so are its neighbours
            _tell(error, ip, candidate, is_last=retries == 0)
    if retries == 0:
        raise CannotListen(f"{START_FAILED} port {port} is not available.")
    raise CannotListen(f"{START_FAILED} no available port could be found.")


def candidate_ports(port: int, retries: int) -> Iterator[int]:
    """Ports to try: the wanted one, its next neighbours in order, then random ones near it."""
    yield port
    if port == 0:
        return
    for step in range(1, retries + 1):
        near = port + step if step < SEQUENTIAL_TRIES else port + random.randint(-2 * retries, 2 * retries)  # noqa: S311 - no secret
        yield max(1, min(near, HIGHEST_PORT))


def _kept_back(port: int) -> str:
    return (
        f"Permission to listen on port {port} denied. Ports below {FIRST_FREE_FOR_ALL} are kept for services that the"
        " system starts: choose a higher --port."
    )


def _tell(error: OSError, ip: str, port: int, *, is_last: bool) -> None:
    """Why a port was passed over. Raises CannotListen where no other port would do better."""
    if isinstance(error, PermissionError):
        log.warning("Permission to listen on port %d denied.", port)
    elif error.errno != errno.EADDRINUSE:
        reason = error.strerror or error
        raise CannotListen(f"Cannot listen on {ip or '*'}: {reason}. Is --ip an address of this machine?") from error
    elif not is_last:
        log.info("The port %d is already in use, trying another port.", port)
