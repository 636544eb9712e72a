"""The settings of one mount: options looked up once, as values that do not change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config

from flasknb.config.options import NotebookApp, ServerApp


@dataclass(frozen=True)
class Settings:
    """What every layer of a mount may know. ``url_prefix`` has no slash at its end; ``""`` at the root."""

    config: Config
    server: ServerApp
    notebook: NotebookApp
    root_dir: Path
    url_prefix: str
