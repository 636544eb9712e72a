"""The first answers of a server do not wait for the process of the kernels; the first visitor has it come up."""

from __future__ import annotations

import os
import signal

import pytest

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.instance import read_discovery
from flasknb.kernel_bridge.models import KernelRequest
from tests.bridge.conftest import MakeBridge
from tests.bridge.sidecars import sidecar_pid
from tests.processes import is_running
from tests.waiting import eventually


def test_figures_are_there_before_the_sidecar_and_then_they_are_its_own(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("early")
    early = bridge.status_of_none()
    assert early is not None
    assert (early.kernels, early.connections) == (0, 0)
    bridge.expect_use()
    assert eventually(lambda: bridge.status_of_none() is None, within_s=30)
    assert read_discovery(bridge.instance_dir) is not None
    assert bridge.status().started > early.started


def test_another_worker_sees_a_kernel_at_once_whoever_started_the_sidecar(make_bridge: MakeBridge) -> None:
    mine, theirs = make_bridge("early-two"), make_bridge("early-two")
    assert mine.status_of_none() is not None
    kernel = theirs.start_kernel(KernelRequest())
    assert mine.status_of_none() is None
    assert [one.id for one in mine.list_kernels()] == [kernel.id]


def test_kernels_of_a_killed_sidecar_are_never_denied(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("early-killed")
    kernel = bridge.start_kernel(KernelRequest())
    killed = sidecar_pid(bridge)
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: not is_running(killed))
    (bridge.instance_dir / "sidecar.json").unlink()  # as if it had never been written
    fresh = make_bridge("early-killed")
    assert fresh.status_of_none() is None
    assert [one.id for one in fresh.list_kernels()] == [kernel.id]


def test_what_keeps_the_sidecar_from_starting_is_heard_by_the_next_who_asks(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("early-broken", KernelSidecar={"listen": "tcp://127.0.0.1:0"})
    bridge.expect_use()
    assert eventually(lambda: bridge.status_of_none() is None, within_s=30)
    with pytest.raises(SidecarUnavailable, match="secret_file"):
        bridge.status()


def test_a_server_that_ends_at_once_leaves_no_sidecar(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("early-end")
    bridge.expect_use()
    bridge.shutdown_sidecar()
    assert eventually(lambda: read_discovery(bridge.instance_dir) is None)
    assert not list(bridge.instance_dir.glob("s????????"))
