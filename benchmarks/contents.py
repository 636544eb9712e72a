"""Listings, large notebooks and small requests: times, memory and CPU beside jupyter_server, in turns in one run."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measuring import timed
from tests.servers import WAYS, Server, start_server

PEER = "jupyter_server"
TIMEOUT_S = 120.0
SAMPLE_INTERVAL_S = 0.005
STATUS_REQUESTS = 300
MEGABYTE = 1_000_000
LINE = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu\n"
WANTED = {
    "list 1,000": 1 / 15, "list 10,000": 1 / 15, "GET 1 MB": 1 / 4, "PUT 1 MB": 1 / 4, "GET 50 MB": 1 / 4,
    "PUT 50 MB": 1 / 4, "CPU of GET 1 MB": 1 / 4, "CPU of PUT 1 MB": 1 / 4, "CPU of GET 50 MB": 1 / 4,
    "CPU of PUT 50 MB": 1 / 4, "memory of PUT 50 MB": 1 / 2, "CPU of 10,000 status": 1 / 2,
}  # fmt: skip


def command_peer(port: int, home_dir: Path) -> list[str]:
    """jupyter_server without the extensions that bring a user interface."""
    where = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--allow-root"]
    return [sys.executable, "-m", "jupyter_server", "--no-browser", "--ServerApp.jpserver_extensions={}", *where]


def notebook(size_bytes: int, cells: int) -> dict[str, Any]:
    """Outputs in lists of lines, strings with one long line, and tables of HTML: a third of ``size_bytes`` each."""
    each = size_bytes // cells
    lines = (LINE * (each // len(LINE))).splitlines(keepends=True)
    kinds: list[dict[str, Any]] = [
        {"output_type": "stream", "name": "stdout", "text": lines},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo" * (each // 11)}},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<td>1</td>\n" * (each // 11)}},
    ]
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {
                "cell_type": "code", "id": f"c{number}", "metadata": {}, "source": "show()", "execution_count": 1,
                "outputs": [kinds[number % 3]],
            }
            for number in range(cells)
        ],
    }  # fmt: skip


def fill(root: Path) -> dict[str, bytes]:
    """Make the folders and notebooks; the bodies that store the notebooks, by their size."""
    bodies = {}
    for count in (1000, 10_000):
        folder = root / f"d{count}"
        folder.mkdir()
        for number in range(count):
            (folder / f"f{number}.txt").write_text("x")
    for megabytes, cells in ((1, 42), (50, 201)):
        document = notebook(megabytes * MEGABYTE, cells)
        (root / f"n{megabytes}.ipynb").write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
        model = {"type": "notebook", "format": "json", "content": document}
        bodies[f"{megabytes} MB"] = json.dumps(model, separators=(",", ":")).encode()
    return bodies


def ask(server: Server, method: str, path: str, body: bytes | None = None) -> None:
    request = urllib.request.Request(server.base_url + path, data=body, method=method)
    request.add_header("Authorization", f"token {server.token}")
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        answer.read()


def processes(server: Server) -> list[psutil.Process]:
    """The server's own processes, the sidecar among them; kernels do not run here."""
    runtime_dir = str(server.runtime_dir)
    environs = ((one, one.info["environ"] or {}) for one in psutil.process_iter(["environ"]))
    return [one for one, environ in environs if environ.get("JUPYTER_RUNTIME_DIR") == runtime_dir]


def resident_bytes(running: list[psutil.Process]) -> int:
    return sum(one.memory_info().rss for one in running)


def cpu_s(running: list[psutil.Process]) -> float:
    return sum(times.user + times.system for times in (one.cpu_times() for one in running))


@contextmanager
def peak_bytes(running: list[psutil.Process]) -> Iterator[list[int]]:
    """The largest sum of memory while the block runs, as the last of the list."""
    peaks, done = [resident_bytes(running)], threading.Event()

    def watch() -> None:
        while not done.wait(SAMPLE_INTERVAL_S):
            peaks.append(max(peaks[-1], resident_bytes(running)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peaks
    finally:
        done.set()
        watcher.join()


def memory_of_put_mb(server: Server, body: bytes) -> float:
    """How much more memory the server takes at most while it stores ``body``."""
    running = processes(server)
    before = resident_bytes(running)
    with peak_bytes(running) as peaks:
        ask(server, "PUT", "api/contents/put.ipynb", body)
    return (peaks[-1] - before) / MEGABYTE


def cpu_ms(server: Server, count: int, method: str, path: str, body: bytes | None = None) -> float:
    """CPU milliseconds of the server for one request, by ``count``. On a busy machine it tells more than a clock."""
    running = processes(server)
    begun_s = cpu_s(running)
    for _ in range(count):
        ask(server, method, path, body)
    return (cpu_s(running) - begun_s) * 1000 / count


def cpu_of_status_s(server: Server) -> float:
    """CPU seconds for 10,000 requests, by fewer."""
    return cpu_ms(server, STATUS_REQUESTS, "GET", "api/status") * 10_000 / 1000


def actions(bodies: dict[str, bytes]) -> list[tuple[str, int, Callable[[Server], float]]]:
    """What is measured: its name, how often, and how on one server."""

    def ms(method: str, path: str, body: bytes | None = None) -> Callable[[Server], float]:
        return lambda server: timed(lambda: ask(server, method, f"api/{path}", body))[0] * 1000

    def cpu(count: int, method: str, path: str, body: bytes | None = None) -> Callable[[Server], float]:
        return lambda server: cpu_ms(server, count, method, f"api/{path}", body)

    return [
        ("memory of PUT 50 MB", 1, lambda server: memory_of_put_mb(server, bodies["50 MB"])),
        ("CPU of 10,000 status", 5, cpu_of_status_s),
        ("list 1,000", 7, ms("GET", "contents/d1000")),
        ("list 10,000", 3, ms("GET", "contents/d10000")),
        ("GET 1 MB", 15, ms("GET", "contents/n1.ipynb")),
        ("PUT 1 MB", 15, ms("PUT", "contents/put.ipynb", bodies["1 MB"])),
        ("GET 50 MB", 5, ms("GET", "contents/n50.ipynb")),
        ("PUT 50 MB", 5, ms("PUT", "contents/put.ipynb", bodies["50 MB"])),
        ("CPU of GET 1 MB", 5, cpu(10, "GET", "contents/n1.ipynb")),
        ("CPU of PUT 1 MB", 5, cpu(10, "PUT", "contents/put.ipynb", bodies["1 MB"])),
        ("CPU of GET 50 MB", 3, cpu(1, "GET", "contents/n50.ipynb")),
        ("CPU of PUT 50 MB", 3, cpu(1, "PUT", "contents/put.ipynb", bodies["50 MB"])),
    ]


@contextmanager
def two_servers(way: str) -> Iterator[tuple[list[Server], dict[str, bytes]]]:
    """The peer and ours, with the same files, and the bodies to store."""
    WAYS[PEER] = command_peer
    with ExitStack() as stack:
        servers, bodies = [], {}
        for one in (PEER, way):
            server = start_server(one, Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home")
            stack.callback(server.stop)
            servers.append(server)
            bodies = fill(server.root_dir)
            ask(server, "GET", "api/status")
        yield servers, bodies


def main() -> None:
    """Measure both in turns, sample by sample, because the machine may be busy; print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", choices=[way for way in WAYS if way != "mounted"], default="flasknb")
    options = parser.parse_args()
    print(f"{'':22} {PEER:>15} {options.server:>10}  ratio  wanted")
    with two_servers(options.server) as (servers, bodies):
        for name, count, action in actions(bodies):
            samples = [[action(server) for server in servers] for _ in range(count)]
            theirs, ours = (statistics.median(column) for column in zip(*samples, strict=True))
            verdict = "yes" if ours / theirs <= WANTED[name] else "NO"
            print(f"{name:22} {theirs:15,.2f} {ours:10,.2f} {ours / theirs:6.3f}  <= {WANTED[name]:.3f}: {verdict}")


if __name__ == "__main__":
    main()
