"""Reads and writes notebooks that need no repair, without making an object of every line. Knows JSON and nbformat 4.

What comes out is what ``notebooks`` makes of the same document, which also takes all that is refused here: every
function answers ``None`` where a document is old, odd, invalid or otherwise not for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from flasknb.contents.fileform import indented_json
from flasknb.contents.folding import Folded, KnownText, LongText, fold
from flasknb.contents.models import to_json
from flasknb.contents.textlines import RICH_OUTPUTS, join_lines, split_lines, strip_transient
from flasknb.contents.wellformed import is_surely_valid

FOLDED_FROM_BYTES = 500_000  # below, parsing at once is quicker and stops nobody for long
LINE_INDENTS = {b"source": 4, b"text": 6}  # columns of a text's lines in a file; outputs' MIME types have 7
MIME_INDENT = 7
DELETE = "\x7f"
UNLIKE_LINE_FEEDS = f"{DELETE}\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # what ends lines beside them
STEP = 2  # of orjson's own indent


@dataclass
class QuickNotebook:
    """A valid notebook of nbformat 4, texts of many lines possibly put aside. Any thread, one at a time."""

    folded: Folded

    @property
    def document(self) -> dict[str, Any]:
        """The document, with placeholders for long texts."""
        return self.folded.document  # type: ignore[no-any-return]

    def mark_trusted(self, trusted: bool) -> None:
        """Set ``metadata.trusted`` of every code cell."""
        for cell in self.document["cells"]:
            if cell["cell_type"] == "code":
                cell["metadata"]["trusted"] = trusted

    def take_trust_marks(self) -> bool:
        """Whether every code cell is marked trusted or has no rich output; takes the marks off."""
        are_harmless = [
            bool(cell["metadata"].pop("trusted", False)) or not _has_rich_output(cell)
            for cell in self.document["cells"]
            if cell["cell_type"] == "code"
        ]
        return all(are_harmless)

    def signed_bytes(self) -> Iterator[bytes]:
        """What nbformat signs: keys and values, in the order of the keys. Takes an old signature off."""
        self.document["metadata"].pop("signature", None)
        strings: list[str] = []
        _add_leaves(self.document, strings)
        first = 0
        for place, string in enumerate(strings):
            value = self.folded.value(string)
            if value is not string:
                yield "".join(strings[first:place]).encode()
                yield (value if isinstance(value, str) else "".join(orjson.loads(b"[" + value + b"]"))).encode()
                first = place + 1
        yield "".join(strings[first:]).encode()

    def json_pieces(self) -> list[bytes]:
        """The JSON of ``document``, in pieces, with the texts in their places."""
        return list(self.folded.filled(to_json(self.document), lambda _, text: orjson.dumps(text)))

    def file_bytes(self) -> list[bytes]:
        """The bytes of the file, in pieces. Uses the notebook up."""
        split_lines(self.document)
        strip_transient(self.document)
        return [*self.folded.filled(indented_json(self.document).encode(), _written), b"\n"]


def read_quickly(content: bytes) -> QuickNotebook | None:
    """The notebook in a file's bytes, its lines joined."""
    folded = _parsed(content, lambda _, lines: "".join(lines))
    if folded is None:
        return None
    try:
        strip_transient(folded.document)
        join_lines(folded.document)
    except (AttributeError, KeyError, TypeError):
        return None
    if not is_surely_valid(folded.document) or _has_unjoined(folded):
        return None
    return QuickNotebook(folded)


def fold_body(content: bytes, known: Sequence[KnownText] | None = None) -> Folded | None:
    """A request's body, parsed, with the long texts of the notebook in it put aside; ``known`` as in ``fold``."""
    return fold(content, _indented, known)


def take_quickly(document: Any, folded: Folded | None = None) -> QuickNotebook | None:
    """The notebook ``document``, which came in the body ``folded``, to be signed and stored; itself it stays as it is.

    No list of strings in it may be one that was joined.
    """
    if not is_surely_valid(document):
        return None
    copied = _copied(document)
    return QuickNotebook(Folded(copied, folded.mark, folded.texts) if folded else Folded(copied))


def _parsed(content: bytes, lines: Any) -> Folded | None:
    if len(content) >= FOLDED_FROM_BYTES:
        return fold(content, lines)
    try:
        return Folded(orjson.loads(content))
    except orjson.JSONDecodeError:
        return None


def _copied(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` with copies of all that storing it changes."""
    return {**document, "metadata": dict(document["metadata"]), "cells": list(map(_copied_cell, document["cells"]))}


def _copied_cell(cell: dict[str, Any]) -> dict[str, Any]:
    copied = {**cell, "metadata": dict(cell["metadata"])}
    if "attachments" in cell:
        copied["attachments"] = {name: dict(bundle) for name, bundle in cell["attachments"].items()}
    if "outputs" in cell:
        outputs = cell["outputs"]
        copied["outputs"] = [{**one, "data": dict(one["data"])} if "data" in one else dict(one) for one in outputs]
    return copied


def _has_rich_output(cell: dict[str, Any]) -> bool:
    return any(output["output_type"] in RICH_OUTPUTS for output in cell["outputs"])


def _has_unjoined(folded: Folded) -> bool:
    """Whether a list of lines is one that nbformat leaves alone, such as one in JSON data."""
    return folded.mark != "" and b'["' + folded.mark.encode() in orjson.dumps(folded.document)


def _add_leaves(node: Any, found: list[str]) -> None:
    kind = type(node)
    if kind is str:
        found.append(node)
    elif kind is dict:
        for key in sorted(node):
            found.append(key)
            _add_leaves(node[key], found)
    elif kind is list:
        for item in node:
            _add_leaves(item, found)
    else:
        found.append(str(node))


def _indented(key: bytes, lines: list[str]) -> bytes:
    """A list of strings as it stands in a file, without the brackets and the space around."""
    "".join(lines)  # TypeError: not strings only
    return _with_indent(lines, LINE_INDENTS.get(key, MIME_INDENT))


def _with_indent(lines: list[str], indent: int) -> bytes:
    nested: Any = lines
    for _ in range(indent // STEP - 1):
        nested = [nested]
    written = orjson.dumps(nested, option=orjson.OPT_INDENT_2)
    first, last = written.index(b'"'), written.rindex(b'"') + 1
    inner = written[first:last]
    return inner.replace(b"\n", b"\n ") if indent % STEP else inner


def _written(before: bytes, text: str | bytes) -> bytes:
    """What stands in the file for a text that was put aside; ``before`` ends where it begins."""
    indent = len(before) - 1 - before.rfind(b"\n")
    is_in_list = before[len(before) - indent :].strip(b" ") == b""
    if isinstance(text, bytes):
        return text if _indent_of(text) in (indent, None) else _with_indent(orjson.loads(b"[" + text + b"]"), indent)
    manner = indent if is_in_list else None
    if not isinstance(text, LongText):
        return _as_written(text, manner)
    if text.written is None or text.written[0] != manner:
        text.written = manner, _as_written(text, manner)
    return text.written[1]


def _as_written(text: str, indent: int | None) -> bytes:
    """``text`` as lines that are indented so, or in one piece."""
    return orjson.dumps(text) if indent is None else _as_lines(text, indent)


def _as_lines(text: str, indent: int) -> bytes:
    """The lines of ``text`` as they stand in a file; made by the line only where replacing could go wrong."""
    if any(sign in text for sign in UNLIKE_LINE_FEEDS):
        return _with_indent(text.splitlines(True), indent)
    # JSON leaves DELETE as it is, and one byte is found several times as fast as two
    between = b'\\n",\n' + b" " * indent + b'"'
    written = orjson.dumps(text.replace("\n", DELETE)).replace(DELETE.encode(), between)
    return written[: -len(between) - 1] + b'\\n"' if text.endswith("\n") else written


def _indent_of(lines: bytes) -> int | None:
    """Columns before the second of ``lines``; ``None`` where there is one only."""
    break_at = lines.find(b"\n")
    return None if break_at < 0 else lines.find(b'"', break_at) - break_at - 1
