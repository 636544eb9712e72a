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
