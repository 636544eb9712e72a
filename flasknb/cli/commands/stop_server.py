"""``flasknb stop``: ask a server to end, then tell it, then end it; never a process that is not that server."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import click

from flasknb.cli.commands.output import Problem, printable, tell
from flasknb.cli.commands.process_identity import KnownProcess, evidence
from flasknb.cli.commands.running_servers import RunningServer, running_servers, runtime_dir
from flasknb.cli.commands.server_http import Target, ask
from flasknb.config.options import DEFAULT_PORT

ANSWER_TIMEOUT_S = 5.0
WAIT_S = 5.0


@click.command("stop")
@click.argument("endpoint", metavar="[PORT|SOCKET]", default=str(DEFAULT_PORT))
def stop_server(endpoint: str) -> None:
    """Stop the server on PORT (8888 when left out), or on the Unix SOCKET of that path; its kernels end too.

    The server is asked to end. When it still runs after 5 seconds it is sent SIGTERM, and 5 seconds later SIGKILL.
    """
    folder = runtime_dir()
    servers = running_servers(folder)
    if not servers:
        raise Problem(f"There are no running servers (per {printable(str(folder))})")
    server = _find(servers, endpoint)
    if server is None:
        tell(f"There is currently no server running on {printable(endpoint)}")
        tell("Ports/sockets currently in use:")
        for other in servers:
            tell(f" - {printable(other.endpoint)}")
        raise SystemExit(1)
    tell(f"Shutting down server on {printable(server.endpoint)}...")
    if not stop(server):
        raise Problem(f"Could not stop server on {printable(server.endpoint)}")


def stop(server: RunningServer) -> bool:
    """End ``server``; whether it has ended. Takes at most some 20 seconds."""
    try:
        process = KnownProcess(server.pid)
    except ProcessLookupError:
        server.forget()
        return True
    try:
        has_ended = _stop(server, process)
    finally:
        process.close()
    if has_ended:
        server.forget()
        _remove_socket(server.fields["sock"])
    return has_ended


def _stop(server: RunningServer, process: KnownProcess) -> bool:
    """Look at the process only after it is held: from then on it cannot become another one unseen."""
    found = evidence(server.pid, server.written_s)
    if not found.is_running:
        return not found.is_alive
    if _ask_to_end(server) and process.wait(WAIT_S):
        return True
    if not found.is_proven:
        tell(
            f"Process {server.pid} may not be that server: it is left alone. Look at it yourself, and remove"
            f" {printable(str(server.path))} when it is something else."
        )
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        tell(f"Sending {number.name} to process {server.pid}")
        process.signal(number)
        if process.wait(WAIT_S):
            return True
    return False


def _remove_socket(sock: str) -> None:
    path = Path(sock)
    with suppress(OSError, ValueError):
        if sock and path.is_socket():
            path.unlink()


def _ask_to_end(server: RunningServer) -> bool:
    """Whether the server said that it will end."""
    try:
        answer = ask(
            Target.of_url(server.fields["url"], verifies=False),
            "POST",
            "api/shutdown",
            token=server.fields["token"],
            body=b"",
            timeout_s=ANSWER_TIMEOUT_S,
        )
    except (OSError, ValueError):
        return False
    return answer.status < 300


def _find(servers: list[RunningServer], endpoint: str) -> RunningServer | None:
    if endpoint.isdigit():
        return next((one for one in servers if not one.fields["sock"] and one.fields["port"] == int(endpoint)), None)
    wanted = os.path.realpath(endpoint)
    socks = [(one, one.fields["sock"]) for one in servers if one.fields["sock"]]
    return next((one for one, sock in socks if sock == endpoint or os.path.realpath(sock) == wanted), None)
