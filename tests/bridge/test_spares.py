"""Warm spares: a new kernel at once, and one that nobody can tell from a cold one."""

from __future__ import annotations

import json
import os
import re
import signal
import uuid
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest, SessionRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import Page
from tests.bridge.sidecars import discovery_of
from tests.processes import is_running
from tests.waiting import eventually

TELL = """
import sys, os, re, json, threading
said = {
    "cwd": os.getcwd(), "env": dict(os.environ), "path": sys.path, "argv": [sys.argv[0], sys.argv[1]],
    "orig_argv": [part.rpartition("kernel-")[0] or part for part in sys.orig_argv],
    "names": sorted(globals()),
    "modules": sorted(sys.modules), "hooks": [str(hook).partition(" at 0x")[0] for hook in sys.meta_path],
    "stdin": os.readlink("/proc/self/fd/0"), "umask": os.umask(0o077), "session": os.getsid(0) == os.getpid(),
    "signals": str(__import__("signal").getsignal(2)), "started": started, "tz": __import__("time").tzname,
    "cmdline": open("/proc/self/cmdline").read().count("kernel-"),
    "threads": sorted(re.sub("[0-9]", "", thread.name) for thread in threading.enumerate()),
}
print(json.dumps(said, default=str))
"""


def spares_of(bridge: BridgeClient) -> list[psutil.Process]:
    """Children of the sidecar that wait to become a kernel."""
    listed = {kernel.id for kernel in bridge.list_kernels()}
    return [
        child
        for child in psutil.Process(discovery_of(bridge).pid).children()
        if "launch_ipykernel" in " ".join(child.cmdline()) and not any(name in child.cmdline()[-1] for name in listed)
    ]


def is_warm(bridge: BridgeClient) -> bool:
    """Whether there is a spare, and it is ready."""
    log = (bridge.instance_dir / "sidecar.log").read_text()
    return any(re.search(rf"spare ready .*pid={spare.pid}\b", log) for spare in spares_of(bridge))


def start_warm(bridge: BridgeClient, start: Callable[[], str]) -> tuple[str, int]:
    """A kernel made of a spare: its id, and the process that was there before.

    A spare that does not answer at once, as on a busy machine, is left out; then the next one is waited for.
    """
    for _ in range(5):
        assert eventually(lambda: is_warm(bridge), within_s=60)
        (before,) = spares_of(bridge)
        connection_file = before.cmdline()[-1]
        kernel_id = start()
        if kernel_id in connection_file:
            return kernel_id, before.pid
        bridge.shutdown_kernel(kernel_id)
    raise AssertionError("no kernel was made of a spare")


@pytest.fixture(scope="module")
def warm(make_bridge: MakeBridge, home: Path) -> BridgeClient:
    """An instance that keeps spares, with a startup file that notes what it saw."""
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "0.py").write_text("import os\nstarted = [os.getcwd(), os.environ.get('JPY_SESSION_NAME')]\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        bridge = make_bridge("warm", KernelSidecar={"spare_kernels": ["default"]})
        bridge.list_kernels()
    return bridge


@pytest.fixture(scope="module")
def cold(make_bridge: MakeBridge, home: Path) -> BridgeClient:
    """The same without spares."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        bridge = make_bridge("cold")
        bridge.list_kernels()
    return bridge


def told_by(page: Page) -> dict[str, object]:
    said: dict[str, object] = json.loads(page.run(TELL).text)
    return said


def test_a_kernel_made_of_a_spare_cannot_be_told_from_a_cold_one(
    warm: BridgeClient, cold: BridgeClient, join: JoinKernel, home: Path
) -> None:
    (home / "root" / "sub").mkdir(exist_ok=True)
    path = f"sub/{uuid.uuid4().hex}.ipynb"
    request = SessionRequest(path, "notebook")
    kernel_id, pid = start_warm(warm, lambda: warm.create_session(request).kernel.id)
    page, other = join(warm, kernel_id), join(cold, cold.create_session(request).kernel.id)
    mine, theirs = told_by(page), told_by(other)
    assert mine["cwd"] == f"{home}/root/sub"
    assert mine["started"] == [f"{home}/root/sub", f"{home}/root/{path}"]
    assert "" in mine["path"]  # type: ignore[operator]
    for name in ("modules", "names"):
        assert set(theirs[name]) <= set(mine[name])  # type: ignore[call-overload]
    assert mine["names"] == theirs["names"]
    different = {name for name in mine if mine[name] != theirs[name]} - {"modules"}
    assert different == set(), {name: (mine[name], theirs[name]) for name in different}
    outcome = page.run("_ = 1; In")
    assert (
        outcome.of("execute_input")[0]["execution_count"] == other.run("pass").of("execute_input")[0]["execution_count"]
    )
    assert int(page.run("import os; print(os.getpid())").text) == pid
    assert (home / "runtime" / f"kernel-{kernel_id}.json").exists()
    assert page.run("print(get_ipython().history_manager.session_number > 0)").text == "True\n"


def test_a_spare_is_no_kernel_of_anybody(warm: BridgeClient, home: Path) -> None:
    assert eventually(lambda: is_warm(warm), within_s=60)
    (spare,) = spares_of(warm)
    spare_id = spare.cmdline()[-1].rpartition("kernel-")[2].removesuffix(".json")
    assert spare_id not in [kernel.id for kernel in warm.list_kernels()]
    assert warm.status().kernels == len(warm.list_kernels())
    assert not (home / "runtime" / f"kernel-{spare_id}.json").exists()


def test_a_spare_that_died_or_hangs_is_not_missed(warm: BridgeClient, join: JoinKernel) -> None:
    for number in (signal.SIGKILL, signal.SIGSTOP):
        assert eventually(lambda: is_warm(warm), within_s=60)
        (spare,) = spares_of(warm)
        os.kill(spare.pid, number)
        kernel = warm.start_kernel(KernelRequest())
        assert join(warm, kernel.id).run("print('well')").text == "well\n"
        assert eventually(lambda pid=spare.pid: not is_running(pid))
        warm.shutdown_kernel(kernel.id)


def test_what_an_interpreter_reads_at_its_start_makes_a_cold_kernel(warm: BridgeClient, join: JoinKernel) -> None:
    assert eventually(lambda: is_warm(warm), within_s=60)
    kernel = warm.start_kernel(KernelRequest(env={"PYTHONPATH": "/somewhere", "MINE": "yes"}))
    code = "import sys, os; print('/somewhere' in sys.path, os.environ['MINE'])"
    assert join(warm, kernel.id).run(code).text == "True yes\n"
    warm.shutdown_kernel(kernel.id)


def test_spares_end_with_a_killed_sidecar(warm: BridgeClient) -> None:
    assert eventually(lambda: is_warm(warm), within_s=60)
    (spare,) = spares_of(warm)
    os.kill(discovery_of(warm).pid, signal.SIGKILL)
    assert eventually(lambda: not is_running(spare.pid))
    warm.list_kernels()  # the next one takes the kernels over, and ends them with the module


def test_spares_end_when_nobody_is_about_or_memory_is_short(make_bridge: MakeBridge) -> None:
    lonely = make_bridge("lonely", KernelSidecar={"spare_kernels": ["python3"], "spare_idle_s": 3.0})
    lonely.list_kernels()
    sidecar = psutil.Process(discovery_of(lonely).pid)
    assert eventually(lambda: bool(sidecar.children()), within_s=30)
    assert eventually(lambda: not sidecar.children(), within_s=30)
    poor = make_bridge("poor", KernelSidecar={"spare_kernels": ["default"], "spare_memory_bytes": 1024 * 1024})
    poor.list_kernels()
    log = poor.instance_dir / "sidecar.log"
    assert eventually(lambda: "spares take" in log.read_text(), within_s=30)
    assert not psutil.Process(discovery_of(poor).pid).children()
