"""Editing cells with the keys a classic user has in the fingers."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage


def sources(nb: NotebookPage) -> list[str]:
    return list(nb.page.evaluate("() => Jupyter.notebook.get_cells().map(c => c.get_text())"))


def press(nb: NotebookPage, *keys: str) -> None:
    for key in keys:
        nb.page.keyboard.press(key)


def test_a_and_b_insert_and_dd_deletes_and_z_brings_back(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("one", "two")
    nb.select(0)
    press(nb, "b")
    assert sources(nb) == ["one", "", "two"]
    press(nb, "a")
    assert sources(nb) == ["one", "", "", "two"]
    nb.select(0)
    press(nb, "d", "d")
    assert sources(nb) == ["", "", "two"]
    press(nb, "z")
    assert sources(nb) == ["one", "", "", "two"]


def test_cut_copy_and_paste_cells(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("one", "two", "three")
    nb.select(0)
    press(nb, "x")
    assert sources(nb) == ["two", "three"]
    press(nb, "v")
    assert sources(nb) == ["two", "one", "three"]
    nb.select(2)
    press(nb, "c")
    nb.select(0)
    press(nb, "Shift+V")
    assert sources(nb) == ["three", "two", "one", "three"]


def test_arrows_and_jk_move_the_selection_and_shift_extends_it(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("one", "two", "three")
    nb.select(0)
    press(nb, "j", "ArrowDown", "k")
    expect(nb.cell(1)).to_have_class(re.compile(r"\bselected\b"))
    press(nb, "Shift+J")
    assert nb.page.evaluate("() => Jupyter.notebook.get_selected_cells_indices()") == [1, 2]
    press(nb, "Shift+M")
    assert sources(nb) == ["one", "two\n\nthree"]


def test_types_change_with_m_y_r_and_digits(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("words")
    kind = "() => Jupyter.notebook.get_cell(0).cell_type"
    nb.select(0)
    press(nb, "m")
    assert nb.page.evaluate(kind) == "markdown"
    press(nb, "2")
    assert sources(nb) == ["## words"]
    press(nb, "y")
    assert nb.page.evaluate(kind) == "code"
    press(nb, "r")
    assert nb.page.evaluate(kind) == "raw"


def test_enter_and_escape_switch_modes(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("x = 1")
    nb.select(0)
    press(nb, "Enter")
    expect(nb.page.locator("body")).to_have_class(re.compile("edit_mode"))
    press(nb, "Control+End")
    nb.page.keyboard.type(" + 1")
    press(nb, "Escape")
    expect(nb.page.locator("body")).to_have_class(re.compile("command_mode"))
    assert sources(nb) == ["x = 1 + 1"]


def test_the_three_run_keys(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("'first'", "'second'")
    nb.select(0)
    press(nb, "Control+Enter")
    nb.wait_idle()
    expect(nb.cell(0)).to_have_class(re.compile(r"\bselected\b"))
    expect(nb.output(0)).to_contain_text("first")
    press(nb, "Shift+Enter")
    expect(nb.cell(1)).to_have_class(re.compile(r"\bselected\b"))
    press(nb, "Alt+Enter")
    nb.wait_idle()
    assert sources(nb) == ["'first'", "'second'", ""]
    expect(nb.page.locator("body")).to_have_class(re.compile("edit_mode"))


def test_split_at_the_cursor(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("one\ntwo")
    nb.select(0)
    press(nb, "Enter", "Control+End", "Home", "Control+Shift+Minus")
    assert sources(nb) == ["one", "two"]


def test_moving_a_cell_makes_the_notebook_dirty(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("one", "two")
    nb.select(0)
    nb.page.click("#editlink")
    nb.page.click("#move_cell_down")
    assert sources(nb) == ["two", "one"]
    assert nb.page.evaluate("() => Jupyter.notebook.dirty") is True


def test_markdown_is_rendered_with_math_and_opens_on_double_click(open_notebook: OpenNotebook) -> None:
    nb = open_notebook(("markdown", "# Foo\n\n$e^{i\\pi}$ and `code` <script>window.pwned = 1</script>"))
    rendered = nb.cell(0).locator(".text_cell_render")
    expect(rendered.locator("h1#Foo a.anchor-link")).to_have_attribute("href", "#Foo")
    expect(rendered.locator("mjx-container").first).to_be_attached(timeout=15_000)
    assert nb.page.evaluate("() => window.pwned") is None
    rendered.locator("h1").dblclick()
    expect(nb.cell(0).locator(".CodeMirror-focused")).to_be_visible()
    press(nb, "Shift+Enter")
    expect(rendered).to_be_visible()


def test_a_command_is_found_through_the_palette(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("one", "two")
    nb.select(0)
    press(nb, "p")
    nb.page.keyboard.type("insert cell below")
    press(nb, "Enter")
    assert sources(nb) == ["one", "", "two"]


def test_restart_asks_first_and_cancel_keeps_the_variables(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("value = 5")
    nb.run_all()
    nb.select(0)
    press(nb, "0", "0")
    nb.page.locator(".modal-footer button", has_text="Continue Running").click()
    expect(nb.page.locator(".modal")).to_have_count(0)
    assert nb.python("print(value)").strip() == "5"
    press(nb, "0", "0")
    nb.page.locator(".modal-footer .btn-danger").click()
    nb.wait_ready()
    assert nb.python("print('value' in globals())").strip() == "False"


def test_interrupt_stops_a_long_cell(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("import time\nprint('started', flush=True)\ntime.sleep(600)")
    nb.select(0)
    press(nb, "Control+Enter")
    expect(nb.output(0)).to_contain_text("started")
    press(nb, "i", "i")
    nb.wait_idle()
    expect(nb.output(0)).to_contain_text("KeyboardInterrupt")
