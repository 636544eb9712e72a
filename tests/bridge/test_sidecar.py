"""The sidecar as a process: started once, found, killed, hung, replaced, refusing strangers."""

from __future__ import annotations

import os
import signal
import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import orjson
import psutil
import pytest

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.connection import BridgeConnection, SidecarAbsent
from flasknb.kernel_bridge.frames import Kind, pack, pack_json
from flasknb.kernel_bridge.handshake import BRIDGE_VERSION, ROLE_CALLS
from flasknb.kernel_bridge.instance import Discovery, discovery_path, socket_dir
from flasknb.kernel_bridge.models import KernelModel, KernelRequest, SessionRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import Page, state
from tests.bridge.sidecars import discovery_of
from tests.processes import is_running
from tests.waiting import SLOW_MACHINE, eventually

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def is_written(bridge: BridgeClient) -> bool:
    """Whether the journals, which are written behind the messages, have come to rest."""

    def sizes() -> list[int]:
        return [path.stat().st_size for path in (bridge.instance_dir / "journals").glob("*.journal-*")]

    before = sizes()
    time.sleep(0.5)
    return bool(before) and sizes() == before


def has_confirmed(page: Page, count: int) -> bool:
    """Whether the page was told that so many of its messages have reached the kernel."""
    with suppress(TimeoutError):
        for _ in page.received(0.1):
            pass
    return any(orjson.loads(note).get("arrived") == count for note in page.stream.notes)


def test_files_of_the_sidecar_are_private(bridge: BridgeClient) -> None:
    bridge.status()
    assert bridge.instance_dir.stat().st_mode & 0o777 == 0o700
    assert discovery_path(bridge.instance_dir).stat().st_mode & 0o777 == 0o600
    assert Path(discovery_of(bridge).socket).parent.stat().st_mode & 0o777 == 0o700


def test_kernels_survive_the_death_of_the_sidecar(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("killed")
    session = bridge.create_session(SessionRequest("a.ipynb", "notebook"))
    page = join(bridge, session.kernel.id)
    last_seen = page.run("treasure = 42").messages[-1].sequence
    assert eventually(lambda: is_written(bridge))
    os.kill(discovery_of(bridge).pid, signal.SIGKILL)
    assert list(page.received(5)) == []
    begun_s = time.monotonic()
    assert bridge.get_session(session.id).kernel.id == session.kernel.id
    again = join(bridge, session.kernel.id, since=last_seen, epoch=page.stream.joined.epoch, takes_notes=True)
    assert again.run("print(treasure)").text == "42\n"
    assert time.monotonic() - begun_s < 2 * SLOW_MACHINE
    assert again.stream.joined.epoch == page.stream.joined.epoch
    assert again.stream.joined.missing is None
    assert not [note for note in again.stream.notes if "missing" in note]
    assert bridge.restart_kernel(session.kernel.id).execution_state == "idle"
    assert again.run("print('treasure' in globals())").text == "False\n"
    bridge.shutdown_kernel(session.kernel.id)


def test_a_cell_that_runs_while_the_sidecar_dies_still_replies(
    make_bridge: MakeBridge, join: JoinKernel, tmp_path: Path
) -> None:
    bridge = make_bridge("killed")
    kernel = bridge.start_kernel(KernelRequest())
    page = join(bridge, kernel.id)
    gate = tmp_path / "gate"
    asked = page.execute(f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.05)\nprint('late')")
    page.wait_for(lambda message: message.parent_id == asked)
    os.kill(discovery_of(bridge).pid, signal.SIGKILL)
    again = join(bridge, kernel.id)
    assert bridge.get_kernel(kernel.id).execution_state == "busy"
    gate.touch()
    types = []
    for message in again.received(10):
        types += [message.msg_type] if message.parent_id == asked else []
        if {"stream", "execute_reply"} <= set(types):
            break
    assert eventually(lambda: bridge.get_kernel(kernel.id).execution_state == "idle")


def test_an_adopted_kernel_that_dies_is_restarted(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("killed")
    kernel = bridge.start_kernel(KernelRequest())
    os.kill(discovery_of(bridge).pid, signal.SIGKILL)
    page = join(bridge, kernel.id)
    os.kill(int(page.run("import os; print(os.getpid())").text), signal.SIGKILL)
    page.wait_for(state("restarting"), within_s=6)
    assert page.run("print('back')").text == "back\n"


def test_sigterm_leaves_kernels_to_the_next_sidecar(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("termed")
    kernel = bridge.start_kernel(KernelRequest())
    join(bridge, kernel.id).run("treasure = 42")
    old = discovery_of(bridge).pid
    os.kill(old, signal.SIGTERM)
    assert eventually(lambda: not is_running(old))
    assert join(bridge, kernel.id).run("print(treasure)").text == "42\n"


def test_sigterm_ends_kernels_where_the_option_says_so(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("strict", KernelSidecar={"stop_kernels_on_sigterm": True})
    kernel = bridge.start_kernel(KernelRequest())
    pid = int(join(bridge, kernel.id).run("import os; print(os.getpid())").text)
    os.kill(discovery_of(bridge).pid, signal.SIGTERM)
    assert eventually(lambda: not is_running(pid))
    assert bridge.list_kernels() == []


def test_shutdown_ends_kernels_and_sidecar(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("ended")
    kernel = bridge.start_kernel(KernelRequest())
    pid = int(join(bridge, kernel.id).run("import os; print(os.getpid())").text)
    sidecar = discovery_of(bridge).pid
    bridge.shutdown_sidecar()
    assert eventually(lambda: not is_running(pid) and not is_running(sidecar))
    assert not discovery_path(bridge.instance_dir).exists()


def test_shutdown_by_many_at_once_is_one_shutdown(make_bridge: MakeBridge) -> None:
    bridges = [make_bridge("ended by many") for _ in range(6)]
    bridges[0].status()
    sidecar = discovery_of(bridges[0]).pid
    with ThreadPoolExecutor(len(bridges)) as pool:
        for ending in [pool.submit(bridge.shutdown_sidecar) for bridge in bridges]:
            ending.result()
    assert eventually(lambda: not is_running(sidecar))


def test_a_lonely_sidecar_ends_with_its_kernels(make_bridge: MakeBridge, join: JoinKernel) -> None:
    bridge = make_bridge("lonely", KernelSidecar={"grace_time_s": 1.0})
    kernel = bridge.start_kernel(KernelRequest())
    page = join(bridge, kernel.id)
    pid, sidecar = int(page.run("import os; print(os.getpid())").text), discovery_of(bridge).pid
    page.leave()
    time.sleep(1.5)  # longer than the grace time
    assert is_running(pid)  # the idle connection of the client counts
    bridge.close()
    assert eventually(lambda: not is_running(pid) and not is_running(sidecar))


def test_a_hung_sidecar_is_reported_quickly(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("hung")
    bridge.status()
    pid = discovery_of(bridge).pid
    os.kill(pid, signal.SIGSTOP)
    try:
        begun_s = time.monotonic()
        with ThreadPoolExecutor() as pool:  # at once over the connection that was open and over a new one
            calls = [pool.submit(bridge.list_kernels) for _ in range(2)]
        assert time.monotonic() - begun_s < 3 * SLOW_MACHINE
        for call in calls:
            with pytest.raises(SidecarUnavailable, match=r"(does|did) not answer"):
                call.result()
    finally:
        os.kill(pid, signal.SIGCONT)
    assert bridge.list_kernels() == []


def test_a_stale_discovery_file_is_replaced(make_bridge: MakeBridge, home: Path) -> None:
    bridge = make_bridge("stale")
    bridge.status()
    sidecar = psutil.Process(discovery_of(bridge).pid)
    bridge.close()
    sidecar.kill()
    assert eventually(lambda: not is_running(sidecar.pid))
    assert bridge.status().kernels == 0


def test_whoever_does_not_know_the_secret_is_turned_away(bridge: BridgeClient) -> None:
    bridge.status()
    found = discovery_of(bridge)
    stranger = Discovery(found.pid, found.pid_start, found.socket, "guessed", found.version)
    with pytest.raises(SidecarAbsent):
        BridgeConnection(stranger, ROLE_CALLS)
    assert bridge.status().kernels >= 0


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack("<IB", 2**31, Kind.HELLO),
        struct.pack("<IB", 2**31, Kind.MESSAGE),
        struct.pack("<IB", 0, Kind.HELLO),
        pack(Kind.HELLO, b"[1, 2]"),
        pack(Kind.HELLO, b"\xff\xfe"),
        pack_json(Kind.CALL, {"id": 1, "method": "shutdown", "params": {}}),
        pack_json(Kind.HELLO, {"version": BRIDGE_VERSION, "proof": ["x"], "nonce": None, "role": "calls"}),
    ],
)
def test_garbage_ends_the_connection_and_nothing_else(
    bridge: BridgeClient, kernel: KernelModel, garbage: bytes
) -> None:
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(5)
        peer.connect(discovery_of(bridge).socket)
        peer.sendall(garbage)
        with suppress(ConnectionResetError):
            while peer.recv(4096):
                pass
    assert bridge.get_kernel(kernel.id).id == kernel.id


def test_a_new_sidecar_clears_up_what_a_killed_one_left(make_bridge: MakeBridge, join: JoinKernel, home: Path) -> None:
    bridge = make_bridge("littered")
    kept, lost, cut_off = (bridge.start_kernel(KernelRequest()) for _ in range(3))
    lost_pid, cut_off_pid = (
        int(join(bridge, kernel.id).run("import os; print(os.getpid())").text) for kernel in (lost, cut_off)
    )
    os.kill(discovery_of(bridge).pid, signal.SIGKILL)
    os.kill(lost_pid, signal.SIGKILL)
    (home / "runtime" / f"kernel-{cut_off.id}.json").unlink()
    folder = home / "littered" / "kernels"
    for name in (f"{UNKNOWN_ID}.log", f"{kept.id}.json.123.tmp", f"{UNKNOWN_ID}.json.123.tmp"):
        (folder / name).touch()
    sockets = socket_dir(home / "littered")
    assert len(list(sockets.glob("k*-*"))) == 15
    assert [kernel.id for kernel in bridge.list_kernels()] == [kept.id]
    assert eventually(lambda: not is_running(cut_off_pid))
    assert {path.name.partition(".")[0] for path in folder.iterdir()} == {kept.id}
    assert len(list(sockets.glob("k*-*"))) == 5
    assert join(bridge, kept.id).run("print('alive')").text == "alive\n"


def test_sigterm_while_a_kernel_starts_keeps_the_others(
    make_bridge: MakeBridge, join: JoinKernel, install_spec: Callable[..., None]
) -> None:
    install_spec("never", "-c", "import time; time.sleep(300)", "{connection_file}")
    bridge = make_bridge("busy")
    kernel = bridge.start_kernel(KernelRequest())
    join(bridge, kernel.id).run("treasure = 42")
    with ThreadPoolExecutor() as pool:
        start = pool.submit(bridge.start_kernel, KernelRequest(name="never", kernel_id=UNKNOWN_ID))
        assert eventually(lambda: len(bridge.list_kernels()) == 2)
        sidecar = discovery_of(bridge).pid
        os.kill(sidecar, signal.SIGTERM)
        assert eventually(lambda: not is_running(sidecar))
        with pytest.raises(SidecarUnavailable):
            start.result()
    assert join(bridge, kernel.id).run("print(treasure)").text == "42\n"
    assert [found.id for found in bridge.list_kernels()] == [kernel.id]
    assert not any(UNKNOWN_ID in str(process.info["cmdline"]) for process in psutil.process_iter(["cmdline"]))


def test_a_cell_that_waits_while_the_sidecar_dies_runs_when_its_page_asks_again(
    make_bridge: MakeBridge, join: JoinKernel, tmp_path: Path
) -> None:
    bridge, gate = make_bridge("killed"), tmp_path / "gate"
    kernel = bridge.start_kernel(KernelRequest())
    page = join(bridge, kernel.id, takes_notes=True)
    wait = f"import os, time\nprint('one')\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.05)"
    requests = [page.packed_execution(wait), page.packed_execution("print('two')")]
    for request in requests:
        page.stream.send(request)
    last_seen = page.wait_for(lambda message: message.msg_type == "stream").sequence
    assert eventually(lambda: has_confirmed(page, 1))
    os.kill(discovery_of(bridge).pid, signal.SIGKILL)
    page.leave()
    again = join(bridge, kernel.id, since=last_seen, epoch=page.stream.joined.epoch, takes_notes=True)
    for request in requests:
        again.stream.send(request)
    gate.touch()
    texts = []
    for message in again.received(20):
        texts += [message.content["text"]] if message.msg_type == "stream" else []
        if texts and message.msg_type == "execute_reply":
            break
    assert texts == ["two\n"]
