"""Code of an nbextension, and what is where after a command about one."""

from __future__ import annotations

import json
from pathlib import Path

CODE = "define([], function () {})\n"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def settings(config: Path, section: str = "notebook", kind: str = "nbconfig") -> dict[str, object]:
    return dict(json.loads((config / kind / f"{section}.json").read_text()))
