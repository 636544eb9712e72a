"""How long requests take: one histogram per method, handler and status. Pure: values, no files."""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)  # and above
KEY_BYTES = 128
NUMBERS = struct.Struct(f"<{len(BOUNDS_S) + 1}Qd")
RECORD_BYTES = KEY_BYTES + NUMBERS.size

Labels = tuple[str, str, str]


@dataclass(frozen=True)
class Histogram:
    """``counts`` per bucket, not summed up; ``sum_s`` of all durations."""

    counts: tuple[int, ...] = (0,) * (len(BOUNDS_S) + 1)
    sum_s: float = 0.0

    def __add__(self, other: Histogram) -> Histogram:
        counts = tuple(mine + theirs for mine, theirs in zip(self.counts, other.counts, strict=True))
        return Histogram(counts, self.sum_s + other.sum_s)


def bucket_of(duration_s: float) -> int:
    """Index of the bucket that counts ``duration_s``."""
    return bisect_left(BOUNDS_S, duration_s)


def pack_key(labels: Labels) -> bytes:
    """``(method, handler, status)`` as KEY_BYTES bytes; what is too long is cut off."""
    return "\n".join(labels).encode()[: KEY_BYTES - 1].ljust(KEY_BYTES, b"\0")


def pack_record(labels: Labels, histogram: Histogram) -> bytes:
    """One record of a file of figures."""
    return pack_key(labels) + NUMBERS.pack(*histogram.counts, histogram.sum_s)


def unpack_records(content: bytes) -> Iterator[tuple[Labels, Histogram]]:
    """The records of a file up to the first unused one; stops where it makes no sense."""
    for start in range(0, len(content) - RECORD_BYTES + 1, RECORD_BYTES):
        key = content[start : start + KEY_BYTES].rstrip(b"\0").decode("utf-8", "replace").split("\n")
        if len(key) != 3:
            return
        *counts, sum_s = NUMBERS.unpack_from(content, start + KEY_BYTES)
        yield (key[0], key[1], key[2]), Histogram(tuple(counts), sum_s)


def added_up(records: Iterable[tuple[Labels, Histogram]]) -> dict[Labels, Histogram]:
    """One histogram per labels."""
    result: dict[Labels, Histogram] = {}
    for labels, histogram in records:
        result[labels] = result.get(labels, Histogram()) + histogram
    return result
