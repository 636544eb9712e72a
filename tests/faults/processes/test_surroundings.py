"""What the system has too little of, or is unusual in: rows 41, 42, 43, 49, 54 of the faults."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from flasknb.errors import FlasknbError, OutOfResources, TooManyKernels
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelModel, KernelRequest
from tests.bridge.commands import REPO, URL, flasknb, free_port, running, wait_for_none
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.kernel_site import KernelSite, text_of
from tests.bridge.sidecars import discovery_of
from tests.faults.test_exhaustion import processes_of
from tests.servers import start_server
from tests.waiting import eventually

MANY = 40


def start_many(bridge: BridgeClient, kernels: list[KernelModel]) -> None:
    for _ in range(MANY):
        kernels.append(bridge.start_kernel(KernelRequest()))


def test_row_41_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running(flasknb(f"--port={port}", "--ServerApp.port_retries=0"), tmp_path) as command:
            assert command.wait() not in (0, 3, 4)
            assert str(port) in command.output
            assert "Traceback" not in command.output


FIRST_FREE_PORT = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def test_row_41_a_port_for_the_system_only_is_a_sentence(tmp_path: Path) -> None:
    if not FIRST_FREE_PORT.exists() or int(FIRST_FREE_PORT.read_text()) < 1024:
        pytest.skip("every port is free for everybody here")
    alone = [] if os.geteuid() else ["setpriv", "--bounding-set=-net_bind_service"]
    if alone and not shutil.which("setpriv"):
        pytest.skip("needs setpriv")
    folders = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    command = [*alone, sys.executable, "-m", *flasknb("--port=843", "--ServerApp.port_retries=0", str(tmp_path))]
    environment = {**os.environ, **folders, "PYTHONPATH": str(REPO)}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode not in (0, 3, 4)
    assert "Permission to listen on port 843 denied" in found.stderr
    assert "Traceback" not in found.stderr
    assert eventually(lambda: not processes_of(tmp_path / "runtime"))


def test_row_41_a_folder_too_deep_for_sockets_is_no_obstacle(home: Path, join: JoinKernel) -> None:
    bridge = BridgeClient(home / ("deep" * 30), home, {"KernelSidecar": {"spare_kernels": []}})
    try:
        kernel = bridge.start_kernel(KernelRequest())
        assert join(bridge, kernel.id).run("print('well')").text == "well\n"
    finally:
        bridge.shutdown_sidecar()


def test_row_42_few_descriptors_are_told_and_given_back(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("narrow")
    bridge.status()
    sidecar = psutil.Process(discovery_of(bridge).pid)
    sidecar.rlimit(psutil.RLIMIT_NOFILE, (256, 256))
    kernels: list[KernelModel] = []
    with pytest.raises((OutOfResources, TooManyKernels)):
        start_many(bridge, kernels)
    assert kernels
    assert sidecar.is_running()
    bridge.shutdown_kernel(kernels.pop().id)
    bridge.shutdown_kernel(kernels.pop().id)
    bridge.shutdown_kernel(bridge.start_kernel(KernelRequest()).id)
    for kernel in kernels:
        bridge.shutdown_kernel(kernel.id)


@pytest.mark.parametrize("times", [300, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_row_42_connections_that_come_and_go_leave_nothing(bridge: BridgeClient, join: JoinKernel, times: int) -> None:
    kernel = bridge.start_kernel(KernelRequest())
    sidecar = psutil.Process(discovery_of(bridge).pid)
    join(bridge, kernel.id, "first").leave()
    before = sidecar.num_fds()
    for number in range(times):
        bridge.open_channels(kernel.id, f"page{number}").release()
    assert eventually(lambda: bridge.get_kernel(kernel.id).connections == 0, within_s=30)
    assert sidecar.num_fds() <= before + 1
    bridge.shutdown_kernel(kernel.id)


def test_row_43_where_no_process_can_be_made_nothing_is_left(make_bridge: MakeBridge, home: Path) -> None:
    bridge = make_bridge("crowded")
    bridge.status()
    sidecar = psutil.Process(discovery_of(bridge).pid)
    pages = int(Path(f"/proc/{sidecar.pid}/statm").read_text().split()[0])
    sidecar.rlimit(psutil.RLIMIT_AS, (pages * resource.getpagesize(), resource.RLIM_INFINITY))
    with pytest.raises(FlasknbError):
        start_many(bridge, [])
    sidecar.rlimit(psutil.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for kernel in bridge.list_kernels():
        bridge.shutdown_kernel(kernel.id)
    assert eventually(lambda: sidecar.children() == [])
    assert not list((bridge.instance_dir / "kernels").iterdir())
    bridge.shutdown_kernel(bridge.start_kernel(KernelRequest()).id)


def test_row_49_control_c_twice_ends_everything(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path) as command:
        command.ask("POST", "api/kernels")
        command.interrupt()
        command.read_until(r"Shut down this Jupyter server")
        command.interrupt()
        assert command.wait() == 0
        wait_for_none(command)


def test_row_49_a_closed_terminal_ends_everything(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path) as command:
        command.ask("POST", "api/kernels")
        command.process.send_signal(signal.SIGHUP)
        assert command.wait() == 0
        wait_for_none(command)


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare")
def test_row_54_in_a_container_as_process_1_of_an_unknown_user_without_a_home(tmp_path: Path) -> None:
    runtime, root = tmp_path / "runtime", tmp_path / "root"
    root.mkdir()
    program = (
        "import os, sys\n"
        "from flasknb.kernel_bridge.client import BridgeClient\n"
        "from flasknb.kernel_bridge.models import KernelModel, KernelRequest\n"
        "from pathlib import Path\n"
        f"bridge = BridgeClient(None, Path({str(root)!r}), {{}})\n"
        "kernel = bridge.start_kernel(KernelRequest())\n"
        "print(os.getpid(), os.getuid() > 0, kernel.execution_state)\n"
        "bridge.shutdown_sidecar()\n"
    )
    found = subprocess.run(
        ["unshare", "--user", "--pid", "--fork", "--mount-proc", sys.executable, "-c", program],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPO),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "TMPDIR": "/nowhere",
        },
        cwd="/",
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    if "Operation not permitted" in found.stderr:
        pytest.skip("namespaces are not allowed here")
    assert found.stdout.split() == ["1", "True", "idle"], found.stderr[-2000:]


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Sockets fit into it: else they would be in /tmp."""
    folder = Path(tempfile.mkdtemp(prefix="fnb"))
    yield folder
    shutil.rmtree(folder)


READ_ONLY = """
mount --make-rprivate / && mount --bind "$1" "$1" || exit 77
mount -o remount,bind,noexec "$1" && mount -o remount,bind,ro / || exit 77
if touch "$1/../written" 2>/dev/null; then exit 77; fi
shift
exec "$@"
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare")
def test_row_54_nothing_but_its_own_folders_is_written_and_nothing_in_them_executed(short_folder: Path) -> None:
    """The whole file system is read-only but for one folder, in which nothing can be executed."""
    home = short_folder
    alone = ["unshare", "--mount", *(["--user", "--map-root-user"] if os.geteuid() else [])]
    inside = [*alone, "sh", "-c", READ_ONLY, "sh", str(home)]
    if subprocess.run([*inside, "true"], check=False, capture_output=True, timeout=20).returncode:
        pytest.skip("mounts are not allowed here")
    nowhere = {"HOME": "/nowhere", "TMPDIR": "/nowhere", "PYTHONDONTWRITEBYTECODE": "1", "SHELL": "/bin/sh"}
    server = start_server("flasknb", home, variables=nowhere, inside=inside)
    site = KernelSite(server)
    try:
        kernel_id = site.kernel()
        with site.channels(kernel_id) as channels:
            assert text_of(channels.run("print(open('/written', 'w'))")) == ""
            assert text_of(channels.run("print(6 * 7)")) == "42\n"
        saved = {"type": "file", "format": "text", "content": "kept"}
        assert site("PUT", "api/contents/a.txt", saved).status == 201
        assert site("POST", "api/contents/a.txt/checkpoints").status == 201
        assert site("POST", "api/terminals").status == 200
        assert (server.root_dir / "a.txt").read_text() == "kept"
        assert "Traceback" not in server.log
    finally:
        server.stop()


def test_the_address_is_told_without_a_terminal(tmp_path: Path) -> None:
    with running(flasknb("--port=0"), tmp_path) as command:
        assert command.read_until(URL)
        assert free_port() > 0
