"""Has a kernel write long texts as JSON in a quarter of the time.

``launch_ipykernel`` runs this in the kernel's own Python, which may be older than ours: standard library only.

``json`` looks at each character of a text; ``bytes.replace`` looks for one character at a time, with the processor's
own means, which is quicker even where all thirty-four that JSON must escape are looked for. So long texts are written
that way, and put into what jupyter_client's own packer makes of everything else: what it does with odd numbers, dates
and keys stays as it is. Where orjson is installed jupyter_client takes that, and nothing is touched.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

LONG_CHARS = 64 * 1024
DEEPEST = 4  # dictionaries in one another that are looked into: the state of a widget is the third
SAMPLE_CHARS = 1000
MOST_ESCAPED = 80  # of these; with more, as in JSON in a string, ``json`` is as quick
FREQUENT = '"\\\n'

ESCAPED = (0x5C, 0x22, *range(0x20))  # the backslash first: the others bring more of it
ESCAPES = tuple((bytes([code]), json.dumps(chr(code)).encode()[1:-1]) for code in ESCAPED)

Packer = Callable[[Any], bytes]


def pack_quickly(app_class: Any, session_module: Any) -> None:
    """Have the session of a kernel's app, once there is one, pack as told above where it packs with ``json``."""
    original = app_class.init_iopub

    def init_iopub(app: Any, context: Any) -> None:
        session, packer = app.session, getattr(session_module, "json_packer", None)
        if packer is not None and session.pack is packer:
            session.pack = quick_packer(packer)
        original(app, context)

    app_class.init_iopub = init_iopub


def quick_packer(packer: Packer) -> Packer:
    """The same as ``packer``, sooner."""
    mark = "flasknb." + os.urandom(16).hex()
    packed_mark = b'"' + mark.encode() + b'"'

    def pack(value: Any) -> bytes:
        if not value or type(value) is not dict or "msg_id" in value:  # nearly all there is: headers, no metadata
            return packer(value)
        texts: list[str] = []
        outline = _outline(value, texts, mark, DEEPEST)
        if not texts:
            return packer(value)
        try:
            written = [_written(text) for text in texts]
        except UnicodeEncodeError:  # half a character, which the packer knows what to do with
            return packer(value)
        pieces = packer(outline).split(packed_mark)
        if len(pieces) != len(written) + 1:
            return packer(value)
        joined = [pieces[0]]
        for text, piece in zip(written, pieces[1:]):  # noqa: B905 - Python 3.9 has no `strict`
            joined += (b'"', text, b'"', piece)
        return b"".join(joined)

    return pack


def _outline(value: dict[Any, Any], texts: list[str], mark: str, depth: int) -> dict[Any, Any]:
    """``value`` with a mark in the place of each long text, which ``texts`` gets; without any, ``value`` itself."""
    changed: dict[Any, Any] = {}
    for key, item in value.items():
        if type(item) is str:
            if len(item) >= LONG_CHARS and _has_few_escapes(item):
                texts.append(item)
                changed[key] = mark
        elif item and type(item) is dict and depth:
            outline = _outline(item, texts, mark, depth - 1)
            if outline is not item:
                changed[key] = outline
    return {**value, **changed} if changed else value


def _has_few_escapes(text: str) -> bool:
    sample = text[:: len(text) // SAMPLE_CHARS]
    return sum(map(sample.count, FREQUENT)) <= MOST_ESCAPED


def _written(text: str) -> bytes:
    """What stands between the quotes. Raises UnicodeEncodeError."""
    written = text.encode()
    for plain, escape in ESCAPES:
        written = written.replace(plain, escape)
    return written
