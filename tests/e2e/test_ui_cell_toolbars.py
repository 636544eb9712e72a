"""Section 1.11: cell toolbars, their presets, and what is edited in them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage
from tests.e2e.text_cells import PNG, attachments, choose, markdown, metadata, three_cells


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    return three_cells(desk)


@pytest.mark.ui_row("1.11 Edit Metadata", "1.11 Raw Cell Format", "1.11 Slideshow", "1.11 None", "1.11 remembered")
def test_cell_toolbars_from_the_menu(nb: NotebookPage) -> None:
    page = nb.page
    bars = page.locator(".celltoolbar").locator("visible=true")
    choose(nb, "Raw Cell Format")
    expect(bars).to_have_count(1)
    nb.cell(2).get_by_label("Raw NBConvert Format").select_option("HTML")
    assert metadata(nb, 2) == {"raw_mimetype": "text/html"}
    nb.cell(2).get_by_label("Raw NBConvert Format").select_option("None")
    choose(nb, "Slideshow")
    nb.cell(0).get_by_label("Slide Type").select_option("Fragment")
    assert metadata(nb, 0) == {"slideshow": {"slide_type": "fragment"}}
    choose(nb, "Edit Metadata")
    expect(bars).to_have_count(3)
    expect(page.locator("body")).to_have_class(re.compile("ctb_global_show"))
    nb.cell(0).locator(".celltoolbar button").click()
    page.locator(".modal .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("{}")
    page.locator(".modal-footer .btn-primary").click()
    assert metadata(nb, 0) == {}
    expect(nb.cell(0).locator(".celltoolbar button")).to_be_focused()
    nb.save()
    page.reload()
    nb.wait_ready()
    expect(bars).to_have_count(3)
    choose(nb, "None")
    expect(bars).to_have_count(0)
    assert page.evaluate("() => 'celltoolbar' in Jupyter.notebook.metadata") is False


@pytest.mark.ui_row("1.11 Tags")
def test_tags_are_typed_removed_and_edited(nb: NotebookPage) -> None:
    page = nb.page
    choose(nb, "Tags")
    bar = nb.cell(0).locator(".celltoolbar")
    bar.get_by_label("New tags").fill("one, two")
    page.keyboard.press("Enter")
    expect(bar.locator(".cell-tag")).to_have_text(["one", "two"])
    expect(bar.get_by_label("New tags")).to_be_focused()
    page.keyboard.type("xdd")
    page.keyboard.press("Escape")
    expect(nb.cell(0)).to_be_focused()
    assert page.evaluate("() => Jupyter.notebook.ncells()") == 3
    bar.get_by_role("button", name="Remove tag one").click()
    bar.locator(".tags-dialog-btn").click()
    page.locator(".modal textarea").fill("three")
    page.locator(".modal-footer .btn-primary").click()
    assert metadata(nb, 0) == {"tags": ["three"]}
    choose(nb, "None")


@pytest.mark.ui_row("1.11 Attachments")
def test_attachments_are_taken_out_and_put_back(nb: NotebookPage) -> None:
    page = nb.page
    markdown(nb, "![](attachment:a.png)")
    page.evaluate("png => Jupyter.notebook.get_cell(1).add_attachment('a.png', 'image/png', png)", PNG)
    choose(nb, "Attachments")
    nb.cell(1).locator(".celltoolbar button").click()
    page.get_by_role("button", name="Delete a.png").click()
    page.get_by_role("button", name="Restore a.png").click()
    page.get_by_role("button", name="Delete a.png").click()
    page.locator(".modal-footer .btn-primary").click()
    assert attachments(nb) == []
    expect(nb.cell(1).locator(".attachment-missing")).to_be_visible()
    choose(nb, "None")


@pytest.mark.ui_row("1.11 extension")
def test_an_extension_brings_its_own_preset(nb: NotebookPage) -> None:
    nb.page.evaluate(
        """() => {
            const {CellToolbar} = Jupyter;
            CellToolbar.register_callback('mine.box', CellToolbar.utils.checkbox_ui_generator(
                'Mine', (cell, value) => { cell.metadata.mine = value }, cell => cell.metadata.mine), ['raw']);
            CellToolbar.register_preset('My preset', ['mine.box'], Jupyter.notebook);
        }"""
    )
    choose(nb, "My preset")
    nb.cell(2).get_by_label("Mine").check()
    assert metadata(nb, 2) == {"mine": True}
    assert nb.page.evaluate("() => Jupyter.CellToolbar.unregister_preset('My preset')") is True
    expect(nb.page.locator("#menu-cell-toolbar-submenu", has_text="My preset")).to_have_count(0)
    choose(nb, "None")
