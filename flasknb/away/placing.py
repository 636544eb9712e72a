"""Outputs into the cells that they belong to. Pure: knows nbformat's fields, no disk."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from flasknb.kernel_bridge.output_fold import without_transient

JsonObject = dict[str, Any]

CELL_IDS_SINCE = (4, 5)


def source_key(source: str) -> str:
    """A short name of a source text, as ``model/restoring.ts`` makes it: length in bytes of UTF-8 and CRC-32."""
    encoded = source.encode("utf-8", "surrogatepass")
    return f"{len(encoded)}-{zlib.crc32(encoded):08x}"


def place_outputs(notebook: Any, cells: Sequence[JsonObject]) -> list[JsonObject]:
    """Put the outputs of ``cells`` (in the shape of ``GET …/cells``) into ``notebook``, an nbformat 4 document.

    A cell whose source is no longer the one that ran is left alone: the outputs would be those of other code.

    Returns:
        The cells that have no place there.
    """
    has_ids = (notebook.get("nbformat", 4), notebook.get("nbformat_minor", 0)) >= CELL_IDS_SINCE
    code = [(index, cell) for index, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
    taken: set[int] = set()
    homeless: list[JsonObject] = []
    for run in cells:
        found = _by_id(code, run) if has_ids else _by_source(code, run, taken)
        if found is None:
            homeless.append(run)
            continue
        index, cell = found
        taken.add(index)
        cell["outputs"] = [without_transient(output) for output in run["outputs"]]
        cell["execution_count"] = run.get("execution_count")
        cell["metadata"]["trusted"] = True  # as in a page: what this user's kernel has put out
    return homeless


def _by_id(code: Sequence[tuple[int, Any]], run: Mapping[str, Any]) -> tuple[int, Any] | None:
    for index, cell in code:
        if cell.get("id") == run["cell_id"]:
            key = _place(run).get("source")
            return (index, cell) if key is None or key == source_key(_text(cell)) else None
    return None


def _by_source(code: Sequence[tuple[int, Any]], run: Mapping[str, Any], taken: set[int]) -> tuple[int, Any] | None:
    place = _place(run)
    wanted = place.get("index")
    near = wanted if isinstance(wanted, int) else 0
    same = [one for one in code if one[0] not in taken and source_key(_text(one[1])) == place.get("source")]
    return min(same, key=lambda one: abs(one[0] - near), default=None)


def _place(run: Mapping[str, Any]) -> Mapping[str, Any]:
    document = run.get("document")
    return document if isinstance(document, dict) else {}


def _text(cell: Any) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)
