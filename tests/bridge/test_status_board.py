"""The figures that a worker reads without a call are the sidecar's own, at every moment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from flasknb.errors import KernelSpecMissing
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.models import KernelRequest, SidecarStatus
from flasknb.kernel_bridge.terminals import TerminalRequest
from tests.bridge.conftest import JoinKernel, MakeBridge
from tests.bridge.sidecars import sidecar_pid
from tests.processes import is_running
from tests.waiting import eventually


@contextmanager
def counted_calls(bridge: BridgeClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    calls: list[str] = []
    real = bridge._call_once

    def call(method: str, *rest: Any) -> Any:
        calls.append(method)
        return real(method, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(bridge, "_call_once", call)
        yield calls


def asked(bridge: BridgeClient) -> SidecarStatus:
    """What the sidecar itself says."""
    return SidecarStatus(**bridge._call("status"))


def test_a_status_nobody_changed_is_read_without_a_call(
    make_bridge: MakeBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge = make_bridge("board")
    first = bridge.status()
    with counted_calls(bridge, monkeypatch) as calls:
        assert [bridge.status() for _ in range(20)] == [first] * 20
    assert calls == []


def test_every_worker_sees_every_change_at_once(make_bridge: MakeBridge, join: JoinKernel) -> None:
    mine, theirs = make_bridge("board"), make_bridge("board")

    before = theirs.status()
    assert theirs.status() == mine.status() == asked(mine) == before
    kernel = mine.start_kernel(KernelRequest())
    assert theirs.status().kernels == mine.status().kernels == before.kernels + 1
    page = join(mine, kernel.id)
    assert eventually(lambda: theirs.status().connections == before.connections + 1)
    seen = theirs.status().last_activity
    page.run("print(1)")
    assert theirs.status().last_activity > seen
    page.leave()
    assert eventually(lambda: theirs.status().connections == before.connections)
    with pytest.raises(KernelSpecMissing):
        mine.start_kernel(KernelRequest(name="no-such-kernel"))
    assert theirs.status().kernels == before.kernels + 1
    mine.shutdown_kernel(kernel.id)
    assert theirs.status().kernels == mine.status().kernels == before.kernels


def test_terminals_count_as_activity(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("board")
    before = bridge.status()
    assert bridge.status() == before
    terminal = bridge.terminals.create(TerminalRequest(command=("cat",)))
    assert bridge.status().last_activity > before.last_activity
    bridge.terminals.delete(terminal.name)


def test_a_killed_sidecar_shows_nothing_any_more(make_bridge: MakeBridge) -> None:
    bridge = make_bridge("board-killed")
    first = bridge.status()
    assert bridge.status() == first
    killed = sidecar_pid(bridge)
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: not is_running(killed))
    assert bridge.status().started > first.started
    assert bridge.status() == asked(bridge)
