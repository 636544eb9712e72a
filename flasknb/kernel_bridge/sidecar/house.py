"""What a connection of a worker may reach, who is there, and how a kernel is joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flasknb.kernel_bridge.bridge import Joined
from flasknb.kernel_bridge.frames import BadBridgeFrame
from flasknb.kernel_bridge.sidecar.calls import Calls
from flasknb.kernel_bridge.sidecar.changes import Changes
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.kernels import Kernels
from flasknb.kernel_bridge.sidecar.page_keeper import PageKeeper
from flasknb.kernel_bridge.sidecar.subscriber import Outlet, Subscriber
from flasknb.kernel_bridge.sidecar.terminals import TerminalManager
from flasknb.kernel_bridge.ws_codec import SEQ_PROTOCOL

CROWDED = "The kernels' process has as many connections and files open as it may (ulimit -n). Close pages, or raise it."


class Leaving(Protocol):
    """A connection that can be asked to go."""

    def end(self, reason: str) -> None: ...


class Attendance:
    """How many introduced connections there are, and since when there are none.

    ``is_over``: the sidecar ends, no call is taken any more.
    """

    def __init__(self) -> None:
        self.connections: set[Leaving] = set()
        self.is_over = False
        self.lonely_since_s: float | None = None

    def enter(self, door: Leaving) -> None:
        """A worker has introduced itself."""
        self.connections.add(door)
        self.lonely_since_s = None

    def leave(self, door: Leaving, *, now_s: float) -> None:
        """A connection has ended."""
        if door in self.connections:
            self.connections.discard(door)
            self.lonely_since_s = None if self.connections else now_s


@dataclass(frozen=True)
class Topic:
    """Something that workers listen to. ``encode`` makes an item JSON, ``tell_missed`` says how many are gone."""

    ring: Changes[Any]
    encode: Callable[[Any], Mapping[str, Any]]
    tell_missed: Callable[[int], Mapping[str, Any]]


@dataclass(frozen=True)
class House:
    """What a connection may reach; ``topics`` by the names of ``handshake``; ``hand_over`` ends us, not the kernels."""

    secret: str
    kernels: Kernels
    terminals: TerminalManager
    calls: Calls
    topics: Mapping[str, Topic]
    attendance: Attendance
    keeper: PageKeeper
    hand_over: Callable[[], None]


def joined_kernel(house: House, said: Mapping[str, Any], outlet: Outlet) -> tuple[Joined, Subscriber, Kernel]:
    """Let the session of a worker's ``said`` listen to the kernel it names; what it hears goes to ``outlet``.

    Raises:
        KernelMissing: it is not there for this viewer.
        BadBridgeFrame, KeyError: the worker has not said what it must.
    """
    house.calls.check({"kernel_id": said["kernel_id"]}, viewer_of(said))
    kernel = house.kernels.get(str(said["kernel_id"]))
    since = said.get("since")
    joined, subscriber = kernel.join(
        str(said["session_id"]),
        outlet,
        since=since if isinstance(since, int) else None,
        epoch=said.get("epoch"),
        takes_notes=said.get("takes_notes") is True or said.get("protocol") == SEQ_PROTOCOL,
    )
    return joined, subscriber, kernel


def viewer_of(said: Mapping[str, Any]) -> str | None:
    """For whom a call or a connection is made, see ``ownership``. Raises BadBridgeFrame: a worker has to say."""
    viewer = said["viewer"]
    if viewer is None or isinstance(viewer, str):
        return viewer
    raise BadBridgeFrame("a viewer is a name, or null")
