"""From messages to outputs: what a page would show, in nbformat's shapes. Pure.

Several executions are folded in one pass, because an update may change what another one has shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]

RESULT_TYPES = frozenset({"display_data", "execute_result"})
SHOWN = RESULT_TYPES | {"stream", "error"}
OVERWRITING = re.compile(r"[\r\b]")


@dataclass
class Folded:
    """What one execution has shown so far.

    ``outputs`` hold texts of streams as lists of pieces. ``clears_next``: the next output takes the place of all.
    ``is_over``: the kernel has said so. ``is_too_large``: the outputs were given up, for want of room.
    """

    outputs: list[JsonObject] = field(default_factory=list)
    execution_count: int | None = None
    clears_next: bool = False
    is_over: bool = False
    is_too_large: bool = False
    size_bytes: int = 0

    def finished(self) -> list[JsonObject]:
        """The outputs, with the texts of streams in one piece each."""
        return [_in_one_piece(output) for output in self.outputs]


@dataclass
class _Display:
    """An output that updates may change, whose content has ``size_bytes`` now."""

    output: JsonObject
    owner: Folded
    size_bytes: int


class OutputFold:
    """Folds messages in their order. One caller at a time.

    Args:
        msg_ids: the executions that count; messages of others are only looked at for updates.
        limit_bytes: of what one execution shows, as JSON; all together may have twice as much. What exceeds it, also by
            an update, is given up, the first executions first.
    """

    def __init__(self, msg_ids: Iterable[str], *, limit_bytes: int = 2**62) -> None:
        self.folded: dict[str, Folded] = {}
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._too_large: list[Folded] = []
        self._displays: dict[str, list[_Display]] = {}
        self.follow(msg_ids)

    def follow(self, msg_ids: Iterable[str]) -> None:
        """These executions count too, from here on."""
        for msg_id in msg_ids:
            self.folded.setdefault(msg_id, Folded())

    def concerns(self, msg_type: str, parent_id: str) -> bool:
        """Whether a message has to be parsed and added."""
        return parent_id in self.folded or msg_type == "update_display_data"

    def add(self, msg_type: str, parent_id: str, content: JsonObject, size_bytes: int = 0) -> None:
        """One message of iopub, whose content has ``size_bytes`` as JSON. What makes no sense is left out."""
        if msg_type == "update_display_data":
            self._update(content, size_bytes)
            self._make_room()
            return
        folded = self.folded.get(parent_id)
        if folded is None:
            return
        if msg_type in SHOWN and not (folded.is_too_large and not folded.clears_next):
            self._show_one(folded, msg_type, content, size_bytes)
            self._make_room()
        elif msg_type == "clear_output":
            self._clear(folded, waits=content.get("wait") is True)
        elif msg_type == "execute_input":
            folded.execution_count = _number(content.get("execution_count"))
        elif msg_type == "status" and content.get("execution_state") == "idle":
            folded.is_over = True

    def _show_one(self, folded: Folded, msg_type: str, content: JsonObject, size_bytes: int) -> None:
        if msg_type == "stream":
            self._stream(folded, content)
        elif msg_type in RESULT_TYPES:
            self._show(folded, msg_type, content, size_bytes)
        else:
            self._append(folded, _error(content))
        self._grow(folded, size_bytes)

    def _grow(self, folded: Folded, by_bytes: int) -> None:
        folded.size_bytes += by_bytes
        self._size_bytes += by_bytes
        if folded.size_bytes > self._limit_bytes:
            self._too_large.append(folded)

    def _make_room(self) -> None:
        while self._too_large:
            self._give_up(self._too_large.pop())
        while self._size_bytes > 2 * self._limit_bytes:
            self._give_up(next(folded for folded in self.folded.values() if folded.size_bytes))

    def _give_up(self, folded: Folded) -> None:
        self._forget(folded)
        folded.is_too_large = True

    def _forget(self, folded: Folded) -> None:
        named = {output["transient"]["display_id"] for output in folded.outputs if "transient" in output}
        for name in named:
            self._displays[name] = [one for one in self._displays[name] if one.owner is not folded]
        folded.outputs.clear()
        self._size_bytes -= folded.size_bytes
        folded.size_bytes = 0

    def _stream(self, folded: Folded, content: JsonObject) -> None:
        name, text = str(content.get("name", "stdout")), _text(content.get("text"))
        last = folded.outputs[-1] if folded.outputs and not folded.clears_next else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"].append(text)
        else:
            self._append(folded, {"output_type": "stream", "name": name, "text": [text]})

    def _show(self, folded: Folded, msg_type: str, content: JsonObject, size_bytes: int) -> None:
        output: JsonObject = {
            "output_type": msg_type,
            "data": _object(content.get("data")),
            "metadata": _object(content.get("metadata")),
        }
        if msg_type == "execute_result":
            output["execution_count"] = _number(content.get("execution_count"))
        self._append(folded, output)
        display_id = _object(content.get("transient")).get("display_id")
        if isinstance(display_id, str):
            output["transient"] = {"display_id": display_id}
            self._update(content, size_bytes)  # shown again, it changes where it was shown before
            self._displays.setdefault(display_id, []).append(_Display(output, folded, size_bytes))

    def _update(self, content: JsonObject, size_bytes: int) -> None:
        display_id = _object(content.get("transient")).get("display_id")
        for display in self._displays.get(display_id, ()) if isinstance(display_id, str) else ():
            display.output["data"] = _object(content.get("data"))
            display.output["metadata"] = _object(content.get("metadata"))
            self._grow(display.owner, size_bytes - display.size_bytes)
            display.size_bytes = size_bytes

    def _append(self, folded: Folded, output: JsonObject) -> None:
        if folded.clears_next:
            self._clear(folded, waits=False)
        folded.outputs.append(output)

    def _clear(self, folded: Folded, *, waits: bool) -> None:
        if waits:
            folded.clears_next = True
            return
        folded.clears_next = folded.is_too_large = False
        self._forget(folded)


def overwritten(text: str) -> str:
    """A text as a terminal shows it: ``\\r`` goes back to the line's start, ``\\b`` one back."""
    if not OVERWRITING.search(text):
        return text
    return "\n".join(_overwritten_line(line) for line in text.split("\n"))


def without_transient(output: JsonObject) -> JsonObject:
    """The output as a file keeps it."""
    return {name: value for name, value in output.items() if name != "transient"}


def _overwritten_line(line: str) -> str:
    """One line after its carriage returns and backspaces; a carriage return at its end stays, more may follow."""
    if not OVERWRITING.search(line):
        return line
    ending = "\r" if line.endswith("\r") else ""
    shown: list[str] = []
    column = 0
    for character in line:
        if character == "\r":
            column = 0
        elif character == "\b":
            column = max(0, column - 1)
        else:
            shown[column : column + 1] = [character]
            column += 1
    return "".join(shown) + ending


def _in_one_piece(output: JsonObject) -> JsonObject:
    if output["output_type"] != "stream":
        return output
    return {**output, "text": overwritten("".join(output["text"]))}


def _error(content: JsonObject) -> JsonObject:
    traceback = content.get("traceback")
    lines = [_text(line) for line in traceback] if isinstance(traceback, list) else []
    named = {name: _text(content.get(name)) for name in ("ename", "evalue")}
    return {"output_type": "error", **named, "traceback": lines}


def _text(value: object) -> str:
    if isinstance(value, list):
        return "".join(map(str, value))
    return value if isinstance(value, str) else "" if value is None else str(value)


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
