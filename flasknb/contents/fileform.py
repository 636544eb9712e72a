"""Writes JSON exactly as ``json.dumps(ensure_ascii=False, indent=1, sort_keys=True)`` does, several times as fast."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any

STRINGS = frozenset({str})


def indented_json(value: Any) -> str:
    """The text of ``value``, which is made of what JSON knows: every key is a string."""
    return _written(value, "\n")


def _written(value: Any, line: str) -> str:
    """``value``, after whose opening bracket lines begin with ``line`` and one space."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    inner = line + " "
    if kind is dict:
        if not value:
            return "{}"
        items = [f"{encode_basestring(key)}: {_written(value[key], inner)}" for key in sorted(value)]
        return f"{{{inner}{f',{inner}'.join(items)}{line}}}"
    if kind is list:
        if not value:
            return "[]"
        is_text = set(map(type, value)) == STRINGS
        items = list(map(encode_basestring, value)) if is_text else [_written(item, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{line}]"
    return str(value) if kind is int else json.dumps(value)
