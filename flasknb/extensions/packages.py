"""What a Python package says about the extensions in it, by the functions Jupyter asks for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flasknb.extensions.locations import checked_name
from flasknb.extensions.problems import UnusableExtension


@dataclass(frozen=True)
class PackagedExtension:
    """One nbextension of a package. ``source``: its file or folder; ``destination``: its name when installed."""

    section: str
    source: Path
    destination: str
    require: str


@dataclass(frozen=True)
class PackagedBundler:
    """One bundler of a package, as ``nbconfig/notebook.json`` keeps it."""

    name: str
    label: str
    module_name: str
    group: str


def nbextensions_of(package: str) -> list[PackagedExtension]:
    """Those of ``_jupyter_nbextension_paths()``. Raises UnusableExtension."""
    module, entries = _told(package, "_jupyter_nbextension_paths")
    folder = Path(str(module.__file__)).parent
    return [
        PackagedExtension(
            section=checked_name(_text(entry, "section", package), "a section"),
            source=folder / _text(entry, "src", package),
            destination=checked_name(_text(entry, "dest", package), "a destination"),
            require=_text(entry, "require", package),
        )
        for entry in entries
    ]


def bundlers_of(package: str) -> list[PackagedBundler]:
    """Those of ``_jupyter_bundlerextension_paths()``. Raises UnusableExtension."""
    _, entries = _told(package, "_jupyter_bundlerextension_paths")
    return [
        PackagedBundler(
            name=_text(entry, "name", package),
            label=_text(entry, "label", package),
            module_name=_text(entry, "module_name", package),
            group=str(entry.get("group") or "download"),
        )
        for entry in entries
    ]


def _told(package: str, function: str) -> tuple[Any, list[Mapping[str, Any]]]:
    try:
        module = importlib.import_module(package)
    except ImportError as error:
        raise UnusableExtension(f"The Python package {package} cannot be imported here: {error}") from error
    tell = getattr(module, function, None)
    if tell is None:
        raise UnusableExtension(f"The Python package {package} has no {function}(): there is no such extension in it")
    entries = tell()
    if not isinstance(entries, list | tuple) or not all(isinstance(entry, Mapping) for entry in entries):
        raise UnusableExtension(f"{package}.{function}() does not return a list of dicts; tell its authors")
    return module, list(entries)


def _text(entry: Mapping[str, Any], key: str, package: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise UnusableExtension(f"The package {package} says no {key} for an extension of it; tell its authors")
    return value
