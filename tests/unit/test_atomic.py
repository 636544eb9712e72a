"""Replacing a file's bytes. What disks do meanwhile is tested in ``tests/faults/test_saving.py``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
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


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are looked up in /proc")
def test_no_file_stays_open(folder: Path, descriptor: int) -> None:
    for content in (b"old", b"new"):
        write_atomically(descriptor, "a", content, str(folder.parent / "backups"))
    own = [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    assert not any(path.startswith(str(folder / "a")) for path in own)


def test_a_file_that_may_not_be_read_is_replaced(
    folder: Path, descriptor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").write_bytes(b"old")
    open_as_usual = os.open

    def refuse_reading(path: str, flags: int, *arguments: int, dir_fd: int | None = None) -> int:
        if path == "a":
            raise PermissionError(path)
        return open_as_usual(path, flags, *arguments, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse_reading)
    write_atomically(descriptor, "a", b"new", str(folder.parent / "backups"))
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


@pytest.mark.parametrize("most_bytes", [1, 7, 1 << 20])
def test_pieces_reach_the_file_whole_however_little_a_call_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_bytes: int
) -> None:
    def writes_little(target: int, pieces: Sequence[bytes]) -> int:
        return os.write(target, b"".join(pieces)[:most_bytes])

    monkeypatch.setattr(os, "writev", writes_little, raising=False)
    pieces = [b"", b"one", b"", *(b"%d," % number for number in range(1200)), b""]
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        write_atomically(folder, "a", pieces, str(tmp_path))
        write_atomically(folder, "empty", [b""], str(tmp_path))
    finally:
        os.close(folder)
    assert (tmp_path / "a").read_bytes() == b"".join(pieces)
    assert (tmp_path / "empty").read_bytes() == b""
