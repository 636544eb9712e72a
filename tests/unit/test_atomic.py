"""Replacing a file's bytes. What disks do meanwhile is tested in ``tests/faults/test_saving.py``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flasknb.contents.atomic import write_atomically


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "folder"
    path.mkdir()
    return path


@pytest.fixture
def descriptor(folder: Path) -> Iterator[int]:
    opened = os.open(folder, os.O_RDONLY)
    yield opened
    os.close(opened)


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 3_000_000])
def test_a_new_file_holds_the_bytes_and_nothing_else_is_left(folder: Path, descriptor: int, content: bytes) -> None:
    write_atomically(descriptor, "a", content, str(folder.parent / "backups"))
    assert [path.name for path in folder.iterdir()] == ["a"]
    assert (folder / "a").read_bytes() == content


def test_a_reader_that_has_the_old_file_open_keeps_the_old_bytes(folder: Path, descriptor: int) -> None:
    (folder / "a").write_bytes(b"old")
    with (folder / "a").open("rb") as reader:
        write_atomically(descriptor, "a", b"new", str(folder.parent / "backups"))
        assert reader.read() == b"old"
    assert (folder / "a").read_bytes() == b"new"


def test_a_shorter_text_written_in_place_has_no_tail(folder: Path, descriptor: int) -> None:
    (folder / "a").write_bytes(b"a long old text")
    os.link(folder / "a", folder / "b")
    write_atomically(descriptor, "a", b"new", str(folder.parent / "backups"))
    assert (folder / "b").read_bytes() == b"new"
    assert list((folder.parent / "backups").iterdir()) == []


def test_a_link_put_in_the_files_place_is_not_followed(folder: Path, descriptor: int) -> None:
    outside = folder.parent / "outside"
    outside.write_bytes(b"outside")
    (folder / "a").symlink_to(outside)
    with pytest.raises(OSError, match="symbolic links"):
        write_atomically(descriptor, "a", b"new", str(folder.parent / "backups"))
    assert outside.read_bytes() == b"outside"
    assert [path.name for path in folder.iterdir()] == ["a"]
