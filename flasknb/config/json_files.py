"""Configuration files that commands change: one JSON object, read whole or refused, written in one step."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from flasknb.config.files import existing_object

PRIVATE_MODE = 0o600
SHARED_MODE = 0o644


def read_object(path: Path) -> dict[str, Any]:
    """The object in ``path``; ``{}`` when there is no file, or nothing in it.

    Raises:
        BrokenConfigFile: it is no JSON object; a command that went on would lose what the user wrote.
    """
    return existing_object(path) if path.exists() and path.stat().st_size else {}


def write_object(path: Path, content: dict[str, Any], *, mode: int) -> None:
    """Replace ``path`` by ``content``, by temporary file and rename; a link stays a link. Raises OSError."""
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
            file.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
