"""From messages to outputs, as a page would show them."""

from __future__ import annotations

from typing import Any

import pytest

from flasknb.kernel_bridge.output_fold import OutputFold, overwritten

Message = tuple[str, dict[str, Any]]


def text(value: str, name: str = "stdout") -> Message:
    return "stream", {"name": name, "text": value}


def shown(value: str, display_id: str | None = None, kind: str = "display_data") -> Message:
    transient = {"transient": {"display_id": display_id}} if display_id else {}
    return kind, {"data": {"text/plain": value}, "metadata": {}, **transient}


def fold(*messages: Message) -> list[str]:
    """Each output in a word or two."""
    made = OutputFold(["r"])
    for kind, content in messages:
        made.add(kind, "r", content)
    return [
        str(one.get("text") or one.get("data", {}).get("text/plain") or one.get("ename"))
        for one in made.folded["r"].finished()
    ]


ROWS: list[tuple[list[Message], list[str]]] = [
    ([text("a"), text("b")], ["ab"]),
    ([text("a"), text("b", "stderr"), text("c")], ["a", "b", "c"]),
    ([text("a"), shown("x"), text("b")], ["a", "x", "b"]),
    ([text("10%\r"), text("20%\n")], ["20%\n"]),
    ([text("a"), ("clear_output", {})], []),
    ([text("a"), ("clear_output", {"wait": True})], ["a"]),
    ([text("a"), ("clear_output", {"wait": True}), text("b")], ["b"]),
    ([shown("old", "d"), shown("new", "d", "update_display_data")], ["new"]),
    ([shown("old", "d"), shown("again", "d")], ["again", "again"]),
    ([shown("x", "unknown", "update_display_data")], []),
    ([("error", {"ename": "E", "evalue": "v", "traceback": None})], ["E"]),
    ([("stream", {"text": ["a", "b"]}), ("stream", {})], ["ab"]),
    ([("display_data", {"data": 5, "metadata": None})], ["None"]),
]


@pytest.mark.parametrize(("messages", "outputs"), ROWS)
def test_messages_are_folded(messages: list[Message], outputs: list[str]) -> None:
    assert fold(*messages) == outputs


def test_an_update_reaches_another_execution() -> None:
    made = OutputFold(["a", "b"])
    made.add("display_data", "a", {"data": {"x": 1}, "transient": {"display_id": "d"}})
    made.add("update_display_data", "other", {"data": {"x": 2}, "transient": {"display_id": "d"}})
    assert made.folded["a"].finished()[0]["data"] == {"x": 2}


def test_counts_and_the_end_are_noted() -> None:
    made = OutputFold(["r"])
    made.add("execute_input", "r", {"execution_count": 3})
    made.add("status", "r", {"execution_state": "idle"})
    assert (made.folded["r"].execution_count, made.folded["r"].is_over) == (3, True)


def test_much_text_is_folded_quickly() -> None:
    made = OutputFold(["r"])
    for number in range(200_000):
        made.add("stream", "r", {"name": "stdout", "text": f"{number}\n"})
    (output,) = made.folded["r"].finished()
    assert output["text"].endswith("199999\n")


@pytest.mark.parametrize(
    ("written", "seen"),
    [("ab\rc", "cb"), ("a\b\bc", "c"), ("x\r", "x\r"), ("1\n2\r3\n", "1\n3\n"), ("\r\r", "\r"), ("a\r\nb", "a\r\nb")],
)
def test_terminals_overwrite(written: str, seen: str) -> None:
    assert overwritten(written) == seen


def test_what_is_too_large_is_given_up_until_it_is_cleared() -> None:
    made = OutputFold(["r"], limit_bytes=10)
    for kind, content in [text("a" * 8), text("b" * 8), text("c")]:
        made.add(kind, "r", content, 8)
    assert (made.folded["r"].outputs, made.folded["r"].is_too_large) == ([], True)
    made.add("clear_output", "r", {"wait": True})
    made.add(*("stream", "r", {"name": "stdout", "text": "d"}), 1)
    assert (made.folded["r"].finished()[0]["text"], made.folded["r"].is_too_large) == ("d", False)


def test_together_the_first_ones_give_way() -> None:
    made = OutputFold("abc", limit_bytes=10)
    for msg_id in "abc":
        made.add("display_data", msg_id, {"data": {"text/plain": msg_id}, "transient": {"display_id": msg_id}}, 8)
    assert [made.folded[msg_id].is_too_large for msg_id in "abc"] == [True, False, False]


def update(display_id: str) -> Message:
    return "update_display_data", {"data": {"text/plain": "new"}, "transient": {"display_id": display_id}}


def test_what_updates_bring_counts() -> None:
    made = OutputFold("ab", limit_bytes=10)
    made.add(*("display_data", "a", shown("old", "d")[1]), 2)
    made.add(*("display_data", "b", shown("old", "d")[1]), 2)
    for _ in range(50):  # each takes the place of the one before
        made.add(*("update_display_data", "other", update("d")[1]), 9)
    assert [made.folded[one].is_too_large for one in "ab"] == [False, False]
    made.add(*("update_display_data", "other", update("d")[1]), 11)
    assert [made.folded[one].is_too_large for one in "ab"] == [True, True]
    assert [made.folded[one].outputs for one in "ab"] == [[], []]


def test_updates_that_together_are_too_large_cost_the_first_execution_its_outputs() -> None:
    made = OutputFold("abc", limit_bytes=10)
    for msg_id in "abc":
        made.add(*("display_data", msg_id, shown("old", msg_id)[1]), 1)
    for msg_id in "abc":
        made.add(*("update_display_data", "other", update(msg_id)[1]), 8)
    assert [made.folded[one].is_too_large for one in "abc"] == [True, False, False]


def test_what_was_cleared_or_given_up_is_no_longer_updated_nor_counted() -> None:
    made = OutputFold("a", limit_bytes=10)
    made.add(*("display_data", "a", shown("old", "d")[1]), 8)
    made.add("clear_output", "a", {})
    made.add(*("update_display_data", "a", update("d")[1]), 1000)
    made.add(*("display_data", "a", shown("later", "e")[1]), 8)
    assert (made.folded["a"].size_bytes, made.folded["a"].is_too_large) == (8, False)
    made.add("clear_output", "a", {"wait": True})
    made.add(*("display_data", "a", shown("again", "e")[1]), 9)
    made.add(*("update_display_data", "a", update("e")[1]), 10)
    assert (made.folded["a"].size_bytes, made.folded["a"].finished()[0]["data"]) == (10, {"text/plain": "new"})
