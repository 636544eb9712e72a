"""The queue of a slow page."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.fanout import SubscriberQueue

Described = tuple[str, Any]


def entry(sequence: int, msg_type: str, content: dict[str, Any], *, parent: str = "p", channel: str = "iopub") -> Entry:
    header = orjson.dumps({"msg_id": str(sequence), "msg_type": msg_type})
    parts = [channel.encode(), header, orjson.dumps({"msg_id": parent}), b"{}", orjson.dumps(content)]
    return Entry.of(sequence, parts, msg_type=msg_type, parent_id=parent)


def out(sequence: int, text: str, *, parent: str = "p", name: str = "stdout") -> Entry:
    return entry(sequence, "stream", {"name": name, "text": text}, parent=parent)


def display(sequence: int, text: str, *, parent: str = "p") -> Entry:
    return entry(sequence, "display_data", {"data": text}, parent=parent)


def update(sequence: int, text: str, *, display_id: str = "d") -> Entry:
    content = {"data": text, "transient": {"display_id": display_id}}
    return entry(sequence, "update_display_data", content)


def clear(sequence: int, *, wait: bool = False) -> Entry:
    return entry(sequence, "clear_output", {"wait": wait})


def taken(queue: SubscriberQueue) -> list[Described]:
    """Everything, as ``(sequence, text)``."""
    found = []
    while queue:
        for one in queue.take(10**9):
            content = orjson.loads(one.parts[4])
            found.append((one.sequence, content.get("text", content.get("data", content.get("wait")))))
    return found


def backed_up(*entries: Entry) -> SubscriberQueue:
    queue = SubscriberQueue(soft_bytes=0)
    for one in entries:
        queue.put(one)
    return queue


def test_a_page_that_keeps_up_gets_every_message_untouched() -> None:
    queue = SubscriberQueue(soft_bytes=10**6)
    entries = [out(1, "a"), out(2, "b"), update(3, "x"), update(4, "y"), clear(5)]
    for one in entries:
        queue.put(one)
    assert queue.take(10**9) == entries
    assert queue.backlog_bytes == 0


@pytest.mark.parametrize(
    ("entries", "left"),
    [
        ([out(1, "a"), out(2, "b"), out(3, "c")], [(3, "abc")]),
        ([out(1, "a"), out(2, "b", name="stderr")], [(1, "a"), (2, "b")]),
        ([out(1, "a"), out(2, "b", parent="q")], [(1, "a"), (2, "b")]),
        ([out(1, "a"), display(2, "x"), out(3, "b")], [(1, "a"), (2, "x"), (3, "b")]),
        ([update(1, "x"), display(2, "z"), update(3, "y")], [(2, "z"), (3, "y")]),
        ([update(1, "x"), update(2, "y", display_id="e")], [(1, "x"), (2, "y")]),
        ([out(1, "a"), display(2, "b"), clear(3), out(4, "c")], [(3, False), (4, "c")]),
        ([out(1, "a"), clear(2, wait=True)], [(1, "a"), (2, True)]),
        ([out(1, "a"), clear(2, wait=True), out(3, "c")], [(2, True), (3, "c")]),
        (
            [out(1, "a"), entry(2, "comm_msg", {"data": "c"}), clear(3), out(4, "b")],
            [(1, "a"), (2, "c"), (3, False), (4, "b")],
        ),
        ([out(1, "a", parent="q"), clear(2), out(3, "c")], [(1, "a"), (2, False), (3, "c")]),
    ],
    ids=[
        *("text merges", "other stream stays", "other cell stays", "order of outputs stays", "newest update stays"),
        *(
            "other display stays",
            "cleared output goes",
            "waiting clear clears nothing yet",
            "waiting clear clears with the next output",
            "clear after a widget's message may be the widget's",
            "other cell is not cleared",
        ),
    ],
)
def test_a_page_that_lags_gets_less_that_looks_the_same(entries: list[Entry], left: list[Described]) -> None:
    queue = backed_up(*entries)
    assert taken(queue) == left
    assert queue.backlog_bytes == 0


def test_what_was_taken_is_not_touched_again() -> None:
    queue = backed_up(update(1, "x"), out(2, "a"))
    assert len(queue.take(10**9)) == 2
    queue.put(update(3, "y"))
    queue.put(clear(4))
    assert taken(queue) == [(3, "y"), (4, False)]
    assert queue.backlog_bytes == 0


def test_replies_are_never_merged_or_dropped() -> None:
    queue = SubscriberQueue(soft_bytes=0)
    for sequence in range(1, 50):
        queue.put(entry(sequence, "execute_reply", {"text": "r"}, channel="shell"))
    assert [sequence for sequence, _ in taken(queue)] == list(range(1, 50))


def test_take_hands_out_about_as_much_as_asked_and_at_least_one() -> None:
    queue = SubscriberQueue(soft_bytes=10**9)
    for sequence in range(1, 11):
        queue.put(display(sequence, "x" * 100))
    assert len(queue.take(1)) == 1
    assert 2 <= len(queue.take(500)) <= 4


def test_twenty_thousand_lines_merge_into_one() -> None:
    queue = SubscriberQueue(soft_bytes=0)
    for sequence in range(1, 20_001):
        queue.put(out(sequence, "x\n"))
    (only,) = queue.take(10**9)
    assert orjson.loads(only.parts[4])["text"] == "x\n" * 20_000
