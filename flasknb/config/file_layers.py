"""The files that count, read one by one: a layer each."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flasknb.config.files import (
    BASE_STEM,
    FILE_STEMS,
    SUFFIXES,
    BrokenConfigFile,
    find_files,
    find_snippets,
    read_file,
)
from flasknb.config.layers import SNIPPETS, Layer
from flasknb.config.notices import Notice, warning

OUR_SNIPPETS = "jupyter_flasknb_config.d"
EXTENSION_LISTS = (("ServerApp", "jpserver_extensions"), ("NotebookApp", "nbserver_extensions"))
FALSE_WORDS = ("", "0", "false", "no", "off")
ASKING_SECTIONS = ("Application", "JupyterApp", "ServerApp")


@dataclass(frozen=True)
class Asked:
    """What the other sources say about reading files."""

    config_file: Path | None = None
    config_file_name: str = ""
    is_lenient: bool = False

    @classmethod
    def of(cls, given: Sequence[Layer], config_file: Path | None) -> Asked:
        """Look through layers, lowest first; ``config_file``, when given, has the last word."""
        found: dict[str, Any] = {}
        for layer in given:
            for section in ASKING_SECTIONS:
                found |= layer.options.get(section, {})
        named = str(found.get("config_file") or "")
        file = config_file or (Path(named).expanduser() if named else None)
        is_lenient = str(found.get("lenient", "")).lower() not in FALSE_WORDS
        return cls(file, str(found.get("config_file_name") or ""), is_lenient)


def without_relative(folders: Sequence[Path], notices: list[Notice]) -> list[Path]:
    """Absolute folders only: what a relative one means depends on the working directory, which is never searched."""
    for folder in folders:
        if not folder.is_absolute() and folder != Path():  # an empty entry is only a colon too many
            notices.append(warning(f"{folder} on the configuration path is relative: it is not read"))
    return [folder for folder in folders if folder.is_absolute()]


def file_layers(asked: Asked, folders: Sequence[Path], notices: list[Notice]) -> Iterator[Layer]:
    """What each file sets, lowest first."""
    previous: Layer | None = None
    for path in _paths(asked, folders):
        try:
            layer = Layer(str(path), read_file(path), path)
        except BrokenConfigFile as error:
            if not asked.is_lenient:
                raise
            notices.append(warning(f"Left out, because it is broken: {error}"))
            continue
        if previous is not None:
            notices.extend(_conflicts(previous, layer))
        previous = layer
        yield layer


def snippet_layer(asked: Asked, folders: Sequence[Path], notices: list[Notice]) -> Layer:
    """All snippets as one layer; of other servers' only the lists of extensions count, as there."""
    result: dict[str, Any] = {}
    for layer in _snippets(asked, folders, notices):
        for section, options in layer.options.items():
            known = result.setdefault(section, {})
            for name, value in options.items():
                is_list = (section, name) in EXTENSION_LISTS and isinstance(value, dict)
                if not is_list and _is_foreign(layer):
                    text = f"{layer.name}: {section}.{name} has no effect there; only lists of extensions have"
                    notices.append(Notice(logging.INFO, text))
                else:
                    known[name] = {**known.get(name, {}), **value} if is_list else value
    return Layer(SNIPPETS, {section: options for section, options in result.items() if options})


def _paths(asked: Asked, folders: Sequence[Path]) -> Iterator[Path]:
    if asked.config_file is None:
        more = [asked.config_file_name] if asked.config_file_name else []
        stems = [*FILE_STEMS[:-1], *more, FILE_STEMS[-1]]
        yield from find_files(folders, list(dict.fromkeys(stems)))
        return
    yield from find_files(folders, [BASE_STEM])
    yield from _explicit(asked.config_file)


def _explicit(file: Path) -> Iterator[Path]:
    """The file of ``--config``; without an ending, ``.py`` and ``.json``."""
    found = [file] if file.is_file() else [file.with_name(file.name + end) for end in SUFFIXES]
    existing = [path.absolute() for path in found if path.is_file()]
    if not existing:
        raise BrokenConfigFile(f"{file}: there is no such file")
    yield from existing


def _snippets(asked: Asked, folders: Sequence[Path], notices: list[Notice]) -> Iterator[Layer]:
    for path in find_snippets(folders):
        try:
            yield Layer(str(path), read_file(path), path)
        except BrokenConfigFile as error:
            if not (asked.is_lenient or path.parent.name != OUR_SNIPPETS):
                raise
            notices.append(warning(f"Left out, because it is broken: {error}"))


def _is_foreign(layer: Layer) -> bool:
    return layer.path is not None and layer.path.parent.name != OUR_SNIPPETS


def _conflicts(python: Layer, other: Layer) -> Iterator[Notice]:
    """What two files of one name set differently: the ``.json`` one counts."""
    if python.path is None or other.path is None or python.path.with_suffix(".json") != other.path:
        return
    if python.path == other.path:
        return
    for section, options in other.options.items():
        earlier = python.options.get(section, {})
        for name in options:
            if name in earlier and earlier[name] != options[name]:
                text = f"{section}.{name} is set in {python.path.name} and {other.path.name} of {other.path.parent}"
                yield warning(f"{text}; {other.path.name} counts")
