"""What the launcher lets zmq send without a copy."""

from __future__ import annotations

import pytest

from flasknb.kernel_bridge.sidecar.in_kernel.launch_ipykernel import LARGE_BYTES, may_stay


@pytest.mark.parametrize(
    ("frames", "stay"),
    [
        ([b"topic", b"{}", b"x" * LARGE_BYTES], True),
        ([b"topic", b"{}", b"x" * (LARGE_BYTES - 1)], False),
        ([b"topic", b"x" * LARGE_BYTES, memoryview(bytearray(4))], False),
        ([b"topic", bytearray(LARGE_BYTES)], False),
        ([b"topic", memoryview(bytearray(LARGE_BYTES))], False),
    ],
    ids=["large text", "small text", "beside what can be changed", "a bytearray", "an array's memory"],
)
def test_only_large_frames_that_nobody_can_change_are_not_copied(frames: list[bytes], stay: bool) -> None:
    assert may_stay(frames) is stay
