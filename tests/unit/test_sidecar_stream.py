"""The worker's stream of a kernel: how it ends."""

from __future__ import annotations

from typing import Any, cast

from flasknb.kernel_bridge.connection import BridgeConnection
from flasknb.kernel_bridge.stream import SidecarStream


class Calls:
    """A connection that notes what is done to it."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *_: self.made.append(name)


def test_a_close_lets_the_sidecar_read_what_was_sent_and_a_second_one_ends_it() -> None:
    calls = Calls()
    answer = {"epoch": "e", "seq": 0, "missing": None}
    stream = SidecarStream(cast(BridgeConnection, calls), answer)
    stream.send(b"last")
    stream.close()
    assert (calls.made, stream.has_ended) == (["send", "finish_sending"], False)
    stream.send(b"too late")
    stream.close()
    assert (calls.made, stream.has_ended) == (["send", "finish_sending", "wake"], True)
