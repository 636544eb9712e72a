"""How kernels are reached: transport, ports, keys, encryption, and programs that attach by the connection file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flasknb.errors import KernelFailed
from flasknb.kernel_bridge.models import KernelRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.kernel_site import blocking_client

PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")


def connection_info(home: Path, kernel_id: str) -> Any:
    return json.loads((home / "runtime" / f"kernel-{kernel_id}.json").read_text())


@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_traffic_is_encrypted_where_that_is_required(
    make_bridge: MakeBridge, join: JoinKernel, home: Path, install_spec: Callable[..., None], transport: str
) -> None:
    name = f"curve-{transport}"
    launcher = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
    install_spec(name, *launcher, metadata={"supported_encryption": ["curve"]})
    install_spec(f"plain-{transport}", *launcher)
    options = {"transport_encryption": "required"}
    required = make_bridge(name, MappingKernelManager=options, KernelManager={"transport": transport})
    kernel_id = required.start_kernel(KernelRequest(name=name)).id
    info = connection_info(home, kernel_id)
    assert info["transport"] == transport
    assert info["curve_publickey"]
    page = join(required, kernel_id)
    assert page.run("print('secret')").text == "secret\n"
    required.restart_kernel(kernel_id)
    assert page.run("print('again')").text == "again\n"
    with pytest.raises(KernelFailed, match="supported_encryption"):
        required.start_kernel(KernelRequest(name=f"plain-{transport}"))
    required.shutdown_kernel(kernel_id)


def test_auto_encrypts_what_can_be(make_bridge: MakeBridge, home: Path, join: JoinKernel) -> None:
    auto = make_bridge("auto", MappingKernelManager={"transport_encryption": "auto"})
    kernel_id = auto.start_kernel(KernelRequest()).id
    assert "curve_publickey" in connection_info(home, kernel_id)
    assert join(auto, kernel_id).run("print(1)").text == "1\n"


@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_others_attach_by_the_connection_file_and_ports_are_kept_over_a_restart(
    make_bridge: MakeBridge, home: Path, transport: str
) -> None:
    bridge = make_bridge(f"attach-{transport}", ConnectionFileMixin={"transport": transport})
    kernel_id = bridge.start_kernel(KernelRequest()).id
    before = connection_info(home, kernel_id)
    assert (home / "runtime" / f"kernel-{kernel_id}.json").stat().st_mode & 0o777 == 0o600
    for _ in range(2):
        client = blocking_client(home / "runtime" / f"kernel-{kernel_id}.json")
        assert client.execute_interactive("1 + 1", timeout=20)["content"]["status"] == "ok"
        client.stop_channels()
        bridge.restart_kernel(kernel_id)
    assert {name: connection_info(home, kernel_id)[name] for name in PORTS} == {name: before[name] for name in PORTS}


def test_a_kernel_can_be_told_its_ports_key_and_scheme(make_bridge: MakeBridge, home: Path, join: JoinKernel) -> None:
    from tests.servers import free_port

    ports = {name: free_port() for name in PORTS}
    manager = {"transport": "tcp", "ip": "127.0.0.1", "cache_ports": False, **ports}
    session = {"signature_scheme": "hmac-sha512", "key": b"a key of mine"}
    bridge = make_bridge("told", KernelManager=manager, Session=session)
    kernel_id = bridge.start_kernel(KernelRequest()).id
    info = connection_info(home, kernel_id)
    assert {name: info[name] for name in PORTS} == ports
    assert (info["signature_scheme"], info["key"]) == ("hmac-sha512", "a key of mine")
    assert join(bridge, kernel_id).run("print(1)").text == "1\n"


def test_jupyter_console_attaches(make_bridge: MakeBridge, home: Path) -> None:
    bridge = make_bridge("console")
    kernel_id = bridge.start_kernel(KernelRequest()).id
    command = [sys.executable, "-m", "jupyter_console", "--existing", kernel_id, "--simple-prompt"]
    environ = {**os.environ, "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    said = "print(6 * 7)\nexit(keep_kernel=True)\n"
    done = subprocess.run(command, input=said, capture_output=True, text=True, timeout=60, env=environ, check=False)
    assert "42" in done.stdout, done.stderr
    assert bridge.get_kernel(kernel_id).execution_state in ("idle", "busy")
