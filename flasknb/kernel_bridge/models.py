"""What crosses the bridge, as values. Pure: no sockets, no clock; shapes from rest-api §4.4 to §4.6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class KernelModel:
    """One kernel as the REST API shows it.

    ``last_activity`` is ISO-8601 UTC with microseconds and ``Z``. ``execution_state`` is one of starting, idle, busy,
    restarting, autorestarting, dead, unknown. ``reason`` says why a kernel is dead. ``culling_in_s`` are the seconds
    until the kernel is shut down if nothing happens, where culling is on.
    """

    id: str
    name: str
    last_activity: str
    execution_state: str
    connections: int
    reason: str | None = None
    culling_in_s: float | None = None

    def to_json(self) -> JsonObject:
        """The model of rest-api §4.4; ``reason`` and ``culling_in_s`` only where there is one."""
        model: JsonObject = {
            "id": self.id,
            "name": self.name,
            "last_activity": self.last_activity,
            "execution_state": self.execution_state,
            "connections": self.connections,
        }
        further = {"reason": self.reason, "culling_in_s": self.culling_in_s}
        return {**model, **{name: value for name, value in further.items() if value is not None}}


@dataclass(frozen=True)
class SessionModel:
    """A document with its kernel, rest-api §4.5."""

    id: str
    path: str
    name: str
    type: str
    kernel: KernelModel

    def to_json(self) -> JsonObject:
        """The model of rest-api §4.5, with the legacy ``notebook`` member for notebooks."""
        model: JsonObject = {
            "id": self.id,
            "path": self.path,
            "name": self.name,
            "type": self.type,
            "kernel": self.kernel.to_json(),
        }
        if self.type == "notebook":
            model["notebook"] = {"path": self.path, "name": self.name}
        return model


@dataclass(frozen=True)
class KernelSpecModel:
    """One installed kernel specification.

    ``spec`` is kernel.json's content with defaults filled in. ``resources`` are file names inside ``resource_dir``
    (``kernel.js``, ``logo-64x64.png``): the blueprint turns them into URLs.
    """

    name: str
    spec: JsonObject
    resource_dir: str
    resources: Sequence[str] = ()


@dataclass(frozen=True)
class KernelSpecs:
    """Every installed specification, and the name of the default one."""

    default: str
    specs: Mapping[str, KernelSpecModel] = field(default_factory=dict)


@dataclass(frozen=True)
class KernelRequest:
    """What a new kernel is asked to be. ``disk_cwd`` is an absolute folder; ``env`` is added to the allowlisted one.

    ``owner``: name of the user it counts for, ``""`` for whoever knows the token or the password.
    """

    name: str | None = None
    kernel_id: str | None = None
    disk_cwd: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""


@dataclass(frozen=True)
class SessionRequest:
    """A session to open: an existing one of the same path is returned as it is."""

    path: str
    type: str
    name: str = ""
    kernel_id: str | None = None
    kernel: KernelRequest = field(default_factory=KernelRequest)


@dataclass(frozen=True)
class SessionChange:
    """A patch of a session: ``None`` leaves the value. ``kernel`` starts a new kernel and ends the old one."""

    path: str | None = None
    name: str | None = None
    type: str | None = None
    kernel_id: str | None = None
    kernel: KernelRequest | None = None


@dataclass(frozen=True)
class SidecarStatus:
    """Figures for ``/api/status``. ``last_activity`` and ``started`` are ISO-8601 UTC with ``Z``."""

    connections: int
    kernels: int
    last_activity: str
    started: str


@dataclass(frozen=True)
class RaisedEvent:
    """Something that subscribers want to hear of, as the JSON ``text`` they get (rest-api §4.8).

    ``is_recorded``: the worker that raised it gave it to its handlers. ``missed``: so many events are no longer kept;
    there is no text then. ``owner``: the user whose kernel it is about; ``None`` where it is about nobody's.
    """

    text: str = ""
    is_recorded: bool = False
    missed: int = 0
    owner: str | None = None

    def is_for(self, viewer: str | None) -> bool:
        """Whether ``viewer`` (``None``: whoever sees all) may hear of it."""
        return self.owner is None or viewer in (None, self.owner)


class ChangeKind(str, Enum):
    """What a ``Change`` tells. Values are the wire's."""

    KERNEL_STARTED = "kernel_started"
    KERNEL_TAKEN_OVER = "kernel_taken_over"  # found running by a new sidecar
    KERNEL_DIED = "kernel_died"  # and is being started again
    KERNEL_RESTARTED = "kernel_restarted"  # by request or after it died
    KERNEL_INTERRUPTED = "kernel_interrupted"
    KERNEL_DEAD = "kernel_dead"  # and stays so
    KERNEL_STOPPED = "kernel_stopped"
    SESSION_CREATED = "session_created"
    SESSION_CHANGED = "session_changed"
    SESSION_DELETED = "session_deleted"
    MISSED = "missed"  # changes that are no longer kept: ask for the lists


@dataclass(frozen=True)
class Change:
    """Something that happened to a kernel or a session.

    ``kernel_id`` is empty for ``MISSED`` only. ``session_id`` and ``path`` are for sessions. ``reason`` says why a
    kernel died or is dead.
    """

    kind: ChangeKind
    kernel_id: str = ""
    session_id: str | None = None
    path: str | None = None
    reason: str | None = None
