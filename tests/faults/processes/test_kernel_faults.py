"""Kernels that die, hang, never come up, loop, or leave children: rows 1 to 5, 9, 43, 44, 53 of the faults."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from flasknb.errors import KernelFailed, status_of
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest, SessionRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import Page, state
from tests.bridge.sidecars import discovery_of, sidecar_pid
from tests.processes import has_zombies, is_running
from tests.waiting import SLOW_MACHINE, eventually

A_CONNECTION = 1  # may be on its way when descriptors are counted
A_THREAD = 1  # which brings journals to the disk, begun when there is one to bring

KEPT_BYTES, PER_KERNEL_BYTES = 20 * 1024 * 1024, 2 * 1024  # what Python and ZMQ hold, and how much may be left of each


def pid_of(page: Page) -> int:
    return int(page.run("import os; print(os.getpid())").text)


def leaves_no_zombies(bridge: BridgeClient) -> bool:
    """Whether the sidecar waits for each child that has ended."""
    sidecar = psutil.Process(sidecar_pid(bridge))
    return eventually(lambda: not has_zombies(sidecar))


def test_row_1_a_kernel_killed_in_a_cell(bridge: BridgeClient, join: JoinKernel, home: Path) -> None:
    kernel = bridge.start_kernel(KernelRequest())
    page, other = join(bridge, kernel.id), join(bridge, kernel.id, "other")
    pid, trace = pid_of(page), home / "ran"
    asked = page.execute("print('before', flush=True)\nimport time; time.sleep(300)")
    queued = page.execute(f"open({str(trace)!r}, 'w')")
    page.wait_for(lambda message: message.msg_type == "stream" and message.parent_id == asked)
    os.kill(pid, signal.SIGKILL)
    for one in (page, other):
        told = one.wait_for(state("restarting"), within_s=2 * SLOW_MACHINE)
        assert told.content["reason"] == "The kernel was ended by signal SIGKILL."
    assert eventually(lambda: bridge.get_kernel(kernel.id).execution_state == "idle")
    replay = join(bridge, kernel.id, since=0, epoch=page.stream.joined.epoch)
    assert replay.text_up_to("\n", parent_id=asked) == "before\n"
    replies: dict[str, tuple[str, bool]] = {}
    for message in replay.received(10):
        if message.msg_type == "execute_reply" and message.parent_id in (asked, queued):
            names_the_signal = "SIGKILL" in str(message.content.get("evalue"))
            replies[message.parent_id] = (message.content["status"], names_the_signal)
        if len(replies) == 2:
            break
    assert (replies[asked], replies[queued][0]) == (("error", True), "aborted")
    listed = {run["msg_id"]: run["status"] for run in bridge.executions.queue(kernel.id)["finished"]}
    assert (listed[asked], listed[queued]) == ("lost", "lost")
    assert join(bridge, kernel.id, "third").run("print('after')").text == "after\n"
    assert not trace.exists()
    assert leaves_no_zombies(bridge)
    bridge.shutdown_kernel(kernel.id)


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["/no/such/program", "{connection_file}"], "/no/such/program"),
        (["python", "-c", "import no_such_module", "{connection_file}"], "No module named 'no_such_module'"),
    ],
)
def test_row_2_a_kernel_that_ends_at_its_start(
    bridge: BridgeClient, install_spec: Callable[..., None], argv: list[str], told: str
) -> None:
    name = f"ending{len(argv)}"
    install_spec(name, argv=argv)
    begun_s = time.monotonic()
    with pytest.raises(KernelFailed, match=told) as failure:
        bridge.create_session(SessionRequest("a.ipynb", "notebook", kernel=KernelRequest(name=name)))
    assert time.monotonic() - begun_s < 3 * SLOW_MACHINE
    assert status_of(failure.value) >= 500
    assert bridge.list_sessions() == []
    assert name not in [kernel.name for kernel in bridge.list_kernels()]


def test_row_3_a_kernel_that_never_answers(
    make_bridge: MakeBridge, install_spec: Callable[..., None], home: Path
) -> None:
    child = "import subprocess, time; subprocess.Popen(['sleep', '54321']); time.sleep(300)"
    install_spec("mute", "-c", child, "{connection_file}")
    bridge = make_bridge("impatient", MappingKernelManager={"kernel_info_timeout": 2.0})
    with pytest.raises(KernelFailed, match="did not answer within 2 s"):
        bridge.start_kernel(KernelRequest(name="mute"))
    assert bridge.list_kernels() == []
    assert not list((home / "runtime").glob("kernel-*.json"))
    assert not list((bridge.instance_dir / "kernels").iterdir())
    assert eventually(
        lambda: not [one for one in psutil.process_iter(["cmdline"]) if "54321" in (one.info["cmdline"] or [])]
    )


def test_row_4_a_kernel_that_ignores_the_interrupt(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("deaf", KernelManager={"shutdown_wait_time": 1.0})
    kernel = bridge.start_kernel(KernelRequest())
    page = join(bridge, kernel.id)
    pid = pid_of(page)
    page.execute(
        "import signal; [signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGTERM)]\n"
        "print('deaf', flush=True)\nwhile True: pass"
    )
    page.wait_for(lambda message: message.msg_type == "stream")
    begun_s = time.monotonic()
    bridge.interrupt_kernel(kernel.id)
    assert time.monotonic() - begun_s < 2 * SLOW_MACHINE
    assert bridge.restart_kernel(kernel.id).execution_state == "idle"
    assert not is_running(pid)
    assert page.run("print('back')").text == "back\n"


def test_row_5_a_kernel_that_dies_at_every_start(
    make_bridge: MakeBridge, join: JoinKernel, install_spec: Callable[..., None], home: Path
) -> None:
    gate = home / "dies_from_now_on"
    program = (
        f"import os, sys; os.path.exists({str(gate)!r}) and sys.exit(3)\n"
        "from ipykernel import kernelapp; sys.argv[0] = 'ipykernel'; kernelapp.launch_new_instance()"
    )
    install_spec("looping", "-c", program, "-f", "{connection_file}")
    bridge = make_bridge("looping", KernelRestarter={"restart_limit": 2})
    kernel = bridge.start_kernel(KernelRequest(name="looping"))
    page = join(bridge, kernel.id)
    pid = pid_of(page)
    gate.touch()
    os.kill(pid, signal.SIGKILL)
    dead = page.wait_for(state("dead"), within_s=20 * SLOW_MACHINE)
    assert "status 3" in dead.content["reason"]
    assert bridge.get_kernel(kernel.id).execution_state == "dead"
    assert (bridge.instance_dir / "sidecar.log").read_text().count("kernel restarted") == 2
    gate.unlink()
    assert bridge.restart_kernel(kernel.id).execution_state == "idle"


def test_row_9_a_question_whose_page_has_gone_is_asked_again(bridge: BridgeClient, join: JoinKernel) -> None:
    kernel = bridge.start_kernel(KernelRequest())
    page = join(bridge, kernel.id)
    asked = page.execute("name = input('who? ')\nprint('hello', name)")
    page.wait_for(lambda message: message.msg_type == "input_request")
    page.leave()
    other = join(bridge, kernel.id, "another browser")
    question = other.wait_for(lambda message: message.msg_type == "input_request")
    assert question.content["prompt"] == "who? "
    other.send("input_reply", {"value": "Ada"}, channel="stdin")
    assert other.text_up_to("\n", parent_id=asked) == "hello Ada\n"
    bridge.shutdown_kernel(kernel.id)


SMALL_KERNEL = Path(__file__).parent.parent / "small_kernel.py"
MANY = int(os.environ.get("FLASKNB_MANY_KERNELS", "500"))


def live_and_die(bridge: BridgeClient, name: str, times: int) -> None:
    for _ in range(times):
        bridge.shutdown_kernel(bridge.start_kernel(KernelRequest(name=name)).id)


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("python3", 3),
        ("small", 8),
        pytest.param("python3", 60, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
        pytest.param("small", MANY, marks=[pytest.mark.slow, pytest.mark.timeout(300 + 2 * MANY)]),
    ],
)
def test_row_44_kernels_that_come_and_go_leave_nothing(
    make_bridge: MakeBridge, install_spec: Callable[..., None], home: Path, name: str, times: int
) -> None:
    bridge = make_bridge(f"coming{name}{times}")
    if name == "small" and not (home / "data" / "kernels" / name).exists():
        install_spec(name, str(SMALL_KERNEL), "{connection_file}")
    live_and_die(bridge, name, 2)  # what is opened once, and kept
    sidecar = psutil.Process(discovery_of(bridge).pid)

    def left() -> tuple[int, int, int, set[Path], set[str]]:
        shared = {path.name for path in Path("/dev/shm").glob("*")} if Path("/dev/shm").exists() else set()
        files = set((home / "runtime").rglob("*")) | set(bridge.instance_dir.rglob("*"))
        return sidecar.num_fds(), sidecar.num_threads(), len(sidecar.children(recursive=True)), files, shared

    descriptors, threads, children, files, shared = left()
    memory_bytes = sidecar.memory_info().rss
    live_and_die(bridge, name, times)

    def more() -> list[object]:
        now = left()
        counts = (now[0] - descriptors - A_CONNECTION, now[1] - threads - A_THREAD, now[2] - children)
        return [*(count for count in counts if count > 0), *sorted(now[3] - files), *sorted(now[4] - shared)]

    assert eventually(lambda: not more()), more()
    assert leaves_no_zombies(bridge)
    assert sidecar.memory_info().rss < memory_bytes + KEPT_BYTES + times * PER_KERNEL_BYTES


def test_row_53_children_of_a_kernel_end_with_it(bridge: BridgeClient, join: JoinKernel) -> None:
    kernel = bridge.start_kernel(KernelRequest())
    code = (
        "import multiprocessing, subprocess, time\n"
        "context = multiprocessing.get_context('fork')\n"
        "workers = [context.Process(target=time.sleep, args=(300,), daemon=one) for one in (True, False)]\n"
        "[one.start() for one in workers]\n"
        "shell = subprocess.Popen(['sh', '-c', 'sleep 300 & sleep 300'])\n"
        "print(*[one.pid for one in workers], shell.pid)"
    )
    page = join(bridge, kernel.id)
    children = [int(pid) for pid in page.run(code).text.split()]
    children += [one.pid for pid in children for one in psutil.Process(pid).children(recursive=True)]
    assert all(is_running(pid) for pid in children)
    bridge.shutdown_kernel(kernel.id)
    assert eventually(lambda: not any(is_running(pid) for pid in children))
