"""Streams and feeds on which nothing ever comes; what was sent is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flasknb.kernel_bridge.bridge import Joined


class FakeStream:
    """A stream on which nothing ever comes; what was sent is kept in ``sent``."""

    def __init__(self) -> None:
        self.joined = Joined(epoch="fake", sequence=0, missing=None)
        self.sent: list[bytes] = []
        self.is_closed = False
        self.end_reason = ""

    def send(self, frame: bytes) -> None:
        """Keep the frame."""
        self.sent.append(frame)

    def receive(self, timeout_s: float | None = None) -> tuple[int, bytes] | None:
        """The end of the stream."""
        return None

    def receive_batch(self, timeout_s: float | None = None) -> Sequence[bytes] | None:
        """The end of the stream."""
        return None

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True

    def release(self) -> None:
        """The same as ``close``."""
        self.close()


class FakeFeed:
    """A feed of nothing."""

    def __iter__(self) -> Iterator[Any]:
        """No news."""
        return iter(())

    def open(self) -> bool:
        """Nothing to wait for."""
        return True

    def close(self) -> None:
        """Nothing to end."""
