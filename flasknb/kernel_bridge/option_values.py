"""Options on their way to the sidecar as JSON, also those whose value only the option's own class can finish.

A value of the command line is text until the class says what type it has, and ``c.Class.option.append(...)`` in a file
waits for the default that it adds to. Both are packed as what they are, beside plain values.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traitlets.config import Config
from traitlets.config.loader import DeferredConfigList, DeferredConfigString, LazyConfigValue

log = logging.getLogger(__name__)

PRIVATE_OPTIONS = ("token", "password", "hashed_password", "cookie_secret", "secret_key", "certfile", "keyfile")
OF_KERNELS = "Session"  # the key that kernels sign with is no secret of the server's
PLAIN, TEXT, TEXTS, ADDITION, BYTES = "plain", "text", "texts", "addition", "bytes"

PackedConfig = dict[str, dict[str, list[Any]]]
"""Class name → option → ``[kind, value]``."""


def packed(config: Mapping[str, Any]) -> PackedConfig:
    """``config`` (class name → option → value) as JSON values. Passwords and what has no JSON form are left out."""
    sections = {name: options for name, options in config.items() if isinstance(options, Mapping)}
    return {
        section: {name: _pack(value) for name, value in options.items() if _may_travel(section, name, value)}
        for section, options in sections.items()
    }


def unpacked(given: PackedConfig) -> Config:
    """The configuration that was packed."""
    return Config(
        {
            section: {name: _unpack(kind, value) for name, (kind, value) in options.items()}
            for section, options in given.items()
        }
    )


def _pack(value: Any) -> list[Any]:
    """``[kind, value]``. Raises TypeError for what has no JSON form."""
    if isinstance(value, LazyConfigValue):
        return [ADDITION, _plain(value.to_dict())]
    if isinstance(value, DeferredConfigList):
        return [TEXTS, [str(item) for item in value]]
    if isinstance(value, DeferredConfigString):
        return [TEXT, str(value)]
    if isinstance(value, bytes):
        return [BYTES, value.decode("latin-1")]
    return [PLAIN, _plain(value)]


def _unpack(kind: str, value: Any) -> Any:
    if kind == TEXT:
        return DeferredConfigString(value)
    if kind == TEXTS:
        return DeferredConfigList(value)
    if kind == BYTES:
        return str(value).encode("latin-1")
    return _addition(value) if kind == ADDITION else value


def _addition(steps: dict[str, Any]) -> LazyConfigValue:
    value = LazyConfigValue()
    for index, item in steps.get("inserts", ()):
        value.insert(index, item)
    value.prepend(steps.get("prepend", ()))
    value.extend(steps.get("extend", ()))
    if update := steps.get("update"):
        value.update(update if isinstance(update, dict) else set(update))
    return value


def _may_travel(section: str, name: str, value: Any) -> bool:
    if name in PRIVATE_OPTIONS and section != OF_KERNELS:
        return False
    try:
        _pack(value)
    except (TypeError, ValueError):
        log.debug("option is not for the sidecar option=%s.%s", section, name)
        return False
    return True


def _plain(value: Any) -> Any:
    """``value`` as JSON would bring it back. Raises TypeError, ValueError."""
    return json.loads(json.dumps(value, default=_as_json))


def _as_json(value: Any) -> Any:
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not travel")
