"""Settings of the browser side, ``/api/config/<section>``: JSON files on the Jupyter configuration path.

Read from every folder's ``nbconfig`` and ``serverconfig``, written to the user's ``serverconfig`` only.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from traitlets import Unicode
from traitlets.config import Configurable

from flasknb.config.json_files import PRIVATE_MODE, write_object
from flasknb.errors import BadRequest, SaveFailed

log = logging.getLogger(__name__)

Section = dict[str, Any]
MAX_LEVELS = 100
CLASSIC_FOLDER = "nbconfig"


class ConfigManager(Configurable):
    """Any thread. Two writers of one section: the later one wins, and the file is always whole."""

    config_dir_name = Unicode("serverconfig", help="Folder below the configuration folder that changes go to.").tag(
        config=True
    )

    def __init__(self, config_path: Sequence[Path], user_dir: Path, **options: Any) -> None:
        """``config_path``: highest precedence first. ``user_dir``: where changes are written."""
        super().__init__(**options)
        self._config_path = config_path
        self._write_dir = user_dir / self.config_dir_name

    def get(self, name: str) -> Section:
        """Everything that is set for ``name``, merged; ``{}`` when nothing is."""
        result: Section = {}
        for path in self._files(name):
            merge(result, _read(path))
        return result

    def replace(self, name: str, section: Section) -> None:
        """Make ``section`` the whole of the user's own file. Raises BadRequest, SaveFailed."""
        require_shallow(section)
        self._keep(name, section)

    def update(self, name: str, change: Mapping[str, Any]) -> Section:
        """Merge ``change`` into the user's own file (``None`` deletes); the merged section.

        Raises:
            BadRequest: it is nested too deeply.
            SaveFailed: the disk refused.
        """
        require_shallow(change)
        own = _read(self._own_file(name))
        merge(own, change, keep_nulls=self._set_elsewhere(name))
        self._keep(name, own)
        return self.get(name)

    def _keep(self, name: str, section: Section) -> None:
        """Write what differs from the installed defaults beside the user's file, so that later ones count."""
        try:
            write_object(self._own_file(name), without(section, self._installed_defaults(name)), mode=PRIVATE_MODE)
        except OSError as error:
            raise SaveFailed(
                f"The settings called {name} cannot be kept: {error.strerror or error}. "
                "They last until the page is closed."
            ) from error

    def _installed_defaults(self, name: str) -> Section:
        result: Section = {}
        for path in sorted((self._write_dir / f"{name}.d").glob("*.json")):
            merge(result, _read(path))
        return result

    def _own_file(self, name: str) -> Path:
        return self._write_dir / f"{name}.json"

    def _set_elsewhere(self, name: str) -> Section:
        """What other files set: deleting such a value needs a null that stays in the user's file."""
        result: Section = {}
        for path in self._files(name):
            if path != self._own_file(name):
                merge(result, _read(path))
        return result

    def _read_folders(self) -> tuple[str, str]:
        return CLASSIC_FOLDER, self.config_dir_name

    def _files(self, name: str) -> Iterator[Path]:
        folders = [folder / kind for folder in reversed(self._config_path) for kind in self._read_folders()]
        if self._write_dir not in folders:
            folders.append(self._write_dir)
        for folder in folders:
            yield from sorted((folder / f"{name}.d").glob("*.json"))
            yield folder / f"{name}.json"


def require_shallow(value: Any, levels: int = MAX_LEVELS) -> None:
    """Raises BadRequest where objects and lists are nested deeper than any setting is."""
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    if levels == 0:
        raise BadRequest(f"Settings may be nested {MAX_LEVELS} levels deep at most")
    for one in inner:
        require_shallow(one, levels - 1)


def without(section: Mapping[str, Any], defaults: Mapping[str, Any]) -> Section:
    """What of ``section`` says something else than ``defaults``."""
    result: Section = {}
    for key, value in section.items():
        default = defaults.get(key)
        if isinstance(value, Mapping) and isinstance(default, Mapping):
            inner = without(value, default)
            if inner:
                result[key] = inner
        elif key not in defaults or value != default or type(value) is not type(default):
            result[key] = value
    return result


def merge(target: Section, change: Mapping[str, Any], keep_nulls: Mapping[str, Any] | None = None) -> None:
    """Merge ``change`` into ``target``: objects deeply, ``None`` deletes, objects that end up empty go too.

    ``keep_nulls``: where this holds a value too, the ``None`` itself is kept.
    """
    kept = keep_nulls or {}
    for key, value in change.items():
        if value is None:
            target.pop(key, None)
            if key in kept:
                target[key] = None
        elif isinstance(value, Mapping):
            inner = target.get(key)
            inner = dict(inner) if isinstance(inner, dict) else {}
            below = kept.get(key)
            merge(inner, value, below if isinstance(below, Mapping) else None)
            target[key] = inner
            if not inner:
                del target[key]
        else:
            target[key] = value


def _read(path: Path) -> Section:
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("configuration file skipped path=%s reason=%s", path, error)
        return {}
    return content if isinstance(content, dict) else {}
