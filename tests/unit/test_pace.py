"""A kernel waits while everybody is behind, and for no one who has stopped reading."""

from __future__ import annotations

from flasknb.kernel_bridge.pace import DISK_STALLED_S, LONGEST_S, MEMORY_BYTES, PAUSE_S, READER_STALLED_S, Backlog, Pace


def pace(memory_bytes: int = 0) -> Pace:
    return Pace(reader_bytes=100, disk_bytes=50, memory_bytes=lambda: memory_bytes)


def test_those_who_keep_up_wait_for_nothing() -> None:
    assert pace().pause_s(Backlog(100, 50, 1), 0.0) == 0


def test_the_kernel_waits_for_the_furthest_reader_and_for_the_disk() -> None:
    assert pace().pause_s(Backlog(101, 0, 1), 0.0) == PAUSE_S
    assert pace().pause_s(Backlog(0, 51, 1), 0.0) == PAUSE_S


def test_no_kernel_waits_when_memory_is_short() -> None:
    assert pace(MEMORY_BYTES).pause_s(Backlog(101, 51, 1), 0.0) == PAUSE_S
    assert pace(MEMORY_BYTES + 1).pause_s(Backlog(101, 51, 1), 0.0) == 0


def test_whoever_takes_nothing_is_not_waited_for_any_longer() -> None:
    one = pace()
    assert one.pause_s(Backlog(101, 0, 1), 0.0) == PAUSE_S
    assert one.pause_s(Backlog(101, 0, 1), READER_STALLED_S) == PAUSE_S
    assert one.pause_s(Backlog(101, 0, 1), READER_STALLED_S + 0.1) == 0
    assert one.pause_s(Backlog(101, 0, 2), READER_STALLED_S + 0.2) == PAUSE_S, "it reads again"


def test_a_disk_that_needs_long_for_one_piece_is_waited_for() -> None:
    one = pace()
    assert one.pause_s(Backlog(0, 51, 1), 0.0) == PAUSE_S
    assert one.pause_s(Backlog(0, 51, 1), DISK_STALLED_S) == PAUSE_S
    assert one.pause_s(Backlog(0, 51, 1), DISK_STALLED_S + 0.1) == 0


def test_a_page_that_reads_nothing_does_not_keep_the_kernel_waiting_because_the_disk_works() -> None:
    one = pace()
    assert one.pause_s(Backlog(101, 51, 1), 0.0) == PAUSE_S
    assert one.pause_s(Backlog(101, 50, 1), READER_STALLED_S + 0.1) == 0


def test_a_slow_reader_is_waited_for_while_it_reads_but_not_for_ever() -> None:
    one = pace()
    moments = [number * READER_STALLED_S / 2 for number in range(int(2 * LONGEST_S / READER_STALLED_S) + 1)]
    assert all(one.pause_s(Backlog(101, 0, number), at_s) for number, at_s in enumerate(moments))
    assert one.pause_s(Backlog(101, 0, 999), LONGEST_S + 0.1) == 0


def test_the_next_flood_is_waited_for_anew() -> None:
    one = pace()
    one.pause_s(Backlog(101, 0, 1), 0.0)
    assert one.pause_s(Backlog(101, 0, 1), LONGEST_S) == 0
    assert one.pause_s(Backlog(0, 0, 1), LONGEST_S) == 0
    assert one.pause_s(Backlog(101, 0, 1), LONGEST_S + 1) == PAUSE_S
