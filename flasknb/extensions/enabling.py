"""Which extensions the pages load: ``nbconfig/<section>.json`` below the configuration folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flasknb.config.files import BrokenConfigFile
from flasknb.config.json_files import SHARED_MODE, read_object, write_object
from flasknb.extensions.packages import PackagedBundler
from flasknb.extensions.problems import UnusableExtension

SECTIONS = ("common", "notebook", "tree", "edit", "terminal")
SECTION_NAME = re.compile(r"\w{1,100}", re.ASCII)
LOAD, BUNDLERS = "load_extensions", "bundlerextensions"
PAGES_FOLDER, OWN_FOLDER = "serverconfig", "nbconfig"


def set_enabled(config_dir: Path, section: str, require: str, is_enabled: bool | None) -> list[Path]:
    """Say in ``config_dir`` whether ``require`` is loaded; ``None`` leaves nothing about it. The files that changed.

    What a page has said about it (``serverconfig``) has the last word, so it is changed too where there is something.

    Raises:
        BrokenConfigFile: a file holds something else than settings; it stays as it is.
        UnusableExtension: there is no such section.
        OSError: the folder cannot be written.
    """
    own = _section_file(config_dir, OWN_FOLDER, section)
    pages = _section_file(config_dir, PAGES_FOLDER, section)
    files = [path for path in (own, pages) if require in _entries(path, LOAD)]
    if own not in files and is_enabled is not None:
        files.append(own)
    return [path for path in files if _change(path, LOAD, {require: is_enabled})]


def forget(config_dir: Path, require: str) -> list[Path]:
    """Leave nothing about ``require`` in any section of ``config_dir``; the files that changed."""
    names = {path.stem for folder in (OWN_FOLDER, PAGES_FOLDER) for path in (config_dir / folder).glob("*.json")}
    return [path for name in sorted(names) for path in set_enabled(config_dir, name, require, None)]


def enabled_in(config_dir: Path, section: str) -> dict[str, bool]:
    """What the files of one configuration folder say, also those of ``<section>.d``. Raises BrokenConfigFile."""
    found: dict[str, bool] = {}
    for folder in (OWN_FOLDER, PAGES_FOLDER):
        for path in [
            *sorted((config_dir / folder / f"{section}.d").glob("*.json")),
            config_dir / folder / f"{section}.json",
        ]:
            found |= {name: bool(value) for name, value in _entries(path, LOAD).items()}
    return found


def sections_in(config_dir: Path) -> Iterator[str]:
    """The sections that say something, the known ones first."""
    names = {path.stem for path in (config_dir / OWN_FOLDER).glob("*.json")}
    names |= {path.stem for path in (config_dir / OWN_FOLDER).glob("*.d")}
    names |= {path.stem for path in (config_dir / PAGES_FOLDER).glob("*.json")}
    yield from sorted(
        names, key=lambda name: (name not in SECTIONS, SECTIONS.index(name) if name in SECTIONS else 0, name)
    )


def set_bundlers(config_dir: Path, bundlers: Sequence[PackagedBundler], *, is_enabled: bool) -> list[Path]:
    """Keep or forget bundlers in ``config_dir``; the files that changed. Raises as ``set_enabled`` does."""
    kept = {
        one.name: {"label": one.label, "module_name": one.module_name, "group": one.group} if is_enabled else None
        for one in bundlers
    }
    path = _section_file(config_dir, OWN_FOLDER, "notebook")
    return [path] if _change(path, BUNDLERS, kept) else []


def bundlers_in(config_dir: Path) -> dict[str, Mapping[str, Any]]:
    """The bundlers that one configuration folder enables. Raises BrokenConfigFile."""
    path = config_dir / OWN_FOLDER / "notebook.json"
    return {name: entry for name, entry in _entries(path, BUNDLERS).items() if isinstance(entry, Mapping)}


def _change(path: Path, key: str, values: Mapping[str, Any]) -> bool:
    """Set (or with ``None`` remove) entries of one object in a file; whether anything is different now."""
    content = read_object(path)
    before = _object(content, key, path)
    after = {name: value for name, value in {**before, **values}.items() if value is not None}
    if after == before:
        return False
    content[key] = after
    if not after:
        del content[key]
    write_object(path, content, mode=SHARED_MODE)
    return True


def _entries(path: Path, key: str) -> dict[str, Any]:
    return _object(read_object(path), key, path)


def _object(content: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    value = content.get(key) or {}
    if not isinstance(value, dict):
        raise BrokenConfigFile(f"{path}: {key} is no JSON object; correct the file first, it was left as it is")
    return value


def _section_file(config_dir: Path, folder: str, section: str) -> Path:
    if not SECTION_NAME.fullmatch(section):
        raise UnusableExtension(f"{section!r} is no section: {', '.join(SECTIONS)} are")
    return config_dir / folder / f"{section}.json"
