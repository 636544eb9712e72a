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
    since, epoch = wanted.since, wanted.epoch
    while True:
        is_over = wanted.msg_id is not None and _is_over(kernel, wanted.msg_id)
        replay = kernel.journal.since(since, epoch=epoch, session=None)
        entries = [one for one in replay.entries if wanted.msg_id in (None, one.parent_id)]
        left_s = end_s - time.monotonic()
        if entries or is_over or left_s <= 0:
            break
        await kernel.voice.wait_for_news(left_s)
    taken = _within_limits(entries, wanted.limit)
    last = taken[-1].sequence if len(taken) < len(entries) else kernel.journal.newest
    return {
        "epoch": kernel.journal.epoch,
        "seq": last,
        "missing": replay.missing,
        "is_over": is_over and len(taken) == len(entries),
        "messages": [_message(entry) for entry in taken],
    }


async def read_cells(kernel: Kernel, wanted: CellsWanted) -> JsonObject:
    """The newest execution of each cell, with its outputs; what comes later has a number above ``seq``."""
    known = kernel.documents.get(wanted.session_id or "")
    known = known if known is not None and known.content_hash == wanted.content_hash else None
    runs = [run for run in _newest_of_cells(kernel, wanted) if _is_wanted(run, wanted, known)]
    begun = [run for run in runs if run.started_ms is not None]
    fold = OutputFold(run.ask.msg_id for run in begun)
    replay_entries: Sequence[Entry] = ()
    if begun:
        since = min(run.ask.payload.since for run in begun)
        replay_entries = kernel.journal.since(since, epoch=None, session=None).entries
    position = {"epoch": kernel.journal.epoch, "seq": kernel.journal.newest}
    oldest = kernel.journal.oldest
    await _fold(fold, replay_entries)
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
            fold.add(entry.msg_type, entry.parent_id, object_of(entry.parts[CONTENT]))
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
    if folded is not None and not is_whole:
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


def _within_limits(entries: Sequence[Entry], limit: int) -> list[Entry]:
    taken: list[Entry] = []
    size = 0
    for entry in entries[:limit]:
        size += entry.size_bytes
        if taken and size > ANSWER_BYTES:
            break
        taken.append(entry)
    return taken


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
