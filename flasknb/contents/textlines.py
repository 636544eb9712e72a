"""Joins and splits the multi-line texts of a notebook (nbformat 4) as nbformat does. Knows plain dicts, not bytes."""

from __future__ import annotations

from typing import Any

RICH_OUTPUTS = frozenset({"execute_result", "display_data"})
SPLIT_BESIDE_TEXT = frozenset({"application/javascript", "image/svg+xml"})
TRANSIENT = ("orig_nbformat", "orig_nbformat_minor", "signature")


def join_lines(document: dict[str, Any]) -> None:
    """Make one string of each list of lines, in place.

    Raises:
        AttributeError, KeyError, TypeError: the document is not built as a notebook is. Some may be joined already.
    """
    for cell in document["cells"]:
        if type(source := cell.get("source")) is list:
            cell["source"] = "".join(source)
        for attachment in cell.get("attachments", {}).values():
            _join_bundle(attachment)
        if cell.get("cell_type") != "code":
            continue
        for output in cell.get("outputs", []):
            kind = output.get("output_type", "")
            if kind in RICH_OUTPUTS:
                _join_bundle(output.get("data", {}))
            elif kind and type(text := output.get("text")) is list:
                output["text"] = "".join(text)


def split_lines(document: dict[str, Any]) -> None:
    """Make a list of lines of each multi-line string, in place.

    What ``join_lines`` lets pass is kept as it is, as a cell without a type: a notebook that can be
    opened can be saved. Raises as ``join_lines``.
    """
    for cell in document["cells"]:
        if type(source := cell.get("source")) is str:
            cell["source"] = source.splitlines(True)
        for attachment in cell.get("attachments", {}).values():
            _split_bundle(attachment)
        if cell.get("cell_type") != "code":
            continue
        for output in cell.get("outputs", ()):
            kind = output.get("output_type", "")
            if kind in RICH_OUTPUTS:
                _split_bundle(output.get("data", {}))
            elif kind == "stream" and type(text := output.get("text")) is str:
                output["text"] = text.splitlines(True)


def strip_transient(document: dict[str, Any]) -> None:
    """Take off what no file keeps: old signatures, marks of trust. Raises as ``join_lines``."""
    for key in TRANSIENT:
        document["metadata"].pop(key, None)
    for cell in document["cells"]:
        cell["metadata"].pop("trusted", None)


def _join_bundle(bundle: dict[str, Any]) -> None:
    for key, value in bundle.items():
        if type(value) is list and not _is_json(key) and all(type(line) is str for line in value):
            bundle[key] = "".join(value)


def _split_bundle(bundle: dict[str, Any]) -> None:
    for key, value in bundle.items():
        if type(value) is str and (key.startswith("text/") or key in SPLIT_BESIDE_TEXT):
            bundle[key] = value.splitlines(True)


def _is_json(mimetype: str) -> bool:
    return mimetype == "application/json" or (mimetype.startswith("application/") and mimetype.endswith("+json"))
