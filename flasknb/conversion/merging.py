"""Merges two versions of a notebook, cell by cell, with nbdime. Runs in a conversion process only.

Outputs are never compared line by line: a cell brings those of the version whose source it has.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flasknb.conversion.jobs import NOTEBOOK, OUTPUT, Job, Result
from flasknb.conversion.mergedcells import Cell, merged_cell, merged_metadata, same, text_of, without_outputs

log = logging.getLogger(__name__)

INSTALL = "Merging needs nbdime. Install it beside flasknb with: pip install 'flasknb[merge]'"
MINE, THEIRS = "mine", "theirs"
FIRST_MINOR_WITH_IDS = 5


class NotMergeable(Exception):
    """The document is none that can be merged; the message says which and why."""


@dataclass
class Row:
    """The merged cells, in their order.

    Attributes:
        conflicts: position of a cell of which both versions stay → the version it is.
    """

    cells: list[Cell] = field(default_factory=list)
    conflicts: dict[int, str] = field(default_factory=dict)

    def add(self, cell: Cell, version: str = "") -> None:
        """Append; ``version`` where the user has to choose."""
        if version:
            self.conflicts[len(self.cells)] = version
        self.cells.append(cell)


@dataclass(frozen=True)
class Side:
    """One version, laid beside the base.

    Attributes:
        counterparts: for each cell of the base, what became of it; ``None`` where it was deleted.
        added: cells that stand before each of the base's cells, and after the last.
    """

    counterparts: list[Cell | None]
    added: list[list[Cell]]


def merge(job: Job, folder: Path) -> Result:
    """Merge ``{"base", "mine", "theirs"}``. ``details``: ``theirs_hash``. The output is the JSON of the answer."""
    try:
        import nbdime  # noqa: F401
    except ImportError as error:
        is_itself = (error.name or "").partition(".")[0] == "nbdime"
        return Result("missing", INSTALL if is_itself else f"Could not import nbdime: {error}")
    try:
        versions = json.loads((folder / NOTEBOOK).read_bytes())
        notebooks = [_checked(name, versions[name]) for name in ("base", MINE, THEIRS)]
        answer = merged(*notebooks)
    except NotMergeable as error:
        return Result("refused", str(error))
    except RecursionError:
        return Result("refused", "The notebook is nested too deeply to be merged")
    except MemoryError:
        raise
    except Exception as error:
        log.exception("merge failed")
        return Result("failed", f"The versions could not be merged: {type(error).__name__}: {error}"[:4_000])
    answer["theirs_hash"] = job.details["theirs_hash"]
    (folder / OUTPUT).write_text(json.dumps(answer), "utf-8")
    return Result()


def merged(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """``merged``, ``conflicts``, and ``base``: their version without outputs, for the next merge."""
    row = Row()
    ours, others = _laid_beside(base, mine), _laid_beside(base, theirs)
    for index, cell in enumerate([*base["cells"], None]):
        counterparts = (ours.counterparts[index], others.counterparts[index]) if cell is not None else (None, None)
        was_replaced = cell is not None and counterparts == (None, None)
        _add_new(row, ours.added[index], others.added[index], is_conflict=was_replaced)
        if cell is not None:
            _add_kept(row, cell, *counterparts)
    minor = max(mine["nbformat_minor"], theirs["nbformat_minor"])
    _number(row.cells, has_ids=minor >= FIRST_MINOR_WITH_IDS)
    notebook = {**theirs, **mine, "cells": row.cells, "nbformat_minor": minor}
    notebook["metadata"] = merged_metadata(base["metadata"], mine["metadata"], theirs["metadata"])
    conflicts = [
        {"index": index, "id": row.cells[index].get("id"), "version": version}
        for index, version in sorted(row.conflicts.items())
    ]
    return {"merged": notebook, "conflicts": conflicts, "base": without_outputs(theirs)}


def _add_new(row: Row, mine: list[Cell], theirs: list[Cell], *, is_conflict: bool) -> None:
    """Cells that one of the versions brought in; what both brought in stands there once."""
    fresh = [cell for cell in theirs if not any(same(cell, other) for other in mine)]
    has_both = bool(fresh) and len(mine) > 0 and is_conflict
    twins = {cell["id"] for cell in mine if "id" in cell} & {cell["id"] for cell in fresh if "id" in cell}
    for version, cells in ((MINE, mine), (THEIRS, fresh)):
        for cell in cells:
            row.add(cell, version if has_both or cell.get("id") in twins else "")


def _add_kept(row: Row, base: Cell, mine: Cell | None, theirs: Cell | None) -> None:
    """What became of a cell of the base."""
    if mine is None or theirs is None:
        left, version = (theirs, THEIRS) if mine is None else (mine, MINE)
        if left is not None and text_of(left) != text_of(base):  # deleted here, changed there
            row.add(left, version)
        return
    one = merged_cell(base, mine, theirs)
    if one is not None:
        row.add(one)
        return
    row.add(mine, MINE)
    row.add(theirs, THEIRS)


def _laid_beside(base: Mapping[str, Any], side: Mapping[str, Any]) -> Side:
    from nbdime.diffing.notebooks import diff_notebooks

    documents = [{"cells": [_key(cell) for cell in one["cells"]]} for one in (base, side)]
    found = [entry for entry in diff_notebooks(*documents) if entry["key"] == "cells"]
    added, removed = _changes(found[0]["diff"] if found else [])
    rest = iter(side["cells"])
    counterparts: list[Cell | None] = []
    new: list[list[Cell]] = []
    for index in range(len(base["cells"]) + 1):
        new.append([next(rest) for _ in range(added.get(index, 0))])
        if index < len(base["cells"]):
            counterparts.append(None if index in removed else next(rest))
    return Side(counterparts, new)


def _changes(diff: list[Any]) -> tuple[dict[int, int], set[int]]:
    """How many cells were added before which one of the base, and which of the base's were removed."""
    added: dict[int, int] = {}
    removed: set[int] = set()
    for entry in diff:
        if entry["op"] == "addrange":
            added[entry["key"]] = added.get(entry["key"], 0) + len(entry["valuelist"])
        elif entry["op"] == "removerange":
            removed |= set(range(entry["key"], entry["key"] + entry["length"]))
    return added, removed


def _key(cell: Cell) -> Cell:
    """What tells a cell from others."""
    key: Cell = {name: cell[name] for name in ("id", "cell_type", "source") if name in cell}
    key["metadata"] = {}
    if cell["cell_type"] == "code":
        key["outputs"] = []
    return key


def _number(cells: list[Cell], *, has_ids: bool) -> None:
    """Give each cell an id that no other has, where the format knows ids."""
    taken: set[str] = set()
    for index, marked in enumerate(cells):
        cell = cells[index] = {name: value for name, value in marked.items() if name != "outputs_mark"}
        if not has_ids:
            cell.pop("id", None)
            continue
        if not isinstance(cell.get("id"), str) or cell["id"] in taken:
            cell["id"] = secrets.token_hex(4)
        taken.add(cell["id"])


def _checked(name: str, notebook: Any) -> dict[str, Any]:
    """``notebook``, if its cells can be compared. Raises NotMergeable."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or notebook.get("nbformat", 4) != 4 or not all(map(_is_cell, cells)):
        raise NotMergeable(f"{name} is not a notebook of nbformat 4 with cells that have a cell_type and a source")
    minor, metadata = notebook.get("nbformat_minor"), notebook.get("metadata")
    return {
        **notebook,
        "nbformat": 4,
        "nbformat_minor": minor if isinstance(minor, int) else 0,
        "metadata": metadata if isinstance(metadata, dict) else {},
    }


def _is_cell(cell: Any) -> bool:
    is_written = isinstance(cell, dict) and isinstance(cell.get("cell_type"), str)
    return is_written and isinstance(cell.get("source"), str) and isinstance(cell.get("metadata", {}), dict)
