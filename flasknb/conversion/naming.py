"""What a conversion is told of a notebook: its name, its date, its folder."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from jupyter_core.paths import jupyter_config_dir

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
NAME_LIMIT_CHARS = 200
NO_NAME = "notebook"


def export_details(format: str, filename: str, modified: datetime | None, folder: str | None) -> dict[str, Any]:
    """``details`` of an export.

    Args:
        filename: as the client has it; only its last part counts.
        folder: where the notebook lies on this machine's disk; ``None`` when nowhere.
    """
    name = base_name(filename)
    metadata = {"name": name, "path": folder or ""}
    if modified is not None:
        metadata["modified_date"] = f"{modified:%B} {modified.day}, {modified.year}"
    resources = {"metadata": metadata, "config_dir": jupyter_config_dir()}
    return {"format": format, "name": name, "is_checked": modified is not None, "resources": resources}


def base_name(filename: str) -> str:
    """``"a/b.ipynb"`` → ``"b"``: a name for downloads, without folders and control characters."""
    name = UNPRINTABLE.sub("", filename.replace("\\", "/").rpartition("/")[2])[:NAME_LIMIT_CHARS]
    stem = name.removesuffix(".ipynb")
    return stem if stem.strip(". ") else NO_NAME
