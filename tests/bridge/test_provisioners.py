"""Kernels that a provisioner of the specification's own starts: in another network, or with another package."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flasknb.errors import KernelMissing
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest, SessionRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import state
from tests.bridge.sidecars import sidecar_pid
from tests.processes import is_running
from tests.waiting import eventually

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parent / "namespace_provisioner"
ARGUMENTS = ("-m", "ipykernel_launcher", "-f", "{connection_file}")


def makes_namespaces() -> bool:
    name = f"fnbtest{os.getpid()}"
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False, timeout=20).returncode == 0
    cable = ["ip", "link", "add", f"n{name[-9:]}", "type", "veth", "peer", "name", "far", "netns", name]
    made = made and subprocess.run(cable, capture_output=True, check=False, timeout=20).returncode == 0
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False, timeout=20)
    return made


namespaces = pytest.mark.skipif(not makes_namespaces(), reason="no network namespace can be made here")


@pytest.fixture(scope="module", autouse=True)
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The package with the provisioners, installed where this module's sidecars look."""
    folder = tmp_path_factory.mktemp("packages")
    source = tmp_path_factory.mktemp("source") / "package"
    shutil.copytree(PACKAGE, source)
    command = ["pip", "install", "-q", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(folder)]
    subprocess.run([sys.executable, "-m", *command, str(source)], check=True, timeout=100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{folder}:{os.environ.get('PYTHONPATH', '')}".rstrip(":"))
        yield


@pytest.fixture(scope="module")
def bridge(package: None, make_bridge: MakeBridge, install_spec: Callable[..., None]) -> BridgeClient:
    for name in ("namespace", "silent"):
        metadata = {"kernel_provisioner": {"provisioner_name": f"flasknb-test-{name}"}}
        install_spec(name, *ARGUMENTS, metadata=metadata)
    client = make_bridge("provisioned", KernelRestarter={"time_to_dead": 0.3})
    client.status()
    return client


def kill_sidecar(bridge: BridgeClient) -> None:
    os.kill(sidecar_pid(bridge), signal.SIGKILL)


def namespaces_there() -> str:
    return subprocess.run(["ip", "netns"], capture_output=True, text=True, check=True, timeout=20).stdout


@namespaces
def test_a_kernel_in_another_network_lives_like_one_of_this_machine(bridge: BridgeClient, join: JoinKernel) -> None:
    kernel = bridge.start_kernel(KernelRequest(name="namespace"))
    page = join(bridge, kernel.id)
    page.run("import os; from ipykernel import get_connection_info")
    assert page.run("print(get_connection_info(unpack=True)['ip'])").text.startswith("10.")
    name = page.run("print(os.environ['KERNEL_NAMESPACE'])").text.strip()
    assert name in namespaces_there()
    assert page.run("print('x' * 3_000_000)").text == "x" * 3_000_000 + "\n"
    page.run_for_long()
    bridge.interrupt_kernel(kernel.id)
    page.wait_for(lambda message: message.msg_type == "error" and message.content["ename"] == "KeyboardInterrupt")
    page.run("x = 1")
    assert bridge.restart_kernel(kernel.id).execution_state == "idle"
    assert page.run("print('x' in dir())").text == "False\n"
    bridge.shutdown_kernel(kernel.id)
    assert eventually(lambda: name not in namespaces_there())


@namespaces
def test_one_that_dies_there_is_started_again(bridge: BridgeClient, join: JoinKernel) -> None:
    kernel = bridge.start_kernel(KernelRequest(name="namespace"))
    page = join(bridge, kernel.id)
    page.execute("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    page.wait_for(state("restarting"))
    assert eventually(lambda: bridge.get_kernel(kernel.id).execution_state == "idle", within_s=30)
    assert page.run("print('again')").text == "again\n"
    bridge.shutdown_kernel(kernel.id)


@namespaces
def test_the_next_sidecar_takes_it_over(bridge: BridgeClient, join: JoinKernel) -> None:
    session = bridge.create_session(SessionRequest("far.ipynb", "notebook", kernel=KernelRequest(name="namespace")))
    page = join(bridge, session.kernel.id)
    pid = int(page.run("import os; kept = 'kept'; print(os.getpid())").text)
    kill_sidecar(bridge)
    assert eventually(lambda: [one.id for one in bridge.list_sessions()] == [session.id], within_s=30)
    page = join(bridge, session.kernel.id, "another")
    assert page.run("print(kept)").text == "kept\n"
    page.run_for_long()
    bridge.interrupt_kernel(session.kernel.id)
    page.wait_for(lambda message: message.msg_type == "error")
    bridge.delete_session(session.id)
    assert eventually(lambda: not is_running(pid))
    assert eventually(lambda: f"fnb{session.kernel.id[:8]}" not in namespaces_there())


@namespaces
def test_one_that_ended_while_nobody_looked_is_not_taken_over(bridge: BridgeClient, join: JoinKernel) -> None:
    kernel = bridge.start_kernel(KernelRequest(name="namespace"))
    pid = int(join(bridge, kernel.id).run("import os; print(os.getpid())").text)
    kill_sidecar(bridge)
    os.kill(pid, signal.SIGKILL)
    bridge.status()
    with pytest.raises(KernelMissing):
        bridge.get_kernel(kernel.id)
    subprocess.run(["ip", "netns", "del", f"fnb{kernel.id[:8]}"], check=True, timeout=20)


def test_a_provisioner_that_cannot_say_where_its_kernel_is_works_all_the_same(
    bridge: BridgeClient, join: JoinKernel
) -> None:
    kernel = bridge.start_kernel(KernelRequest(name="silent"))
    assert join(bridge, kernel.id).run("print('fine')").text == "fine\n"
    assert not (bridge.instance_dir / "kernels" / f"{kernel.id}.json").exists()
    assert "will not be taken over" in (bridge.instance_dir / "sidecar.log").read_text()
    bridge.shutdown_kernel(kernel.id)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_gateway_provisioners_run_kernels_by_configuration(
    make_bridge: MakeBridge, home: Path, join: JoinKernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ``DistributedProvisioner``, which would use ssh for other hosts than this one."""
    pytest.importorskip("gateway_provisioners")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "gateway_provisioners.cli.ssh_specapp", "install"),
            *("--prefix", str(home), "--kernel-name", "distributed", "--remote-hosts", "localhost"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert made.returncode == 0, made.stderr
    installed = home / "share" / "jupyter" / "kernels" / "distributed"
    spec = json.loads((installed / "kernel.json").read_text())
    assert spec["metadata"]["kernel_provisioner"]["provisioner_name"] == "distributed-provisioner"
    shutil.copytree(installed, home / "data" / "kernels" / "distributed")
    spec["argv"][0] = sys.executable
    (home / "data" / "kernels" / "distributed" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("GP_KERNEL_LOG_DIR", str(home))
    bridge = make_bridge("distributed", KernelRestarter={"time_to_dead": 0.3}, KernelSidecar={"allowed_env": ["GP_*"]})
    kernel = bridge.start_kernel(KernelRequest(name="distributed", env={"KERNEL_USERNAME": "ann"}))
    page = join(bridge, kernel.id)
    assert page.run("x = 6 * 7; print(x)").text == "42\n"
    page.run_for_long()
    bridge.interrupt_kernel(kernel.id)
    page.wait_for(lambda message: message.msg_type == "error" and message.content["ename"] == "KeyboardInterrupt")
    assert eventually(lambda: page.run("x").reply["status"] == "ok", within_s=30)  # at first it aborts what comes
    pid = int(page.run("import os; print(os.getpid())").text)
    assert (bridge.instance_dir / "kernels" / f"{kernel.id}.json").exists()
    assert bridge.restart_kernel(kernel.id).execution_state == "idle"
    assert page.run("print('x' in dir())").text == "False\n"
    assert eventually(lambda: not is_running(pid))
    pid = int(page.run("import os; x = 'lost'; print(os.getpid())").text)
    kill_sidecar(bridge)
    # its launcher ends with the process that started it: the next sidecar finds that out, and starts another one
    assert eventually(lambda: not is_running(pid), within_s=30)
    assert eventually(lambda: bridge.get_kernel(kernel.id).execution_state == "idle", within_s=60)
    page = join(bridge, kernel.id, "later")
    assert page.run("print(globals().get('x'))").text == "None\n"
    pid = int(page.run("import os; print(os.getpid())").text)
    bridge.shutdown_kernel(kernel.id)
    assert eventually(lambda: not is_running(pid))
