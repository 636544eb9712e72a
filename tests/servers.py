"""Starts the product for real, each of the four ways, on a free port with Jupyter folders of its own."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

REPO = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
REQUEST_TIMEOUT_S = 60.0  # the first one starts a sidecar, or nbconvert
ENDED_AT_ONCE = 4
CHOSEN_PORTS = range(12_000, 32_000)  # below those for whoever asks for any (on Linux from 32,768)

HOST_APP = """
from flask import Flask
from flask_sock import Sock
from flasknb import FlaskNB
app = Flask("host")
app.secret_key = "host secret"
sock = Sock(app)

@sock.route("/echo")
def echo(ws):
    while True:
        ws.send(ws.receive())

@app.get("/")
def home():
    return "the host's own page"

FlaskNB().init_app(app, url_prefix="/a/b")
"""


@dataclass(frozen=True)
class Server:
    """A running server. ``base_url`` ends with a slash and includes the mount's prefix."""

    way: str
    base_url: str
    token: str
    port: int
    root_dir: Path
    home_dir: Path
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def data_dir(self) -> Path:
        return self.home_dir / "data"

    @property
    def config_dir(self) -> Path:
        return self.home_dir / "config"

    @property
    def runtime_dir(self) -> Path:
        return self.home_dir / "runtime"

    @property
    def log(self) -> str:
        """Everything the server printed so far."""
        return (self.home_dir / "server.log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End the server, its kernels and its sidecar (the test owns them all)."""
        with suppress(OSError, urllib.error.URLError):
            for kernel in self._kernels():
                self._request("DELETE", f"api/kernels/{kernel}")
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_TIMEOUT_S)
        end_sidecars(self.runtime_dir)

    def end_sessions(self) -> None:
        """End all sessions with their kernels, each of which takes a third of a second to end, side by side."""
        sessions = [session["id"] for session in json.loads(self._request("GET", "api/sessions"))]
        with ThreadPoolExecutor(ENDED_AT_ONCE) as pool:
            for ended in [pool.submit(self._request, "DELETE", f"api/sessions/{session}") for session in sessions]:
                with suppress(urllib.error.HTTPError):  # a page may have ended its own
                    ended.result()

    def _kernels(self) -> list[str]:
        return [kernel["id"] for kernel in json.loads(self._request("GET", "api/kernels"))]

    def _request(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(self.base_url + path, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as answer:
            return bytes(answer.read())


def free_port() -> int:
    """A port nobody listens on at this moment, and that no system gives away by itself before the server has it."""
    while True:
        port = secrets.choice(CHOSEN_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def end_sidecars(runtime_dir: Path) -> None:
    """SIGTERM for sidecars and kernels whose environment names this runtime folder, until there are none."""
    import psutil

    end_s = time.monotonic() + STOP_TIMEOUT_S
    while (marked := _marked(runtime_dir)) and time.monotonic() < end_s:
        for process in marked:
            with suppress(psutil.Error):
                process.terminate()
        _, alive = psutil.wait_procs(marked, timeout=5)
        for process in alive:
            with suppress(psutil.Error):
                process.kill()  # and look again: a sidecar restarts the kernel that ended before it


def _marked(runtime_dir: Path) -> list[psutil.Process]:
    import psutil

    return [
        process
        for process in psutil.process_iter(["environ", "status"])
        if (process.info["environ"] or {}).get("JUPYTER_RUNTIME_DIR") == str(runtime_dir)
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def environment(home_dir: Path, root_dir: Path, token: str, more_config: str = "") -> dict[str, str]:
    """The parent's environment with Jupyter folders, root and token of this server."""
    config = home_dir / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "jupyter_server_config.py").write_text(
        f"c.ServerApp.root_dir = {str(root_dir)!r}\n"
        f"c.IdentityProvider.token = {token!r}\n"
        "c.ServerApp.allow_root = True\n"
        "c.FileContentsManager.delete_to_trash = False\n"
        "c.KernelSidecar.spare_kernels = []\n"  # they cost a second each; tests/bridge/test_spares.py has them
        f"{more_config}\n"
    )
    above_all = home_dir / "config-above-all"  # nbdime, which merging needs, brings an nbextension that is not ours
    (above_all / "nbconfig" / "notebook.d").mkdir(parents=True, exist_ok=True)
    (above_all / "nbconfig" / "notebook.d" / "nbdime.json").write_text('{"load_extensions": {"nbdime/index": false}}')
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER_", "FLASKNB_"))}
    return kept | {
        "SHELL": shlex.quote(str(plain_shell(home_dir))),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_CONFIG_PATH": str(above_all),
        "JUPYTER_DATA_DIR": str(home_dir / "data"),
        "JUPYTER_RUNTIME_DIR": str(home_dir / "runtime"),
        "PYTHONPATH": str(REPO),
        "PYTHONUNBUFFERED": "1",
    }


def plain_shell(home_dir: Path) -> Path:
    """The shell of this server's terminals: what somebody's own reads at its start may take a minute, or wait."""
    path = home_dir / "shell"
    if not path.exists():
        path.write_text('#!/bin/sh\n[ "$1" = -l ] && shift\nexec /bin/sh "$@"\n')
        path.chmod(0o755)
    return path


def command_flask(port: int, home_dir: Path) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "flasknb", "run", "--port", str(port)]


def command_flasknb(port: int, home_dir: Path) -> list[str]:
    options = ["--no-browser", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    return [sys.executable, "-m", "flasknb.cli", *options]


def command_gunicorn(port: int, home_dir: Path) -> list[str]:
    where = ["-w", "2", "-b", f"127.0.0.1:{port}"]
    return [sys.executable, "-m", "gunicorn", "-c", "python:flasknb.gunicorn_conf", *where, "wsgi:app"]


def command_mounted(port: int, home_dir: Path) -> list[str]:
    (home_dir / "host_app.py").write_text(HOST_APP)
    where = ["-w", "2", "-b", f"127.0.0.1:{port}", "--pythonpath", str(home_dir)]
    return [sys.executable, "-m", "gunicorn", "-c", "python:flasknb.gunicorn_conf", *where, "host_app:app"]


WAYS: dict[str, Callable[[int, Path], list[str]]] = {
    "flask": command_flask,
    "flasknb": command_flasknb,
    "gunicorn": command_gunicorn,
    "mounted": command_mounted,
}


def start_server(
    way: str,
    home_dir: Path,
    more_config: str = "",
    variables: Mapping[str, str] | None = None,
    *,
    inside: Sequence[str] = (),
    after: Server | None = None,
) -> Server:
    """Start the product and wait until it answers.

    Args:
        way: ``flask``, ``flasknb``, ``gunicorn`` or ``mounted`` (in a host application at ``/a/b/``).
        home_dir: an empty folder for its root, Jupyter folders and log.
        more_config: further lines of its configuration file.
        variables: further environment variables.
        inside: a command that is given the server's as its last arguments.
        after: one that has ended, whose home, port and token it takes.

    Raises:
        RuntimeError: it did not answer within ``START_TIMEOUT_S``; the message ends with its log.
    """
    root_dir = home_dir / "root"
    root_dir.mkdir(parents=True, exist_ok=after is not None)
    token, port = (secrets.token_hex(16), free_port()) if after is None else (after.token, after.port)
    with (home_dir / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [*inside, *WAYS[way](port, home_dir)],
            cwd=REPO,
            env=environment(home_dir, root_dir, token, more_config) | dict(variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    prefix = "a/b/" if way == "mounted" else ""
    server = Server(way, f"http://127.0.0.1:{port}/{prefix}", token, port, root_dir, home_dir, process)
    wait_until_up(server)
    return server


def wait_until_up(server: Server) -> None:
    """Ask ``/api`` until it answers."""
    end_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end_s and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.base_url}api", timeout=2):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    server.process.kill()
    raise RuntimeError(f"{server.way} did not answer at {server.base_url}:\n{server.log[-4000:]}")
