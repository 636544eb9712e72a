"""Configuration files: which are looked for, and what a broken one says. Never the working directory or the root."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

FILE_STEMS = ("jupyter_config", "jupyter_server_config", "jupyter_notebook_config", "jupyter_flasknb_config")


class BrokenConfigFile(Exception):
    """A configuration file that cannot be used: which, where in it, and why."""


def find_files(folders: Sequence[Path]) -> Iterator[Path]:
    """Existing files, lowest precedence first. ``folders`` come highest first."""
    for folder in reversed(folders):
        for stem in FILE_STEMS:
            for suffix in (".py", ".json"):
                path = folder / f"{stem}{suffix}"
                if path.is_file():
                    yield path


def read_file(path: Path) -> dict[str, Any]:
    """What ``path`` sets, class name → option → value.

    Raises:
        BrokenConfigFile: with file, line and reason.
    """
    if path.suffix == ".json":
        return _read_json(path)
    return _read_python(path)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise BrokenConfigFile(f"{path}, line {error.lineno}, column {error.colno}: {error.msg}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenConfigFile(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise BrokenConfigFile(f"{path}, line 1: the file must hold one JSON object")
    content.pop("version", None)
    return content


def _read_python(path: Path) -> dict[str, Any]:
    try:
        return dict(PyFileConfigLoader(path.name, path=str(path.parent)).load_config())
    except ConfigFileNotFound as error:
        raise BrokenConfigFile(f"{path}: {error}") from error
    except SyntaxError as error:
        raise BrokenConfigFile(f"{error.filename}, line {error.lineno}: {error.msg}") from error
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = f", line {frames[-1].lineno}" if frames else ""
        raise BrokenConfigFile(f"{path}{line}: {type(error).__name__}: {error}") from error
