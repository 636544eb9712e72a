"""One cell out of three versions of it. Runs in a conversion process only; nbdime decides what can be merged."""

from __future__ import annotations

from typing import Any

Cell = dict[str, Any]

TEXT_FIELDS = ("cell_type", "source", "metadata")
PLACE_OF_METADATA = "/metadata"


def text_of(cell: Cell) -> Cell:
    """What somebody wrote: type, source and metadata, without what only the page knows."""
    metadata = {name: value for name, value in cell.get("metadata", {}).items() if name != "trusted"}
    return {"cell_type": cell["cell_type"], "source": cell["source"], "metadata": metadata}


def same(cell: Cell, other: Cell) -> bool:
    """Whether both say the same."""
    return bool(cell["source"] == other["source"] and cell["cell_type"] == other["cell_type"])


def merged_cell(base: Cell, mine: Cell, theirs: Cell) -> Cell | None:
    """Both changes in one cell; ``None`` where they contradict each other."""
    attachments = _attachments(mine, theirs)
    text = _merged_text(text_of(base), text_of(mine), text_of(theirs))
    if text is None or attachments is None:
        return None
    ran = _with_outputs(base, mine, theirs)
    rest = {name: value for name, value in mine.items() if name not in ("outputs", "execution_count", "attachments")}
    cell = rest | text | ({"attachments": attachments} if attachments else {})
    if cell["cell_type"] == "code":
        cell |= {"outputs": ran.get("outputs", []), "execution_count": ran.get("execution_count")}
        if "trusted" in ran.get("metadata", {}):
            cell["metadata"] = {**cell["metadata"], "trusted": ran["metadata"]["trusted"]}  # trust is about outputs
    return cell


def merged_metadata(base: Cell, mine: Cell, theirs: Cell) -> Cell:
    """The notebook's metadata: both changes; where they contradict each other, mine."""
    found = _merged({"metadata": base}, {"metadata": mine}, {"metadata": theirs}, {PLACE_OF_METADATA: "use-local"})
    metadata: Cell = found["metadata"] if found is not None else {**theirs, **mine}
    return metadata


def without_outputs(notebook: Cell) -> Cell:
    """``notebook`` with the cells' texts only."""
    left_out = ("outputs", "execution_count", "attachments")
    cells = [{name: cell[name] for name in cell if name not in left_out} for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def _merged_text(base: Cell, mine: Cell, theirs: Cell) -> Cell | None:
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    return _merged(base, mine, theirs, {PLACE_OF_METADATA: "use-local"})


def _merged(base: Cell, mine: Cell, theirs: Cell, strategies: dict[str, str]) -> Cell | None:
    """nbdime's merge; ``None`` where it leaves something undecided."""
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    from nbdime.merging.decisions import apply_decisions
    from nbdime.merging.generic import decide_merge
    from nbdime.utils import Strategies

    decisions = decide_merge(base, mine, theirs, Strategies(strategies))
    if any(decision.conflict for decision in decisions):
        return None
    result: Cell = apply_decisions(base, decisions)
    return result


def _with_outputs(base: Cell, mine: Cell, theirs: Cell) -> Cell:
    """The version whose outputs belong to the merged source."""
    is_mine_edited, is_theirs_edited = mine["source"] != base["source"], theirs["source"] != base["source"]
    if is_mine_edited != is_theirs_edited:
        return mine if is_mine_edited else theirs
    return theirs if _has_same_outputs(base, mine) else mine


def _has_same_outputs(base: Cell, mine: Cell) -> bool:
    """A base that left its outputs out says by a mark whether they changed."""
    if "outputs" in base:
        return bool(base["outputs"] == mine.get("outputs"))
    return "outputs_mark" in base and base["outputs_mark"] == mine.get("outputs_mark")


def _attachments(mine: Cell, theirs: Cell) -> Cell | None:
    """Those of both; ``None`` where two of one name differ."""
    own, other = mine.get("attachments") or {}, theirs.get("attachments") or {}
    if any(own[name] != other[name] for name in own.keys() & other.keys()):
        return None
    return {**other, **own}
