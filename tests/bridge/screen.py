"""A page at a terminal, for tests: types, and waits for what is shown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from flasknb.kernel_bridge.client import BridgeClient
from flasknb.kernel_bridge.terminal_codec import packed_command

SHOWN_TIMEOUT_S = 20.0
LOOK_S = 0.2
TAIL_CHARS = 100_000  # more than comes at once; all of it is too much to look through each time


class Screen:
    """What one viewer of a terminal got. ``text`` is all output, ``messages`` all names in order."""

    def __init__(self, bridge: BridgeClient, name: str) -> None:
        self.stream = bridge.terminals.open_stream(name)
        self.messages: list[str] = []
        self.text = ""
        self.has_ended = False

    def send(self, *message: Any) -> None:
        """One message of the websocket."""
        packed = packed_command(json.dumps(message))
        assert packed is not None
        self.stream.send(packed)

    def type(self, text: str) -> None:
        """Input."""
        self.send("stdin", text)

    def look(self, timeout_s: float = LOOK_S) -> bool:
        """Take what has arrived; returns whether there was something."""
        try:
            batch = self.stream.receive_batch(timeout_s)
        except TimeoutError:
            return False
        self.has_ended = batch is None
        for message in batch or ():
            name, value = json.loads(message)
            self.messages.append(name)
            self.text += value if name == "stdout" else ""
        return bool(batch)

    def wait_for(self, text: str, timeout_s: float = SHOWN_TIMEOUT_S) -> None:
        """Until ``text`` was shown."""
        self.wait(lambda: text in self.text, timeout_s)

    def wait(self, is_there: Callable[[], bool], timeout_s: float = SHOWN_TIMEOUT_S) -> None:
        """Until ``is_there``."""
        end_s = time.monotonic() + timeout_s
        while not is_there():
            assert time.monotonic() < end_s, f"not in time; shown: {self.text[-2000:]!r}"
            assert not self.has_ended, f"ended ({self.stream.end_reason}); shown: {self.text[-2000:]!r}"
            self.look()

    def wait_for_end(self, timeout_s: float = SHOWN_TIMEOUT_S) -> None:
        """Until the stream has ended."""
        end_s = time.monotonic() + timeout_s
        while not self.has_ended:
            assert time.monotonic() < end_s, "it does not end"
            self.look()

    def run(self, command: str) -> str:
        """What ``command`` of a shell prints; the prompt does not matter."""
        before = len(self.text)
        self.type(f"echo be''gin; {command}; echo e''nd\r")
        self.wait(lambda: "end\r\n" in self.text[max(before, len(self.text) - TAIL_CHARS) :])
        return self.text[before:].partition("begin\r\n")[2].partition("end\r\n")[0]

    def leave(self) -> None:
        """Go; the terminal stays."""
        self.stream.close()
        while not self.has_ended and self.look(1.0):
            pass
        self.stream.release()
