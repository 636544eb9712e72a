"""A long notebook: usable while it comes in, whole when it is there, found, printed and scrolled like a short one."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage, notebook_json

CELLS = 400
HEAVY_CELL = 300
LOADED = "() => window.Jupyter?.notebook?._fully_loaded === true"
WAIT_MS = 60_000


def long_notebook() -> dict[str, Any]:
    """Text and code in turns, with one very large table and one formula far below."""
    sources: list[str | tuple[str, str]] = []
    for number in range(CELLS // 2):
        sources += [
            ("markdown", f"## Section {number}\n\nText of section {number}."),
            f"value = {number}\n# line {number}",
        ]
    notebook = notebook_json(*sources)
    rows = "".join(f"<tr><td>needle {row}</td><td>{row}</td></tr>" for row in range(2000))
    result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
    notebook["cells"][HEAVY_CELL + 1]["outputs"] = [{**result, "data": {"text/html": f"<table>{rows}</table>"}}]
    notebook["cells"][CELLS - 2]["source"] = "The last formula: $x^2$"
    return notebook


@pytest.fixture(scope="module")
def long_page(desk: OpenNotebook) -> NotebookPage:
    """One page with the long notebook, for tests that change nothing."""
    (desk.server.root_dir / "long.ipynb").write_text(json.dumps(long_notebook()), encoding="utf-8")
    return NotebookPage(desk.visit("notebooks/long.ipynb#Section-150")).wait_ready()


def is_drawn(page: Page, index: int) -> bool:
    return bool(page.evaluate("index => Jupyter.notebook.get_cell(index).output_area._undrawn === null", index))


def go_to(page: Page, index: int) -> None:
    page.evaluate("index => { Jupyter.notebook.scroll_to_cell(index) }", index)


def test_every_cell_is_there_and_whole_although_most_were_never_seen(long_page: NotebookPage) -> None:
    page = long_page.page
    assert page.evaluate("Jupyter.notebook.get_cells().length") == CELLS
    assert page.evaluate("Jupyter.notebook.get_cells().every(cell => cell.element[0].isConnected)")
    assert page.evaluate("Jupyter.notebook.toJSON().cells.map(cell => cell.source)") == [
        cell["source"] for cell in long_notebook()["cells"]
    ]
    outputs = page.evaluate("index => Jupyter.notebook.get_cell(index).output_area.outputs", HEAVY_CELL + 1)
    assert "needle 1999" in outputs[0]["data"]["text/html"]
    assert page.locator(".CodeMirror").count() < CELLS // 4


def test_an_address_with_a_heading_leads_to_it(long_page: NotebookPage) -> None:
    expect(long_page.page.locator("#Section-150")).to_be_in_viewport(timeout=WAIT_MS)


def test_a_heavy_output_has_its_words_and_no_elements_until_the_reader_comes(long_page: NotebookPage) -> None:
    page = long_page.page
    go_to(page, 0)
    cell = long_page.cell(HEAVY_CELL + 1)
    if not is_drawn(page, HEAVY_CELL + 1):
        assert cell.locator("td").count() == 0
        assert "needle 1999" in str(cell.locator(".output").text_content())
    go_to(page, HEAVY_CELL + 1)
    expect(cell.locator("td")).to_have_count(4000, timeout=WAIT_MS)
    expect(cell.locator(".fnb-undrawn")).to_have_count(0)


def test_the_browsers_search_finds_what_was_never_on_the_screen(long_page: NotebookPage) -> None:
    page = long_page.page
    go_to(page, 0)
    assert page.evaluate("window.find('line 197')")
    found = "() => Jupyter.notebook.get_cell(395).element[0].contains(getSelection().anchorNode)"
    assert page.evaluate(found)


def test_all_cells_can_be_selected_and_the_last_is_a_key_away(long_page: NotebookPage) -> None:
    page = long_page.page
    page.evaluate("Jupyter.notebook.select(0); Jupyter.notebook.focus_cell()")
    page.keyboard.press("Control+A")
    assert page.evaluate("Jupyter.notebook.get_selected_cells().length") == CELLS
    page.evaluate("() => { Jupyter.notebook.select(0); Jupyter.notebook.select(399); Jupyter.notebook.focus_cell() }")
    expect(long_page.cell(CELLS - 1)).to_be_in_viewport(timeout=WAIT_MS)


def test_formulas_far_away_are_set_without_being_looked_at(long_page: NotebookPage) -> None:
    expect(long_page.cell(CELLS - 2).locator("mjx-container")).to_have_count(1, timeout=WAIT_MS)


def test_on_paper_every_output_is_drawn(long_page: NotebookPage) -> None:
    page = long_page.page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert is_drawn(page, HEAVY_CELL + 1)
    page.emulate_media(media="print")
    heights = page.evaluate(
        "[...document.querySelectorAll('#notebook-container > .cell')].map(cell => cell.offsetHeight)"
    )
    page.emulate_media(media="screen")
    assert len(heights) == CELLS
    assert min(heights) > 10


def open_slowly(opener: OpenNotebook, name: str, notebook: dict[str, Any]) -> Page:
    """A page in which cells come in one by one, so that there is time to do something meanwhile."""
    (opener.root_dir / name).write_text(json.dumps(notebook), encoding="utf-8")
    page = opener.context.new_page()
    page.add_init_script(
        """const real = window.requestAnimationFrame.bind(window)
        window.goOn = new Promise((resolve) => (window.letCellsCome = resolve))
        Object.defineProperty(window, "MessageChannel", {value: class extends MessageChannel {
          constructor() { super(); const post = this.port2.postMessage.bind(this.port2)
            this.port2.postMessage = (value) => void window.goOn.then(() => post(value)) } }})"""
    )
    page.goto(f"{opener.server.base_url}notebooks/{name}")
    expect(page.locator("#notebook-container > .cell").first).to_contain_text("Section 0", timeout=WAIT_MS)
    assert page.evaluate("Jupyter.notebook._fully_loaded") is False
    return page


def test_what_is_done_while_cells_come_in_is_kept_and_the_save_waits(open_notebook: OpenNotebook) -> None:
    page = open_slowly(open_notebook, "coming.ipynb", long_notebook())
    assert page.evaluate("Jupyter.notebook.ncells()") < CELLS
    page.evaluate(
        "() => { Jupyter.notebook.get_cell(0).set_text('# Mine'); window.saved = Jupyter.notebook.save_notebook() }"
    )
    page.evaluate("() => { Jupyter.notebook.insert_cell_at_index('code', 1).set_text('inserted') }")
    page.evaluate("window.letCellsCome()")
    page.evaluate("window.saved")
    saved = json.loads((open_notebook.root_dir / "coming.ipynb").read_text(encoding="utf-8"))["cells"]
    assert len(saved) == CELLS + 1
    assert [saved[0]["source"], saved[1]["source"]] == [["# Mine"], ["inserted"]]
    assert saved[CELLS]["source"] == [f"value = {CELLS // 2 - 1}\n", f"# line {CELLS // 2 - 1}"]


def test_opening_a_long_notebook_changes_nothing(open_notebook: OpenNotebook) -> None:
    opened = open_notebook.raw("unchanged.ipynb", json.dumps(long_notebook()))
    assert opened.page.evaluate("Jupyter.notebook.dirty") is False


def test_a_running_cell_among_many_shows_its_output(open_notebook: OpenNotebook) -> None:
    opened = open_notebook.raw("run.ipynb", json.dumps(long_notebook()))
    opened.page.evaluate("index => Jupyter.notebook.get_cell(index).set_text('print(40 + 2)')", HEAVY_CELL + 1)
    opened.page.evaluate("index => Jupyter.notebook.execute_cells([index])", HEAVY_CELL + 1)
    expect(opened.output(HEAVY_CELL + 1)).to_have_text("42\n", timeout=WAIT_MS)
    expect(opened.cell(HEAVY_CELL + 1).locator("td")).to_have_count(0)


def test_pictures_wait_too_and_keep_their_place(open_notebook: OpenNotebook) -> None:
    notebook = notebook_json(*[f"show({number})" for number in range(80)])
    for cell in notebook["cells"]:
        picture = base64.b64encode(random.Random(1).randbytes(30_000)).decode()
        cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}}]
    opened = open_notebook.raw("pictures.ipynb", json.dumps(notebook))
    assert opened.page.locator(".output img").count() < 40
    go_to(opened.page, 79)
    expect(opened.output(79).locator("img")).to_have_count(1, timeout=WAIT_MS)
