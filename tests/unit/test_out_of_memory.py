"""Whether memory ran out, from the system's counters; and that a jumping clock ends no idle time."""

from __future__ import annotations

import signal
from datetime import datetime, timezone
from pathlib import Path

import pytest

from flasknb.kernel_bridge.sidecar import activity, out_of_memory
from flasknb.kernel_bridge.sidecar.activity import Activity
from flasknb.kernel_bridge.sidecar.out_of_memory import OutOfMemory, counters, kills
from flasknb.kernel_bridge.sidecar.process import describe_exit


def cgroup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, file: str) -> Path:
    """A system with one counter."""
    (tmp_path / "cgroup").write_text(lines)
    counter = tmp_path / "fs" / file
    counter.parent.mkdir(parents=True)
    counter.write_text("low 0\noom 4\noom_kill 3\n")
    monkeypatch.setattr(out_of_memory, "CGROUPS", tmp_path / "fs")
    monkeypatch.setattr(out_of_memory, "OWN_CGROUPS", tmp_path / "cgroup")
    return counter


@pytest.mark.parametrize(
    ("lines", "file"),
    [
        ("0::/a/b\n", "a/b/memory.events"),
        ("4:memory:/a\n0::/\n", "memory/a/memory.oom_control"),
        ("4:cpu,memory:/gone\n", "memory/memory.oom_control"),
    ],
)
def test_a_kill_for_want_of_memory_is_noticed_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, file: str
) -> None:
    counter = cgroup(tmp_path, monkeypatch, lines, file)
    memory = OutOfMemory()
    assert not memory.has_killed
    counter.write_text("oom_kill 4\n")
    memory.look()
    assert memory.has_killed
    memory.look()
    memory.look()
    assert not memory.has_killed


def test_a_system_without_counters_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CGROUPS", "OWN_CGROUPS", "ALL"):
        monkeypatch.setattr(out_of_memory, name, tmp_path / "none")
    assert [kills(file) for file in counters()] == [None]
    assert not OutOfMemory().has_killed


def test_the_reason_names_memory_only_for_the_signal_of_the_system() -> None:
    assert "memory ran out" in describe_exit(-signal.SIGKILL, is_out_of_memory=True)
    assert describe_exit(-signal.SIGSEGV, is_out_of_memory=True) == "was ended by signal SIGSEGV"
    assert describe_exit(-signal.SIGKILL) == "was ended by signal SIGKILL"


def test_row_40_a_clock_that_jumps_makes_no_kernel_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2099, 1, 1, tzinfo=timezone.utc)

    found = Activity([])
    monkeypatch.setattr(activity, "datetime", Tomorrow)
    assert 0 <= found.idle_for_s() < 60
