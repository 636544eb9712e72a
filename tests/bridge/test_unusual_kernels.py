"""Kernels that nobody waits for, and kernels that somebody else started."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from flasknb.errors import KernelMissing, NotSupportedHere
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import state
from tests.waiting import eventually

pytestmark = pytest.mark.slow

SLOW = """
import sys, time
time.sleep(2)
sys.argv[0] = "ipykernel"
from ipykernel import kernelapp
kernelapp.launch_new_instance()
"""


@pytest.fixture(scope="module")
def pending(make_bridge: MakeBridge, install_spec: Callable[..., None]) -> BridgeClient:
    install_spec("slow", "-c", textwrap.dedent(SLOW), "-f", "{connection_file}")
    install_spec("failing", "-c", "raise SystemExit('no luck')", "-f", "{connection_file}")
    return make_bridge("pending", AsyncMultiKernelManager={"use_pending_kernels": True})


def test_a_pending_kernel_is_there_at_once_and_loses_no_output(pending: BridgeClient, join: JoinKernel) -> None:
    model = pending.start_kernel(KernelRequest(name="slow"))
    assert model.execution_state == "starting"
    page = join(pending, model.id)
    assert page.run("print('early')").text == "early\n"
    assert eventually(lambda: pending.get_kernel(model.id).execution_state == "idle")
    pending.shutdown_kernel(model.id)


def test_a_pending_kernel_that_fails_is_shown_dead_with_its_reason(pending: BridgeClient, join: JoinKernel) -> None:
    model = pending.start_kernel(KernelRequest(name="failing"))
    join(pending, model.id).wait_for(state("dead"))
    assert eventually(lambda: "no luck" in str(pending.get_kernel(model.id).reason))
    pending.shutdown_kernel(model.id)
    with pytest.raises(KernelMissing):
        pending.get_kernel(model.id)


def test_a_pending_kernel_can_be_shut_down_while_it_starts(pending: BridgeClient) -> None:
    model = pending.start_kernel(KernelRequest(name="slow"))
    pending.shutdown_kernel(model.id)
    assert model.id not in [kernel.id for kernel in pending.list_kernels()]


@contextmanager
def foreign_kernel(folder: Path) -> Iterator[Any]:
    """A kernel that nobody here started, with its connection file in ``folder``."""
    folder.mkdir(exist_ok=True)
    manager = KernelManager(connection_file=str(folder / "foreign.json"))
    manager.start_kernel()
    try:
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        client.stop_channels()
        yield manager
    finally:
        manager.shutdown_kernel(now=True)


def test_kernels_of_others_are_shown_used_and_never_ended(
    make_bridge: MakeBridge, join: JoinKernel, home: Path
) -> None:
    folder = home / "external"
    options = {"allow_external_kernels": True, "external_connection_dir": str(folder)}
    bridge = make_bridge("external", ServerApp=options)
    assert bridge.list_kernels() == []
    with foreign_kernel(folder) as manager:
        (folder / "garbage.json").write_text("{")
        (found,) = bridge.list_kernels()
        page = join(bridge, found.id)
        assert page.run("print('hello')").text == "hello\n"
        assert eventually(lambda: bridge.get_kernel(found.id).execution_state == "idle")
        with pytest.raises(NotSupportedHere, match="another program"):
            bridge.restart_kernel(found.id)
        page.run_for_long()
        bridge.interrupt_kernel(found.id)
        page.wait_for(lambda message: message.msg_type == "error")
        bridge.shutdown_kernel(found.id)
        assert bridge.list_kernels() == []
        assert manager.is_alive()


def test_a_kernel_of_others_goes_with_its_file(make_bridge: MakeBridge, join: JoinKernel, home: Path) -> None:
    folder = home / "runtime" / "external_kernels"
    bridge = make_bridge("external-default", ServerApp={"allow_external_kernels": True})
    bridge.status()
    with foreign_kernel(folder):
        (found,) = bridge.list_kernels()
        page = join(bridge, found.id)
        (folder / "foreign.json").unlink()
        page.wait_for(state("dead"))
        assert bridge.list_kernels() == []
