"""An open file as a sequence of blocks, each read when it is asked for. Knows a descriptor, not what is in the file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import overload

BLOCK_BYTES = 1 << 20


class FileBlocks(Sequence[bytes]):
    """The first ``size_bytes`` of a file, as often as asked for. One thread; the descriptor stays its owner's."""

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        self._descriptor, self._size_bytes = descriptor, size_bytes

    def __len__(self) -> int:
        return len(range(0, self._size_bytes, BLOCK_BYTES))

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...

    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        start = range(0, self._size_bytes, BLOCK_BYTES)[place]
        os.lseek(self._descriptor, start, os.SEEK_SET)
        left_bytes = min(BLOCK_BYTES, self._size_bytes - start)
        pieces = []
        while left_bytes and (piece := os.read(self._descriptor, left_bytes)):  # a file that shrinks has less
            pieces.append(piece)
            left_bytes -= len(piece)
        return b"".join(pieces)
