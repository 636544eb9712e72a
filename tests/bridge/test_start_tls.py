"""https under pywsgi and gunicorn: pages, websockets, cookies, client certificates, and visitors who speak none."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import websocket

from tests.bridge.commands import REPO, UNCHECKED, Running, flasknb, free_port, running, wait_until_open

pytestmark = pytest.mark.slow

TOKEN = "chosen"
GUNICORN = ["gunicorn", "-c", "python:flasknb.gunicorn_conf", "--pythonpath", str(REPO)]
LARGE_CHARS = 8_000_000


@dataclass(frozen=True)
class Certificates:
    """A server's certificate and key, and those of somebody else."""

    cert: Path
    key: Path
    other_cert: Path
    other_key: Path


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("server", "other"):
        words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}"]
        files = ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
        subprocess.run([*words, *files], check=True, capture_output=True, timeout=60)
    return Certificates(*(folder / name for name in ("server.pem", "server.key", "other.pem", "other.key")))


def secure(certificates: Certificates) -> list[str]:
    return [f"--certfile={certificates.cert}", f"--keyfile={certificates.key}"]


@pytest.fixture(scope="module", params=["pywsgi", "command's gunicorn", "gunicorn"])
def server(
    request: pytest.FixtureRequest, certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, int]]:
    home = tmp_path_factory.mktemp("tls")
    arguments = {
        "pywsgi": flasknb("--port=0", *secure(certificates)),
        "command's gunicorn": flasknb("--port=0", "--ip=0.0.0.0", *secure(certificates)),
        "gunicorn": [*GUNICORN, "-w", "1", "wsgi:app"],
    }[request.param]
    variables = {"JUPYTER_TOKEN": TOKEN}
    if request.param == "gunicorn":
        files = {"FLASKNB_CERTFILE": str(certificates.cert), "FLASKNB_KEYFILE": str(certificates.key)}
        variables |= {"FLASKNB_PORT": str(free_port()), **files}
    with running(arguments, home, **variables) as command:
        port = int(command.info["port"])
        wait_until_open(port)
        yield command, port
        command.process.send_signal(signal.SIGTERM)
        assert command.wait() == 0
        assert "Traceback" not in command.output


def ask(port: int, path: str, method: str = "GET") -> http.client.HTTPResponse:
    request = urllib.request.Request(f"https://127.0.0.1:{port}/{path}", method=method)
    request.add_header("Authorization", f"token {TOKEN}")
    answer = urllib.request.urlopen(request, timeout=30, context=UNCHECKED, data=b"" if method == "POST" else None)
    assert isinstance(answer, http.client.HTTPResponse)
    return answer


def test_the_description_and_the_lines_say_https(server: tuple[Running, int]) -> None:
    command, port = server
    with ask(port, "api/status") as answer:
        assert answer.status == 200
    info = command.info
    assert info["secure"] is True
    assert info["url"] == f"https://{info['hostname'].replace('0.0.0.0', '127.0.0.1')}:{port}/"
    command.read_until(rf"https://[\w.-]+:{port}/tree\?token=\.\.\.")


def test_the_login_cookie_is_for_https_only(server: tuple[Running, int]) -> None:
    with ask(server[1], f"tree?token={TOKEN}") as answer:
        cookies = [value for name, value in answer.getheaders() if name == "Set-Cookie"]
    assert cookies
    assert [cookie for cookie in cookies if "; Secure" not in cookie] == []


def test_a_kernel_answers_over_wss_with_large_messages(server: tuple[Running, int]) -> None:
    _, port = server
    with ask(port, "api/kernels", "POST") as answer:
        kernel = json.loads(answer.read())["id"]
    page = websocket.create_connection(
        f"wss://127.0.0.1:{port}/api/kernels/{kernel}/channels?token={TOKEN}",
        sslopt={"cert_reqs": ssl.CERT_NONE},
        timeout=60,
        suppress_origin=True,
    )
    content = {"code": f"print('x' * {LARGE_CHARS})", "silent": False, "store_history": False, "allow_stdin": False}
    header = {"msg_id": "m", "msg_type": "execute_request", "session": "s", "username": "u", "version": "5.3"}
    page.send(
        json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"})
    )
    received = 0
    while received < LARGE_CHARS:
        message = json.loads(page.recv())
        if message["msg_type"] == "stream":
            received += len(message["content"]["text"])
    page.close()
    ask(port, f"api/kernels/{kernel}", "DELETE").close()


def test_a_visitor_without_tls_costs_a_line_and_no_more(server: tuple[Running, int]) -> None:
    command, port = server
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with suppress(ConnectionResetError):
            plain.recv(100)
    command.read_until(r"\[W .*\] (TLS refused|Invalid request).*(?i:http.request)")
    with ask(port, "api/status") as answer:
        assert answer.status == 200
    assert "Traceback" not in command.output


def test_a_client_certificate_is_asked_for(tmp_path: Path, certificates: Certificates) -> None:
    with running(
        flasknb("--port=0", *secure(certificates), f"--client-ca={certificates.other_cert}"), tmp_path
    ) as command:
        port = int(command.info["port"])
        with pytest.raises((OSError, http.client.HTTPException)):
            ask(port, "api")
        own = ssl._create_unverified_context()
        own.load_cert_chain(certificates.other_cert, certificates.other_key)
        with urllib.request.urlopen(f"https://127.0.0.1:{port}/api", timeout=30, context=own) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("ciphers=NONSENSE", "ssl_options: ciphers cannot be 'NONSENSE'"),
        ("cypher=x", "ssl_options has no setting 'cypher'"),
        ("ssl_version=PROTOCOL_SSLv3", "that version is broken"),
        ("cert_reqs=SOMETIMES", "ssl_options: cert_reqs cannot be 'SOMETIMES'"),
    ],
)
def test_settings_that_make_no_sense_are_told(
    tmp_path: Path, certificates: Certificates, option: str, message: str
) -> None:
    with running(flasknb("--port=0", *secure(certificates), f"--ServerApp.ssl_options={option}"), tmp_path) as command:
        assert command.wait() == 1
        assert message in command.output


def test_ssl_options_alone_make_https(tmp_path: Path, certificates: Certificates) -> None:
    files = [f"--ServerApp.ssl_options=certfile={certificates.cert}"]
    files += [f"--ServerApp.ssl_options=keyfile={certificates.key}", "--ServerApp.ssl_options=ciphers=ECDHE+AESGCM"]
    with running(flasknb("--port=0", *files), tmp_path) as command:
        assert command.ask("GET", "api/kernels") == []
        assert command.info["secure"] is True


def test_key_and_certificate_that_are_no_pair_are_told(tmp_path: Path, certificates: Certificates) -> None:
    pair = [f"--certfile={certificates.cert}", f"--keyfile={certificates.other_key}"]
    with running(flasknb("--port=0", *pair), tmp_path) as command:
        assert command.wait() == 1
        assert "the key does not belong to the certificate" in command.output
    files = {"FLASKNB_CERTFILE": str(certificates.cert), "FLASKNB_KEYFILE": str(certificates.other_key)}
    with running([*GUNICORN, "wsgi:app"], tmp_path, **files) as command:
        assert command.wait() == 1
        assert "the key does not belong to the certificate" in command.output
        assert "Traceback" not in command.output
