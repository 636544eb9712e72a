"""Can the server listen where it should, and do programs on this machine reach it past a proxy?"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from flasknb.cli.commands.checks.finding import Finding, Patient, note, ok, problem, warning
from flasknb.cli.commands.output import printable
from flasknb.cli.commands.running_servers import running_servers, runtime_dir
from flasknb.kernel_bridge.instance import SOCKET_PATH_BYTES

LOCAL_NAMES = ("localhost", "127.0.0.1")
CONNECT_TIMEOUT_S = 2.0
EVERY_IPV4 = ("", "*")


def check_network(patient: Patient) -> Iterator[Finding]:
    """Address and port, or socket; then the proxies of the environment."""
    if patient.server is not None:
        if patient.server.sock:
            yield from check_socket_path(Path(patient.server.sock).expanduser())
        else:
            yield from check_port(patient.server.ip, patient.server.port, patient.server.port_retries)
    yield from check_proxies(getproxies_environment())


def check_port(ip: str, port: int, retries: int) -> Iterator[Finding]:
    """Whether a server could listen now."""
    error = _bind_error(ip, port)
    shown = f"port {port} of {ip or 'every interface'}"
    if error is None:
        yield ok(f"A server can listen on {shown}.")
    elif isinstance(error, PermissionError):
        yield problem(f"You may not listen on {shown}.", "Choose a port from 1024 upwards: --port 8888")
    elif error.errno == errno.EADDRINUSE:
        yield _taken(port, shown, retries)
    else:
        yield problem(
            f"Nobody can listen on {shown}: {error.strerror or error}.",
            "Set ServerApp.ip to an address of this machine: localhost, or 0.0.0.0 for all of them.",
        )


def check_socket_path(path: Path) -> Iterator[Finding]:
    """Whether a server could listen on a Unix socket there."""
    if len(os.fsencode(path)) > SOCKET_PATH_BYTES:
        yield problem(
            f"The socket path {path} has {len(os.fsencode(path))} bytes; at most {SOCKET_PATH_BYTES} are possible.",
            "Choose a shorter ServerApp.sock.",
        )
    elif not path.parent.is_dir():
        yield problem(f"The folder of the socket {path} does not exist.", f"mkdir -p {path.parent}")
    elif path.exists() and not path.is_socket():
        yield problem(f"{path} is no socket, so no server can listen there.", "Choose another ServerApp.sock.")
    elif path.is_socket() and not _is_answered(path):
        yield note(f"The socket {path} was left behind; the next server takes its place.")
    else:
        yield ok(f"A server can listen on {path}.")


def check_proxies(proxies: Mapping[str, str]) -> Iterator[Finding]:
    """``proxies``: as ``urllib.request.getproxies_environment`` finds them."""
    chosen = {kind: url for kind, url in proxies.items() if kind in ("http", "https", "all")}
    caught = [name for name in LOCAL_NAMES if not proxy_bypass_environment(name, dict(proxies))]
    if chosen and caught:
        kind, url = next(iter(chosen.items()))
        yield warning(
            f"{kind}_proxy sends requests for {' and '.join(caught)} to {_shown(url)}: programs and kernels on this"
            " machine do not reach the server.",
            "export no_proxy=localhost,127.0.0.1,::1",
        )


def _taken(port: int, shown: str, retries: int) -> Finding:
    known = [server for server in running_servers(runtime_dir()) if server.fields["port"] == port]
    if known:
        folder = printable(known[0].fields["root_dir"])
        return note(f"A notebook server of yours (pid {known[0].pid}) listens on {shown}; it serves {folder}.")
    if retries:
        return note(f"Another program listens on {shown}; flasknb takes a port near it.")
    return problem(
        f"Another program listens on {shown}, and port_retries is 0.", "End that program, or choose another --port."
    )


def _bind_error(ip: str, port: int) -> OSError | None:
    host = "" if ip in EVERY_IPV4 else ip
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        return error
    except (OverflowError, UnicodeError) as error:
        return OSError(errno.EINVAL, str(error))
    return None


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(CONNECT_TIMEOUT_S)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _shown(url: str) -> str:
    """A proxy's address without the password that may be in it."""
    try:
        parts = urlsplit(url)
        return printable(f"{parts.scheme}://{parts.hostname}:{parts.port}" if parts.hostname else "a proxy")
    except ValueError:
        return "a proxy"
