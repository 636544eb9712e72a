"""Limits as workers meet them: the sidecar counts for all of them, also what another sidecar had started."""

from __future__ import annotations

import os
import signal

import pytest

from flasknb.errors import TooManyKernels, TooManyTerminals
from flasknb.kernel_bridge.models import KernelRequest, SessionRequest
from flasknb.kernel_bridge.terminals import TerminalRequest
from tests.bridge.conftest import MakeBridge
from tests.bridge.sidecars import sidecar_pid
from tests.waiting import eventually


def test_all_workers_share_one_count_that_outlives_the_sidecar(make_bridge: MakeBridge) -> None:
    one = make_bridge("limited", ResourceLimits={"max_kernels": 2, "max_kernels_per_user": 1})
    other = make_bridge("limited", ResourceLimits={"max_kernels": 99})
    anns = one.start_kernel(KernelRequest(owner="ann"))
    with pytest.raises(TooManyKernels, match="kernels of yours"):
        other.start_kernel(KernelRequest(owner="ann"))
    bobs = other.start_kernel(KernelRequest(owner="bob"))
    with pytest.raises(TooManyKernels, match="There are 2 kernels already"):
        one.create_session(SessionRequest("a.ipynb", "notebook", kernel=KernelRequest(owner="cid")))
    one.shutdown_kernel(bobs.id)
    os.kill(sidecar_pid(one), signal.SIGKILL)
    assert eventually(lambda: [kernel.id for kernel in one.list_kernels()] == [anns.id])
    with pytest.raises(TooManyKernels, match="kernels of yours"):
        one.start_kernel(KernelRequest(owner="ann"))
    one.shutdown_kernel(anns.id)
    one.shutdown_kernel(one.start_kernel(KernelRequest(owner="ann")).id)


def test_terminals_and_starts_of_one_user_are_limited(make_bridge: MakeBridge) -> None:
    limits = {"max_terminals_per_user": 1, "starts_per_minute_per_user": 2}
    terminals = make_bridge("terminals", ResourceLimits=limits).terminals
    first = terminals.create(TerminalRequest(owner="ann", command=["/bin/cat"]))
    assert terminals.create(TerminalRequest(name=first.name, owner="ann")).name == first.name
    with pytest.raises(TooManyTerminals, match="terminals of yours"):
        terminals.create(TerminalRequest(owner="ann", command=["/bin/cat"]))
    terminals.create(TerminalRequest(owner="bob", command=["/bin/cat"]))
    terminals.delete(first.name)
    terminals.delete(terminals.create(TerminalRequest(owner="ann", command=["/bin/cat"])).name)
    with pytest.raises(TooManyTerminals, match="faster than this server allows") as refusal:
        terminals.create(TerminalRequest(owner="ann", command=["/bin/cat"]))
    assert 0 < int(refusal.value.fields["retry_after"]) <= 60
