"""Runs our commands for real, each with a terminal and Jupyter folders of its own."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.servers import REPO, free_port

__all__ = ["REPO", "free_port"]  # our tests take them from here too
START_TIMEOUT_S = 40.0
END_TIMEOUT_S = 30.0
INFO_KEYS = {"base_url", "hostname", "password", "pid", "port", "root_dir", "secure", "sock", "token", "url", "version"}
URL = re.compile(r"(https?)://(?:127\.0\.0\.1|localhost):(\d+)/tree\?token=([0-9a-f]{48})")
UNCHECKED = ssl._create_unverified_context()


class Running:
    """A command with its terminal. ``output`` grows while it runs."""

    def __init__(self, arguments: list[str], home: Path, **environ: str) -> None:
        self.home = home
        self.output = ""
        self._terminal, inner = pty.openpty()
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in what a script runs in the background
            signal.signal(signal.SIGINT, signal.default_int_handler)
        (home / "root").mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER_", "FLASKNB_"))}
        folders = {f"JUPYTER_{kind.upper()}_DIR": str(home / kind) for kind in ("config", "data", "runtime")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=home / "root",
            env={**kept, **folders, "PYTHONPATH": str(REPO), "PYTHONUNBUFFERED": "1", "TERM": "dumb", **environ},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)

    def read_until(self, pattern: str | re.Pattern[str], timeout_s: float = START_TIMEOUT_S) -> re.Match[str]:
        """Wait until the terminal shows ``pattern``."""
        end_s = time.monotonic() + timeout_s
        while not (found := re.search(pattern, self.output)):
            assert time.monotonic() < end_s, f"no {pattern} in:\n{self.output}"
            self._read_some()
        return found

    @property
    def info(self) -> dict[str, Any]:
        """What the server tells other programs, once it has; waits for its start."""
        end_s = time.monotonic() + START_TIMEOUT_S
        while not (found := list((self.home / "runtime").glob("jpserver-*.json"))):
            assert time.monotonic() < end_s, f"no description in:\n{self.output}"
            self._read_some()
        return dict(json.loads(found[0].read_text()))

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def interrupt(self) -> None:
        """What Control-C does: SIGINT for everything in the foreground."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait(self, timeout_s: float = END_TIMEOUT_S) -> int:
        """Read until the command has ended; its exit status."""
        end_s = time.monotonic() + timeout_s
        while self.process.poll() is None:
            assert time.monotonic() < end_s, f"does not end:\n{self.output}"
            self._read_some()
        self._read_some()
        return self.process.returncode

    def ask(self, method: str, path: str) -> Any:
        """Ask the API with the printed token."""
        scheme, port, token = self.read_until(URL).groups()
        wait_until_open(int(port))
        url, body = f"{scheme}://127.0.0.1:{port}/{path}", b"" if method == "POST" else None
        request = urllib.request.Request(url, method=method, data=body)
        request.add_header("Authorization", f"token {token}")
        with urllib.request.urlopen(request, timeout=30, context=UNCHECKED if scheme == "https" else None) as answer:
            return json.loads(answer.read() or b"null")

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._terminal)
        for process in self.leftovers():
            process.kill()

    def leftovers(self) -> list[psutil.Process]:
        """Processes that still belong to this run: sidecar and kernels."""
        mine = str(self.home / "runtime")
        return [one for one in psutil.process_iter() if _runtime_dir_of(one) == mine]

    def drain(self) -> str:
        """Everything shown so far."""
        self._read_some()
        return self.output

    def _read_some(self) -> None:
        if select.select([self._terminal], [], [], 0.2)[0]:
            try:
                self.output += os.read(self._terminal, 65536).decode("utf-8", "replace").replace("\r", "")
            except OSError:  # the terminal closes with its last program
                time.sleep(0.05)


def _runtime_dir_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("JUPYTER_RUNTIME_DIR")
    except psutil.Error:
        return None


@contextmanager
def running(arguments: list[str], home: Path, **environ: str) -> Iterator[Running]:
    command = Running(arguments, home, **environ)
    try:
        yield command
    finally:
        command.close()


def configured(home: Path, *lines: str) -> Path:
    """``home`` with a configuration file of these lines."""
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config/jupyter_server_config.py").write_text("\n".join(lines) + "\n")
    return home


def flasknb(*arguments: str) -> list[str]:
    return ["flasknb.cli", "--no-browser", "--allow-root", *arguments]


def wait_for_none(command: Running) -> None:
    end_s = time.monotonic() + END_TIMEOUT_S
    while command.leftovers():
        assert time.monotonic() < end_s, [one.cmdline() for one in command.leftovers()]
        time.sleep(0.1)


def wait_until_open(port: int) -> None:
    """The address may be printed a moment before the port is open."""
    end_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end_s:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
