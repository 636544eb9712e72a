"""What a kernel has said, read from its journal for whoever has no websocket: messages by number, cells folded."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Sequence
from typing import Any

import orjson

from flasknb.errors import ExecutionMissing
from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.execution_queue import Run
from flasknb.kernel_bridge.executions import CellsWanted, KnownDocument, OutputsWanted
from flasknb.kernel_bridge.output_fold import OutputFold
from flasknb.kernel_bridge.sidecar.activity import object_of
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.queued_request import DOCUMENT, Request, now_ms, shown

ANSWER_BYTES = 32 * 1024 * 1024
PIECE_BYTES = 1024 * 1024  # that is in memory at once of what is on disk
STEP_S = 0.005  # then the loop serves others first
HEADER, PARENT_HEADER, METADATA, CONTENT, BUFFERS = range(1, 6)
TOO_LARGE = "[flasknb] These outputs are too large to be restored.\n"
BEGINNING_LOST = "[flasknb] The beginning of these outputs is no longer kept.\n"

JsonObject = dict[str, Any]


async def read_outputs(kernel: Kernel, wanted: OutputsWanted) -> JsonObject:
    """Messages after a number, at most ANSWER_BYTES of them, as soon as there is one or ``wait_s`` are over.

    Raises:
        ExecutionMissing: no execution of that id is known.
    """
    end_s = time.monotonic() + wanted.wait_s
    after, missing = kernel.journal.missing_after(wanted.since, epoch=wanted.epoch)
    while True:
        is_over = wanted.msg_id is not None and _is_over(kernel, wanted.msg_id)
        taken, after, has_all = await _messages_after(kernel, after, wanted)
        left_s = end_s - time.monotonic()
        if taken or is_over or left_s <= 0:
            break
        await kernel.voice.wait_for_news(left_s)
    return {
        "epoch": kernel.journal.epoch,
        "seq": after,
        "missing": missing,
        "is_over": is_over and has_all,
        "messages": taken,
    }


async def _messages_after(kernel: Kernel, after: int, wanted: OutputsWanted) -> tuple[list[JsonObject], int, bool]:
    """What fits into an answer, the number up to which that is all, and whether there is no more."""
    taken: list[JsonObject] = []
    size, target = 0, kernel.journal.newest
    while after < target:
        page = kernel.journal.read(after, None, limit_bytes=PIECE_BYTES)
        for entry in page.entries:
            if wanted.msg_id not in (None, entry.parent_id):
                continue
            size += entry.size_bytes
            if len(taken) == wanted.limit or (taken and size > ANSWER_BYTES):
                return taken, taken[-1]["seq"], False
            taken.append(_message(entry))
        after = page.upto
        await asyncio.sleep(0)
    return taken, after, True


async def read_cells(kernel: Kernel, wanted: CellsWanted) -> JsonObject:
    """The newest execution of each cell, with its outputs; what comes later has a number above ``seq``."""
    begun = _begun(_wanted_runs(kernel, wanted))
    fold = OutputFold((run.ask.msg_id for run in begun), limit_bytes=ANSWER_BYTES)
    after = min((run.ask.payload.since for run in begun), default=kernel.journal.newest)
    after = await _fold_what_is_on_disk(kernel, fold, after)
    # From here on to the position nothing is waited for: what is said next belongs to whoever gets this answer.
    runs = _wanted_runs(kernel, wanted)
    fold.follow(run.ask.msg_id for run in _begun(runs))
    entries = kernel.journal.since(after, epoch=None, session=None).entries if fold.folded else ()
    position = {"epoch": kernel.journal.epoch, "seq": kernel.journal.newest}
    oldest = kernel.journal.oldest
    await _fold(fold, entries)
    cells, left_bytes = [], ANSWER_BYTES
    for run in reversed(runs):
        cell = _cell(kernel, run, fold, is_whole=run.ask.payload.since + 1 >= oldest)
        size = len(orjson.dumps(cell["outputs"]))
        if size > left_bytes:
            cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": TOO_LARGE}]
        else:
            left_bytes -= size
        cells.append(cell)
    return {**position, "now_ms": now_ms(), "cells": cells[::-1]}


def _wanted_runs(kernel: Kernel, wanted: CellsWanted) -> list[Run[Request]]:
    known = kernel.documents.get(wanted.session_id or "")
    known = known if known is not None and known.content_hash == wanted.content_hash else None
    return [run for run in _newest_of_cells(kernel, wanted) if _is_wanted(run, wanted, known)]


def _begun(runs: Sequence[Run[Request]]) -> list[Run[Request]]:
    return [run for run in runs if run.started_ms is not None]


async def _fold_what_is_on_disk(kernel: Kernel, fold: OutputFold, after: int) -> int:
    """Fold, piece by piece, what is no longer in memory; the number up to which that was done.

    Executions that begin meanwhile are not followed yet: where the first of them may have said something, it ends.
    """
    target = kernel.journal.newest
    while fold.folded and after < min(target, kernel.journal.in_memory_after):
        page = kernel.journal.read(after, None, limit_bytes=PIECE_BYTES)
        known = [entry for entry in page.entries if entry.first <= target]
        await _fold(fold, known)
        if len(known) < len(page.entries):
            return known[-1].sequence if known else after
        after = page.upto
    return after


def _is_wanted(run: Run[Request], wanted: CellsWanted, known: KnownDocument | None) -> bool:
    """Whether it runs or waits, or ended after what is in the file."""
    if run.ended_ms is None:
        return not wanted.only_ended
    if wanted.only_ended and run.started_ms is None:
        return False  # it never ran: there is nothing to put into the file
    if known is not None and known.seq is not None:
        return run.ask.payload.last > known.seq
    return run.ended_ms > wanted.ended_after_ms


async def _fold(fold: OutputFold, entries: Sequence[Entry]) -> None:
    pause_s = time.monotonic() + STEP_S
    for entry in entries:
        if entry.channel == "iopub" and fold.concerns(entry.msg_type, entry.parent_id):
            content = entry.parts[CONTENT]
            fold.add(entry.msg_type, entry.parent_id, object_of(content), len(content))
            if time.monotonic() > pause_s:
                await asyncio.sleep(0)
                pause_s = time.monotonic() + STEP_S


def _newest_of_cells(kernel: Kernel, wanted: CellsWanted) -> list[Run[Request]]:
    """By cell id, or by where its page saw it; the newest counts."""
    newest: dict[str, Run[Request]] = {}
    for run in kernel.turns.runs():
        document = run.ask.payload.named.get(DOCUMENT)
        document = document if isinstance(document, dict) else {}
        cell_id = run.ask.payload.named.get("cellId")
        session_id = document.get("session")
        if not isinstance(cell_id, str) or (session_id and wanted.session_id not in (None, session_id)):
            continue
        key = f"{session_id} {cell_id}"
        newest.pop(key, None)  # the order is that of asking
        newest[key] = run
    return list(newest.values())


def _cell(kernel: Kernel, run: Run[Request], fold: OutputFold, *, is_whole: bool) -> JsonObject:
    folded = fold.folded.get(run.ask.msg_id)
    document = run.ask.payload.named.get(DOCUMENT)
    outputs = [] if folded is None else folded.finished()
    if folded is not None and folded.is_too_large:
        outputs = [{"output_type": "stream", "name": "stderr", "text": TOO_LARGE}]
    elif folded is not None and not is_whole:
        outputs.insert(0, {"output_type": "stream", "name": "stderr", "text": BEGINNING_LOST})
    return {
        **shown(run),
        "execution_count": run.execution_count or (folded.execution_count if folded else None),
        "document": document if isinstance(document, dict) else None,
        "outputs": outputs,
        "clears_next": bool(folded and folded.clears_next),
        "is_whole": is_whole,
        "question": kernel.voice.question_of(run.ask.msg_id),
    }


def _is_over(kernel: Kernel, msg_id: str) -> bool:
    for run in kernel.turns.runs():
        if run.ask.msg_id == msg_id:
            return run.ended_ms is not None
    raise ExecutionMissing(f"No execution is known that is called {msg_id[:80]!r}")


def _message(entry: Entry) -> JsonObject:
    parts = entry.parts
    header = object_of(parts[HEADER])
    return {
        "seq": entry.sequence,
        "channel": entry.channel,
        "msg_type": entry.msg_type,
        "msg_id": str(header.get("msg_id", "")),
        "parent_id": entry.parent_id,
        "date": header.get("date"),
        "metadata": object_of(parts[METADATA]),
        "content": object_of(parts[CONTENT]),
        "buffers": [base64.b64encode(part).decode() for part in parts[BUFFERS:]],
    }
