"""The sidecar gives memory back, and does not try all the time."""

from __future__ import annotations

import os

from flasknb.kernel_bridge.sidecar.memory import EVERY_S, WORTH_IT_BYTES, Thrift, own_bytes, to_the_system

MUCH = WORTH_IT_BYTES + 1


class Heap:
    """A process that has taken ``taken`` bytes, of which ``free`` can be given back."""

    def __init__(self) -> None:
        self.taken, self.free, self.given = 10 * MUCH, 0, 0

    def give_back(self) -> None:
        self.given += 1
        self.taken, self.free = self.taken - self.free, 0


def test_what_was_taken_and_freed_is_given_back_once() -> None:
    heap = Heap()
    thrift = Thrift(lambda: heap.taken, heap.give_back)
    thrift.look(100.0)
    assert heap.given == 0
    heap.taken, heap.free = heap.taken + MUCH, MUCH
    thrift.look(101.0)
    assert (heap.given, heap.taken) == (1, 10 * MUCH)
    thrift.look(102.0)
    assert heap.given == 1


def test_what_is_freed_later_is_given_back_later() -> None:
    heap = Heap()
    thrift = Thrift(lambda: heap.taken, heap.give_back)
    heap.taken += MUCH
    thrift.look(100.0)
    heap.free = MUCH
    thrift.look(100.0 + EVERY_S - 1)
    assert heap.given == 1
    thrift.look(100.0 + EVERY_S + 1)
    assert (heap.given, heap.taken) == (2, 10 * MUCH)


def test_this_process_has_memory_and_can_give_some_back() -> None:
    assert own_bytes() == 0 or 1_000_000 < own_bytes(os.getpid()) < 100_000_000_000
    to_the_system()
    assert own_bytes(2**31 - 5) == 0
