"""Long histories are read piece by piece: little of what is on disk is in memory at once, and nothing is left out."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest

from flasknb.kernel_bridge.entries import Entry
from flasknb.kernel_bridge.execution_queue import Ask, Run
from flasknb.kernel_bridge.executions import CellsWanted, OutputsWanted
from flasknb.kernel_bridge.journal import Journal
from flasknb.kernel_bridge.sidecar.kernel import Kernel
from flasknb.kernel_bridge.sidecar.known_documents import KnownDocuments
from flasknb.kernel_bridge.sidecar.queued_request import Request
from flasknb.kernel_bridge.sidecar.reading import PIECE_BYTES, read_cells, read_outputs

MESSAGES, TEXT_BYTES = 1_200, 10_000


class CountingShelf:
    """Keeps everything; knows how much was asked for at once, and what to do meanwhile."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.largest_bytes = self.reads = 0
        self.meanwhile: list[Any] = []

    @property
    def oldest(self) -> int | None:
        return 1 if self.entries else None

    @property
    def newest(self) -> int:
        return len(self.entries)

    def read(self, after: int, limit_bytes: int) -> list[Entry]:
        self.reads += 1
        found: list[Entry] = []
        for entry in self.entries[after:]:
            if sum(one.size_bytes for one in found) >= limit_bytes:
                break
            found.append(entry)
        self.largest_bytes = max(self.largest_bytes, sum(one.size_bytes for one in found))
        if self.meanwhile:
            self.meanwhile.pop()()
        return found


class House:
    """A kernel whose history is on the shelf, but for the newest 100 kB."""

    def __init__(self, messages: int, *, cells: int) -> None:
        self.shelf, self.journal = CountingShelf(), Journal(limit_bytes=100_000, epoch="now")
        self.journal.shelf = self.shelf
        self.runs: list[Run[Request]] = []
        for cell in range(cells):
            self.begin(f"m{cell}")
            for number in range(messages // cells):
                self.says(f"m{cell}", str(number))
        voice = SimpleNamespace(question_of=lambda msg_id: None)
        turns = SimpleNamespace(runs=lambda: list(self.runs))
        parts = {"journal": self.journal, "turns": turns, "voice": voice, "documents": KnownDocuments()}
        self.kernel = cast(Kernel, SimpleNamespace(**parts))

    def begin(self, msg_id: str) -> None:
        metadata = orjson.dumps({"cellId": f"cell {msg_id}"})
        request = Request(b"{}", metadata, b"{}", None, self.journal.newest)
        self.runs.append(Run(Ask(msg_id, "execute_request", request, 0, 1), started_ms=1))

    def says(self, msg_id: str, word: str) -> None:
        content = orjson.dumps({"name": "stdout", "text": f"{word} ".rjust(TEXT_BYTES, ".")})
        parts = [b"iopub", b"{}", b"{}", b"{}", content]
        entry = Entry.of(self.journal.next_sequence(), parts, msg_type="stream", parent_id=msg_id)
        self.shelf.entries.append(entry)
        self.journal.append(entry)


def text_of(cell: dict[str, Any]) -> str:
    return "".join(output["text"] for output in cell["outputs"])


def test_cells_are_folded_from_pieces() -> None:
    house = House(MESSAGES, cells=4)
    answer = asyncio.run(read_cells(house.kernel, CellsWanted()))
    assert [text_of(cell).count(".  ") for cell in answer["cells"]] == [0] * 4
    assert [len(text_of(cell)) for cell in answer["cells"]] == [MESSAGES // 4 * TEXT_BYTES] * 4
    assert answer["seq"] == MESSAGES
    assert house.shelf.reads > 10
    assert house.shelf.largest_bytes < 2 * PIECE_BYTES


def test_what_begins_and_is_said_meanwhile_is_told_once() -> None:
    house = House(MESSAGES, cells=4)

    def more() -> None:
        house.begin("late")
        for number in range(30):
            house.says("late", str(number))

    house.shelf.meanwhile.append(more)
    answer = asyncio.run(read_cells(house.kernel, CellsWanted()))
    assert answer["seq"] == MESSAGES + 30
    late = text_of(answer["cells"][-1]).replace(".", "").split()
    assert late == [str(number) for number in range(30)]


def test_a_cell_whose_outputs_are_too_large_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flasknb.kernel_bridge.sidecar.reading.ANSWER_BYTES", 2_000_000)
    house = House(MESSAGES, cells=1)
    house.begin("small")
    house.says("small", "here")
    large, small = asyncio.run(read_cells(house.kernel, CellsWanted()))["cells"]
    assert "too large" in text_of(large)
    assert "here" in text_of(small)


@pytest.mark.parametrize("limit", [7, 5000])
def test_messages_are_told_in_answers_that_follow_each_other(limit: int) -> None:
    house = House(200, cells=4)
    seen: list[int] = []
    since = 0
    while since < house.journal.newest:
        wanted = OutputsWanted(since=since, epoch="now", msg_id="m2", limit=limit)
        answer = asyncio.run(read_outputs(house.kernel, wanted))
        seen += [message["seq"] for message in answer["messages"]]
        since = answer["seq"]
        assert len(answer["messages"]) <= limit
    assert seen == list(range(101, 151))
    assert house.shelf.largest_bytes < 2 * PIECE_BYTES
