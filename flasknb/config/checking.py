"""Is every option that is set one of ours, and has it an effect? Looks at names only, not at values."""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from flasknb.config.explained import reason_for
from flasknb.config.inventory import inventory
from flasknb.config.known import known_classes, known_options, web_class
from flasknb.config.layers import SNIPPETS, Layer, Name
from flasknb.config.notices import Notice, warning

LIKENESS = 0.7
OF_NBCONVERT = re.compile(r"NbConvert\w+|\w*(Exporter|Preprocessor|Writer|PostProcessor)")
"""Converting notebooks brings classes of its own, which look at the same configuration."""

Options = dict[str, Any]


class UnknownOption(Exception):
    """An option passed by the program or on the command line that does not exist."""


def checked(options: Options, origins: Mapping[Name, Layer], notices: list[Notice]) -> Options:
    """``options`` without what has no effect on the classes of this process; notices say what that is.

    Raises:
        UnknownOption: the program or the command line sets what is no option.
    """
    named = set(_named_classes(options))
    result: Options = {}
    for section, values in options.items():
        if not isinstance(values, dict):
            notices.append(warning(f"{section} is set to {values!r}, and is no class with options: it has no effect"))
            continue
        result[section] = dict(values)
        if section in named or OF_NBCONVERT.fullmatch(section):
            continue
        if section not in known_classes():
            _about_class(section, values, origins, notices)
            continue
        for option in _without_effect(section, values, origins, notices):
            del result[section][option]
    return result


def _about_class(section: str, values: Options, origins: Mapping[Name, Layer], notices: list[Notice]) -> None:
    """Say that nothing here is called ``section``: a slip, or something that is plugged in, or another program's."""
    near = get_close_matches(section, known_classes(), n=1, cutoff=LIKENESS)
    layers = [layer for option in values if (layer := origins.get((section, option))) is not None]
    if near and any(layer.must_be_known for layer in layers):
        raise UnknownOption(f"{section} is no class with options; did you mean {near[0]}?")
    where = ", ".join(sorted({layer.name for layer in layers}))
    reason = f"did you mean {near[0]}?" if near else "it counts only for a plug-in that has one"
    notices.append(warning(f"{where}: flasknb has no class {section} ({', '.join(values)}); {reason}"))


def _without_effect(
    section: str, values: Options, origins: Mapping[Name, Layer], notices: list[Notice]
) -> Iterator[str]:
    """Options that the classes of this process must not see, each with its notice."""
    for option, value in values.items():
        if isinstance(value, dict) and option[:1].isupper():
            continue  # c.Parent.Child.option
        layer = origins.get((section, option))
        where = f"{layer.where(section, option)}: " if layer is not None else ""
        reason = reason_for(section, option)
        if reason is not None:
            notices.append(Notice(_level(layer), f"{where}{section}.{option} has no effect: {reason}."))
        elif option not in known_options(section):
            hint = _hint(section, option)
            if layer is not None and layer.must_be_known:
                raise UnknownOption(f"{section}.{option} is no option{hint}")
            notices.append(warning(f"{where}{section}.{option} is no option, and has no effect{hint}"))
        else:
            continue
        if web_class(section) is not None:
            yield option


def _hint(section: str, option: str) -> str:
    near = get_close_matches(option, known_options(section), n=1, cutoff=LIKENESS)
    if near:
        return f"; did you mean {section}.{near[0]}?"
    elsewhere = [one for one, table in inventory().items() if option in table]
    return f"; did you mean {elsewhere[0]}.{option}?" if elsewhere else ""


def _level(layer: Layer | None) -> int:
    """What packages bring by themselves is not the user's doing: every start would say it."""
    return logging.DEBUG if layer is not None and layer.name == SNIPPETS else logging.WARNING


def _named_classes(options: Options) -> Iterator[str]:
    """Names of classes that options choose, such as a contents manager of the user's own, and of their bases."""
    for values in options.values():
        for value in values.values() if isinstance(values, dict) else ():
            if inspect.isclass(value):
                yield from (base.__name__ for base in value.__mro__ if base.__name__ not in known_classes())
            elif isinstance(value, str) and "." in value:
                short = value.rpartition(".")[2]
                if short not in known_classes():
                    yield short
