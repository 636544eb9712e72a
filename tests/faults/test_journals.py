"""Faults 18, 50 and 51: what a journal survives on disk, and how a long one is told."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.journal import Journal
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.sidecar.journal_file import JournalFile
from flasknb.kernel_bridge.sidecar.journals import WAITING_BYTES, Journals, KernelJournal

KERNEL = "kernel"
SETTLED_TIMEOUT_S = 10.0


def line(sequence: int, text: str, *, count: int = 0, parent: str = "cell") -> Entry:
    header = orjson.dumps({"msg_id": f"m{sequence}", "msg_type": "stream"})
    parts = [b"iopub", header, orjson.dumps({"msg_id": parent}), b"{}", orjson.dumps({"name": "stdout", "text": text})]
    return Entry.of(sequence, parts, msg_type="stream", parent_id=parent, count=count)


def shown(entries: list[Entry]) -> str:
    return "".join(str(entry.content["text"]) for entry in entries)


def numbered(first: int, last: int) -> str:
    return "".join(f"{number}\n" for number in range(first, last + 1))


def file_in(folder: Path, *, limit_bytes: int = 10**7) -> JournalFile:
    return JournalFile(folder, KERNEL, "epoch", limit_bytes=limit_bytes)


def written(folder: Path, count: int, *, limit_bytes: int = 10**7) -> JournalFile:
    """A file with lines 1 to ``count``, one record each."""
    file = file_in(folder, limit_bytes=limit_bytes)
    for number in range(1, count + 1):
        file.write([line(number, f"{number}\n", count=number)])
    return file


def test_18_a_journal_opens_clean_wherever_its_last_bytes_were_torn_off(tmp_path: Path) -> None:
    written(tmp_path, 5)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    whole = path.read_bytes()
    for torn in range(1, len(whole), 97):
        path.write_bytes(whole[:-torn])
        file = file_in(tmp_path)
        found = file.load()
        if found is None:
            path.touch()
            continue
        assert shown(file.read(0, 10**9)) == numbered(1, found.newest)
        assert found.newest < 5
        assert not found.is_whole


def test_50_a_damaged_record_is_skipped_with_what_follows_it_and_the_next_sidecar_writes_on(tmp_path: Path) -> None:
    written(tmp_path, 5)
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    at = content.rindex(b"4\\n")
    content[at] ^= 1
    path.write_bytes(content)
    file = file_in(tmp_path)
    found = file.load()
    assert found is not None
    assert found.newest == 3
    assert shown(file.read(0, 10**9)) == numbered(1, 3)
    file.write([line(found.reserved + 1, "later\n")])
    assert shown(file.read(0, 10**9)) == numbered(1, 3) + "later\n"


def test_50_damage_in_the_middle_of_a_journal_is_told_as_missing(tmp_path: Path) -> None:
    file = written(tmp_path, 200, limit_bytes=40_000)
    paths = sorted(tmp_path.iterdir())
    content = bytearray(paths[1].read_bytes())
    content[len(content) // 2] ^= 1
    paths[1].write_bytes(content)
    journal = Journal(limit_bytes=0, epoch="epoch", newest=200)
    journal.shelf, journal.gaps = file, file.gaps
    told = journal.since(file.oldest or 0, epoch="epoch", session="s").entries
    missing = journal.missing_between(file.oldest or 0, 200)
    assert isinstance(missing, tuple)
    seen = {int(text) for text in shown(list(told)).split()}
    assert not seen & set(range(missing[0], missing[1] + 1))
    assert seen | set(range(missing[0], missing[1] + 1)) == set(range((file.oldest or 0) + 1, 201))


def test_46_a_journal_on_disk_is_bounded_and_rotated(tmp_path: Path) -> None:
    file = written(tmp_path, 2_000, limit_bytes=100_000)
    assert file.size_bytes == sum(path.stat().st_size for path in tmp_path.iterdir()) < 120_000
    assert file.oldest is not None
    assert file.oldest > 1_000
    assert shown(file.read(0, 10**9)) == numbered(file.oldest, 2_000)


@pytest.fixture
def run() -> Callable[..., None]:
    """Runs a coroutine in a loop of its own."""

    def run_it(work: Callable[[], object]) -> None:
        asyncio.run(asyncio.wait_for(work(), SETTLED_TIMEOUT_S))  # type: ignore[arg-type]

    return run_it


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0.02)


def say(journals: Journals, kept: KernelJournal, first: int, last: int) -> None:
    for number in range(first, last + 1):
        kept.journal.append(line(number, f"{number}\n", count=number))
        journals.touched(kept)


def test_50_with_a_full_disk_the_journal_goes_on_in_memory(
    tmp_path: Path, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(self: JournalFile, piece: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async def work() -> None:
        journals = Journals(tmp_path, KernelSidecar())
        kept = journals.open(KERNEL, has_past=False)
        say(journals, kept, 1, 10)
        await until(lambda: kept.file is not None and kept.file.newest == 10)
        monkeypatch.setattr(JournalFile, "_flush", full)
        say(journals, kept, 11, 20)
        await until(lambda: kept.file is None)
        say(journals, kept, 21, 30)
        assert shown(list(kept.journal.since(0, epoch=None, session="s").entries)) == numbered(1, 30)
        await journals.close(lambda kernel_id: True)

    run(work)
    assert "kept in memory only" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == []


def test_50_a_kernel_does_not_wait_for_a_disk_that_is_done_without(
    tmp_path: Path, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    disk = threading.Event()

    def slow(self: JournalFile, *pieces: bytes) -> None:
        disk.wait(SETTLED_TIMEOUT_S)

    async def work() -> None:
        journals = Journals(tmp_path, KernelSidecar())
        kept = journals.open(KERNEL, has_past=False)
        await until(lambda: kept.file is not None and kept.file.reserved > 0)
        monkeypatch.setattr(JournalFile, "_flush", slow)
        for number in (1, 2):
            kept.journal.append(line(number, "x" * WAITING_BYTES))
            journals.touched(kept)
        assert kept.file is None
        assert kept.waiting_bytes == 0
        disk.set()
        await journals.close(lambda kernel_id: True)

    run(work)
    assert "the disk is too slow" in caplog.text


def test_13_a_successor_goes_on_with_numbers_requests_and_every_line(tmp_path: Path, run: Callable[..., None]) -> None:
    async def work() -> None:
        journals = Journals(tmp_path, KernelSidecar())
        kept = journals.open(KERNEL, has_past=False)
        assert kept.requests.is_new("asked")
        assert kept.requests.is_new("waited")
        kept.requests.write("asked")
        say(journals, kept, 1, 500)
        await journals.close(lambda kernel_id: False)
        after = Journals(tmp_path, KernelSidecar())
        again = after.open(KERNEL, has_past=True)
        assert (again.journal.epoch, again.journal.newest) == (kept.journal.epoch, 500)
        assert not again.requests.is_new("asked")
        assert again.requests.is_new("waited")  # the kernel never got it: its page sends it again
        assert again.gap_before(501) is None
        say(after, again, 501, 600)
        told = list(again.journal.since(123, epoch=kept.journal.epoch, session="s").entries)
        assert shown(told) == numbered(124, 600)
        after.remove(KERNEL)
        await after.close(lambda kernel_id: False)

    run(work)
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize(("count", "missing"), [(503, (501, 502)), (501, None), (0, "unknown")])
def test_14_what_a_kernel_said_while_nobody_listened_is_known_by_its_own_count(
    tmp_path: Path, run: Callable[..., None], count: int, missing: object
) -> None:
    async def work() -> None:
        journals = Journals(tmp_path, KernelSidecar())
        say(journals, journals.open(KERNEL, has_past=False), 1, 500)
        await journals.close(lambda kernel_id: False)
        again = Journals(tmp_path, KernelSidecar())
        kept = again.open(KERNEL, has_past=True)
        kept.gap_before(count)
        assert kept.journal.missing_after(500, epoch=kept.journal.epoch)[1] == missing
        await again.close(lambda kernel_id: False)

    run(work)


def test_14_after_a_crash_no_number_is_used_twice(tmp_path: Path, run: Callable[..., None]) -> None:
    async def work() -> None:
        journals = Journals(tmp_path, KernelSidecar())
        kept = journals.open(KERNEL, has_past=False)
        say(journals, kept, 1, 100)
        await until(lambda: kept.file is not None and kept.file.newest == 100)
        say(journals, kept, 101, 150)  # told to pages, never written: the sidecar is killed here
        again = Journals(tmp_path, KernelSidecar()).open(KERNEL, has_past=True)
        assert again.journal.newest > 150
        assert again.gap_before(161) is not None
        assert again.journal.missing_after(100, epoch=kept.journal.epoch)[1] == (101, again.journal.newest)
        assert again.journal.missing_after(150, epoch=kept.journal.epoch)[1] == "unknown"
        await journals.close(lambda kernel_id: False)

    run(work)


@pytest.mark.parametrize(
    "messages", [50_000, pytest.param(1_000_000, marks=[pytest.mark.slow, pytest.mark.timeout(300)])]
)
def test_51_a_long_history_is_told_at_once_and_folded(messages: int) -> None:
    journal = Journal(limit_bytes=32 * 1024 * 1024)
    for number in range(1, messages + 1):
        journal.append(line(number, f"{number}\n"))
        if number % 2_000 == 0:
            journal.settle()
    journal.settle()
    begun_s = time.process_time()
    told = list(journal.since(0, epoch=None, session="new").entries)
    assert time.process_time() - begun_s < 3
    assert len(told) < messages / 500
    assert shown(told) == numbered(1, messages)
    assert journal.missing_after(0, epoch=None) == (0, None)
    assert shown(list(journal.since(messages - 777, epoch=None, session="new").entries)) == numbered(
        messages - 776, messages
    )
