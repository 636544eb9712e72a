"""The journals of all kernels: folded every moment, written to disk behind the messages, bounded together.

What is on disk lets a successor go on with the same numbers: after SIGTERM with all of them, after SIGKILL with what
was written. Where no file can be written the journal is kept in memory, as if there were no disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flasknb.kernel_bridge.instance import private_dir
from flasknb.kernel_bridge.journal import Gap, Journal, NoShelf, shrink_together
from flasknb.kernel_bridge.options import KernelSidecar
from flasknb.kernel_bridge.sidecar.journal_file import JournalFile
from flasknb.kernel_bridge.sidecar.journal_found import Found
from flasknb.kernel_bridge.sidecar.journal_sync import JournalSync
from flasknb.kernel_bridge.sidecar.request_log import RequestLog

log = logging.getLogger(__name__)

SETTLE_S = 0.1
SETTLE_BYTES = 4 * 1024 * 1024  # then at once
WAITING_BYTES = 64 * 1024 * 1024  # of one kernel for a slow disk; then it is done without


@dataclass(eq=False)
class KernelJournal:
    """What is remembered of one kernel.

    ``inherited`` is what a dead sidecar left, until it is known whether something was lost in between.
    """

    kernel_id: str
    journal: Journal
    requests: RequestLog
    file: JournalFile | None = None
    inherited: Found | None = None
    last_count: int = 0
    is_dirty: bool = False
    """Something was appended that is not settled."""
    queued_bytes: int = 0
    written_bytes: int = 0
    """Of ``queued_bytes``, those that the writer's thread is done with; only it changes this."""
    is_syncing: bool = False
    """Its file is being brought to the disk."""
    gaps: list[Gap] = field(default_factory=list)

    @property
    def waiting_bytes(self) -> int:
        """What waits for the disk; nothing where there is no file (any more)."""
        return 0 if self.file is None else self.queued_bytes - self.written_bytes

    def gap_before(self, count: int) -> Gap | None:
        """What was lost before the iopub message that the kernel numbered ``count``; 0 where it does not number."""
        inherited, self.inherited = self.inherited, None
        last, self.last_count = self.last_count, count or self.last_count
        if inherited is not None:
            return self._noted(self._gap_inherited(inherited, count))
        lost = count - last - 1
        return self._noted(self.journal.skip(lost, is_certain=True)) if last and lost > 0 else None

    def _gap_inherited(self, inherited: Found, count: int) -> Gap | None:
        is_known = count > 0 and inherited.count > 0
        lost = count - inherited.count - 1 if is_known else int(not (inherited.is_whole and inherited.was_idle))
        if lost <= 0:
            return None
        if inherited.is_whole:
            return self.journal.skip(lost, is_certain=is_known)
        gap = Gap(inherited.newest + 1, inherited.reserved, is_known)
        self.journal.gaps.append(gap)
        return gap

    def _noted(self, gap: Gap | None) -> Gap | None:
        if gap is not None:
            self.gaps.append(gap)
        return gap


class Journals:
    """Event loop only.

    Args:
        folder: private folder for the files.
    """

    def __init__(self, folder: Path, options: KernelSidecar) -> None:
        self._folder, self._options = folder, options
        self._kept: dict[str, KernelJournal] = {}
        self._dirty: set[KernelJournal] = set()
        self._unsynced: set[KernelJournal] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._writer = ThreadPoolExecutor(1, "journal")
        self._sync = JournalSync()

    def open(self, kernel_id: str, *, has_past: bool, is_kept: bool = True) -> KernelJournal:
        """The journal of a kernel.

        Args:
            has_past: the kernel ran under another sidecar.
            is_kept: whether anything may be written to disk.
        """
        journal = Journal(limit_bytes=self._options.journal_bytes, has_past=has_past)
        kept = KernelJournal(kernel_id, journal, RequestLog(None))
        if is_kept and self._options.journal_disk_bytes > 0:
            self._open_file(kept, has_past=has_past)
        self._kept[kernel_id] = kept
        return kept

    def _open_file(self, kept: KernelJournal, *, has_past: bool) -> None:
        journal, folder = kept.journal, private_dir(self._folder)
        loop, limit_bytes = asyncio.get_running_loop(), self._options.journal_disk_bytes
        file = JournalFile(
            folder,
            kept.kernel_id,
            journal.epoch,
            limit_bytes=limit_bytes,
            retire=lambda full: self._begin_sync(kept, full, loop),
        )
        kept.requests = RequestLog(folder / f"{kept.kernel_id}.requests")
        found = file.load() if has_past else None
        if found is not None:
            newest = found.newest if found.is_whole else found.reserved
            kept.journal = journal = Journal(limit_bytes=self._options.journal_bytes, epoch=found.epoch, newest=newest)
            kept.inherited = found
            kept.requests.load()
            log.info("journal goes on kernel_id=%s newest=%d whole=%s", kept.kernel_id, found.newest, found.is_whole)
        else:
            self._writer.submit(file.forget)
        journal.shelf, journal.gaps, kept.file = file, file.gaps, file
        self._write(kept, partial(file.write, []))  # reserves numbers

    def touched(self, kept: KernelJournal) -> None:
        """A message was appended."""
        if not kept.is_dirty:
            kept.is_dirty = True
            self._dirty.add(kept)
        if kept.journal.unsettled_bytes > SETTLE_BYTES:
            self._settle(kept)
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SETTLE_S, self._settle_all)

    def remove(self, kernel_id: str) -> None:
        """The kernel is gone, and so are its files."""
        kept = self._kept.pop(kernel_id, None)
        if kept is None:
            return
        self._dirty.discard(kept)
        kept.requests.remove()
        self._let_file_go(kept)

    def sweep(self, kept_ids: Collection[str]) -> None:
        """Remove what dead sidecars left of other kernels."""
        for path in self._folder.glob("*.*"):
            if path.name.partition(".")[0] not in kept_ids:
                path.unlink(missing_ok=True)

    def trim(self) -> None:
        """Keep all journals together within their bounds, and bring them to the disk. About once a second."""
        shrink_together([kept.journal for kept in self._kept.values()], self._options.journal_total_bytes)
        files = [kept.file for kept in self._kept.values() if kept.file is not None]
        limit_bytes = self._options.journal_disk_total_bytes
        if files and sum(file.size_bytes for file in files) > limit_bytes:
            for file in files:
                self._writer.submit(file.drop_oldest, limit_bytes // len(files))
        for kept in [kept for kept in self._unsynced if not kept.is_syncing]:
            self._unsynced.discard(kept)
            if kept.file is not None:
                kept.is_syncing = True
                self._write(kept, partial(self._sync_current, kept, kept.file, asyncio.get_running_loop()))

    async def close(self, is_idle: Callable[[str], bool]) -> None:
        """Write everything, and that it is everything."""
        self._settle_all()
        for kept in list(self._kept.values()):
            if kept.file is not None:
                self._write(kept, partial(kept.file.seal, was_idle=is_idle(kept.kernel_id)))
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self._sync.shutdown)
        await asyncio.sleep(0)

    def _settle_all(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        for kept in list(self._dirty):
            self._settle(kept)

    def _settle(self, kept: KernelJournal) -> None:
        kept.is_dirty = False
        self._dirty.discard(kept)
        entries, gaps = kept.journal.settle(), kept.gaps
        kept.gaps = []
        if kept.file is None:
            return
        size = sum([entry.size_bytes for entry in entries])
        kept.queued_bytes += size
        if kept.requests.is_broken:
            self._give_up(kept, "requests cannot be written")
            return
        if kept.waiting_bytes > WAITING_BYTES and kept.waiting_bytes > size:
            self._give_up(kept, "the disk is too slow")
            return
        self._unsynced.add(kept)
        self._write(kept, partial(kept.file.write, entries, gaps), size)

    def _write(self, kept: KernelJournal, work: Callable[[], None], size_bytes: int = 0) -> None:
        self._writer.submit(self._do, kept, work, size_bytes, asyncio.get_running_loop())

    def _do(
        self, kept: KernelJournal, work: Callable[[], None], size_bytes: int, loop: asyncio.AbstractEventLoop
    ) -> None:
        """In the writer's thread. The event loop is woken only when it fails."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it was, the file cannot be gone on with
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._give_up, kept, str(error))
        finally:
            kept.written_bytes += size_bytes

    def _sync_current(self, kept: KernelJournal, file: JournalFile, loop: asyncio.AbstractEventLoop) -> None:
        """In the writer's thread, so that everything written before is brought to the disk."""
        descriptor = file.duplicate()
        if descriptor is None:
            kept.is_syncing = False
        else:
            self._begin_sync(kept, descriptor, loop)

    def _begin_sync(self, kept: KernelJournal, descriptor: int, loop: asyncio.AbstractEventLoop) -> None:
        def end(error: OSError | None) -> None:
            kept.is_syncing = False
            if error is not None:
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(self._give_up, kept, str(error))

        self._sync.begin(descriptor, end)

    def _give_up(self, kept: KernelJournal, reason: str) -> None:
        """Go on in memory. A file with a hole, or without the requests, would make a successor tell untruths."""
        if kept.file is not None:
            log.warning("journal is kept in memory only kernel_id=%s reason=%s", kept.kernel_id, reason)
            kept.requests.remove()
            self._let_file_go(kept)

    def _let_file_go(self, kept: KernelJournal) -> None:
        file, kept.file, kept.journal.shelf = kept.file, None, NoShelf()
        if file is not None:
            with suppress(RuntimeError):  # the writer has ended
                self._writer.submit(file.forget)
