"""All that the notebook page can show: no complaint of axe-core in either theme, and the focus comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import beyond_the_edge, complaints_in_both_themes, walk
from tests.e2e.accessibility_views import VIEWS, View
from tests.e2e.conftest import OpenNotebook
from tests.e2e.ui_dialogs import DIALOGS, Dialog

SHOWN_TIMEOUT_MS = 15_000
HOME = "() => { Jupyter.notebook.select(0); Jupyter.notebook.focus_cell() }"


@pytest.fixture(scope="module")
def page(desk: OpenNotebook) -> Page:
    nb = desk("print(1)\n" * 5, ("markdown", "# Title\n\ntext [link](https://example.org)"), ("raw", "raw"), "2", "3")
    return nb.page


def do(page: Page, script: str) -> None:
    page.evaluate(f"() => {{ const nb = Jupyter.notebook; {script} }}")


@pytest.mark.parametrize("view", [pytest.param(view, id=name) for name, view in VIEWS.items()])
def test_a_view(page: Page, view: View) -> None:
    page.evaluate(HOME)
    do(page, view.opens)
    for key in view.keys:
        page.keyboard.press(key)
    expect(page.locator(view.shown or view.part).first).to_be_visible(timeout=SHOWN_TIMEOUT_MS)
    found = complaints_in_both_themes(page, view.part)
    if view.closes == "Escape":
        page.keyboard.press("Escape")
    else:
        do(page, view.closes)
    assert page.evaluate("() => document.activeElement !== document.body"), "the focus was lost"
    assert found == []


@pytest.mark.parametrize("dialog", [pytest.param(dialog, id=title) for title, dialog in DIALOGS.items()])
def test_a_dialog(page: Page, dialog: Dialog) -> None:
    page.evaluate(HOME)
    dialog.show(page)
    found = complaints_in_both_themes(page, ".modal.in")
    page.keyboard.press("Escape")
    expect(page.locator(".modal:visible, .modal-backdrop")).to_have_count(0)
    assert page.evaluate("() => document.activeElement !== document.body"), "the focus was lost"
    page.evaluate(
        "() => { Jupyter.notebook._kernel_is_gone = false; delete Jupyter.notebook.metadata.orig_nbformat;"
        " Jupyter.notebook._choose_celltoolbar('') }"
    )
    assert found == []


def test_the_tab_key_reaches_everything_and_shows_it(page: Page) -> None:
    page.evaluate(HOME)
    names, hidden = walk(page)
    for part in [
        "cell code_cell",
        "notebook_name",
        "theme_switch",
        "dropdown-toggle",
        'aria-label="Run"',
        "cell_type",
        "example.org",
    ]:
        assert any(part in name for name in names), (part, names)
    assert hidden == []


def test_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    assert beyond_the_edge(page) == []
