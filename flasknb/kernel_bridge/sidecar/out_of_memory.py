"""Whether the system has lately ended processes because memory ran out: its own counters, of our cgroup or of all."""

from __future__ import annotations

from pathlib import Path

CGROUPS, OWN_CGROUPS, ALL = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup"), Path("/proc/vmstat")
COUNTER = "oom_kill"


class OutOfMemory:
    """Counts such ends. Event loop only; ``look`` is called every second, so what is new is at most two seconds old."""

    def __init__(self) -> None:
        self._file = next((file for file in counters() if kills(file) is not None), None)
        self._before = self._lately = self._now()

    def look(self) -> None:
        """Remember the count of the moment."""
        self._before, self._lately = self._lately, self._now()

    @property
    def has_killed(self) -> bool:
        """Whether a process was ended for it in the last moments."""
        return self._now() > self._before

    def _now(self) -> int:
        return (kills(self._file) or 0) if self._file is not None else 0


def counters() -> list[Path]:
    """Files that may have the counter: of our cgroup (version 2, version 1), which kernels share, then the system's."""
    found = []
    try:
        lines = OWN_CGROUPS.read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            found += [CGROUPS / path.lstrip("/") / "memory.events"]
        elif "memory" in controllers.split(","):
            folder = CGROUPS / "memory"
            found += [folder / path.lstrip("/") / "memory.oom_control", folder / "memory.oom_control"]
    return [*found, ALL]


def kills(file: Path) -> int | None:
    """The counter in ``file``; ``None`` where it has none."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.split()[:1] == [COUNTER]]
    return int(found[0]) if found else None
