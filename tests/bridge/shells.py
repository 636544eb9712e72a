"""Shells in terminals, as the tests of terminals open and ask them; the fixtures are in ``conftest``."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from flasknb.kernel_bridge.client import BridgeClient
from tests.bridge.screen import Screen
from tests.waiting import eventually

PLAIN_SHELL = ("/bin/sh",)
Open = Callable[..., Screen]
LookAt = Callable[[BridgeClient, str], Screen]


def names(bridge: BridgeClient) -> list[str]:
    """Of the terminals there are."""
    return [model.name for model in bridge.terminals.list()]


def pid_of(screen: Screen) -> int:
    """Of the shell."""
    return int(screen.run("echo $$"))


def wait_until_runs(program: str, shell_pid: int) -> None:
    """Until the shell has started ``program``, or has become it: what is typed now is for that."""
    shell = psutil.Process(shell_pid)
    assert eventually(lambda: any(_is(program, one) for one in (shell, *shell.children()))), f"{program} does not run"


def _is(program: str, process: psutil.Process) -> bool:
    try:
        return bool(process.name() == program)
    except psutil.NoSuchProcess:
        return False
