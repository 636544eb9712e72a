"""Terminals: how long a key takes to its echo, how long 20 MB of output take, beside ``jupyter_server``'s, in turns.

Needs ``jupyter_server`` and ``jupyter_server_terminals``. Both servers are ordinary processes on this machine; the
client is an ordinary websocket client, the program ``cat`` and a shell pipeline.
"""

from __future__ import annotations

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import websocket

from benchmarks.measuring import TIMEOUT_S, timed
from tests.servers import environment, free_port, start_server

KEYS = 300
OUTPUT_BYTES = 20_000_000
ROUNDS = 3
START_TIMEOUT_S = 30.0
PEER = "jupyter_server"
FLOOD = f"head -c {OUTPUT_BYTES} /dev/zero | tr '\\0' x; echo fl''ood over\r"


@dataclass(frozen=True)
class Address:
    """Where a server is, and its token."""

    base_url: str
    token: str


class Shell:
    """A plain shell in a terminal of a server, with its websocket."""

    def __init__(self, address: Address) -> None:
        request = urllib.request.Request(f"{address.base_url}api/terminals", method="POST", data=b"{}")
        request.add_header("Authorization", f"token {address.token}")
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            name = json.loads(answer.read())["name"]
        where = address.base_url.replace("http", "ws", 1)
        self._socket = websocket.create_connection(
            f"{where}terminals/websocket/{name}?token={address.token}", timeout=TIMEOUT_S, skip_utf8_validation=True
        )
        self.type("exec sh\r")
        self.type("stty -onlcr; echo rea''dy\r")
        self.read_until("ready")

    def type(self, text: str) -> None:
        """Send input."""
        self._socket.send(json.dumps(["stdin", text]))

    def read_until(self, text: str) -> int:
        """Read until ``text`` was shown; returns the number of characters."""
        total, tail = 0, ""
        while text not in tail:
            message: list[Any] = json.loads(self._socket.recv())
            shown = message[1] if message[0] == "stdout" else ""
            total += len(shown)
            tail = tail[-len(text) :] + shown
        return total

    def close(self) -> None:
        """Leave it."""
        self.type("\x03exit\r")
        self._socket.close()


@contextmanager
def flasknb(folder: Path) -> Iterator[Address]:
    """The product under gunicorn with two workers."""
    server = start_server("gunicorn", folder)
    try:
        yield Address(server.base_url, server.token)
    finally:
        server.stop()


@contextmanager
def peer(folder: Path) -> Iterator[Address]:
    """The Jupyter server of this environment."""
    root, port, token = folder / "root", free_port(), secrets.token_hex(8)
    root.mkdir(parents=True)
    options = [f"--ServerApp.port={port}", "--ServerApp.open_browser=False", "--ServerApp.port_retries=0"]
    process = subprocess.Popen(
        [sys.executable, "-m", PEER, *options],
        env=environment(folder, root, token),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/api")
        yield Address(f"http://127.0.0.1:{port}/", token)
    finally:
        process.terminate()
        process.wait(START_TIMEOUT_S)


def wait_until_up(url: str) -> None:
    """Ask ``url`` until it answers. Raises OSError after START_TIMEOUT_S."""
    end_s = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > end_s:
                raise
            time.sleep(0.1)


def main() -> None:
    """Measure both in turns, and print one table."""
    echoes: dict[str, list[float]] = {PEER: [], "flasknb": []}
    floods: dict[str, list[float]] = {PEER: [], "flasknb": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        peer(Path(folder) / "peer") as there,
        flasknb(Path(folder) / "own") as here,
    ):
        for _ in range(ROUNDS):
            for name, address in ((PEER, there), ("flasknb", here)):
                with closing(Shell(address)) as shell:
                    echoes[name] += key_echoes_s(shell)
                with closing(Shell(address)) as shell:
                    floods[name].append(flood_s(shell))
    load = f"load {os.getloadavg()[0]:.1f}"
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {ROUNDS} rounds in turns, {load}")
    print(f"{'':>16}  {'echo p50':>10}  {'echo p99':>10}  {'20 MB':>8}")
    for name, samples_s in echoes.items():
        p50, p99 = statistics.median(samples_s), statistics.quantiles(samples_s, n=100)[98]
        print(f"{name:>16}  {p50 * 1000:>7.2f} ms  {p99 * 1000:>7.2f} ms  {statistics.median(floods[name]):>6.2f} s")


def key_echoes_s(shell: Shell) -> list[float]:
    """Seconds from a key to its echo by the terminal."""
    shell.type("cat > /dev/null\r")
    shell.read_until("null")
    time.sleep(0.2)
    return [timed(lambda: (shell.type("x"), shell.read_until("x")))[0] for _ in range(KEYS)]


def flood_s(shell: Shell) -> float:
    """Seconds until OUTPUT_BYTES have arrived."""
    shell.type(FLOOD)
    begun_s = time.perf_counter()
    total = shell.read_until("flood over")
    if total < OUTPUT_BYTES:
        raise SystemExit(f"only {total} of {OUTPUT_BYTES} characters arrived")
    return time.perf_counter() - begun_s


if __name__ == "__main__":
    main()
