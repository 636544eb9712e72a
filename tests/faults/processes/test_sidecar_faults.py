"""The process that owns the kernels is told to end, killed, hangs, races, is upgraded: rows 13 to 17, 45, 56."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge import handshake
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.handshake import BRIDGE_VERSION
from flasknb.kernel_bridge.instance import Discovery, read_discovery, write_discovery
from flasknb.kernel_bridge.models import KernelRequest, SessionRequest
from flasknb.kernel_bridge.starting import sidecar_settings
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.kernel_site import KernelSite, text_of
from tests.bridge.page import Page
from tests.bridge.sidecars import discovery_of
from tests.processes import is_running
from tests.waiting import SLOW_MACHINE, eventually

OLDER = BRIDGE_VERSION - 1
OLD_SIDECAR = (
    "import sys, flasknb.kernel_bridge.handshake as handshake\n"
    f"handshake.BRIDGE_VERSION = {OLDER}\n"
    "from flasknb.kernel_bridge.sidecar.__main__ import main\n"
    "main(['--detach'])\n"
)

TEXT = {"type": "file", "format": "text", "content": "kept"}
FILE_WORK = [
    ("PUT", "api/contents/a.txt", TEXT, 201),
    ("GET", "api/contents/a.txt", None, 200),
    ("POST", "api/contents/a.txt/checkpoints", None, 201),
    ("PATCH", "api/contents/a.txt", {"path": "b.txt"}, 200),
    ("DELETE", "api/contents/b.txt", None, 204),
    ("GET", "api/contents", None, 200),
    ("GET", "tree", None, 200),
]


@pytest.mark.parametrize("stops", [False, True])
def test_row_13_sigterm_leaves_or_ends_kernels_by_policy(
    make_bridge: MakeBridge, join: JoinKernel, stops: bool
) -> None:
    bridge = make_bridge(f"termed{stops}", KernelSidecar={"stop_kernels_on_sigterm": stops})
    session = bridge.create_session(SessionRequest("a.ipynb", "notebook"))
    page = join(bridge, session.kernel.id)
    kernel_pid = int(page.run("import os; print(os.getpid())").text)
    sidecar = discovery_of(bridge).pid
    os.kill(sidecar, signal.SIGTERM)
    assert eventually(lambda: not is_running(sidecar), within_s=20)
    assert is_running(kernel_pid) is not stops
    assert [one.id for one in bridge.list_sessions()] == ([] if stops else [session.id])


def test_row_14_a_killed_sidecar_is_replaced_and_the_running_cell_goes_on(
    make_bridge: MakeBridge, join: JoinKernel, home: Path
) -> None:
    bridge = make_bridge("killed")
    session = bridge.create_session(SessionRequest("a.ipynb", "notebook"))
    page, gate = join(bridge, session.kernel.id), bridge.instance_dir / "gate"
    connection_file = home / "runtime" / f"kernel-{session.kernel.id}.json"
    key = json.loads(connection_file.read_text())["key"]
    asked = page.execute(f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.05)\nprint('late')")
    page.wait_for(lambda message: message.parent_id == asked)
    os.kill(discovery_of(bridge).pid, signal.SIGKILL)
    begun_s = time.monotonic()
    again = join(bridge, session.kernel.id, since=1, epoch=page.stream.joined.epoch)
    assert time.monotonic() - begun_s < 2 * SLOW_MACHINE
    assert again.stream.joined.missing is not None, "a gap is told, never hidden"
    assert bridge.get_session(session.id).kernel.execution_state == "busy"
    assert json.loads(connection_file.read_text())["key"] == key
    gate.touch()
    wanted = {"stream", "execute_reply"}
    for message in again.received(20):
        wanted -= {message.msg_type} if message.parent_id == asked else set()
        if not wanted:
            break
    assert not wanted


def test_row_14_a_killed_sidecar_is_replaced_though_nobody_asks_for_anything(site: KernelSite) -> None:
    kernel_id = site.kernel()
    with site.channels(kernel_id) as channels:
        channels.run("treasure = 42")
    old = running_sidecar(site)
    os.kill(old, signal.SIGKILL)
    assert eventually(lambda: running_sidecar(site) != old, within_s=2 * SLOW_MACHINE)
    with site.channels(kernel_id) as channels:
        assert text_of(channels.run("print(treasure)")) == "42\n"
    assert site("DELETE", f"api/kernels/{kernel_id}").status == 204


def running_sidecar(site: KernelSite) -> int:
    """Its process, as its file says: the last one's until the next one serves."""
    (folder,) = site.server.runtime_dir.glob("flasknb-*")
    found = read_discovery(folder)
    assert found is not None
    return found.pid


def test_row_15_a_sidecar_that_hangs_is_told_with_a_time_to_try_again_and_files_work(site: KernelSite) -> None:
    site("GET", "api/kernelspecs")  # the sidecar runs
    sidecar = running_sidecar(site)
    os.kill(sidecar, signal.SIGSTOP)
    try:
        begun_s = time.monotonic()
        answer = site("GET", "api/kernels")
        assert (answer.status, time.monotonic() - begun_s < 5 * SLOW_MACHINE) == (503, True)
        assert int(answer.headers["Retry-After"]) > 0
        for method, path, body, status in FILE_WORK:
            begun_s = time.monotonic()
            assert site(method, path, body).status == status
            assert time.monotonic() - begun_s < 1 * SLOW_MACHINE, path
    finally:
        os.kill(sidecar, signal.SIGCONT)
    assert site("GET", "api/kernels").status == 200


def test_row_16_of_many_workers_one_starts_the_sidecar(make_bridge: MakeBridge, home: Path) -> None:
    clients = [make_bridge("race") for _ in range(6)]
    threads = [threading.Thread(target=client.status) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (clients[0].instance_dir / "sidecar.log").read_text().count("sidecar serves") == 1


@pytest.mark.parametrize("is_reused", [False, True])
def test_row_17_a_stale_discovery_file_is_replaced(make_bridge: MakeBridge, home: Path, is_reused: bool) -> None:
    bridge = make_bridge(f"stale{is_reused}")
    bridge.status()
    old = discovery_of(bridge)
    bridge.close()
    os.kill(old.pid, signal.SIGKILL)
    assert eventually(lambda: not is_running(old.pid))
    if is_reused:  # its number belongs to another process now
        write_discovery(bridge.instance_dir, Discovery(os.getpid(), 1, old.socket, old.secret, old.version))
    assert bridge.status().kernels == 0
    assert discovery_of(bridge).pid not in (old.pid, os.getpid())


def test_row_17_a_kernel_whose_number_was_given_to_another_process_is_gone(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("reused")
    kernel = bridge.start_kernel(KernelRequest())
    record = bridge.instance_dir / "kernels" / f"{kernel.id}.json"
    said = json.loads(record.read_text())
    with subprocess.Popen(["sleep", "300"], start_new_session=True) as stranger:
        os.kill(discovery_of(bridge).pid, signal.SIGKILL)
        os.killpg(said["pid"], signal.SIGKILL)
        record.write_text(json.dumps({**said, "pid": stranger.pid}))
        assert bridge.list_kernels() == []
        assert stranger.poll() is None
        stranger.kill()


NEVER = "import time; time.sleep(300)"


def test_row_45_a_kernel_that_was_just_starting_when_all_were_killed_is_ended(
    make_bridge: MakeBridge, install_spec: Callable[..., None], join: JoinKernel
) -> None:
    install_spec("never", "-c", NEVER, "{connection_file}")
    bridge = make_bridge("orphans")
    kept = bridge.start_kernel(KernelRequest())
    join(bridge, kept.id).run("treasure = 42")
    kernel_id = str(uuid.uuid4())

    def start() -> None:
        with pytest.raises(SidecarUnavailable):
            bridge.start_kernel(KernelRequest(name="never", kernel_id=kernel_id))

    thread = threading.Thread(target=start)
    thread.start()
    record = bridge.instance_dir / "kernels" / f"{kernel_id}.json"
    assert eventually(lambda: record.exists() and json.loads(record.read_text())["pid"] > 0)
    pid = json.loads(record.read_text())["pid"]
    os.kill(discovery_of(bridge).pid, signal.SIGKILL)
    thread.join()
    record.write_text(json.dumps({**json.loads(record.read_text()), "pid": 0, "pid_start": 0}))  # killed even earlier
    assert is_running(pid)
    assert [kernel.id for kernel in bridge.list_kernels()] == [kept.id]
    assert eventually(lambda: not is_running(pid))
    assert not record.exists()
    assert join(bridge, kept.id).run("print(treasure)").text == "42\n"


def test_a_damaged_file_of_sessions_is_put_aside(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("damaged")
    session = bridge.create_session(SessionRequest("a.ipynb", "notebook"))
    os.kill(discovery_of(bridge).pid, signal.SIGKILL)
    (bridge.instance_dir / "sessions.sqlite").write_bytes(b"not a database, but rather long text" * 100)
    assert [kernel.id for kernel in bridge.list_kernels()] == [session.kernel.id]
    assert bridge.list_sessions() == []


def start_older_sidecar(bridge: BridgeClient, root_dir: Path) -> None:
    """A sidecar of the version before, as a server that has not been upgraded yet starts it."""
    settings = sidecar_settings(bridge.instance_dir, root_dir, {"KernelSidecar": {"stop_kernels_on_sigterm": True}})
    subprocess.run([sys.executable, "-c", OLD_SIDECAR], input=settings, check=True, timeout=60)


LINES = 500
COUNTING = f"import time\nfor number in range({LINES}):\n    print(number, flush=True)\n    time.sleep(0.01)"


def numbered_text(page: Page, asked: str, end: str, *, within_s: float = 20) -> list[tuple[int, str]]:
    """What the cell prints, with the number of each message, until one ends so or the stream ends."""
    seen: list[tuple[int, str]] = []
    for message in page.received(within_s):
        if message.msg_type == "stream" and message.parent_id == asked:
            seen.append((message.sequence, message.content["text"]))
            if message.content["text"].endswith(end):
                break
    return seen


def test_row_56_a_worker_of_a_new_version_takes_the_kernels_over(
    make_bridge: MakeBridge, join: JoinKernel, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge = make_bridge("upgraded")
    start_older_sidecar(bridge, home / "root")
    old = discovery_of(bridge)
    assert old.version == OLDER
    with monkeypatch.context() as patch:  # as long as the worker is of the old version too
        patch.setattr("flasknb.kernel_bridge.connection.BRIDGE_VERSION", OLDER)
        patch.setattr(handshake, "BRIDGE_VERSION", OLDER)
        session = bridge.create_session(SessionRequest("a.ipynb", "notebook"))
        page = join(bridge, session.kernel.id)
        page.run("treasure = 42")
        asked = page.execute(COUNTING)
        waits = page.execute("print('the next cell')")
        seen = numbered_text(page, asked, "99\n")
    bridge.close()
    assert bridge.attach(), "a worker that starts keeps the kernels alive"
    assert discovery_of(bridge).version == BRIDGE_VERSION
    assert eventually(lambda: not is_running(old.pid))
    assert [one.id for one in bridge.list_sessions()] == [session.id]
    with suppress(TimeoutError):
        seen += numbered_text(page, asked, "never", within_s=1)  # what the old sidecar still told
    again = join(bridge, session.kernel.id, since=seen[-1][0], epoch=page.stream.joined.epoch)
    assert again.stream.joined.missing is None
    told = {asked: "".join(text for _, text in seen), waits: ""}
    for message in again.received(60):
        if message.msg_type == "stream" and message.parent_id in told:
            told[message.parent_id] += message.content["text"]
        if told[waits]:
            break
    assert told[asked] == "".join(f"{number}\n" for number in range(LINES)), "nothing is lost, nothing twice"
    assert told[waits] == "the next cell\n"
    assert join(bridge, session.kernel.id).run("print(treasure)").text == "42\n"
    assert psutil.pid_exists(discovery_of(bridge).pid)


def test_row_56_a_worker_of_an_old_version_is_told_to_restart(
    make_bridge: MakeBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge = make_bridge("ahead")
    bridge.status()
    running = discovery_of(bridge).pid
    monkeypatch.setattr("flasknb.kernel_bridge.connection.BRIDGE_VERSION", OLDER)
    bridge.close()
    with pytest.raises(SidecarUnavailable, match="Restart this server"):
        bridge.list_kernels()
    assert is_running(running)
