"""Which options are secrets, and what may be printed of the others: a secret can hide inside a value too. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "(not shown)"
SECRET_WORDS = ("token", "password", "pwd", "secret", "key")
NO_SECRET_WORDS = ("file", "required", "change", "class", "param_keys", "header_key", "kwargs")
INNER_WORDS = ("authorization", "credential", "passwd", "passphrase", "cookie")
"""Besides, where the name is a key inside of a value: a header's, a setting's."""
IN_URL = re.compile(r"(?<=://)[^/\s?#@]+@")


def is_secret(option: str) -> bool:
    """Whether the option's value must not be printed."""
    names = any(word in option for word in SECRET_WORDS)
    return names and not any(word in option for word in NO_SECRET_WORDS)


def without_secrets(option: str, value: Any) -> Any:
    """``value`` as it may be printed."""
    return HIDDEN if is_secret(option) else _inside(value)


def _inside(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: HIDDEN if _is_secret_key(name) else _inside(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_inside(inner) for inner in value) if type(value) in (list, tuple) else value
    return _text(value) if type(value) is str else value


def _is_secret_key(name: Any) -> bool:
    word = str(name).lower()
    return is_secret(word) or (any(one in word for one in INNER_WORDS) and not word.endswith(("options", "name")))


def _text(value: str) -> str:
    """A dictionary may be written as JSON, and an address may hold a password."""
    if value.lstrip().startswith("{"):
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError):
            parsed = None
        if isinstance(parsed, dict) and (safe := _inside(parsed)) != parsed:
            return json.dumps(safe)
    return IN_URL.sub(f"{HIDDEN}@", value)
