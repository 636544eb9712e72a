"""Notebooks for tests: ordinary, random and hostile ones. A folder of real ones may be named in SAMPLE_NOTEBOOKS."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REAL_NOTEBOOKS = "FLASKNB_SAMPLE_NOTEBOOKS"
PIECES = (
    "plain words", "\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", '"', '"]', '"],"', '"}',
    '","', "\\", "\\n", '\\"', "\t", "\x00", "\x7f", "ä", "漢", "😀", "[", "]", "],", "{", "}", "': [\n", '": [\n',
    '": "', " ", "</td>",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2**53, 2**63, 2**64 - 1, 0.1, 1e16, 1e-7, 1.0, -0.0, 9.2e18, 123456789.125)
MIMETYPES = (
    "text/plain", "text/html", "image/png", "image/svg+xml", "application/javascript", "application/json",
    "application/vnd.x+json", "application/pdf", "x",
)  # fmt: skip
METADATA: tuple[dict[str, Any], ...] = (
    {}, {"collapsed": True}, {"scrolled": "auto"}, {"tags": ["a", "b"]}, {"name": "x"}, {"trusted": True},
    {"jupyter": {"source_hidden": True}}, {"execution": {"iopub.status.busy": "2026"}}, {"text": ["a\n", "b"]},
    {"deep": {"a": [1, [2.5, None, {"b": []}], {}]}},
)  # fmt: skip
ODD_METADATA: tuple[dict[str, Any], ...] = (
    {"tags": ["a", "a"]}, {"tags": ["a,b"]}, {"tags": [""]}, {"name": ""}, {"collapsed": 1}, {"scrolled": "no"},
    {"execution": {"x": 1}}, {"jupyter": 1}, {"format": 1}, {"tags": "a"}, {"tags": [["a"]]}, {"name": "\n"},
)  # fmt: skip


def real_notebooks() -> list[Path]:
    """Files of the folder that the environment names; none without."""
    folder = os.environ.get(REAL_NOTEBOOKS, "")
    return sorted(Path(folder).rglob("*.ipynb")) if folder else []


class RandomNotebooks:
    """Valid notebooks of many shapes, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def notebook(self) -> dict[str, Any]:
        """A valid notebook of nbformat 4."""
        minor = self.random.choice((0, 2, 4, 5, 5, 5))
        cells = [self.cell(number, minor) for number in range(self.random.randrange(6))]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        metadata = {"language_info": {"name": "python", "codemirror_mode": {"name": "ipython"}}, **kernel}
        return {
            "metadata": self.random.choice((metadata, {}, {"title": "t", "authors": [{"name": "n"}], **kernel})),
            "nbformat_minor": minor,
            "nbformat": 4,
            "cells": cells,
        }

    def cell(self, number: int, minor: int) -> dict[str, Any]:
        """One cell of any type."""
        kind = self.random.choice(("code", "code", "markdown", "raw"))
        cell: dict[str, Any] = {
            "source": self.lines(),
            "metadata": copy.deepcopy(self.random.choice(METADATA)),
            "cell_type": kind,
        }
        if minor >= 5:
            cell["id"] = f"cell-{number}"
        if kind == "code":
            outputs = [self.output() for _ in range(self.random.randrange(4))]
            return {**cell, "execution_count": self.random.choice((None, 0, 7)), "outputs": outputs}
        if self.random.random() < 0.3:
            cell["attachments"] = {"a.png": self.bundle()}
        return cell

    def output(self) -> dict[str, Any]:
        """One output of any type."""
        kind = self.random.choice(("stream", "error", "display_data", "execute_result"))
        if kind == "stream":
            return {"output_type": kind, "name": "stdout", "text": self.lines()}
        if kind == "error":
            return {"output_type": kind, "ename": "E", "evalue": self.text(), "traceback": [self.text(), self.text()]}
        output = {
            "output_type": kind,
            "metadata": self.random.choice(({}, {"text": self.lines()})),
            "data": self.bundle(),
        }
        return output if kind == "display_data" else {**output, "execution_count": 3}

    def bundle(self) -> dict[str, Any]:
        """Data by MIME type."""
        chosen = self.random.sample(MIMETYPES, self.random.randrange(4))
        return {name: self.json_value() if name.endswith("json") else self.lines() for name in chosen}

    def json_value(self) -> Any:
        """Anything JSON can say, lists of strings among it."""
        choices: tuple[Any, ...] = (
            {"text": [self.text(), self.text()]}, [self.text()], self.text(), list(NUMBERS), None, True, {}, [],
            {"source": self.text(), "a/b": [], "text/plain": [1]},
        )  # fmt: skip
        return self.random.choice(choices)

    def lines(self) -> str | list[str]:
        """A text, as one string or as a list that may be split anywhere."""
        text = self.text()
        if self.random.random() < 0.4:
            return text
        if self.random.random() < 0.6:
            return text.splitlines(keepends=True)
        return [text, *(self.text() for _ in range(self.random.randrange(3)))]

    def text(self) -> str:
        """A string of awkward pieces."""
        return "".join(self.random.choices(PIECES, k=self.random.randrange(30)))

    def damaged(self) -> Any:
        """A notebook with something in it that may not be there, or without something that must."""
        notebook = self.notebook()
        for _ in range(self.random.randrange(1, 3)):
            self._damage(notebook)
        return notebook

    def _damage(self, notebook: dict[str, Any]) -> None:
        place: Any = notebook
        while isinstance(place, dict | list) and place and self.random.random() < 0.85:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = self.random.choice(keys)
            if not isinstance(place[key], dict | list) or not place[key] or self.random.random() < 0.25:
                break
            place = place[key]
        odd = self.random.choice((None, 1, "x", [], {}, [1], True, -3, 1.5, 2**70, "bad id", *ODD_METADATA, {"x": 1}))
        if isinstance(place, list):
            place.append(odd)
        elif not place or self.random.random() < 0.3:
            place[self.random.choice(("extra", "attachments", "id", "metadata", "name", "tags"))] = odd
        elif self.random.random() < 0.3:
            place.pop(self.random.choice(list(place)))
        else:
            place[self.random.choice(list(place))] = odd


def writings(document: Any) -> Iterator[bytes]:
    """``document`` as JSON in the manners that programs write it in."""
    for ascii_only in (False, True):
        yield json.dumps(document, ensure_ascii=ascii_only, indent=1, sort_keys=True).encode()
        yield json.dumps(document, ensure_ascii=ascii_only, separators=(",", ":")).encode()
    yield json.dumps(document).encode()
    yield json.dumps(document, indent=2).encode()
    yield json.dumps(document, indent=1).replace("\n", "\r\n").encode()


def hostile_bytes() -> list[bytes]:
    """Files that are no good notebooks, or good ones in a strange manner."""
    code = '{"cell_type":"code","metadata":{},"execution_count":null,"source":%s,"outputs":[%s]}'
    notebook = '{"cells":[%s],"metadata":%s,"nbformat":4,"nbformat_minor":4}'
    data = '{"output_type":"display_data","metadata":{},"data":%s}'
    long = "x" * 300
    bodies = [
        "", " ", "null", "[]", "{}", '{"cells":[]}', "\ufeff" + notebook % ("", "{}"),
        notebook % (code % ('"a"', ""), '{"text":["a"],"text":["b","c"]}'),
        notebook % (code % ('["a","b"],"source":"twice"', ""), "{}"),
        notebook % (code % ('"\\ud800"', ""), "{}"),
        notebook % (code % (f'["{long}\\n","\\udc00"]', ""), "{}"),
        notebook % (code % ('"a"', ""), '{"n":123456789012345678901234567890}'),
        notebook % (code % ('"a"', ""), '{"n":9223372036854775808,"m":1e400}'),
        notebook % (code % ('"a"', ""), '{"n":NaN,"m":[Infinity]}'),
        notebook % (code % ('"a"', ""), '{"n":%s}' % ("[" * 300 + "]" * 300)),
        notebook % (code % ('"a"', ""), '{"n":%s}' % ("[" * 100_000 + "]" * 100_000)),
        notebook % (code % (f'["{long}", 1]', ""), "{}"),
        notebook % (code % (f'["{long}", ["{long}"]]', ""), "{}"),
        notebook % (code % (f'["{long}"', ""), "{}"),
        notebook % (code % (f'"{long}\n{long}"', ""), "{}"),
        notebook % (code % (f'["{long}\\",\n"{long}"]', ""), "{}"),
        notebook % (code % (f'["{long}\\\\",\n"{long}"]', ""), "{}"),
        notebook % (code % (f'[ "{long}" , "{long}" ]', ""), "{}"),
        notebook % (code % (f'["{long}","]","],","]}}"]', ""), "{}"),
        notebook % (code % ('"a"', data % '{"application/json":["a","b"]}'), "{}"),
        notebook % (code % ('"a"', data % f'{{"application/x+json":{{"text":["{long}","b"]}}}}'), "{}"),
        notebook % (code % ('"a"', '{"output_type":"stream","name":"stdout","text":5}'), "{}"),
        notebook % (code % ('"a"', '{"output_type":"new_kind","x":1}'), "{}"),
        '{"nbformat":3,"nbformat_minor":0,"metadata":{},"worksheets":[{"cells":[],"metadata":{}}]}',
        '{"nbformat":4,"nbformat_minor":6,"metadata":{},"cells":[{"cell_type":"new","metadata":{},"id":"a"}]}',
        '{"nbformat":5,"nbformat_minor":0,"metadata":{},"cells":[]}',
        '{"nbformat":4.0,"nbformat_minor":5,"metadata":{},"cells":[]}',
        '{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"raw","metadata":{},"source":"no id"}]}',
        '{"nbformat":4,"nbformat_minor":5,"metadata":{"orig_nbformat":"x","signature":"s"},"cells":[]}',
        '{"nbformat":true,"nbformat_minor":5,"metadata":{},"cells":[]}',
    ]  # fmt: skip
    return [body.encode() for body in bodies] + [b"\xff\xfe{}", b'{"a": "\xc3"}']
