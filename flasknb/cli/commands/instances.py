"""The instances of this user whose sidecar runs, and what their kernels are. Starts none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from flasknb.cli.commands.output import tell
from flasknb.cli.commands.running_servers import runtime_dir
from flasknb.errors import SidecarUnavailable
from flasknb.kernel_bridge.bridge import Bridge
from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.connection import BridgeConnection, SidecarAbsent
from flasknb.kernel_bridge.handshake import ROLE_CALLS
from flasknb.kernel_bridge.instance import discovery_path, read_discovery, read_root_dir
from flasknb.kernel_bridge.models import KernelModel

UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


@dataclass(frozen=True)
class Instance:
    """One sidecar. ``root_dir`` is ``None`` where it was started by an older version; ``title`` is for people."""

    root_dir: Path | None
    title: str
    bridge: Bridge


@dataclass(frozen=True)
class InstanceKernel:
    """A kernel with the documents that use it."""

    instance: Instance
    model: KernelModel
    paths: Sequence[str]

    @property
    def last_used(self) -> str:
        """How long ago something happened, for people."""
        return ago(self.model.last_activity, datetime.now(timezone.utc))

    def to_json(self) -> Mapping[str, Any]:
        """For other programs."""
        root_dir = None if self.instance.root_dir is None else str(self.instance.root_dir)
        return {**self.model.to_json(), "root_dir": root_dir, "paths": list(self.paths)}


def instance_folders() -> list[Path]:
    """Private folders that name a sidecar, running or not."""
    try:
        return sorted(path for path in runtime_dir().glob("flasknb-*") if discovery_path(path).is_file())
    except OSError:
        return []


def running_instances() -> list[Instance]:
    """Every instance whose sidecar answers; one that hangs is named on standard error."""
    found = []
    for folder in instance_folders():
        try:
            if is_answered(folder):
                found.append(instance_at(folder))
        except SidecarUnavailable as error:
            tell(f"{instance_at(folder).title}: {error.message}")
    return found


def is_answered(folder: Path) -> bool:
    """Whether the sidecar of a private folder is there. Raises SidecarUnavailable when it is, and hangs."""
    discovery = read_discovery(folder)
    if discovery is None:
        return False
    try:
        BridgeConnection(discovery, ROLE_CALLS).close()
    except SidecarAbsent:
        return False
    return True


def instance_at(folder: Path) -> Instance:
    """The instance whose private folder is ``folder``."""
    root_dir = read_root_dir(folder)
    return Instance(root_dir, str(root_dir or folder), BridgeClient(folder, root_dir or folder, {}))


def kernels_of(instance: Instance) -> list[InstanceKernel]:
    """Its kernels, the longest unused last. Raises SidecarUnavailable."""
    try:
        models, sessions = instance.bridge.list_kernels(), instance.bridge.list_sessions()
    except SidecarUnavailable:
        if instance.bridge.attach():
            raise
        return []  # it ended meanwhile
    paths = defaultdict(list)
    for session in sessions:
        paths[session.kernel.id].append(session.path)
    ordered = sorted(models, key=lambda model: model.last_activity, reverse=True)
    return [InstanceKernel(instance, model, paths[model.id]) for model in ordered]


def ago(moment: str, now: datetime) -> str:
    """``moment`` (ISO-8601 UTC with ``Z``) as a length of time before ``now``."""
    try:
        then = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return "?"
    seconds = max(now - then, timedelta()).total_seconds()
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), (0, ""))
    return f"{int(seconds // size)} {unit} ago" if size else "just now"
