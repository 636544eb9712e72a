"""How terminals end, with all that runs in them, and what is left of them: nothing."""

from __future__ import annotations

import os
import signal
import time

import psutil
import pytest

from flasknb.errors import TerminalMissing
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.terminals import TerminalRequest
from tests.bridge.conftest import MakeBridge
from tests.bridge.shells import PLAIN_SHELL, LookAt, Open, names, pid_of
from tests.bridge.sidecars import sidecar_pid
from tests.processes import has_zombies, is_running
from tests.waiting import SLOW_MACHINE, eventually


@pytest.mark.row("4.9 delete")
def test_deleting_ends_the_shell_and_what_ignores_it(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="stubborn")
    shell = pid_of(screen)
    screen.type("sh -c 'trap \"\" HUP TERM INT; echo child=$$; while :; do sleep 1; done'\r")
    screen.wait_for("child=")
    screen.wait(lambda: screen.text.rpartition("child=")[2].strip().isdigit())
    child = int(screen.text.rpartition("child=")[2])
    begun_s = time.monotonic()
    bridge.terminals.delete("stubborn")
    assert time.monotonic() - begun_s < 2 * SLOW_MACHINE
    assert not is_running(shell)
    assert eventually(lambda: not is_running(child))
    screen.wait_for_end()
    assert screen.messages[-1] == "disconnect"
    with pytest.raises(TerminalMissing):
        bridge.terminals.get("stubborn")


def test_a_stopped_program_ends_too(bridge: BridgeClient, open_terminal: Open) -> None:
    screen = open_terminal(name="stopped")
    pid = pid_of(screen)
    os.kill(pid, signal.SIGSTOP)
    bridge.terminals.delete("stopped")
    assert not is_running(pid)


def test_a_shell_that_exits_leaves_no_process_and_no_descriptor(bridge: BridgeClient, open_terminal: Open) -> None:
    sidecar = psutil.Process(sidecar_pid(bridge))
    open_terminal().run("true")
    before = sidecar.num_fds()
    for _ in range(5):
        screen = open_terminal()
        screen.type("exit\r")
        screen.wait_for_end()
        screen.leave()
    assert eventually(lambda: sidecar.num_fds() <= before)
    assert eventually(lambda: not has_zombies(sidecar))


def test_unused_terminals_are_culled(make_bridge: MakeBridge, look_at: LookAt) -> None:
    bridge = make_bridge("culling", TerminalManager={"cull_inactive_timeout": 4, "cull_interval": 1})
    request = TerminalRequest(command=PLAIN_SHELL)
    used, unused = (look_at(bridge, bridge.terminals.create(request).name) for _ in range(2))

    def is_used_alone() -> bool:
        used.run("true")
        return names(bridge) == ["1"]

    assert eventually(is_used_alone, within_s=30)
    unused.wait_for_end()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
def test_terminals_end_with_the_sidecar(make_bridge: MakeBridge, signum: signal.Signals, look_at: LookAt) -> None:
    bridge = make_bridge(f"ending-{signum}")
    screen = look_at(bridge, bridge.terminals.create(TerminalRequest(command=PLAIN_SHELL)).name)
    pid = pid_of(screen)
    os.kill(sidecar_pid(bridge), signum)
    screen.wait_for_end()
    assert eventually(lambda: not is_running(pid))
    assert names(bridge) == []  # of the next sidecar


def test_a_terminal_manager_of_ones_own_is_used(make_bridge: MakeBridge) -> None:
    bridge = make_bridge(
        "own-class",
        TerminalsExtensionApp={"terminal_manager_class": "flasknb.kernel_bridge.sidecar.terminals.TerminalManager"},
    )
    assert names(bridge) == []
