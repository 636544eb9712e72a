"""The listening unix socket of the ``flasknb`` command."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

from flasknb.cli.sockets.refusal import CannotListen
from flasknb.kernel_bridge.instance import SOCKET_PATH_BYTES

BACKLOG = 128
CONNECT_TIMEOUT_S = 1.0
NOBODY = 0o777


def listen_unix(path: str, mode: str) -> socket.socket:
    """A socket at ``path`` with the permissions ``mode`` (octal). The file of a server that has ended is replaced.

    Raises:
        CannotListen: the path is too long, its folder is missing, or something else is there.
    """
    place = Path(path).expanduser().absolute()
    if len(os.fsencode(place)) > SOCKET_PATH_BYTES:
        raise CannotListen(f"The socket path is too long: {place} has more than {SOCKET_PATH_BYTES} bytes")
    _clear(place)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(NOBODY)  # nobody connects before it has its mode
    try:
        listener.bind(str(place))
        place.chmod(int(mode, 8))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotListen(f"Cannot listen on the socket {place}: {error.strerror or error}") from error
    finally:
        os.umask(before)
    return listener


def _clear(place: Path) -> None:
    """Remove a socket that nobody listens on. Raises CannotListen for everything else that is there."""
    try:
        found = place.lstat()
    except OSError:
        return  # a folder that is missing or closed: binding says so
    if not stat.S_ISSOCK(found.st_mode):
        raise CannotListen(f"{place} exists and is no socket: remove it, or name another path with --sock")
    if _is_served(place):
        raise CannotListen(f"Another server listens on {place}: stop it, or name another path with --sock")
    place.unlink(missing_ok=True)


def _is_served(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(CONNECT_TIMEOUT_S)
        try:
            probe.connect(str(place))
        except ConnectionRefusedError:
            return False
        except OSError:
            return True  # busy, or not ours to ask
        return True
