"""What the notebook page shows when something happened, or was asked for: axe-core, the focus, 400 px, both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import HEIGHT_PX, NARROW_PX, look
from tests.e2e.accessibility_views import VIEWS, View
from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import READY_TIMEOUT_MS, NotebookPage

TOUR_STEPS = 15
MERGE_TIMEOUT_MS = 60_000
SHOWN_TIMEOUT_MS = 15_000
HOME = "() => { Jupyter.notebook.select(0); Jupyter.notebook.focus_cell() }"


@pytest.fixture(scope="module")
def page(desk: OpenNotebook) -> Page:
    sources = ["print(1)\n" * 5, ("markdown", "# Title\n\ntext [link](https://example.org)"), ("raw", "raw"), "2", "3"]
    return desk(*sources).page


def loaded(desk: OpenNotebook, path: str) -> NotebookPage:
    page = desk.visit(f"notebooks/{path}")
    page.wait_for_function("() => window.Jupyter?.notebook?._fully_loaded === true", timeout=READY_TIMEOUT_MS)
    return NotebookPage(page)


def test_a_conflict_from_the_question_to_the_merge(desk: OpenNotebook) -> None:
    path = desk.write("alpha = 1", "beta = 2", name="conflict.ipynb")
    first, second = loaded(desk, path), loaded(desk, path)
    for nb, text in ((first, "alpha = 10"), (second, "alpha = 11")):
        nb.page.evaluate("text => Jupyter.notebook.get_cell(0).set_text(text)", text)
    first.page.evaluate("() => Jupyter.notebook.save_notebook()")
    second.page.evaluate(
        "() => { Jupyter.notebook.focus_cell(); void Jupyter.notebook.save_notebook().catch(() => 0) }"
    )
    changed = second.page.get_by_role("dialog", name="Notebook changed")
    expect(changed.get_by_role("button", name="Cancel")).to_be_focused()
    assert look(second.page, ".modal.in", "conflict") == []
    changed.get_by_role("button", name="Compare").click()
    comparison = second.page.get_by_role("dialog", name="This page and the file")
    expect(comparison).to_be_visible()
    assert look(second.page, ".modal.in", "conflict compared") == []
    comparison.get_by_role("button", name="Back").click()
    changed.get_by_role("button", name="Merge").click()
    told = second.page.get_by_role("dialog", name="Merged")
    expect(told).to_be_visible(timeout=MERGE_TIMEOUT_MS)
    assert look(second.page, ".modal.in", "conflict merged") == []
    told.get_by_role("button", name="OK").click()
    expect(second.page.locator(".modal")).to_have_count(0)
    assert second.page.evaluate("() => document.activeElement.classList.contains('cell')"), "the focus was lost"
    assert look(second.page, "#notebook", "cells of a merge") == []


def test_a_draft_that_is_offered(desk: OpenNotebook) -> None:
    path = desk.write("'on disk'", name="draft.ipynb")
    nb = loaded(desk, path)
    nb.edit(0, "'typed and never saved'")
    nb.page.wait_for_timeout(1_500)  # so long what was typed may be lost
    nb.page.close(run_before_unload=False)
    nb = loaded(desk, path)
    expect(nb.page.get_by_role("dialog", name="Unsaved changes")).to_be_visible()
    assert look(nb.page, ".modal.in", "draft") == []
    nb.page.keyboard.press("Escape")
    expect(nb.page.locator(".modal")).to_have_count(0)
    assert nb.page.evaluate("() => document.activeElement !== document.body"), "the focus was lost"


def test_every_step_of_the_tour(page: Page) -> None:
    page.evaluate("() => Jupyter.menubar.tour.start()")
    card = page.locator(".popover.tour")
    found = []
    for step in range(1, TOUR_STEPS + 1):
        expect(card.locator(".tour-count")).to_have_text(f"{step} of {TOUR_STEPS}")
        found += [f"step {step}: {line}" for line in look(page, ".popover.tour", f"tour {step}")]
        if step < TOUR_STEPS:
            page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert found == []
    assert page.evaluate("() => document.activeElement !== document.body"), "the focus was lost"


def test_the_table_of_contents(page: Page) -> None:
    page.evaluate(HOME)
    page.keyboard.press("t")
    expect(page.locator("#contents_pane")).to_be_visible()
    assert look(page, "#contents_pane", "table of contents") == []
    page.evaluate("() => Jupyter.notebook.outline.contents.toggle()")
    expect(page.locator("#contents_pane")).not_to_be_visible()


@pytest.mark.parametrize(
    "name", ["command palette", "find and replace", "shortcut editor", "pager", "tooltip", "completer"]
)
def test_tools_on_a_narrow_screen(page: Page, name: str) -> None:
    view: View = VIEWS[name]
    page.evaluate(HOME)
    page.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
    page.evaluate(f"() => {{ const nb = Jupyter.notebook; {view.opens} }}")
    expect(page.locator(view.shown or view.part).first).to_be_visible(timeout=SHOWN_TIMEOUT_MS)
    box = page.locator(view.part).first.bounding_box()
    assert box is not None
    if name not in ("completer", "tooltip"):  # these belong to a place in the text, which moves with the width
        assert look(page, view.part, f"tool {name}") == []
    assert box["x"] >= -1
    assert box["x"] + box["width"] <= NARROW_PX + 1
    if view.closes == "Escape":
        page.keyboard.press("Escape")
    else:
        page.evaluate(f"() => {{ const nb = Jupyter.notebook; {view.closes} }}")
