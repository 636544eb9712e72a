"""Attack 70, for ``flasknb doctor --url``: an address that is not our server's never gets our server's token."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flasknb.cli.commands.checks import public_address
from flasknb.cli.commands.checks.finding import Level, Patient
from flasknb.cli.commands.running_servers import RunningServer
from flasknb.config.options import ServerApp

TOKEN = "the token of our own server"


def test_row_70_a_stranger_that_looks_like_a_server_gets_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(f"{self.path} {self.headers}")
            body = b'{"version": "1"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Set-Cookie", "a=b")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.delenv("JUPYTER_TOKEN", raising=False)
    ours = RunningServer(tmp_path / "x.json", {"token": TOKEN, "root_dir": str(tmp_path), "pid": 1}, time.time())
    monkeypatch.setattr(public_address, "running_servers", lambda _: [ours])
    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{listening.server_address[1]}/"
        findings = list(public_address.check_public_address(Patient(Path("/"), ServerApp(), url=url)))
        listening.shutdown()
    assert heard
    assert not [one for one in heard if TOKEN in one or "authorization" in one.lower()]
    assert [finding.level for finding in findings] == [Level.NOTE]
    assert not list((tmp_path / "runtime").glob("*/launch-*"))
