"""The listening socket of the ``flasknb`` command: the wanted port, or one near it."""

from __future__ import annotations

import logging
import random
import socket
from collections.abc import Iterator

log = logging.getLogger(__name__)

SEQUENTIAL_TRIES = 5
HIGHEST_PORT = 65_535
BACKLOG = 128
EVERY_IPV4 = ("", "*")


class CannotListen(Exception):
    """No port could be had; the message says which and why."""


def listen(ip: str, port: int, retries: int) -> socket.socket:
    """A listening TCP socket on ``ip`` and ``port`` or, when that is taken, on one of ``retries`` further ports.

    Raises:
        CannotListen: none was free, none was allowed, or the address is not this machine's.
    """
    for candidate in candidate_ports(port, retries):
        try:
            return _bind(ip, candidate)
        except PermissionError:
            raise CannotListen(f"Permission to listen on port {candidate} denied.") from None
        except OSError as error:
            if not _is_taken(error):
                raise CannotListen(f"Cannot listen on {ip or '*'}: {error.strerror or error}") from error
            if retries:
                log.info("The port %d is already in use, trying another port.", candidate)
    if not retries:
        raise CannotListen(f"the server could not be started because port {port} is not available.")
    raise CannotListen("the server could not be started because no available port could be found.")


def candidate_ports(port: int, retries: int) -> Iterator[int]:
    """Ports to try: the wanted one, its next neighbours in order, then random ones near it."""
    yield port
    if port == 0:
        return
    for step in range(1, retries + 1):
        near = port + step if step < SEQUENTIAL_TRIES else port + random.randint(-2 * retries, 2 * retries)  # noqa: S311 - no secret
        yield max(1, min(near, HIGHEST_PORT))


def _bind(ip: str, port: int) -> socket.socket:
    host = "" if ip in EVERY_IPV4 else ip
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _is_taken(error: OSError) -> bool:
    import errno

    return error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEACCES", errno.EADDRINUSE))
