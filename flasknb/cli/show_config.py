"""``flasknb --show-config`` and ``--show-config-json``: what is set, and where. Secrets are not shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from traitlets.config.loader import DeferredConfig, DeferredConfigList, LazyConfigValue

from flasknb.config.import_strings import dotted
from flasknb.config.known import web_trait
from flasknb.config.loader import Gathered
from flasknb.config.secrecy import HIDDEN, without_secrets


def config_as_text(gathered: Gathered) -> str:
    """A line for each option that is set, below its class, with its source."""
    lines: list[str] = []
    previous = ""
    for section, option, value in _settings(gathered):
        if section != previous:
            lines += ["", section] if lines else [section]
            previous = section
        layer = gathered.origins.get((section, option))
        where = f"  # {layer.where(section, option)}" if layer is not None else ""
        lines.append(f"  .{option} = {value if value == HIDDEN else repr(value)}{where}")
    return "\n".join(lines) or "Nothing is set; every option has its default."


def config_as_json(gathered: Gathered) -> str:
    """Class name → option → value."""
    result: dict[str, Any] = {}
    for section, option, value in _settings(gathered):
        result.setdefault(section, {})[option] = value
    return json.dumps(result, indent=2, default=_as_json)


def _settings(gathered: Gathered) -> Iterator[tuple[str, str, Any]]:
    for section, options in sorted(gathered.config.items()):
        for option, value in sorted(options.items()):
            yield section, option, without_secrets(option, _readable(section, option, value))


def _readable(section: str, option: str, value: Any) -> Any:
    if isinstance(value, DeferredConfig):
        trait = web_trait(section, option)
        plain = list(value) if isinstance(value, DeferredConfigList) else str(value)
        return plain if trait is None else value.get_value(trait)
    return value.to_dict() if isinstance(value, LazyConfigValue) else value


def _as_json(value: Any) -> Any:
    if isinstance(value, set | frozenset | tuple):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return dotted(value) or repr(value)
