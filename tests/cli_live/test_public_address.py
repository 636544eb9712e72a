"""The doctor looks at a server through proxies, each with one mistake that people make."""

from __future__ import annotations

import re
import select
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from flasknb.cli.commands.checks.finding import Finding, Level, Patient
from flasknb.cli.commands.checks.public_address import check_public_address
from flasknb.cli.commands.checks.servers import check_servers
from flasknb.config.options import ServerApp
from tests.servers import Server, start_server

CONNECT_TIMEOUT_S = 10.0
Change = Callable[[bytes], bytes]
"""What a proxy makes of a request's head; without a request line the answer is sent back as it is."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server("gunicorn", tmp_path_factory.mktemp("gunicorn"))
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def its_folders(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor takes the token from the server's file."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(server.runtime_dir))


@contextmanager
def proxy(port: int, change: Change, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A proxy in front of ``port``, with TLS where there is a ``context``; its own port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                client = self.request if context is None else context.wrap_socket(self.request, server_side=True)
                with client:
                    _serve(client, port, change)

    class Proxy(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Proxy(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield int(listening.server_address[1])
        listening.shutdown()
        thread.join()


def _serve(client: socket.socket, port: int, change: Change) -> None:
    request = b""
    while b"\r\n\r\n" not in request:
        received = client.recv(65536)
        if not received:
            return
        request += received
    head, _, body = request.partition(b"\r\n\r\n")
    changed = change(head)
    if changed.startswith(b"HTTP/"):
        client.sendall(changed)
        return
    with socket.create_connection(("127.0.0.1", port), timeout=CONNECT_TIMEOUT_S) as upstream:
        upstream.sendall(changed + b"\r\n\r\n" + body)
        _carry(client, upstream)


def _carry(client: socket.socket, upstream: socket.socket) -> None:
    """Both ways, in one thread: a TLS socket is not for two."""
    other = {client: upstream, upstream: client}
    while True:
        ready = [client] if isinstance(client, ssl.SSLSocket) and client.pending() else None
        for source in ready or select.select(list(other), [], [])[0]:
            received = source.recv(65536)
            if not received:
                return
            other[source].sendall(received)


def looked_at(url: str, **options: bool) -> list[Finding]:
    return list(check_public_address(Patient(Path("/"), ServerApp(), url=url, **options)))


def the_one(findings: list[Finding], level: Level, text: str) -> Finding:
    found = [finding for finding in findings if finding.level is level]
    assert len(found) == 1, findings
    assert text in found[0].text
    assert found[0].advice
    return found[0]


def unchanged(head: bytes) -> bytes:
    return head


def test_a_proxy_that_passes_everything_is_fine(server: Server) -> None:
    with proxy(server.port, unchanged) as port:
        findings = looked_at(f"http://127.0.0.1:{port}/")
    assert [finding.level for finding in findings] == [Level.OK, Level.OK], findings
    assert "a kernel answered through its websocket" in findings[-1].text


def test_a_proxy_that_does_not_upgrade_is_found(server: Server) -> None:
    def drop_upgrade(head: bytes) -> bytes:
        return re.sub(rb"(?im)^(Upgrade|Connection):.*\r\n", b"", head + b"\r\n").rstrip() + b"\r\nConnection: close"

    with proxy(server.port, drop_upgrade) as port:
        found = the_one(looked_at(f"http://127.0.0.1:{port}/"), Level.PROBLEM, "upgrade to a websocket")
    assert "proxy_http_version 1.1" in found.advice


def test_a_proxy_that_sends_another_host_is_found(server: Server) -> None:
    def foreign(head: bytes) -> bytes:
        return re.sub(rb"(?im)^Host:.*\r\n", b"Host: backend.example\r\n", head + b"\r\n").rstrip()

    def local(head: bytes) -> bytes:
        return re.sub(rb"(?im)^Host:.*\r\n", b"Host: localhost:1\r\n", head + b"\r\n").rstrip()

    with proxy(server.port, foreign) as port:
        found = the_one(looked_at(f"http://127.0.0.1:{port}/"), Level.PROBLEM, "refuses the Host")
        assert "local_hostnames" in found.advice
    with proxy(server.port, local) as port:
        findings = looked_at(f"http://127.0.0.1:{port}/", starts_kernels=False)
        the_one(findings, Level.PROBLEM, "another site's")


def test_a_proxy_without_server_is_found(server: Server) -> None:
    with proxy(server.port, lambda _: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n") as port:
        the_one(looked_at(f"http://127.0.0.1:{port}/"), Level.PROBLEM, "does not reach the server")


def test_a_path_that_the_server_does_not_know_of_is_found(server: Server) -> None:
    found = the_one(looked_at(f"{server.base_url}wrong/"), Level.PROBLEM, "no notebook server is at that path")
    assert "base_url to /wrong/" in found.advice
    with proxy(server.port, lambda head: head.replace(b" /outer/", b" /", 1)) as port:
        findings = looked_at(f"http://127.0.0.1:{port}/outer/", starts_kernels=False)
        the_one(findings, Level.PROBLEM, "believes it is at /, browsers ask for /outer/")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "nonsense", "ftp://x/", "http://", "http://127.0.0.1:99999/"])
def test_an_address_that_leads_nowhere_is_found(url: str) -> None:
    the_one(looked_at(url), Level.PROBLEM, "cannot be reached")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    arguments = ["openssl", "req", "-x509", *kind, *names, "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(arguments, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    both = tmp_path / "both.pem"
    both.write_text((tmp_path / "key.pem").read_text() + (tmp_path / "cert.pem").read_text())
    return both


def test_a_certificate_that_browsers_refuse_and_a_scheme_that_is_not_passed_on_are_found(
    server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with proxy(server.port, unchanged, context) as port:
        the_one(looked_at(f"https://127.0.0.1:{port}/"), Level.PROBLEM, "certificate is refused")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        findings = looked_at(f"https://127.0.0.1:{port}/")
    assert "trust_xheaders" in the_one(findings, Level.WARNING, "cookies are not marked secure").advice
    assert findings[-1].level is Level.OK


def test_without_a_token_less_is_tried_and_that_is_said(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(server.home_dir / "nothing"))
    the_one(looked_at(server.base_url), Level.NOTE, "no token is known")
    monkeypatch.setenv("JUPYTER_TOKEN", "wrong")
    the_one(looked_at(server.base_url), Level.PROBLEM, "The token in JUPYTER_TOKEN is refused")


def test_a_server_that_answers_nothing_is_found(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flasknb.cli.commands.checks.servers.ANSWER_TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        path = next(server.runtime_dir.glob("jpserver-*.json"))
        kept = path.read_text()
        path.write_text(kept.replace(str(server.port), str(deaf.getsockname()[1])))
        try:
            found = list(check_servers(Patient(Path("/"), ServerApp())))
        finally:
            path.write_text(kept)
    the_one(found, Level.PROBLEM, "does not answer")
