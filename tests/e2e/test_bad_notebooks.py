"""Notebooks that nobody should have written, and people who are quicker than the page: nothing is lost."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage, notebook_json

WAIT_MS = 60_000


def raw(opener: OpenNotebook, name: str, cells: list[dict[str, Any]], **more: Any) -> NotebookPage:
    document = notebook_json() | {"cells": cells} | more
    (opener.root_dir / name).write_text(json.dumps(document), encoding="utf-8")
    page = opener.context.new_page()
    page.goto(f"{opener.server.base_url}notebooks/{name}")
    page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true", timeout=WAIT_MS)
    return NotebookPage(page)


def code(**fields: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None, **fields}


def test_equal_and_missing_ids_become_different_ones(open_notebook: OpenNotebook) -> None:
    opened = raw(open_notebook, "ids.ipynb", [code(id="a", source="1"), code(id="a", source="2"), code(source="3")])
    ids = opened.page.evaluate("Jupyter.notebook.toJSON().cells.map(cell => cell.id)")
    assert len(set(ids)) == 3
    assert ids[0] == "a"


def test_a_double_click_on_a_menu_item_acts_once_per_click_and_breaks_nothing(open_notebook: OpenNotebook) -> None:
    opened = open_notebook("1", "2")
    opened.page.click("#insertlink")
    opened.page.locator("#insert_cell_below").dblclick()
    assert opened.page.evaluate("Jupyter.notebook.ncells()") in (3, 4)
    assert opened.page.evaluate("Jupyter.notebook.toJSON().cells.length") == opened.page.evaluate(
        "Jupyter.notebook.ncells()"
    )


def test_a_save_while_the_kernel_restarts_and_a_rename_while_saving_lose_nothing(open_notebook: OpenNotebook) -> None:
    opened = open_notebook("x = 1", name="before.ipynb")
    opened.page.evaluate("Jupyter.notebook.get_cell(0).set_text('x = 2')")
    opened.page.evaluate(
        """() => { const {notebook} = Jupyter
        notebook.restart_kernel({confirm: false})
        const saved = notebook.save_notebook()
        return Promise.all([saved, notebook.rename("after.ipynb")]) }"""
    )
    assert not (open_notebook.root_dir / "before.ipynb").exists()
    assert "x = 2" in (open_notebook.root_dir / "after.ipynb").read_text(encoding="utf-8")
    expect(opened.page.locator("#notebook_name")).to_have_text("after", timeout=WAIT_MS)


def test_several_saves_at_once_while_a_cell_runs_twice_end_with_the_newest_text(open_notebook: OpenNotebook) -> None:
    opened = open_notebook("runs = globals().get('runs', 0) + 1\nprint(runs)", name="saves.ipynb")
    ends = opened.page.evaluate(
        """() => { const {notebook} = Jupyter
        const cell = notebook.get_cell(0)
        cell.execute()
        cell.execute()
        const saves = [notebook.save_notebook(), notebook.save_notebook()]
        cell.set_text(cell.get_text() + "  # newest")
        saves.push(notebook.save_notebook())
        return Promise.allSettled(saves).then((all) => all.map((end) => String(end.reason ?? end.status))) }"""
    )
    assert ends == ["fulfilled"] * 3
    assert "# newest" in (open_notebook.root_dir / "saves.ipynb").read_text(encoding="utf-8")
    expect(opened.output(0)).to_have_text("2\n", timeout=WAIT_MS)
    assert opened.page.evaluate("Jupyter.notebook.save_notebook().then(() => Jupyter.notebook.dirty)") is False
    assert json.loads((open_notebook.root_dir / "saves.ipynb").read_text())["cells"][0]["execution_count"] == 2


def test_five_megabytes_put_into_a_cell_can_be_edited_and_saved(open_notebook: OpenNotebook) -> None:
    opened = open_notebook("x", name="paste.ipynb")
    line = "value = 1  # one of very many lines of this text\n"
    count = 5 * 1024 * 1024 // len(line)
    opened.page.locator(".CodeMirror").first.click()
    opened.page.evaluate(
        "([line, count]) => Jupyter.notebook.get_cell(0).code_mirror.replaceSelection(line.repeat(count))",
        [line, count],
    )
    opened.page.keyboard.press("Control+Home")
    opened.page.keyboard.type("first = 1 #")
    opened.page.keyboard.press("Control+S")
    opened.page.wait_for_function("() => Jupyter.notebook.dirty === false", timeout=WAIT_MS)
    source = json.loads((open_notebook.root_dir / "paste.ipynb").read_text(encoding="utf-8"))["cells"][0]["source"]
    assert source[0].startswith("first = 1 #")
    assert len(source) == count


ODD_OUTPUTS: list[dict[str, Any]] = [
    {"output_type": "stream", "text": "without a name"},
    {"output_type": "stream", "name": "stdout"},
    {"output_type": "display_data", "data": {"text/plain": "odd metadata"}, "metadata": 5},
    {"output_type": "error"},
    {"output_type": "error", "traceback": [5, None]},
    {},
    {"output_type": 5},
]
ODD_CELLS: list[dict[str, Any]] = [
    {"cell_type": "code", "metadata": {}},
    {"cell_type": "code", "metadata": {}, "source": None, "outputs": [], "execution_count": "x"},
    code(outputs=ODD_OUTPUTS, execution_count=1.5),
    {"cell_type": "markdown", "metadata": {}, "source": "$\\frac{1}{$ and $$\\begin{matrix} a$$ $\\nosuchmacro{x}$"},
    {"cell_type": "markdown", "metadata": {"slideshow": 5, "tags": "x"}, "source": "![a](attachment:gone.png)"},
    {"cell_type": "raw", "metadata": {"raw_mimetype": 7, "format": {}}, "source": "raw"},
    {"cell_type": "chart", "metadata": {}, "source": 7},
    {"metadata": {}, "source": "no type"},
    code(metadata={"scrolled": "x", "collapsed": 7, "tags": {}, "name": 5, "jupyter": "x"}, source="'last'"),
]


def test_parts_of_wrong_shape_are_shown_and_saved_as_well_as_they_can_be(open_notebook: OpenNotebook) -> None:
    metadata = {"kernelspec": "python", "language_info": 5, "celltoolbar": 7, "title": [], "toc": None}
    opened = raw(open_notebook, "odd.ipynb", ODD_CELLS, metadata=metadata)
    assert opened.page.evaluate("Jupyter.notebook.ncells()") == len(ODD_CELLS)
    expect(opened.output(2)).to_contain_text("without a name")
    expect(opened.output(2)).to_contain_text("odd metadata")
    expect(opened.cell(4)).to_contain_text("gone.png")
    expect(opened.cell(8)).to_contain_text("'last'")
    opened.page.evaluate("Jupyter.notebook.save_notebook()")
    saved = json.loads((open_notebook.root_dir / "odd.ipynb").read_text(encoding="utf-8"))
    assert [cell.get("cell_type") for cell in saved["cells"]] == [cell.get("cell_type") for cell in ODD_CELLS]
    assert len(saved["cells"][2]["outputs"]) == len(ODD_OUTPUTS)
    assert saved["metadata"]["title"] == []
