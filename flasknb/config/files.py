"""Configuration files: which are looked for, and what a broken one says. Never because the working directory has them.

Jupyter's applications read file by name, then by folder: ``jupyter_config`` of every folder, then
``jupyter_server_config`` of every folder, and so on. So does this.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

BASE_STEM = "jupyter_config"
FILE_STEMS = (
    *(BASE_STEM, "jupyter_server_config", "jupyter_notebook_config", "jupyter_nbclassic_config"),
    "jupyter_flasknb_config",
)
SUFFIXES = (".py", ".json")
SNIPPET_STEMS = ("jupyter_server_config", "jupyter_notebook_config", "jupyter_flasknb_config")
NOT_A_SETTING = ("version",)


class BrokenConfigFile(Exception):
    """A configuration file that cannot be used: which, where in it, and why."""


def find_files(folders: Sequence[Path], stems: Sequence[str] = FILE_STEMS) -> Iterator[Path]:
    """Existing files, lowest precedence first. ``folders`` come highest first."""
    for stem in stems:
        for folder in reversed(folders):
            for suffix in SUFFIXES:
                path = folder / f"{stem}{suffix}"
                if path.is_file():
                    yield path


def find_snippets(folders: Sequence[Path]) -> Iterator[Path]:
    """The ``.json`` files of ``<name>.d`` folders, which packages bring; lowest precedence first."""
    for stem in SNIPPET_STEMS:
        for folder in reversed(folders):
            yield from sorted((folder / f"{stem}.d").glob("*.json"))


def read_file(path: Path) -> dict[str, Any]:
    """What ``path`` sets, class name → option → value.

    Raises:
        BrokenConfigFile: with file, line and reason.
    """
    content = _read_json(path) if path.suffix == ".json" else _read_python(path)
    for name, section in content.items():
        if name[:1].isupper() and not isinstance(section, dict):
            raise BrokenConfigFile(f"{path}: {name} must hold options, not {type(section).__name__} {section!r}")
    return content


def line_of(path: Path, section: str, option: str) -> int | None:
    """The first line of ``path`` that speaks of an option; ``None`` where none does."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    wanted = (f"{section}.{option}", f'"{option}"') if path.suffix == ".json" else (f"{section}.{option}", f".{option}")
    found = (number for text in wanted for number, line in enumerate(lines, start=1) if text in line)
    return next(found, None)


def _read_json(path: Path) -> dict[str, Any]:
    return {name: section for name, section in existing_object(path).items() if name not in NOT_A_SETTING}


def existing_object(path: Path) -> dict[str, Any]:
    """The JSON object in ``path``. Raises BrokenConfigFile."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise BrokenConfigFile(f"{path}, line {error.lineno}, column {error.colno}: {error.msg}") from error
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenConfigFile(f"{path}: {_reason(error)}") from error
    if not isinstance(content, dict):
        raise BrokenConfigFile(f"{path}, line 1: the file must hold one JSON object")
    return content


def _read_python(path: Path) -> dict[str, Any]:
    try:
        return dict(PyFileConfigLoader(path.name, path=str(path.parent)).load_config())
    except ConfigFileNotFound as error:
        raise BrokenConfigFile(f"{path}: {error}") from error
    except SyntaxError as error:
        raise BrokenConfigFile(f"{error.filename}, line {error.lineno}: {error.msg}") from error
    except OSError as error:
        raise BrokenConfigFile(f"{path}{_line_in(path, error)}: {_reason(error)}") from error
    except Exception as error:
        raise BrokenConfigFile(f"{path}{_line_in(path, error)}: {type(error).__name__}: {error}") from error


def _line_in(path: Path, error: Exception) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f", line {frames[-1].lineno}" if frames else ""


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if not isinstance(error, OSError) else (error.strerror or str(error))
