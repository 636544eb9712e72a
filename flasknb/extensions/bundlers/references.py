"""Which files belong to a notebook: what its text cells name in an ``associate`` comment or a fenced block.

    <!--associate:
    data.csv
    images/*.png
    !images/draft.png
    -->

Each line is a path or pattern below the notebook's folder; ``!`` takes files away again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

COMMENT = re.compile(r"<!--\s*associate:(.*?)-->", re.DOTALL | re.IGNORECASE)
FENCE = re.compile(r"^```[ \t]*\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)


def referenced_files(notebook: Mapping[str, Any], folder: Path) -> list[str]:
    """Files below ``folder`` that belong to ``notebook``, as relative paths with ``/``, sorted.

    Hidden files, links that lead out of the folder, and what is no file are never among them.
    """
    return sorted(expand(list(patterns_in(notebook)), folder))


def patterns_in(notebook: Mapping[str, Any]) -> Iterator[str]:
    """Every pattern that a text cell names, in the notebook's order."""
    for cell in notebook.get("cells", []):
        if cell.get("cell_type") == "markdown":
            yield from patterns_of(cell)


def patterns_of(cell: Mapping[str, Any]) -> list[str]:
    """The patterns of one cell: those of its comments, else those of its fenced blocks."""
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    blocks = COMMENT.findall(text) or FENCE.findall(text)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def expand(patterns: Sequence[str], folder: Path) -> set[str]:
    """Files that the patterns match, one after the other."""
    found: set[str] = set()
    known = list(_files_below(folder)) if patterns else []
    for pattern in patterns:
        wanted = pattern.lstrip("!").removeprefix("./").rstrip("/")
        matched = {path for path in known if _matches(path, wanted)}
        found = found - matched if pattern.startswith("!") else found | matched
    return found


def _matches(path: str, pattern: str) -> bool:
    """A pattern's ``*`` stays within one folder; the name of a folder stands for all that is in it."""
    parts, wanted = path.split("/"), pattern.split("/")
    if "**" in wanted:
        return fnmatchcase(path, pattern.replace("**/", "*"))
    if len(wanted) > len(parts):
        return False
    if len(parts) > len(wanted) and any(character in pattern for character in "*?["):
        return False
    return all(fnmatchcase(part, one) for part, one in zip(parts, wanted, strict=False))


def _files_below(folder: Path) -> Iterator[str]:
    root = folder.resolve()
    for parent, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            if not name.startswith(".") and path.is_file() and path.resolve().is_relative_to(root):
                yield path.relative_to(root).as_posix()
