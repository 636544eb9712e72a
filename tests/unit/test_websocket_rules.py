"""What is kept to with every page's websocket."""

from __future__ import annotations

import struct

import pytest

from flasknb.kernel_bridge.bridge import ENDED, STALE
from flasknb.kernel_bridge.websocket_rules import MAX_PINGS_PER_S, PingLimit, close_frame, farewell


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("", ""),
        ("gone", "gone"),
        ("x" * 200, "x" * 120),
        ("x" * 119 + "\u00e9", "x" * 119),
        ("\U0001f642" * 40, "\U0001f642" * 30),
    ],
    ids=["none", "short", "long", "within a character", "four bytes each"],
)
def test_a_reason_fits_a_control_frame_and_is_whole_characters(reason: str, told: str) -> None:
    head, body = close_frame(1008, reason)
    assert head == bytes((0x88, len(body)))
    assert len(body) <= 125
    assert body == struct.pack(">H", 1008) + told.encode()


@pytest.mark.parametrize(("end_reason", "code"), [(STALE, 1000), (ENDED, 1000), ("", 1012), (None, 1012)])
def test_a_page_is_told_whether_to_come_back(end_reason: str | None, code: int) -> None:
    assert farewell(end_reason)[0] == code


def test_pings_are_counted_by_the_second() -> None:
    limit = PingLimit()
    assert not any(limit.is_exceeded(10.0) for _ in range(MAX_PINGS_PER_S))
    assert limit.is_exceeded(10.9)
    assert not limit.is_exceeded(11.1)
