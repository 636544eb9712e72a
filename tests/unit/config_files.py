"""Configuration files of the tests, and what is said of them."""

from __future__ import annotations

import logging
from pathlib import Path

from flasknb.config.loader import Gathered
from flasknb.config.options import ServerApp


def write(folder: Path, **files: str) -> Path:
    """Files by stem and ending: ``jupyter_server_config_py="…"``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        stem, _, ending = name.rpartition("_")
        (folder / f"{stem}.{ending}").write_text(content)
    return folder


def said(gathered: Gathered) -> list[str]:
    return [notice.text for notice in gathered.notices if notice.level >= logging.WARNING]


def server(gathered: Gathered) -> ServerApp:
    return ServerApp(config=gathered.config)
