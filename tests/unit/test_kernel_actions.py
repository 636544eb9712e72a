"""What is done to kernels becomes events of the documented shape."""

from __future__ import annotations

import json

import pytest

from flasknb.errors import KernelFailed
from flasknb.kernel_bridge.models import Change, ChangeKind, JsonObject, RaisedEvent
from flasknb.kernel_bridge.sidecar.changes import Changes
from flasknb.kernel_bridge.sidecar.kernel_actions import SCHEMA_ID, KernelActions

KERNEL = "the-kernel"


class House:
    """Rings with a ``KernelActions`` between them."""

    def __init__(self) -> None:
        self.changes: Changes[Change] = Changes()
        self.events: Changes[RaisedEvent] = Changes()
        self.actions = KernelActions(self.changes, self.events)

    def told(self) -> list[JsonObject]:
        _, events = self.events.after(0)
        return [fields(json.loads(event.text)) for event in events]


def fields(event: JsonObject) -> JsonObject:
    """Those of the schema; the others are checked."""
    assert (event.pop("schema_id"), event.pop("__schema__")) == (SCHEMA_ID, SCHEMA_ID)
    assert (event.pop("__schema_version__"), event.pop("__metadata_version__")) == ("1", 1)
    assert event.pop("__timestamp__").endswith("+00:00Z")
    return event


@pytest.mark.parametrize(
    ("kind", "action", "status"),
    [
        (ChangeKind.KERNEL_STARTED, "start", "success"),
        (ChangeKind.KERNEL_RESTARTED, "restart", "success"),
        (ChangeKind.KERNEL_INTERRUPTED, "interrupt", "success"),
        (ChangeKind.KERNEL_STOPPED, "shutdown", "success"),
        (ChangeKind.KERNEL_DEAD, "restart", "error"),
    ],
)
def test_what_happens_to_a_kernel_is_an_event(kind: ChangeKind, action: str, status: str) -> None:
    house = House()
    house.actions.know(KERNEL, "python3", "ann")
    house.changes.publish(Change(kind, KERNEL, reason="it fell"))
    (event,) = house.told()
    assert KERNEL in event.pop("msg")
    assert event == {"action": action, "status": status, "kernel_id": KERNEL, "kernel_name": "python3"}


@pytest.mark.parametrize("kind", [ChangeKind.SESSION_CREATED, ChangeKind.KERNEL_TAKEN_OVER, ChangeKind.KERNEL_DIED])
def test_what_nobody_did_is_none(kind: ChangeKind) -> None:
    house = House()
    house.changes.publish(Change(kind, KERNEL))
    assert house.told() == []


def test_a_failure_is_an_event_with_its_status() -> None:
    house = House()
    with pytest.raises(KernelFailed), house.actions.watched("start", KERNEL, "python3", "ann"):
        raise KernelFailed("no such program")
    (event,) = house.told()
    assert (event["status"], event["status_code"], event["msg"]) == ("error", 500, "no such program")
