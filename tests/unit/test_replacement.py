"""When the sidecar was killed, a listening worker has the next one started."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.instance import Discovery, write_discovery
from flasknb.kernel_bridge.replacement import PAUSE_S, Replacement


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """What a sidecar leaves that had a kernel."""
    (tmp_path / "kernels").mkdir(mode=0o700)
    (tmp_path / "kernels" / "k.json").write_text("{}")
    write_discovery(tmp_path, Discovery(1, 1, "socket", "secret", 1))
    return tmp_path


def asked_after(folder: Path, times: int = 1, ask: Callable[[], None] = lambda: None) -> int:
    """How often the next sidecar was asked for after so many ends."""
    asked = 0

    def count() -> None:
        nonlocal asked
        asked += 1
        ask()

    replace = Replacement(lambda: folder, count)
    for _ in range(times):
        replace()
    return asked


def test_a_killed_one_with_kernels_is_replaced(killed: Path) -> None:
    assert asked_after(killed) == 1


def test_one_that_ended_in_order_is_not(killed: Path) -> None:
    (killed / "sidecar.json").unlink()
    assert asked_after(killed) == 0


def test_one_without_kernels_waits_until_it_is_needed(killed: Path) -> None:
    (killed / "kernels" / "k.json").unlink()
    assert asked_after(killed) == 0


def test_one_that_is_killed_again_and_again_keeps_nobody_busy(killed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    assert asked_after(killed, times=3) == 3
    assert [round(one) for one in slept] == [0, PAUSE_S, PAUSE_S]


def test_one_that_does_not_come_up_is_only_a_warning(killed: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise SidecarUnavailable("no memory")

    assert asked_after(killed, ask=fail) == 1
    assert "no memory" in caplog.text
