"""Notebooks of many kinds, opened and saved without a change: the file stays as it was, byte for byte.

What nbformat itself changes when it reads an old format is expected; a kernel may put its own name and language in.
More samples: a folder named in ``FLASKNB_SAMPLE_NOTEBOOKS``.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import OpenNotebook
from tests.unit.notebook_samples import real_notebooks

LOAD_TIMEOUT_MS = 60_000
KERNELS_OWN = ("kernelspec", "language_info")
SPEC = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==\n"


def code(source: list[str], *outputs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    count = 3 if outputs else None
    cell = {"cell_type": "code", "execution_count": count, "metadata": metadata, "outputs": list(outputs)}
    return {**cell, "source": source}


def markdown(*lines: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": list(lines), **more}


def display(data: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": metadata}


OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": ["one\n", "two"]},
    {"output_type": "stream", "name": "stderr", "text": ["\x1b[31mred\x1b[0m\n"]},
    {"output_type": "execute_result", "execution_count": 3, "data": {"text/plain": ["2"]}, "metadata": {}},
    display({"image/png": PICTURE, "text/plain": ["<Figure>"]}, **{"image/png": {"width": 10}}),
    display({"application/json": {"a": [1, 1.5, None]}, "application/vnd.unknown+json": {"b": "c"}}),
    display({"text/html": ["<table>\n", "<tr><td>1</td></tr>\n", "</table>"], "text/latex": ["$x$"]}, isolated=True),
    {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["line \x1b[1m1", "line 2"]},
]  # fmt: skip

SAMPLES: dict[str, dict[str, Any]] = {
    "4.0 as the old page wrote it": {
        "cells": [
            code(["1 + 1"], OUTPUTS[2], collapsed=False),
            code(["x"], collapsed=True, scrolled=True),
            code(["y"], scrolled=False, deletable=True, editable=True),
            {"cell_type": "raw", "metadata": {"format": "text/restructuredtext"}, "source": ["a\n", "\n", "b"]},
        ],
        "metadata": SPEC,
        "nbformat": 4,
        "nbformat_minor": 0,
    },
    "4.4 with every kind of output": {
        "cells": [code(["a\n", "b"], *OUTPUTS), code([]), code(["%%html\n", "<b>x</b>"], tags=["t"], name="n")],
        "metadata": {**SPEC, "celltoolbar": "Tags", "toc": {"nav_menu": {}}, "zero": 0, "list": []},
        "nbformat": 4,
        "nbformat_minor": 4,
    },
    "4.5 with ids and attachments": {
        "cells": [
            markdown("![a](attachment:a.png)", attachments={"a.png": {"image/png": PICTURE}}, id="with-attachment"),
            markdown("# Ünïcode 漢 😀\n", "\ttab, trailing  \n", "$x^2$", id="text"),
            {**code(["z"], jupyter={"source_hidden": True, "outputs_hidden": True}), "id": "code"},
        ],
        "metadata": {**SPEC, "title": "t", "authors": [{"name": "n"}]},
        "nbformat": 4,
        "nbformat_minor": 5,
    },
    "a later format with fields that nobody knows": {
        "cells": [{**code(["a"], {**OUTPUTS[0], "later": 1}), "id": "a", "later": {"b": 2}}],
        "metadata": SPEC,
        "nbformat": 4,
        "nbformat_minor": 99,
        "later": "too",
    },
    "cells and outputs of unknown types": {
        "cells": [
            {"cell_type": "chart", "id": "c", "metadata": {"x": 1}, "source": ["s"], "series": [1]},
            {**code(["a"], {"output_type": "hologram", "data": {"depth": 3}}), "id": "a"},
        ],
        "metadata": SPEC,
        "nbformat": 4,
        "nbformat_minor": 99,
    },
    "no cells": {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
}  # fmt: skip

V3 = {
    "metadata": {"name": "old"},
    "nbformat": 3,
    "nbformat_minor": 0,
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["A heading"]},
                {
                    "cell_type": "code", "collapsed": False, "input": ["print(1)"], "language": "python",
                    "metadata": {}, "outputs": [{"output_type": "stream", "stream": "stdout", "text": ["1\n"]}],
                    "prompt_number": 1,
                },
            ],
            "metadata": {},
        }
    ],
}  # fmt: skip


def written(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def saved_unchanged(page: Page, opener: OpenNotebook, text: str, name: str) -> str:
    """The file after it was opened and saved."""
    path = opener.root_dir / name
    path.write_text(text, encoding="utf-8")
    page.goto(f"{opener.server.base_url}notebooks/{name}")
    page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true", timeout=LOAD_TIMEOUT_MS)
    page.evaluate("() => Jupyter.notebook.save_notebook()")
    page.evaluate("() => { Jupyter.notebook.dirty = false }")
    return path.read_text(encoding="utf-8")


def is_canonical(text: str) -> bool:
    """Whether the bytes are those that nbformat writes for this document."""
    return text == written(json.loads(text))


def comparable(text: str, *, has_new_ids: bool) -> str:
    document = json.loads(text)
    for name in KERNELS_OWN:
        document.get("metadata", {}).pop(name, None)
    for cell in document["cells"]:
        if has_new_ids:
            cell.pop("id", None)
    return written(document)


def upgraded(text: str) -> str:
    """What nbformat makes of an old file; its ids are made by chance."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return str(nbformat.writes(nbformat.reads(text, as_version=4)))


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_file_that_was_only_looked_at_stays_as_it_was(open_notebook: OpenNotebook, kind: str) -> None:
    before = written(SAMPLES[kind])
    after = saved_unchanged(open_notebook.context.new_page(), open_notebook, before, "kept.ipynb")
    assert comparable(after, has_new_ids=False) == comparable(before, has_new_ids=False)
    assert is_canonical(after)


def test_an_old_format_becomes_what_nbformat_makes_of_it(open_notebook: OpenNotebook) -> None:
    before = written(V3)
    after = saved_unchanged(open_notebook.context.new_page(), open_notebook, before, "old.ipynb")
    assert comparable(after, has_new_ids=True) == comparable(upgraded(before), has_new_ids=True)


def _is_valid(path: Path) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            nbformat.validate(nbformat.read(path, as_version=4))  # reading alone only logs what is wrong
    except Exception:  # whatever it is: nbformat does not take the file as it is
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in real_notebooks() if _is_valid(path)])
def test_a_real_notebook_stays_as_it_was(open_notebook: OpenNotebook, path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    after = saved_unchanged(open_notebook.context.new_page(), open_notebook, before, "real.ipynb")
    is_old = json.loads(before)["nbformat"] < 4
    expected = upgraded(before)
    assert comparable(after, has_new_ids=is_old) == comparable(expected, has_new_ids=is_old)
    assert is_canonical(after)
