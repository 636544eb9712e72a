"""What a kernel has said lately."""

from __future__ import annotations

import pytest

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.frames import FrameDecoder, Kind
from flasknb.kernel_bridge.journal import Journal, Replay, shrink_together


def entry(sequence: int, *, target: str | None = None, content: bytes = b"{}") -> Entry:
    parts = [b"iopub", b'{"msg_id":"1"}', b"{}", b"{}", content]
    return Entry.of(sequence, parts, msg_type="stream", parent_id="p", target=target)


def filled(count: int, *, limit_bytes: int = 10**6, has_past: bool = False) -> Journal:
    journal = Journal(limit_bytes=limit_bytes, epoch="now", has_past=has_past)
    for _ in range(count):
        journal.append(entry(journal.next_sequence()))
    return journal


def numbers(replay: Replay) -> list[int]:
    return [one.sequence for one in replay.entries]


def test_an_entry_is_a_finished_frame_with_its_number() -> None:
    made = entry(7, content=b'{"text":"x"}')
    (frame,) = FrameDecoder().feed(made.frame)
    assert frame.kind is Kind.MESSAGE
    assert int.from_bytes(frame.body[:8], "little") == 7
    assert made.parts[4] == b'{"text":"x"}'


def test_numbers_follow_each_other() -> None:
    with pytest.raises(ValueError, match="entry 5 does not follow 3"):
        filled(3).append(entry(5))


@pytest.mark.parametrize(("since", "expected"), [(0, [1, 2, 3]), (2, [3]), (3, []), (99, []), (-5, [1, 2, 3])])
def test_since_gives_what_came_after(since: int, expected: list[int]) -> None:
    replay = filled(3).since(since, epoch="now", session="s")
    assert (numbers(replay), replay.missing) == (expected, None)


def test_bytes_bound_the_journal_and_it_knows_what_it_dropped() -> None:
    journal = filled(10, limit_bytes=3 * entry(1).size_bytes)
    assert (journal.oldest, journal.newest) == (8, 10)
    replay = journal.since(4, epoch="now", session="s")
    assert (numbers(replay), replay.missing) == ([8, 9, 10], (5, 7))
    assert journal.since(7, epoch="now", session="s").missing is None


def test_one_entry_larger_than_the_bound_is_told_as_missing() -> None:
    journal = filled(2, limit_bytes=10)
    assert journal.since(0, epoch="now", session="s") == Replay([], (1, 2))
    assert journal.next_sequence() == 3


def test_a_kernel_with_a_past_sends_another_epoch_everything_flagged() -> None:
    journal = filled(3, has_past=True)
    replay = journal.since(50, epoch="before", session="s")
    assert (numbers(replay), replay.missing) == ([1, 2, 3], "unknown")
    assert journal.since(1, epoch="now", session="s").missing is None


def test_who_comes_from_another_kernel_misses_nothing_of_a_new_one() -> None:
    replay = filled(3).since(50, epoch="of another kernel", session="s")
    assert (numbers(replay), replay.missing) == ([1, 2, 3], None)


def test_replies_are_replayed_to_their_own_session_only() -> None:
    journal = Journal(limit_bytes=10**6)
    for sequence, target in enumerate([None, "a", "b", None], 1):
        journal.append(entry(sequence, target=target))
    assert numbers(journal.since(0, epoch=None, session="a")) == [1, 2, 4]


def test_every_journal_has_an_epoch_of_its_own() -> None:
    assert Journal(limit_bytes=1).epoch != Journal(limit_bytes=1).epoch


def test_all_journals_together_are_bounded_and_the_long_ones_give_way() -> None:
    short, long = filled(3), filled(100)
    untouched = short.kept_bytes + long.kept_bytes
    shrink_together([short, long], untouched)
    assert short.kept_bytes + long.kept_bytes == untouched
    shrink_together([short, long], 10 * entry(1).size_bytes)
    assert (short.oldest, long.oldest) == (1, 96)
    assert long.since(90, epoch="now", session="s").missing == (91, 95)
    shrink_together([], 0)
