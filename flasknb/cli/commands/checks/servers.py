"""Do the running servers answer, and do kernels answer through their websockets?"""

from __future__ import annotations

import json
from collections.abc import Iterator

from flasknb.cli.commands.checks.finding import Finding, Patient, note, ok, problem
from flasknb.cli.commands.checks.kernel_echo import NoEcho, echo, probe_kernel
from flasknb.cli.commands.output import printable
from flasknb.cli.commands.running_servers import RunningServer, running_servers, runtime_dir
from flasknb.cli.commands.server_http import Target, ask

ANSWER_TIMEOUT_S = 10.0


def check_servers(patient: Patient) -> Iterator[Finding]:
    """Every running server of this user."""
    servers = running_servers(runtime_dir())
    if not servers:
        yield note("No server is running: websockets were not tried.", "Start `flasknb`, then run the doctor again.")
    for server in servers:
        yield from check_server(server, starts_kernels=patient.starts_kernels)


def check_server(server: RunningServer, *, starts_kernels: bool) -> Iterator[Finding]:
    """One of them: an answer, a login, a kernel."""
    name, token = f"The server on {printable(server.endpoint)}", server.fields["token"]
    restart = f"Stop it and start it again: flasknb stop {printable(server.endpoint)}"
    try:
        target = Target.of_url(server.fields["url"], verifies=False)
        status = ask(target, "GET", "api", timeout_s=ANSWER_TIMEOUT_S)
    except (OSError, ValueError) as error:
        yield problem(f"{name} (pid {server.pid}) does not answer: {error}.", restart)
        return
    if status.status != 200 or not is_version(status.body):
        yield problem(f"{name} answers with status {status.status}: another program may be there now.", restart)
        return
    if server.fields["password"] and not token:
        yield note(f"{name} answers. It has a password and no token, so its websocket was not tried.")
        return
    yield from check_echo(name, target, token, starts_kernels=starts_kernels)


def check_echo(name: str, target: Target, token: str, *, starts_kernels: bool) -> Iterator[Finding]:
    """A kernel's answer through the websocket, where one may be started."""
    if not starts_kernels:
        yield ok(f"{name} answers.")
        return
    try:
        with probe_kernel(target, token) as kernel_id:
            echo(target, token, kernel_id)  # the first one finds the kernel still busy with its start
            took_s = echo(target, token, kernel_id)
    except NoEcho as error:
        yield problem(f"{name}: {printable(str(error))}.", _advice(str(error)))
        return
    yield ok(f"{name} answers, and a kernel answered through its websocket in {took_s * 1000:.0f} ms.")


def is_version(body: bytes) -> bool:
    """Whether a body is what ``/api`` answers."""
    try:
        return isinstance(json.loads(body)["version"], str)
    except (ValueError, TypeError, KeyError):
        return False


def _advice(complaint: str) -> str:
    if "upgrade" in complaint or "websocket broke" in complaint:
        return (
            "Serve with flasknb, `flask run` or gunicorn -c python:flasknb.gunicorn_conf; a proxy in between must pass"
            " the Upgrade and Connection headers (nginx: proxy_http_version 1.1)."
        )
    return "See what the server and <runtime folder>/flasknb-*/sidecar.log say, then the kernels above."
