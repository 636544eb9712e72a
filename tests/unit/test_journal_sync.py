"""Journals are brought to the disk beside the writing, to the end of each file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.sidecar.journal_file import JournalFile
from flasknb.kernel_bridge.sidecar.journal_sync import CACHED_BYTES, JournalSync


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("size_bytes", [10, CACHED_BYTES + 1])
def test_what_was_written_stays_readable(tmp_path: Path, size_bytes: int) -> None:
    path, ends = tmp_path / "journal", list[OSError | None]()
    path.write_bytes(b"x" * size_bytes)
    descriptor = os.open(path, os.O_WRONLY)
    sync = JournalSync()
    sync.begin(descriptor, ends.append)
    sync.shutdown()
    assert ends == [None]
    assert not is_open(descriptor)
    assert path.read_bytes() == b"x" * size_bytes


def test_an_error_is_told() -> None:
    ends: list[OSError | None] = []
    reading, writing = os.pipe()  # that no disk is behind
    sync = JournalSync()
    sync.begin(writing, ends.append)
    sync.shutdown()
    os.close(reading)
    assert [type(error) for error in ends] == [OSError]
    assert not is_open(writing)


def test_every_full_segment_is_handed_over(tmp_path: Path) -> None:
    retired: list[int] = []
    file = JournalFile(tmp_path, "kernel", "epoch", limit_bytes=80_000, retire=retired.append)
    parts = [b"iopub", b"{}", b"{}", b"{}", b'"%s"' % (b"x" * 4000)]
    for number in range(1, 11):
        file.write([Entry.of(number, parts, msg_type="stream", parent_id="")])
    assert len(retired) == 3
    assert sum(os.fstat(one).st_size for one in retired) > 30_000
    file.forget()
    for descriptor in retired:
        os.close(descriptor)
