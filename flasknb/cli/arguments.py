"""The command line as options. Knows how words are written; what the options mean is their classes' matter."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traitlets.config.loader import DeferredConfigList, DeferredConfigString

from flasknb.cli.flags import ALIASES, FLAGS, GONE, SHORT, WITHOUT_EFFECT

CLASS_OPTION = re.compile(r"[A-Z]\w*\.\w+(?:\.\w+)*")
LIKENESS = 0.6


@dataclass
class Arguments:
    """A parsed command line. ``options``: class name → option → value, for the loader's last layer."""

    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Lines for the user about words that have no effect."""
    wants: str = ""
    """``help``, ``help-all`` or ``version`` where something is to be printed instead of a start."""

    @property
    def config_file(self) -> Path | None:
        """The file of ``--config``."""
        given = str(self.options.get("JupyterApp", {}).get("config_file", ""))
        return Path(given).expanduser() if given else None


class UnknownArgument(Exception):
    """A word on the command line that means nothing; the message names the nearest that does."""


class UnusablePlace(Exception):
    """The folder or file on the command line is not there."""


def parse(argv: list[str]) -> Arguments:
    """Read the arguments.

    Raises:
        UnknownArgument: a word makes no sense, or its value is missing.
        UnusablePlace: the folder or file does not exist.
    """
    found = Arguments()
    values: dict[str, list[str]] = {}
    words = iter(argv)
    for word in words:
        if word == "--":
            found.places += words
        elif not word.startswith("-") or word == "-":
            found.places.append(word)
        else:
            _take(word, words, found, values)
    for target, texts in values.items():
        _set(found.options, target, texts)
    for place in found.places:
        found.options.setdefault("ServerApp", {}).update(_place_options(place, found.options.get("ServerApp", {})))
    return found


def _take(word: str, rest: Iterator[str], found: Arguments, values: dict[str, list[str]]) -> None:
    """One word that begins with a hyphen, and its value where that is the next word."""
    name, equals, value = word.lstrip("-").partition("=")
    name = SHORT.get(name, name)
    if name in GONE:
        raise UnknownArgument(GONE[name])
    if name in ("help", "help-all", "version"):
        found.wants = found.wants or name
    elif name in WITHOUT_EFFECT:
        found.notes.append(WITHOUT_EFFECT[name])
    elif name in FLAGS and not equals:
        for section, options in FLAGS[name][0].items():
            found.options.setdefault(section, {}).update(options)
    elif name in ALIASES or CLASS_OPTION.fullmatch(name):
        given = value if equals else _next_value(word, rest)
        values.setdefault(ALIASES.get(name, name), []).append(given)
    else:
        raise UnknownArgument(_unknown(word.partition("=")[0], name))


def _next_value(word: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise UnknownArgument(f"{word} needs a value: {word}=VALUE")
    return value


def _set(options: dict[str, dict[str, Any]], target: str, texts: list[str]) -> None:
    """As traitlets reads them: text whose type the option's class knows; several for lists, ``key=value`` for dicts."""
    section, option, *keys = target.split(".")
    known = options.setdefault(section, {})
    if keys:
        pairs = [f"{'.'.join(keys)}={text}" for text in texts]
        known[option] = DeferredConfigList([*known.get(option, []), *pairs])
    else:
        known[option] = DeferredConfigString(texts[0]) if len(texts) == 1 else DeferredConfigList(texts)


def _unknown(shown: str, name: str) -> str:
    """The sentence about a word that means nothing, with the nearest known ones."""
    near = difflib.get_close_matches(name, known_words(), n=1, cutoff=LIKENESS)
    if name in FLAGS:
        return f"{shown} takes no value"
    hint = f"; did you mean --{near[0]}?" if near else "; flasknb --help lists what there is"
    return f"{shown} is no argument of flasknb{hint}"


def known_words() -> Iterable[str]:
    """Every long name, without its hyphens."""
    return [*FLAGS, *ALIASES, *WITHOUT_EFFECT, "help", "help-all", "version"]


def _place_options(place: str, server: dict[str, Any]) -> dict[str, Any]:
    path = Path(place).expanduser().resolve()
    if path.is_dir():
        return {"root_dir": str(path)}
    if path.is_file():
        root = {} if "root_dir" in server else {"root_dir": str(path.parent)}
        return {**root, "file_to_run": str(path)}
    raise UnusablePlace(f"No such file or directory: {path}")
