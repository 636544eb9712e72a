"""Row 1 of the faults where memory runs out: the system ends a kernel of a group that may have only so much."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest
from flasknb.kernel_bridge.starting import sidecar_settings
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.page import state
from tests.bridge.sidecars import discovery_of
from tests.faults.control_groups import control_group, is_one_tree
from tests.waiting import eventually

LIMIT_BYTES = 400 * 1024 * 1024  # sidecar and kernel take about a third of it
GREEDY = "print('before', flush=True)\ntaken = []\nwhile True: taken.append(bytearray(b'x' * 10_000_000))"
INSIDE = 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"'


@pytest.fixture
def poor_bridge(make_bridge: MakeBridge, home: Path) -> Iterator[BridgeClient]:
    """A sidecar that has, together with its kernels, LIMIT_BYTES of memory."""
    bridge = make_bridge("poor")
    limits = {"memory.limit_in_bytes": str(LIMIT_BYTES)}
    if is_one_tree():
        limits = {"memory.max": str(LIMIT_BYTES), "memory.swap.max": "0"}
    with control_group("memory", "poor", limits) as group:
        settings = sidecar_settings(bridge.instance_dir, home / "root", {"KernelSidecar": {"spare_kernels": []}})
        sidecar = [sys.executable, "-m", "flasknb.kernel_bridge.sidecar", "--detach"]
        subprocess.run(["sh", "-c", INSIDE, "sh", str(group), *sidecar], input=settings, check=True, timeout=60)
        yield bridge
        bridge.shutdown_sidecar()
        assert eventually(lambda: not (group / "cgroup.procs").read_text())


def test_row_1_a_kernel_that_takes_all_memory_is_told_as_that(poor_bridge: BridgeClient, join: JoinKernel) -> None:
    kernel, other = poor_bridge.start_kernel(KernelRequest()), poor_bridge.start_kernel(KernelRequest())
    page = join(poor_bridge, kernel.id)
    sidecar = discovery_of(poor_bridge).pid
    asked, waits = page.execute(GREEDY), page.execute("print('never')")
    told: dict[str, str] = {}
    for message in page.received(60):
        if state("restarting")(message):
            told["reason"] = message.content["reason"]
        elif message.msg_type == "execute_reply":
            told[message.parent_id] = str(message.content.get("evalue") or message.content["status"])
        if len(told) == 3:
            break
    assert "memory ran out" in told["reason"]
    assert "memory ran out" in told[asked]
    assert told[waits]
    assert discovery_of(poor_bridge).pid == sidecar
    assert join(poor_bridge, other.id).run("print('the other')").text == "the other\n"
    assert eventually(lambda: poor_bridge.get_kernel(kernel.id).execution_state == "idle")
    assert join(poor_bridge, kernel.id, "again").run("print('fresh')").text == "fresh\n"
