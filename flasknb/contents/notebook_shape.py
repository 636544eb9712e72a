"""Which part of a broken notebook is not what the format wants, in words for its owner. Pure; knows nbformat 4 only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

Part: TypeAlias = tuple[str, Any, type]
"""Its name, itself, and what it should be."""

KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


def wrong_part(document: dict[str, Any]) -> str | None:
    """The first part of the wrong kind: "the metadata of cell 3 is a list, not an object". None where all are right."""
    for name, value, wanted in _parts(document):
        if not isinstance(value, wanted):
            return f"{name} is {_kind(value)}, not {KINDS[wanted]}"
    return None


def _parts(document: dict[str, Any]) -> Iterator[Part]:
    cells = document.get("cells", [])
    yield "its metadata", document.get("metadata", {}), dict
    yield "what should be its cells", cells, list
    for number, cell in enumerate(cells if isinstance(cells, list) else [], start=1):
        yield from _parts_of_cell(cell, f"cell {number}")


def _parts_of_cell(cell: Any, name: str) -> Iterator[Part]:
    yield name, cell, dict
    if not isinstance(cell, dict):
        return
    yield f"the metadata of {name}", cell.get("metadata", {}), dict
    outputs = cell.get("outputs", [])
    yield f"what should be the outputs of {name}", outputs, list
    for number, output in enumerate(outputs if isinstance(outputs, list) else [], start=1):
        yield f"output {number} of {name}", output, dict
        if isinstance(output, dict):
            yield f"the data of output {number} of {name}", output.get("data", {}), dict


def _kind(value: Any) -> str:
    return "null" if value is None else KINDS.get(type(value), type(value).__name__)
