"""A file as blocks that are read when they are asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flasknb.contents import fileblocks
from flasknb.contents.fileblocks import FileBlocks


@pytest.mark.parametrize("size_bytes", [0, 1, 9, 10, 11, 25])
def test_the_blocks_are_the_file_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size_bytes: int) -> None:
    monkeypatch.setattr(fileblocks, "BLOCK_BYTES", 10)
    content = bytes(range(size_bytes))
    (tmp_path / "a").write_bytes(content)
    with (tmp_path / "a").open("rb") as file:
        blocks = FileBlocks(file.fileno(), size_bytes)
        assert b"".join(blocks) == content
        assert b"".join(blocks[:]) == content
        assert list(blocks) == [content[start : start + 10] for start in range(0, size_bytes, 10)]
        assert len(blocks) == len(list(blocks))


def test_a_file_that_shrinks_meanwhile_has_less(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with (tmp_path / "a").open("rb+") as file:
        blocks = FileBlocks(file.fileno(), 3)
        os.ftruncate(file.fileno(), 1)
        assert b"".join(blocks) == b"a"
