"""Row 46 of the faults: many clients for a long time, and nothing grows. ``make soak`` runs it for ten minutes."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import websocket

from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL
from tests.bridge.kernel_site import Channels, KernelSite, text_of
from tests.faults.processes.test_worker_faults import is_sidecar_of, workers_of
from tests.servers import start_server

SOAK_S = float(os.environ.get("FLASKNB_SOAK_S", "60"))
PAUSE_S = float(os.environ.get("FLASKNB_SOAK_PAUSE_S", "0.2"))  # at most, between two executions of a client
CLIENTS, SHARED_KERNELS = 20, 3
STAGES = 4  # each ends with everybody gone; the first opens what is opened once, and kept
REST_S = 12.0
FLOOD_LINES = 1500
ECHO_TIMEOUT_S = 120
LINE_BYTES = 64
POOL_DESCRIPTORS = 2 * 8 * 3  # two workers keep up to eight idle connections each, of three descriptors in all
GROWTH = 1.15
MEMORY_SLACK_BYTES = 24 * 1024 * 1024
LAST_GROWTH_BYTES = 8 * 1024 * 1024  # of three processes, between the last two rests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SOAK_S + 480)]


@dataclass(frozen=True)
class Figures:
    """What sidecar and workers have, at rest; memory of each, the sidecar first."""

    memory_bytes: tuple[int, ...]
    descriptors: int
    threads: int
    processes: int


@pytest.fixture
def busy_site(tmp_path: Path) -> Iterator[KernelSite]:
    """gunicorn with two workers, with spares as everybody has them."""
    server = start_server("gunicorn", tmp_path, 'c.KernelSidecar.spare_kernels = ["default"]')
    try:
        yield KernelSite(server)
        assert "Traceback" not in server.log
    finally:
        server.stop()


def figures_of(site: KernelSite) -> Figures:
    """After everybody has gone."""
    for kernel in site("GET", "api/kernels").json:
        site("DELETE", f"api/kernels/{kernel['id']}")
    time.sleep(REST_S)
    (sidecar,) = [one for one in psutil.process_iter(["cmdline"]) if is_sidecar_of(one, site)]
    processes = [sidecar, *workers_of(site)]
    return Figures(
        memory_bytes=tuple(one.memory_info().rss for one in processes),
        descriptors=sum(one.num_fds() for one in processes),
        threads=sum(one.num_threads() for one in processes),
        processes=len(sidecar.children(recursive=True)) + len(processes),
    )


class Client(threading.Thread):
    """Somebody who echoes, floods, reconnects, and starts and ends kernels; ``failure`` says what went wrong."""

    def __init__(self, site: KernelSite, number: int, shared: list[str], end_s: float) -> None:
        super().__init__(name=f"client {number}")
        self._site, self._shared, self._end_s = site, shared, end_s
        self._random = random.Random(number)
        self.done = 0
        self.failure = ""

    def run(self) -> None:
        try:
            while time.monotonic() < self._end_s:
                self._visit()
        except Exception as error:
            self.failure = repr(error)

    def _visit(self) -> None:
        """Join a kernel, work, be cut off, come back, leave."""
        is_own = self._random.random() < 0.1
        kernel_id = self._site.kernel() if is_own else self._random.choice(self._shared)
        channels = self._joined(kernel_id)
        for _ in range(self._random.randrange(1, 4)):
            self._work(channels)
            self.done += 1
            time.sleep(self._random.uniform(0.0, PAUSE_S))
        if self._random.random() < 0.5:
            with suppress(OSError, websocket.WebSocketException):
                channels.socket.shutdown()  # cut off, without a word
            channels = self._joined(kernel_id, channels.session)
            self._work(channels)
        channels.socket.close()
        if is_own:
            self._site("DELETE", f"api/kernels/{kernel_id}")

    def _joined(self, kernel_id: str, session: str | None = None) -> Channels:
        channels = self._site.open(kernel_id, session=session, protocol=SEQ_PROTOCOL)
        channels.socket.settimeout(ECHO_TIMEOUT_S)
        return channels

    def _work(self, channels: Channels) -> None:
        if self._random.random() < 0.2:
            told = text_of(channels.run(f"for n in range({FLOOD_LINES}): print(n, 'x' * {LINE_BYTES})"))
            assert told.count("\n") == FLOOD_LINES, f"{told.count(chr(10))} of {FLOOD_LINES} lines"
        else:
            assert text_of(channels.run("print(6 * 7)")) == "42\n"


def soak(site: KernelSite, for_s: float) -> int:
    """Let all clients work; the number of executions."""
    shared = [site.kernel() for _ in range(SHARED_KERNELS)]
    clients = [Client(site, number, shared, time.monotonic() + for_s) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert [client.failure for client in clients if client.failure] == []
    return sum(client.done for client in clients)


def test_row_46_nothing_grows(busy_site: KernelSite) -> None:
    figures: list[Figures] = []
    for stage in range(STAGES):
        done = soak(busy_site, SOAK_S / STAGES)
        figures.append(figures_of(busy_site))
        print(f"\nstage {stage}: {done} executions in {SOAK_S / STAGES:.0f} s, then {figures[-1]}")
        assert done > SOAK_S / STAGES / 2
    first, before, after = figures[0], figures[-2], figures[-1]
    assert sum(after.memory_bytes) <= sum(first.memory_bytes) * GROWTH + MEMORY_SLACK_BYTES
    assert sum(after.memory_bytes) <= sum(before.memory_bytes) + LAST_GROWTH_BYTES, "flat at the end"
    assert after.descriptors <= first.descriptors + POOL_DESCRIPTORS
    assert after.threads <= first.threads + 2
    assert after.processes <= first.processes + 1, "a spare may be on its way"
