"""Notebooks and configuration that tests of conversions lay out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.contents_site import Site

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def put(site: Site, name: str, content: dict[str, Any]) -> Path:
    path = site.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")
    return path


def nbconvert_config(tmp_path: Path, text: str) -> None:
    """For the server whose Jupyter folders are below ``tmp_path``."""
    folder = tmp_path / "jupyter" / "config"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "jupyter_nbconvert_config.py").write_text(text, "utf-8")
