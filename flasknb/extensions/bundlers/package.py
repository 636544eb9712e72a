"""What both of our bundlers do: find the notebook's folder, write the notebook, send what was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat

PIECE_BYTES = 1024 * 1024


def notebook_bytes(model: dict[str, Any]) -> bytes:
    """The notebook as a file holds it."""
    text: str = nbformat.writes(model["content"])
    return text.encode() + b"\n"


def notebook_folder(handler: Any, model: dict[str, Any]) -> Path:
    """The folder on disk that the notebook lies in."""
    return Path(handler.settings["notebook_folder"])


def send_file(handler: Any, made: Path, name: str, mimetype: str) -> None:
    """Answer with the file ``made``, to be saved as ``name``."""
    handler.set_header("Content-Disposition", f"attachment; filename*=utf-8''{quote(name, safe='')}")
    handler.set_header("Content-Type", mimetype)
    with made.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            handler.write(piece)
    handler.finish()
