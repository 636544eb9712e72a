"""Options as a program writes them: ``root_dir=``, ``"ServerApp.port":``, ``"ServerApp": {...}`` or a ``Config``."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from flasknb.config.checking import UnknownOption
from flasknb.config.variables import SHORT_NAMES, plain


def from_program(options: Mapping[str, Any]) -> dict[str, Any]:
    """The same as class name → option → value.

    Raises:
        UnknownOption: a short name that does not exist.
    """
    result: dict[str, Any] = {}
    for key, value in options.items():
        section, dot, option = key.partition(".")
        if dot:
            result.setdefault(section, {})[option] = plain(value)
        elif key in SHORT_NAMES:
            target, name = SHORT_NAMES[key]
            result.setdefault(target, {})[name] = plain(value)
        elif key[:1].isupper() and isinstance(value, Mapping):
            result.setdefault(key, {}).update(value)
        else:
            near = get_close_matches(key, SHORT_NAMES, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else "write Class.option for the options of other classes"
            raise UnknownOption(f"{key} is no option of flasknb; {hint}")
    return result
