"""Options of how kernels are reached, as their connection files show them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flasknb.kernel_bridge.models import KernelRequest
from tests.bridge.conftest import JoinKernel, MakeBridge

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("base", ["KernelManager", "ConnectionFileMixin", "AsyncKernelManager"])
def test_transport_and_signature_are_as_asked_and_the_kernel_answers(
    make_bridge: MakeBridge, join: JoinKernel, home: Path, base: str
) -> None:
    options = {base: {"transport": "tcp", "ip": "127.0.0.1"}}
    session = {"key": b"a key of my own", "signature_scheme": "hmac-sha512"}
    bridge = make_bridge(base.lower(), **options, Session=session)
    kernel_id = bridge.start_kernel(KernelRequest()).id
    connection = json.loads((home / f"runtime/kernel-{kernel_id}.json").read_text())
    assert (connection["transport"], connection["ip"]) == ("tcp", "127.0.0.1")
    assert (connection["key"], connection["signature_scheme"]) == ("a key of my own", "hmac-sha512")
    assert join(bridge, kernel_id).run("print(1)").text == "1\n"
    bridge.shutdown_kernel(kernel_id)


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_empty_values_mean_the_defaults(make_bridge: MakeBridge, join: JoinKernel, home: Path, transport: str) -> None:
    bridge = make_bridge(
        f"empty-{transport}",
        ServerKernelManager={"transport": transport},
        ConnectionFileMixin={"ip": "", "connection_file": ""},
        KernelProvisionerFactory={"default_provisioner_name": ""},
        Session={"key": b"", "session": "", "keyfile": ""},
    )
    kernel_id = bridge.start_kernel(KernelRequest()).id
    connection = json.loads((home / f"runtime/kernel-{kernel_id}.json").read_text())
    assert len(connection["key"]) > 30
    assert transport == "ipc" or connection["ip"] == "127.0.0.1"
    assert join(bridge, kernel_id).run("print(1)").text == "1\n"
    bridge.shutdown_kernel(kernel_id)
