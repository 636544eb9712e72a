"""What happens to kernels and sessions reaches whoever listens, also after the sidecar died, and the operator's log."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.feed import SidecarFeed
from flasknb.kernel_bridge.models import Change, ChangeKind, KernelRequest, SessionChange, SessionRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.sidecars import sidecar_pid
from tests.servers import REPO, Server, start_server
from tests.waiting import eventually

WITHIN_S = 20.0
Kind = ChangeKind


class Listener:
    """A worker that listens, in a thread of its own."""

    def __init__(self, bridge: BridgeClient) -> None:
        self.feed: SidecarFeed = bridge.changes()
        self._heard: queue.Queue[Change] = queue.Queue()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        for change in self.feed:
            self._heard.put(change)

    def next(self) -> Change:
        return self._heard.get(timeout=WITHIN_S)

    def kinds(self, count: int) -> list[ChangeKind]:
        return [self.next().kind for _ in range(count)]

    def has_joined(self) -> bool:
        return self.feed.number is not None

    def end(self) -> None:
        self.feed.close()
        self.thread.join(WITHIN_S)


@pytest.fixture
def listen() -> Iterator[Callable[[BridgeClient], Listener]]:
    listeners: list[Listener] = []

    def make(bridge: BridgeClient) -> Listener:
        listeners.append(Listener(bridge))
        assert eventually(listeners[-1].has_joined)
        return listeners[-1]

    yield make
    for listener in listeners:
        listener.end()
        assert not listener.thread.is_alive()


Listen = Callable[[BridgeClient], Listener]


def test_a_kernels_life_is_told(bridge: BridgeClient, listen: Listen, join: JoinKernel) -> None:
    listener = listen(bridge)
    kernel = bridge.start_kernel(KernelRequest())
    assert listener.next() == Change(Kind.KERNEL_STARTED, kernel.id)
    os.kill(int(join(bridge, kernel.id).run("import os; print(os.getpid())").text), signal.SIGKILL)
    assert listener.next() == Change(Kind.KERNEL_DIED, kernel.id, reason="signal 9")
    assert listener.next() == Change(Kind.KERNEL_RESTARTED, kernel.id)
    bridge.restart_kernel(kernel.id)
    assert listener.next() == Change(Kind.KERNEL_RESTARTED, kernel.id)
    bridge.shutdown_kernel(kernel.id)
    assert listener.next() == Change(Kind.KERNEL_STOPPED, kernel.id)


def test_a_kernel_that_stays_dead_is_told_with_its_reason(
    make_bridge: MakeBridge, listen: Listen, join: JoinKernel
) -> None:
    bridge = make_bridge("mortal", KernelRestarter={"restart_limit": 0})
    listener = listen(bridge)
    kernel = bridge.start_kernel(KernelRequest())
    join(bridge, kernel.id).execute("import os; os._exit(3)")
    assert listener.next().kind is Kind.KERNEL_STARTED
    dead = listener.next()
    assert (dead.kind, dead.reason) == (Kind.KERNEL_DEAD, "The kernel ended with status 3.")


def test_sessions_are_told(bridge: BridgeClient, listen: Listen) -> None:
    listener = listen(bridge)
    session = bridge.create_session(SessionRequest("told.ipynb", "notebook"))
    bridge.update_session(session.id, SessionChange(path="moved.ipynb"))
    bridge.delete_session(session.id)
    assert listener.kinds(1) == [Kind.KERNEL_STARTED]
    kernel_id = session.kernel.id
    assert listener.next() == Change(Kind.SESSION_CREATED, kernel_id, session_id=session.id, path="told.ipynb")
    assert listener.next() == Change(Kind.SESSION_CHANGED, kernel_id, session_id=session.id, path="moved.ipynb")
    assert listener.next() == Change(Kind.SESSION_DELETED, kernel_id, session_id=session.id, path="moved.ipynb")
    assert listener.kinds(1) == [Kind.KERNEL_STOPPED]


def test_who_listens_before_there_is_a_sidecar_hears_all_and_starts_none(
    make_bridge: MakeBridge, listen: Listen, home: Path
) -> None:
    bridge = make_bridge("later")
    listener = listen(bridge)
    assert not (home / "later" / "sidecar.log").exists()
    kernel = bridge.start_kernel(KernelRequest())
    assert listener.next() == Change(Kind.KERNEL_STARTED, kernel.id)


def test_a_new_sidecar_is_found_and_tells_what_it_took_over(make_bridge: MakeBridge, listen: Listen) -> None:
    bridge = make_bridge("killed")
    kernel = bridge.start_kernel(KernelRequest())
    listener = listen(bridge)
    os.kill(sidecar_pid(bridge), signal.SIGKILL)
    assert bridge.get_kernel(kernel.id).id == kernel.id
    assert listener.next() == Change(Kind.KERNEL_TAKEN_OVER, kernel.id)
    bridge.shutdown_kernel(kernel.id)
    assert listener.next() == Change(Kind.KERNEL_STOPPED, kernel.id)


def test_a_listener_keeps_no_process_from_ending(bridge: BridgeClient) -> None:
    code = (
        "import sys, threading; from pathlib import Path; from flasknb.kernel_bridge.client import BridgeClient\n"
        "feed = BridgeClient(Path(sys.argv[1]), Path(sys.argv[1]), {}).changes()\n"
        "threading.Thread(target=lambda: list(feed), daemon=True).start()\n"
        "while feed.number is None: threading.Event().wait(0.02)\n"
    )
    command = [sys.executable, "-c", code, str(bridge.instance_dir)]
    assert subprocess.run(command, cwd=REPO, timeout=WITHIN_S, check=False).returncode == 0


def ask(server: Server, method: str, path: str) -> bytes:
    request = urllib.request.Request(server.base_url + path, method=method)
    request.add_header("Authorization", f"token {server.token}")
    with urllib.request.urlopen(request, timeout=WITHIN_S) as answer:
        return bytes(answer.read())


def lines(server: Server, kernel_id: str) -> list[str]:
    return [line.partition("] ")[2] for line in server.log.splitlines() if kernel_id in line and "] Kernel" in line]


@pytest.mark.parametrize("way", ["flasknb", "gunicorn"])
def test_the_operator_reads_it_once(way: str, tmp_path: Path) -> None:
    server = start_server(way, tmp_path)
    try:
        kernel_id = json.loads(ask(server, "POST", "api/kernels"))["id"]
        expected = [f"Kernel started: {kernel_id}"]
        assert eventually(lambda: lines(server, kernel_id) == expected), server.log
        kernel_pid = next(
            process.pid for process in psutil.process_iter(["cmdline"]) if kernel_id in str(process.info["cmdline"])
        )
        os.kill(kernel_pid, signal.SIGKILL)
        expected += [f"Kernel {kernel_id} died (signal 9), restarting", f"Kernel restarted: {kernel_id}"]
        assert eventually(lambda: lines(server, kernel_id) == expected), server.log
        ask(server, "DELETE", f"api/kernels/{kernel_id}")
        expected.append(f"Kernel shutdown: {kernel_id}")
        assert eventually(lambda: lines(server, kernel_id) == expected), server.log
    finally:
        server.stop()
