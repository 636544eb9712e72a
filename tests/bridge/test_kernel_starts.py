"""Kernels that start slowly or not at all, and what is asked of them meanwhile."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from flasknb.errors import BadRequest, FlasknbError, KernelFailed, KernelMissing, KernelSpecMissing
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel, KernelRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.sidecars import sidecar_pid
from tests.waiting import SLOW_MACHINE, eventually


@pytest.fixture
def own_kernel(bridge: BridgeClient) -> KernelModel:
    """A kernel that a test may break."""
    return bridge.start_kernel(KernelRequest())


def test_a_kernel_that_dies_at_start_says_why_quickly(bridge: BridgeClient, install_spec: Callable[..., None]) -> None:
    install_spec("dying", "-c", "import sys; sys.exit('no licence found')", "{connection_file}")
    begun_s = time.monotonic()
    with pytest.raises(KernelFailed, match=r"(?s)ended with status 1 while it started.*no licence found"):
        bridge.start_kernel(KernelRequest(name="dying"))
    assert time.monotonic() - begun_s < 3 * SLOW_MACHINE
    assert "dying" not in [kernel.name for kernel in bridge.list_kernels()]


def test_a_kernel_whose_program_is_missing_says_so(bridge: BridgeClient, install_spec: Callable[..., None]) -> None:
    install_spec("absent", argv=["/no/such/program", "{connection_file}"])
    with pytest.raises(KernelFailed, match="/no/such/program"):
        bridge.start_kernel(KernelRequest(name="absent"))


def test_a_kernel_that_never_answers_is_ended(
    make_bridge: MakeBridge, install_spec: Callable[..., None], home: Path
) -> None:
    install_spec("mute", "-c", "import time; time.sleep(300)", "{connection_file}")
    bridge = make_bridge("impatient", MappingKernelManager={"kernel_info_timeout": 1.0})
    with pytest.raises(KernelFailed, match="did not answer within 1 s"):
        bridge.start_kernel(KernelRequest(name="mute"))
    assert bridge.list_kernels() == []
    assert not any("time.sleep(300)" in " ".join(process.cmdline()) for process in psutil.Process().children())


def test_specifications_are_read_anew_and_broken_ones_left_out(
    bridge: BridgeClient, install_spec: Callable[..., None], home: Path
) -> None:
    broken = home / "data" / "kernels" / "broken"
    broken.mkdir(parents=True)
    (broken / "kernel.json").write_text("{not json")
    install_spec("fresh", "-m", "ipykernel_launcher", "-f", "{connection_file}")
    specs = bridge.kernel_specs()
    assert specs.default == "python3"
    assert {"python3", "fresh"} <= set(specs.specs)
    assert "broken" not in specs.specs


@pytest.mark.parametrize("name", ["nope", "broken/../python3"])
def test_an_unknown_specification_is_refused(bridge: BridgeClient, name: str) -> None:
    with pytest.raises(KernelSpecMissing):
        bridge.start_kernel(KernelRequest(name=name))


@pytest.mark.parametrize("kernel_id", ["../../etc", "x", "0a1b2c3d", "0a1b2c3d-0000-4000-8000-00000000abcd/.."])
def test_an_id_that_is_no_uuid_is_refused(bridge: BridgeClient, kernel_id: str) -> None:
    with pytest.raises(BadRequest, match="UUID"):
        bridge.start_kernel(KernelRequest(kernel_id=kernel_id))


def in_background(action: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """A running thread, and where its result or error will be."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(action())
        except FlasknbError as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def processes_of(kernel_id: str) -> list[int]:
    """Processes that name the kernel on their command line."""
    return [process.pid for process in psutil.process_iter(["cmdline"]) if kernel_id in str(process.info["cmdline"])]


def starting(bridge: BridgeClient, kernel_id: str, name: str) -> tuple[threading.Thread, list[object]]:
    """A kernel whose process runs and has not answered yet."""
    begun = in_background(lambda: bridge.start_kernel(KernelRequest(kernel_id=kernel_id, name=name)))
    assert eventually(lambda: bool(processes_of(kernel_id)))
    return begun


SLOW = """import runpy, sys, time
time.sleep(1)
sys.argv[0] = "ipykernel"
runpy.run_module("ipykernel_launcher", run_name="__main__")
"""


@pytest.fixture(scope="module")
def slow(install_spec: Callable[..., None]) -> str:
    """A kernel that starts slowly; a signal in its first second ends it."""
    install_spec("slow", "-c", SLOW, "-f", "{connection_file}")
    return "slow"


def test_a_kernel_that_starts_outlives_an_interrupt(bridge: BridgeClient, slow: str, join: JoinKernel) -> None:
    kernel_id = str(uuid.uuid4())
    thread, outcome = starting(bridge, kernel_id, slow)
    bridge.interrupt_kernel(kernel_id)
    thread.join()
    assert isinstance(outcome[0], KernelModel), outcome
    assert join(bridge, kernel_id).run("print('well')").text == "well\n"
    bridge.shutdown_kernel(kernel_id)


def test_a_restart_waits_for_a_start_under_way(bridge: BridgeClient, slow: str) -> None:
    kernel_id = str(uuid.uuid4())
    thread, outcome = starting(bridge, kernel_id, slow)
    assert bridge.restart_kernel(kernel_id).execution_state == "idle"
    thread.join()
    assert isinstance(outcome[0], KernelModel), outcome
    assert len(processes_of(kernel_id)) == 1
    bridge.shutdown_kernel(kernel_id)


def test_a_shutdown_ends_a_start_under_way(bridge: BridgeClient, slow: str) -> None:
    kernel_id = str(uuid.uuid4())
    thread, outcome = starting(bridge, kernel_id, slow)
    bridge.shutdown_kernel(kernel_id)
    thread.join()
    assert isinstance(outcome[0], KernelFailed), outcome
    assert eventually(lambda: not processes_of(kernel_id))


def test_a_shutdown_ends_a_restart_under_way_and_nothing_is_left(bridge: BridgeClient, slow: str) -> None:
    kernel = bridge.start_kernel(KernelRequest(name=slow))
    thread, outcome = in_background(lambda: bridge.restart_kernel(kernel.id))
    assert eventually(lambda: bridge.get_kernel(kernel.id).execution_state == "restarting")
    bridge.shutdown_kernel(kernel.id)
    thread.join()
    assert isinstance(outcome[0], KernelFailed | KernelMissing), outcome
    assert eventually(lambda: not processes_of(kernel.id))
    with pytest.raises(KernelMissing):
        bridge.get_kernel(kernel.id)


def test_a_restart_that_waited_for_a_shutdown_starts_nothing(bridge: BridgeClient, own_kernel: KernelModel) -> None:
    ends = [in_background(lambda: bridge.shutdown_kernel(own_kernel.id)) for _ in range(2)]
    restarts = [in_background(lambda: bridge.restart_kernel(own_kernel.id)) for _ in range(2)]
    for thread, _ in (*ends, *restarts):
        thread.join()
    assert {type(outcome[0]) for _, outcome in restarts} <= {KernelMissing, KernelFailed}
    assert {type(outcome[0]) for _, outcome in ends} <= {type(None), KernelMissing}
    assert processes_of(own_kernel.id) == []


@dataclass(frozen=True)
class CountedSpec:
    """A kernel that starts slowly and leaves a line in a file each time."""

    name: str
    log: Path

    @property
    def starts(self) -> int:
        return len(self.log.read_text().splitlines())


@pytest.fixture(scope="module")
def counted(install_spec: Callable[..., None], home: Path) -> CountedSpec:
    log = home / "starts.txt"
    install_spec("counted", "-c", f"open({str(log)!r}, 'a').write('started\\n')\n{SLOW}", "-f", "{connection_file}")
    return CountedSpec("counted", log)


def test_five_restarts_at_once_are_one_and_nobody_hears_of_a_failure(
    bridge: BridgeClient, counted: CountedSpec, join: JoinKernel
) -> None:
    kernel = bridge.start_kernel(KernelRequest(name=counted.name))
    page, starts_before = join(bridge, kernel.id), counted.starts
    restarts = [in_background(lambda: bridge.restart_kernel(kernel.id)) for _ in range(4)]
    assert eventually(lambda: counted.starts > starts_before)
    restarts.append(in_background(lambda: bridge.restart_kernel(kernel.id)))
    for thread, _ in restarts:
        thread.join()
    models = [outcome[0] for _, outcome in restarts]
    assert [getattr(model, "execution_state", model) for model in models] == ["idle"] * 5
    assert counted.starts == starts_before + 1
    asked, seen = page.execute("print('alive')"), [""]
    while seen[-1] != "execute_reply":
        message = page.wait_for(lambda one: one.msg_type == "status" or one.parent_id == asked)
        seen += [message.content.get("execution_state", message.msg_type)]
    assert not {"dead", "restarting"} & set(seen)
    assert len(processes_of(kernel.id)) == 1
    bridge.shutdown_kernel(kernel.id)


def test_what_was_asked_between_two_restarts_does_not_run(
    bridge: BridgeClient, counted: CountedSpec, join: JoinKernel
) -> None:
    kernel = bridge.start_kernel(KernelRequest(name=counted.name))
    page, starts_before = join(bridge, kernel.id), counted.starts
    first, outcome = in_background(lambda: bridge.restart_kernel(kernel.id))
    assert eventually(lambda: counted.starts > starts_before)
    between = page.execute("x = 1")
    bridge.restart_kernel(kernel.id)
    first.join()
    assert isinstance(outcome[0], KernelModel)
    reply = page.wait_for(lambda one: one.msg_type == "execute_reply" and one.parent_id == between)
    assert reply.content["status"] == "aborted"
    assert page.run("print('x' in dir())").text == "False\n"
    bridge.shutdown_kernel(kernel.id)


def files_of(home: Path) -> set[str]:
    """Everything that kernels leave on disk."""
    return {
        str(path)
        for folder in (home / "runtime", home / "shared")
        for path in folder.rglob("*")
        if path.suffix in (".json", ".log", ".tmp") or path.is_socket()
    }


def test_nothing_of_a_kernel_stays(make_bridge: MakeBridge, home: Path, install_spec: Callable[..., None]) -> None:
    install_spec("failing", "-c", "raise SystemExit(1)", "{connection_file}")
    bridge = make_bridge()
    sidecar = psutil.Process(sidecar_pid(bridge))

    def live_and_die() -> None:
        kernel = bridge.start_kernel(KernelRequest())
        bridge.restart_kernel(kernel.id)
        bridge.shutdown_kernel(kernel.id)
        with pytest.raises(KernelFailed):
            bridge.start_kernel(KernelRequest(name="failing"))

    live_and_die()  # what is opened once, and kept
    descriptors, files = sidecar.num_fds(), files_of(home)
    live_and_die()
    assert files_of(home) == files
    assert eventually(lambda: sidecar.num_fds() <= descriptors)  # libzmq closes in a thread of its own
