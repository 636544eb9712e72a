"""The table of contents and folded sections, in a browser: focus, the address of a heading, paper, axe."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import complaints
from tests.e2e.ui.desk import Desk


def _cell(source: str, kind: str = "markdown") -> dict[str, Any]:
    outputs: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **outputs}


SECTIONS = [
    _cell("# One"),
    _cell("1 + 1", "code"),
    _cell("## Two"),
    _cell("\n\n".join(["words"] * 60)),
    _cell("# Three"),
    _cell("3", "code"),
]


def complaints_of_outline(page: Page) -> list[str]:
    """What axe says, but for the toolbar's list: it wears the role that the original gave it."""
    return [line for line in complaints(page) if 'id="cell_type"' not in line]


@pytest.fixture
def outline(desk: Desk) -> Desk:
    desk.reset(SECTIONS)
    desk.do("nb.select(0); nb.focus_cell();")
    desk.wait("$('.section_toggle').length === 3")
    return desk


@pytest.mark.ui_row("ours: table of contents")
def test_the_table_of_contents_is_walked_by_keys_and_goes_to_the_heading(outline: Desk) -> None:
    page = outline.page
    page.keyboard.press("t")
    expect(page.get_by_role("navigation", name="Table of contents")).to_be_visible()
    expect(page.get_by_role("treeitem")).to_have_text(["One", "Two", "Three"])
    expect(page.get_by_role("treeitem", name="One")).to_be_focused()
    expect(page.locator("#contents_pane [aria-current]")).to_have_text("One")
    assert complaints_of_outline(page) == []
    outline.press("down,down,enter")
    outline.wait("desk.at() === 4 && desk.cell(4).element[0].getBoundingClientRect().top < innerHeight")
    expect(page.locator("#contents_pane [aria-current]")).to_have_text("Three")
    expect(page.get_by_role("treeitem", name="Three")).to_be_focused()
    assert outline.do("$('#site').scrollTop()") > 0
    page.keyboard.press("Escape")
    expect(page.locator("#contents_pane")).to_be_hidden()
    outline.wait("desk.cell(4).element[0] === document.activeElement")
    assert outline.do("nb.ncells()") == 6


@pytest.mark.ui_row("ours: table of contents, narrow")
def test_on_a_narrow_screen_it_lies_over_the_cells_and_closes_after_a_choice(outline: Desk) -> None:
    page = outline.page
    page.set_viewport_size({"width": 400, "height": 800})
    try:
        before = outline.do("$('#notebook-container').width()")
        page.keyboard.press("t")
        expect(page.locator("#contents_pane")).to_be_visible()
        assert outline.do("$('#notebook-container').width()") == before
        assert complaints_of_outline(page) == []
        page.get_by_role("treeitem", name="Three").click()
        expect(page.locator("#contents_pane")).to_be_hidden()
        outline.wait("desk.at() === 4")
    finally:
        page.set_viewport_size({"width": 1200, "height": 900})


@pytest.mark.ui_row("ours: folded sections")
def test_a_section_is_folded_and_none_of_its_cells_is_lost(outline: Desk) -> None:
    page = outline.page
    button = page.get_by_role("button", name="Section “One”")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".cell.section_hidden")).to_have_count(3)
    height = outline.do("desk.cell(4).element.offset().top - desk.cell(0).element.offset().top")
    assert height < 100
    assert complaints_of_outline(page) == []
    outline.do("nb.execute_all_cells();")
    outline.wait("desk.ran(1) && desk.ran(5)")
    assert outline.do("$('.section_hidden').length") == 3
    page.emulate_media(media="print")
    assert outline.do("desk.cell(3).element.height()") > 500
    page.emulate_media(media="screen")
    outline.do("nb.select(0); nb.focus_cell();")
    outline.press("down")
    assert outline.do("desk.at()") == 4
    outline.press("up")
    outline.do("location.hash = '#Two';")
    expect(page.locator(".cell.section_hidden")).to_have_count(0)
    outline.do("history.replaceState(null, '', location.pathname);")
    button.click()
    expect(page.locator(".cell.section_hidden")).to_have_count(3)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cell.section_hidden")).to_have_count(0)
    assert outline.do("nb.mode") == "command"
