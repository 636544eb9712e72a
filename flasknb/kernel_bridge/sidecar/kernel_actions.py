"""What is done to kernels, as events of the ``kernel_actions`` schema, whoever did it: a client, a culler, a crash."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from types import MappingProxyType

from flasknb.errors import FlasknbError, status_of
from flasknb.kernel_bridge.models import Change, ChangeKind, JsonObject, RaisedEvent
from flasknb.kernel_bridge.sidecar.changes import Changes

SCHEMA_ID = "https://events.jupyter.org/jupyter_server/kernel_actions/v1"
SCHEMA_FIELDS = {"__schema__": SCHEMA_ID, "__schema_version__": "1", "__metadata_version__": 1}
DONE: Mapping[ChangeKind, tuple[str, str]] = MappingProxyType(
    {
        ChangeKind.KERNEL_STARTED: ("start", "Kernel {kernel_id} has started."),
        ChangeKind.KERNEL_RESTARTED: ("restart", "Kernel {kernel_id} has restarted."),
        ChangeKind.KERNEL_STOPPED: ("shutdown", "Kernel {kernel_id} was shut down."),
        ChangeKind.KERNEL_INTERRUPTED: ("interrupt", "Kernel {kernel_id} was interrupted."),
    }
)


class KernelActions:
    """Turns changes and failures into events. Event loop only.

    Args:
        changes: what happens to kernels; heard from now on.
        events: where the events go.
    """

    def __init__(self, changes: Changes[Change], events: Changes[RaisedEvent]) -> None:
        self._changes, self._events = changes, events
        self._known: dict[str, tuple[str, str]] = {}  # name of the specification, owner
        self._heard = changes.newest
        changes.listen(self._hear)

    def know(self, kernel_id: str, name: str, owner: str) -> None:
        """Remember the spec's name of a kernel and whose it is, for the events to come."""
        self._known[kernel_id] = (name, owner)

    @contextmanager
    def watched(self, action: str, kernel_id: str, name: str, owner: str) -> Iterator[None]:
        """Tell when what is done meanwhile fails; success comes as a change."""
        self.know(kernel_id, name, owner)
        try:
            yield
        except FlasknbError as error:
            failed = {"status": "error", "status_code": status_of(error)}
            self._tell({"action": action, **failed, **self._kernel(kernel_id), "msg": error.message})
            if action == "start":
                self._known.pop(kernel_id, None)
            raise

    def _hear(self) -> None:
        _, changes = self._changes.after(self._heard)
        self._heard = self._changes.newest
        for change in changes:
            if change.kind in DONE:
                action, words = DONE[change.kind]
                done = {"action": action, "status": "success", "msg": words.format(kernel_id=change.kernel_id)}
                self._tell({**done, **self._kernel(change.kernel_id)})
            elif change.kind is ChangeKind.KERNEL_DEAD:
                message = f"Kernel {change.kernel_id} could not be restarted: {change.reason}"
                self._tell({"action": "restart", "status": "error", **self._kernel(change.kernel_id), "msg": message})
            if change.kind is ChangeKind.KERNEL_STOPPED:
                self._known.pop(change.kernel_id, None)

    def _kernel(self, kernel_id: str) -> JsonObject:
        known = self._known.get(kernel_id)
        return {"kernel_id": kernel_id} if known is None else {"kernel_id": kernel_id, "kernel_name": known[0]}

    def _tell(self, told: JsonObject) -> None:
        head = {"schema_id": SCHEMA_ID, "__timestamp__": datetime.now(timezone.utc).isoformat() + "Z", **SCHEMA_FIELDS}
        owner = self._known.get(told["kernel_id"], ("", ""))[1]
        self._events.publish(RaisedEvent(json.dumps({**head, **told}), owner=owner))
