"""Is a server reached through the proxy in front of it: path, scheme, host and websockets as the browser needs them?"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from flasknb.auth.launch import LaunchTickets
from flasknb.cli.commands.checks.finding import Finding, Level, Patient, note, ok, problem, warning
from flasknb.cli.commands.checks.servers import ANSWER_TIMEOUT_S, check_echo, is_version
from flasknb.cli.commands.output import printable
from flasknb.cli.commands.running_servers import RunningServer, running_servers, runtime_dir
from flasknb.cli.commands.server_http import Answer, Target, ask
from flasknb.errors import FlasknbError
from flasknb.kernel_bridge.instance import instance_dir

BASE_URL = re.compile(rb'action="([^"?]*/)login\?')
FORWARDING = (
    "nginx: proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;"
    " proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
)


def check_public_address(patient: Patient) -> Iterator[Finding]:
    """Everything a browser at ``patient.url`` would meet; nothing where there is no such address."""
    if not patient.url:
        return
    try:
        target = Target.of_url(patient.url, verifies=True)
        answer = ask(target, "GET", "api", timeout_s=ANSWER_TIMEOUT_S)
    except ssl.SSLError as error:
        yield problem(
            f"{patient.url}: the certificate is refused: {error.reason or error}.",
            "Browsers refuse it too: install one for this name, with the whole chain.",
        )
        return
    except (OSError, ValueError) as error:
        yield problem(
            f"{patient.url} cannot be reached: {error}.", "Look at the name, the proxy, and the firewall between."
        )
        return
    if answer.status != 200 or not is_version(answer.body):
        yield _no_server(patient.url, target, answer)
        return
    yield from _check_pages(target)
    yield from _check_with_token(patient, target)


def _no_server(url: str, target: Target, answer: Answer) -> Finding:
    if answer.status in (502, 503, 504):
        return problem(
            f"{url}: the proxy answers with {answer.status}, it does not reach the server.",
            "Start the server, and give the proxy its address and port.",
        )
    if answer.status == 403 and b"Host" in answer.body:
        return problem(
            f"{url}: the server refuses the Host that the proxy passes on.",
            f"Have the proxy pass the browser's Host, and add {target.host} to ServerApp.local_hostnames, or set"
            " ServerApp.allow_remote_access.",
        )
    return problem(
        f"{url}api answers with status {answer.status}, not with a version: no notebook server is at that path.",
        f"Set ServerApp.base_url to {target.path}, and have the proxy pass the whole path on, without cutting it.",
    )


def _check_pages(target: Target) -> Iterator[Finding]:
    """The login page is open to everybody, and carries what the server thinks of its own address."""
    try:
        page = ask(target, "GET", "login", headers={"Accept": "text/html"}, timeout_s=ANSWER_TIMEOUT_S)
    except OSError as error:
        yield problem(f"The login page cannot be had: {error}.", "See what the proxy and the server log.")
        return
    found = BASE_URL.search(page.body)
    base_url = found[1].decode("utf-8", "replace") if found else target.path
    if base_url != target.path:
        yield problem(
            f"The server believes it is at {printable(base_url)}, browsers ask for {target.path}: pages will break.",
            f"Set ServerApp.base_url to {target.path}, and have the proxy pass the whole path on.",
        )
    cookies = _cookies(page)
    if target.is_tls and cookies and not any(cookie["secure"] for cookie in cookies.values()):
        yield warning(
            "The server believes that browsers come by http: its cookies are not marked secure.",
            f"Have the proxy send X-Forwarded-Proto ({FORWARDING}), and set ServerApp.trust_xheaders.",
        )
    yield from _check_redirect(target)


def _check_redirect(target: Target) -> Iterator[Finding]:
    try:
        answer = ask(target, "GET", "", headers={"Accept": "text/html"}, timeout_s=ANSWER_TIMEOUT_S)
    except OSError:
        return
    place = urlsplit(answer.headers.get("Location", ""))
    if place.netloc and f"{place.scheme}://{place.netloc}" != target.origin:
        elsewhere = printable(f"{place.scheme}://{place.netloc}")
        yield warning(
            f"The server sends browsers to {elsewhere}, not to {target.origin}.",
            f"Have the proxy pass Host and scheme on ({FORWARDING}), and set ServerApp.trust_xheaders.",
        )


def _check_with_token(patient: Patient, target: Target) -> Iterator[Finding]:
    token, source = _token(target)
    if not token:
        yield note(
            f"{patient.url} answers. Login, Origin and websocket were not tried: no token is known"
            " that surely belongs there.",
            "Set JUPYTER_TOKEN to the server's token and run the doctor again.",
        )
        return
    findings = list(_check_origin(target, token, source))
    yield from findings
    if any(finding.level is Level.PROBLEM for finding in findings):
        return  # the rest would fail for the same reason
    yield from check_echo(patient.url, target, token, starts_kernels=patient.starts_kernels)


def _check_origin(target: Target, token: str, source: str) -> Iterator[Finding]:
    """Log in as a browser does, then ask as its pages do: with a cookie and the browser's Origin."""
    try:
        login = ask(target, "GET", "api/me", token=token, timeout_s=ANSWER_TIMEOUT_S)
        if login.status != 200:
            yield problem(f"The token {source} is refused with status {login.status}.", "Set JUPYTER_TOKEN.")
            return
        cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in _cookies(login).items())
        if not cookies:
            return
        asked = {"Cookie": cookies, "Origin": target.origin}
        answer = ask(target, "GET", "api/me", headers=asked, timeout_s=ANSWER_TIMEOUT_S)
    except OSError as error:
        yield problem(f"The API cannot be asked: {error}.", "See what the proxy and the server log.")
        return
    if answer.status == 200:
        yield ok(f"Pages of {target.origin} may use the API.")
    else:
        yield problem(
            f"Pages of {target.origin} are taken for another site's (status {answer.status}): the server sees another"
            " Host or scheme.",
            f"Have the proxy pass the browser's Host and scheme ({FORWARDING}), or set ServerApp.allow_origin.",
        )


def _token(target: Target) -> tuple[str, str]:
    """A token and where it is from; that of a running server only where ``target`` has proven to lead to it."""
    if os.environ.get("JUPYTER_TOKEN"):
        return os.environ["JUPYTER_TOKEN"], "in JUPYTER_TOKEN"
    servers = running_servers(runtime_dir())
    if len(servers) != 1 or not servers[0].fields["token"] or not _leads_to(target, servers[0]):
        return "", ""
    return servers[0].fields["token"], "of the running server"


def _leads_to(target: Target, server: RunningServer) -> bool:
    """Whether a ticket that only ``server`` can redeem is redeemed there. An address may be mistyped, or a stranger's:
    what it learns of the ticket has ended when we know."""
    try:
        tickets = LaunchTickets(instance_dir(Path(server.fields["root_dir"])))
        ticket = tickets.make()
    except (OSError, ValueError, FlasknbError):
        return False
    with suppress(OSError):
        ask(target, "GET", f"login?launch_token={ticket}", timeout_s=ANSWER_TIMEOUT_S)
    return not tickets.redeem(ticket)


def _cookies(answer: Answer) -> SimpleCookie:
    cookies = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie") or []:
        try:
            cookies.load(line)
        except CookieError:
            continue
    return cookies
