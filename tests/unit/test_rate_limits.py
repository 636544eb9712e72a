"""The classic limits of output."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from flasknb.kernel_bridge.fanout import SubscriberQueue
from flasknb.kernel_bridge.journal import Entry
from flasknb.kernel_bridge.rate_limits import FlowLimiter, RateLimits


def entry(sequence: int, msg_type: str, content: dict[str, Any], channel: str = "iopub") -> Entry:
    header = orjson.dumps({"msg_id": str(sequence), "msg_type": msg_type})
    parts = [channel.encode(), header, b'{"msg_id":"p"}', b"{}", orjson.dumps(content)]
    return Entry.of(sequence, parts, msg_type=msg_type, parent_id="p")


def out(sequence: int, text: str = "x") -> Entry:
    return entry(sequence, "stream", {"name": "stdout", "text": text})


def display(sequence: int) -> Entry:
    return entry(sequence, "display_data", {"data": {}})


def status(sequence: int, state: str) -> Entry:
    return entry(sequence, "status", {"execution_state": state})


def sent(limiter: FlowLimiter, *entries: Entry, at_s: float = 0.0) -> list[tuple[int, str]]:
    return [(one.sequence, one.msg_type) for one in limiter.passed(entries, at_s)]


def text(one: Entry) -> str:
    return str(orjson.loads(one.parts[4])["text"])


def test_up_to_the_limit_everything_passes() -> None:
    limiter = FlowLimiter(RateLimits(messages_per_s=2, window_s=3))
    assert len(sent(limiter, *map(display, range(1, 7)))) == 6
    assert limiter.dropped == 0


@pytest.mark.row("5.2 rate limit")
def test_the_first_message_too_many_is_told_once_in_its_place() -> None:
    limiter = FlowLimiter(RateLimits(messages_per_s=2, window_s=3))
    found = limiter.passed(map(display, range(1, 20)), 0.0)
    assert [one.sequence for one in found] == [1, 2, 3, 4, 5, 6, 7]
    notice = found[-1]
    assert (notice.msg_type, notice.parent_id) == ("stream", "p")
    assert orjson.loads(notice.parts[4])["name"] == "stderr"
    lines = text(notice).splitlines()
    assert lines[0] == "IOPub message rate exceeded."
    assert any("--ServerApp.iopub_msg_rate_limit" in line for line in lines)
    assert lines[-3:] == [
        "Current values:",
        "ServerApp.iopub_msg_rate_limit=2 (msgs/sec)",
        "ServerApp.rate_limit_window=3 (secs)",
    ]


@pytest.mark.row("5.2 rate limit")
def test_text_counts_by_its_bytes_and_other_output_does_not() -> None:
    limiter = FlowLimiter(RateLimits(bytes_per_s=100, window_s=3))
    assert len(sent(limiter, *map(display, range(1, 50)))) == 49
    found = limiter.passed([out(50, "x" * 200), out(51, "x" * 200)], 0.0)
    assert text(found[0]) == "x" * 200
    assert text(found[1]).startswith("IOPub data rate exceeded.")
    assert "ServerApp.iopub_data_rate_limit=100 (bytes/sec)" in text(found[1])


@pytest.mark.row("5.2 rate limit")
def test_output_passes_again_below_four_fifths_of_the_limit() -> None:
    limiter = FlowLimiter(RateLimits(messages_per_s=10, window_s=1))
    sent(limiter, *map(display, range(1, 6)), at_s=0.0)
    sent(limiter, *map(display, range(6, 12)), at_s=0.5)  # 11, one too many
    assert sent(limiter, display(12), at_s=0.9) == []
    assert sent(limiter, display(13), at_s=1.1) == [(13, "display_data")]  # the first five are forgotten


@pytest.mark.row("5.2 rate limit")
def test_an_idle_kernel_clears_the_account() -> None:
    limiter = FlowLimiter(RateLimits(messages_per_s=1, window_s=1))
    assert len(sent(limiter, *map(display, range(1, 9)))) == 2
    assert sent(limiter, status(9, "busy"), display(10)) == [(9, "status")]
    assert sent(limiter, status(11, "idle"), display(12)) == [(11, "status"), (12, "display_data")]


@pytest.mark.parametrize("kind", ["status", "comm_open", "execute_input", "error"])
def test_some_messages_always_pass(kind: str) -> None:
    limiter = FlowLimiter(RateLimits(messages_per_s=1, window_s=1))
    sent(limiter, *map(display, range(1, 9)))
    assert sent(limiter, entry(10, kind, {})) == [(10, kind)]
    assert sent(limiter, entry(11, "execute_reply", {}, channel="shell")) == [(11, "execute_reply")]


def test_too_many_small_texts_wait_and_merge_instead_of_being_lost() -> None:
    limiter = FlowLimiter(RateLimits(messages_per_s=10, window_s=1))
    queue = SubscriberQueue(soft_bytes=0)
    now_s, found = 0.0, ""
    for number in range(1, 1001):
        queue.put(out(number))
        now_s += 0.001
        if limiter.hold_s(now_s) == 0:
            found += "".join(text(one) for one in limiter.passed(queue.take(10**9), now_s))
    found += "".join(text(one) for one in limiter.passed(queue.take(10**9), now_s + 1))
    assert found == "x" * 1000


def test_without_limits_there_is_nothing_to_do() -> None:
    assert not RateLimits().is_on
    assert RateLimits(messages_per_s=1).is_on
