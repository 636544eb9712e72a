"""Which kernels run, one 0600 file each, so that the next sidecar can take them over."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from flasknb.kernel_bridge.instance import private_dir, write_private

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KernelRecord:
    """What is needed to find a kernel again and to restart it.

    ``pid`` is 0 as long as there is no process; ``pid_start`` is its start time in clock ticks; ``identity``
    (hexadecimal) is the ZMQ identity that replies go to; ``env`` is what was added to the allowlisted environment.
    ``is_starting``: it has never answered, and whoever asked for it has not been told of it.
    ``owner``: whom it counts for. ``elsewhere``: for kernels that are no process of this machine (``pid`` is 0 then)
    how to find them again.
    """

    id: str
    name: str
    identity: str
    pid: int = 0
    pid_start: int = 0
    connection_file: str = ""
    cwd: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    elsewhere: Mapping[str, Any] = field(default_factory=dict)
    is_starting: bool = False

    @classmethod
    def from_json(cls, text: str) -> KernelRecord:
        """Read a record, also of a later version that says more. Raises ValueError, TypeError."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})


class Registry:
    """The files under ``<instance>/kernels``. Event loop only."""

    def __init__(self, instance_dir: Path, *, coming: str | None = None) -> None:
        """``coming``: a kernel to be, whose files are newer than anything a sidecar before could leave."""
        self._folder = private_dir(instance_dir / "kernels")
        self._coming = coming

    def log_path(self, kernel_id: str) -> Path:
        """Where the kernel's standard output and error go."""
        return self._folder / f"{kernel_id}.log"

    def write(self, record: KernelRecord) -> None:
        """Remember a kernel. Not past a power cut, which ends it too."""
        write_private(self._path(record.id), json.dumps(asdict(record)), is_durable=False)

    def forget(self, kernel_id: str) -> None:
        """Remove a kernel's files."""
        self._path(kernel_id).unlink(missing_ok=True)
        self.log_path(kernel_id).unlink(missing_ok=True)

    def records(self) -> Iterator[KernelRecord]:
        """Every readable record; an unreadable file is logged and removed, since nothing can be done with it."""
        for path in sorted(self._folder.glob("*.json")):
            try:
                yield KernelRecord.from_json(path.read_text())
            except (OSError, ValueError, TypeError, AttributeError) as error:
                log.warning("kernel record removed path=%s error=%s", path, error)
                path.unlink(missing_ok=True)

    def sweep(self, kept: Collection[str]) -> None:
        """Remove what a sidecar that was killed left behind, but for the kernels ``kept``."""
        for path in self._folder.iterdir():
            if path.name.partition(".")[0] not in {*kept, self._coming}:
                path.unlink(missing_ok=True)

    def _path(self, kernel_id: str) -> Path:
        return self._folder / f"{kernel_id}.json"
