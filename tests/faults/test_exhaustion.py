"""Faults 42 and 43: no file descriptor, no process left. Loads are shed, what runs goes on, nothing is left behind."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from flasknb.errors import OutOfResources, SidecarUnavailable, TerminalFailed
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.connection import BridgeConnection
from flasknb.kernel_bridge.instance import Discovery
from flasknb.kernel_bridge.models import KernelRequest
from flasknb.kernel_bridge.terminals import TerminalRequest
from tests.bridge.kernel_site import KernelSite
from tests.bridge.page import Page
from tests.bridge.sidecars import discovery_of
from tests.faults.control_groups import control_group, put
from tests.servers import start_server
from tests.waiting import eventually

DESCRIPTORS = 256


@pytest.fixture
def bridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BridgeClient]:
    for name in ("RUNTIME", "CONFIG", "DATA"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name.lower()))
    (tmp_path / "root").mkdir()
    client = BridgeClient(tmp_path / "instance", tmp_path / "root", {})
    client.status()
    yield client
    client.shutdown_sidecar()


def open_files(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def hold(held: ExitStack, sidecar: Discovery, count: int) -> None:
    for _ in range(count):
        held.enter_context(closing(BridgeConnection(sidecar, "calls")))


def test_a_sidecar_without_descriptors_sheds_load_and_recovers(bridge: BridgeClient) -> None:
    kernel = bridge.start_kernel(KernelRequest())
    page = Page(bridge, kernel.id)
    page.run("1")  # what is opened with the first execution is kept
    sidecar = discovery_of(bridge)
    before = open_files(sidecar.pid)
    resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    with ExitStack() as held:
        with pytest.raises(SidecarUnavailable, match="as many connections and files open as it may"):
            hold(held, sidecar, DESCRIPTORS)
        with pytest.raises(OutOfResources, match="ulimit -n"):
            bridge.start_kernel(KernelRequest())
        assert page.run("print('goes on')").text == "goes on\n"
    assert eventually(lambda: open_files(sidecar.pid) <= before + 2)
    for _ in range(1000):
        BridgeConnection(sidecar, "calls").close()
    assert eventually(lambda: open_files(sidecar.pid) <= before + 2)
    bridge.shutdown_kernel(bridge.start_kernel(KernelRequest()).id)
    assert discovery_of(bridge).pid == sidecar.pid
    page.leave()


def test_a_web_worker_without_descriptors_sheds_load_and_recovers(tmp_path: Path) -> None:
    server = start_server("gunicorn", tmp_path)
    site = KernelSite(server)
    try:
        site.kernel()
        workers = [
            process.pid
            for process in psutil.Process(server.pid).children()
            if "gunicorn" in " ".join(process.cmdline())
        ]
        for worker in workers:
            resource.prlimit(worker, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        before = {worker: open_files(worker) for worker in workers}
        with ExitStack() as held:
            for _ in range(DESCRIPTORS * len(workers)):
                held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            assert eventually(lambda: any(open_files(worker) >= DESCRIPTORS - 1 for worker in workers))
        assert eventually(lambda: answers(site), within_s=30)
        assert eventually(lambda: all(open_files(worker) <= before[worker] + 8 for worker in workers), within_s=30)
        assert [process.pid for process in psutil.Process(server.pid).children() if process.pid in workers] == workers
        assert site("GET", "api/kernels").json[0]["execution_state"] == "idle"
    finally:
        server.stop()


def answers(site: KernelSite) -> bool:
    with suppress(OSError):
        return site("GET", "api/status").status == 200
    return False


def processes_of(runtime_dir: Path) -> list[int]:
    """The sidecar and all that it started: those with this runtime folder in their environment."""
    marked = psutil.process_iter(["environ"])
    return sorted(
        one.pid for one in marked if (one.info["environ"] or {}).get("JUPYTER_RUNTIME_DIR") == str(runtime_dir)
    )


@contextmanager
def no_more_processes(pid: int) -> Iterator[None]:
    """The system refuses ``pid`` every fork meanwhile: by a limit of the user, or for root by a control group."""
    if os.geteuid() != 0:
        as_it_was = resource.prlimit(pid, resource.RLIMIT_NPROC)
        resource.prlimit(pid, resource.RLIMIT_NPROC, (1, as_it_was[1]))
        yield
        resource.prlimit(pid, resource.RLIMIT_NPROC, as_it_was)
        return
    with control_group("pids", str(pid), {"pids.max": "1"}) as group:
        put(pid, group)
        yield


@contextmanager
def no_memory_for_processes(pid: int) -> Iterator[None]:
    """The system has no memory for a new process or thread of ``pid`` meanwhile."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("needs strace")
    calls = "fork,vfork,clone,clone3"
    command = [strace, "-f", "-p", str(pid), "-e", f"trace={calls}", "-e", f"inject={calls}:error=ENOMEM"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as tracing:
        attached = eventually(lambda: tracing.poll() is not None or is_traced(pid))
        if not attached or tracing.poll() is not None:
            tracing.kill()
            pytest.skip("processes cannot be traced here")
        yield
        tracing.terminate()
    assert eventually(lambda: not is_traced(pid))


def is_traced(pid: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()


@pytest.mark.parametrize("starve", [no_more_processes, no_memory_for_processes])
def test_without_a_process_left_a_start_is_an_error_and_leaves_no_orphan(
    bridge: BridgeClient, tmp_path: Path, starve: Callable[[int], AbstractContextManager[None]]
) -> None:
    kernel = bridge.start_kernel(KernelRequest())
    sidecar, runtime = discovery_of(bridge), tmp_path / "runtime"
    before, files = processes_of(runtime), open_files(sidecar.pid)
    with starve(sidecar.pid):
        with pytest.raises(OutOfResources, match="not enough left"):
            bridge.start_kernel(KernelRequest())
        with pytest.raises(TerminalFailed):
            bridge.terminals.create(TerminalRequest(command=["/bin/cat"]))
        page = Page(bridge, kernel.id)
        assert page.run("print('goes on')").text == "goes on\n"
        page.leave()
    assert processes_of(runtime) == before
    assert [one.id for one in bridge.list_kernels()] == [kernel.id]
    assert [path.stem for path in (bridge.instance_dir / "kernels").glob("*.json")] == [kernel.id]
    assert eventually(lambda: open_files(sidecar.pid) <= files + 2)
    bridge.shutdown_kernel(bridge.start_kernel(KernelRequest()).id)


def test_a_web_worker_that_can_make_no_thread_says_so_and_recovers(tmp_path: Path) -> None:
    """Disk work is done on threads, of which a worker that has not worked yet has none."""
    server = start_server("gunicorn", tmp_path)
    site = KernelSite(server)
    body = {"type": "file", "format": "text", "content": "kept"}
    try:
        with control_group("pids", "worker", {"pids.max": "1"}) as group:
            for worker in psutil.Process(server.pid).children():
                put(worker.pid, group)
            for _ in range(4):
                answer = site("PUT", "api/contents/a.txt", body)
                assert answer.status in (200, 201, 503), answer.text
                assert answer.json
            assert site("GET", "api/status").status in (200, 503)
        assert site("PUT", "api/contents/a.txt", body).status in (200, 201)
        assert site("GET", "api/contents/a.txt").json["content"] == "kept"
    finally:
        server.stop()
