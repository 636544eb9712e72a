"""Notebooks of many kinds: opened and saved without a change, the file stays as it was, byte for byte; run, edited and
saved, it has the change.

What nbformat itself changes when it reads an old format is expected. More samples: a folder named in
``FLASKNB_SAMPLE_NOTEBOOKS``.
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
RUN_TIMEOUT_MS = 60_000
SPEC = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
KERNEL_HAS_TOLD = "() => Jupyter.notebook.kernel?.info_reply.language_info?.version?.[0] === '3'"
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
    "no word of a kernel": {
        "cells": [{**code(["1"]), "id": "a"}],
        "metadata": {"title": "t"},
        "nbformat": 4,
        "nbformat_minor": 5,
    },
    "a kernel that is not installed, of a language that is": {
        "cells": [{**code(["1"]), "id": "a"}],
        "metadata": {
            "kernelspec": {"name": "python2", "display_name": "Python 2", "language": "python"},
            "language_info": {"name": "python", "version": "2.7.18"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    },
    "a language of long ago": {
        "cells": [code(["1"])], "metadata": {"language": "python"}, "nbformat": 4, "nbformat_minor": 0
    },
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


INVALID: dict[str, dict[str, Any]] = {
    "no minor version": {"cells": [code(["1"])], "metadata": SPEC, "nbformat": 4},
    "cells without what every cell has": {
        "cells": [
            {"cell_type": "markdown", "metadata": {}},
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None},
            {"cell_type": "code", "metadata": {}, "source": ["x"]},
        ],
        "metadata": SPEC,
        "nbformat": 4,
        "nbformat_minor": 4,
    },
    "metadata of the wrong kinds": {
        "cells": [{**code(["a"], collapsed="no", scrolled=1, deletable="x", editable=0, tags="t"), "id": "a"}],
        "metadata": SPEC,
        "nbformat": 4,
        "nbformat_minor": 5,
    },
    "an id with a space": {
        "cells": [{**code(["a"]), "id": "a b"}], "metadata": SPEC, "nbformat": 4, "nbformat_minor": 5
    },
}  # fmt: skip


LOOKED_AT: dict[str, dict[str, Any]] = SAMPLES | INVALID
RUN = ["4.4 with every kind of output", "cells and outputs of unknown types", *INVALID]


@pytest.fixture(scope="module")
def page(desk: OpenNotebook) -> Page:
    """One page for all notebooks that are only looked at."""
    return desk.context.new_page()


def put(page: Page, opener: OpenNotebook, text: str, name: str) -> Path:
    """Open a notebook of this text, and wait until its kernel has told what it is."""
    path = opener.root_dir / name
    path.write_text(text, encoding="utf-8")
    page.goto(f"{opener.server.base_url}notebooks/{name}")
    page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true", timeout=LOAD_TIMEOUT_MS)
    page.wait_for_function(KERNEL_HAS_TOLD, timeout=LOAD_TIMEOUT_MS)
    return path


def end_session(page: Page) -> None:
    """The next notebook has a kernel of its own, and no question about leaving this one."""
    page.evaluate(
        "() => new Promise(done => { Jupyter.notebook.dirty = false; Jupyter.notebook.session.delete(done, done) })"
    )


def saved_unchanged(page: Page, opener: OpenNotebook, text: str, name: str) -> str:
    """The file after it was opened and saved."""
    path = put(page, opener, text, name)
    assert page.evaluate("() => Jupyter.notebook.dirty") is False
    page.evaluate("() => Jupyter.notebook.save_notebook()")
    after = path.read_text(encoding="utf-8")
    end_session(page)
    return after


def without_ids(text: str) -> str:
    """The ids of cells that had none are made by chance."""
    document = json.loads(text)
    for cell in document["cells"]:
        cell.pop("id", None)
    return written(document)


def upgraded(text: str) -> str:
    """What nbformat makes of an old file; its ids are made by chance."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return str(nbformat.writes(nbformat.reads(text, as_version=4)))


@pytest.mark.parametrize("kind", LOOKED_AT)
def test_a_file_that_was_only_looked_at_stays_as_it_was(page: Page, desk: OpenNotebook, kind: str) -> None:
    before = written(LOOKED_AT[kind])
    assert saved_unchanged(page, desk, before, "kept.ipynb") == before


def test_what_the_kernel_says_is_written_with_the_first_change(page: Page, desk: OpenNotebook) -> None:
    path = put(page, desk, written(SAMPLES["no word of a kernel"]), "changed.ipynb")
    page.evaluate("() => { Jupyter.notebook.get_cell(0).set_text('2'); return Jupyter.notebook.save_notebook() }")
    end_session(page)
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert metadata["title"] == "t"
    assert metadata["kernelspec"]["name"] == "python3"
    assert metadata["language_info"]["name"] == "python"


@pytest.mark.parametrize("kind", RUN)
def test_running_editing_and_saving_works_in_every_file(page: Page, desk: OpenNotebook, kind: str) -> None:
    check_run_and_edit(page, desk, written(LOOKED_AT[kind]), "run.ipynb")


def check_run_and_edit(page: Page, desk: OpenNotebook, text: str, name: str) -> None:
    path = put(page, desk, text, name)
    page.keyboard.press("Escape")  # a notice about an old or invalid file
    page.evaluate("() => Jupyter.notebook.execute_all_cells()")
    page.wait_for_function(
        "() => !Jupyter.notebook.kernel_busy && !document.querySelector('.cell.running')", timeout=RUN_TIMEOUT_MS
    )
    page.evaluate(
        "() => { const nb = Jupyter.notebook; nb.insert_cell_above('code', 0).set_text('edited = 1');"
        " return nb.save_notebook() }"
    )
    end_session(page)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[0]["source"]) == "edited = 1"
    document = json.loads(text)
    before = document["cells"] if "cells" in document else json.loads(upgraded(text))["cells"]
    expected = [cell.get("source", []) for cell in before] or [[]]  # where there is none, an empty one is shown
    assert [cell.get("source", []) for cell in cells[1:]] == expected


def test_an_old_format_becomes_what_nbformat_makes_of_it(page: Page, desk: OpenNotebook) -> None:
    before = written(V3)
    after = saved_unchanged(page, desk, before, "old.ipynb")
    assert without_ids(after) == without_ids(upgraded(before))


def _is_read(path: Path) -> bool:
    try:
        upgraded(path.read_text(encoding="utf-8"))
    except Exception:  # whatever it is: nbformat does not take the file as it is
        return False
    return True


REAL = [pytest.param(path, id=path.name) for path in real_notebooks() if _is_read(path)]


@pytest.mark.slow
@pytest.mark.parametrize("path", REAL)
def test_a_real_notebook_stays_as_it_was(page: Page, desk: OpenNotebook, path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    after = saved_unchanged(page, desk, before, "real.ipynb")
    expected = upgraded(before)
    if before.strip() != expected.strip():  # an older format, ids that were missing, or another program's spacing
        after, expected = without_ids(after), without_ids(expected)
    assert after.strip() == expected.strip()


@pytest.mark.slow
@pytest.mark.parametrize("path", REAL)
def test_a_real_notebook_is_run_edited_and_saved(page: Page, desk: OpenNotebook, path: Path) -> None:
    check_run_and_edit(page, desk, path.read_text(encoding="utf-8"), "real-run.ipynb")
