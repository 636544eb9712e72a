"""Section 1.9: every dialog has its title, buttons and focus, in both colour schemes and on a narrow screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

from tests.e2e.accessibility import keep_pictures
from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage
from tests.e2e.ui_dialogs import DIALOGS, Dialog

NARROW: ViewportSize = {"width": 400, "height": 800}
OPEN = ".modal.in"


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    return desk("1", ("markdown", "text"), ("raw", "raw"))


@pytest.fixture(autouse=True)
def tidy(nb: NotebookPage) -> Iterator[None]:
    """No dialog, no toolbar, a living kernel as the page sees it."""
    yield
    nb.page.evaluate(
        """() => {
            $('.modal').modal('hide');
            Jupyter.notebook._kernel_is_gone = false;
            delete Jupyter.notebook.metadata.orig_nbformat;
            Jupyter.notebook._choose_celltoolbar('');
            Jupyter.notebook.select(0);
            Jupyter.notebook.focus_cell();
        }"""
    )
    nb.page.set_viewport_size({"width": 1200, "height": 900})


def has_focus(page: Page, focused: str) -> bool:
    """Whether the button with this label, or the element of this selector, is the active one."""
    return bool(
        page.evaluate(
            """focused => {
                const active = document.activeElement;
                if (active.tagName === 'BUTTON') return active.textContent === focused;
                return active.matches('.modal.in ' + focused);
            }""",
            focused,
        )
    )


@pytest.mark.parametrize(
    ("title", "dialog"),
    [pytest.param(title, row, marks=pytest.mark.ui_row(f"1.9 {title}"), id=title) for title, row in DIALOGS.items()],
)
def test_a_dialog(nb: NotebookPage, title: str, dialog: Dialog) -> None:
    page = nb.page
    dialog.show(page)
    expect(page.locator(f"{OPEN} .modal-title")).to_have_text(title)
    buttons = page.locator(f"{OPEN} .modal-footer button")
    expect(buttons).to_have_text(list(dialog.buttons))
    for index, extra in enumerate(dialog.buttons.values()):
        expect(buttons.nth(index)).to_have_class(re.compile(rf"btn btn-default btn-sm.*{extra}"))
    assert has_focus(page, dialog.focused), page.evaluate("() => document.activeElement.outerHTML")
    assert page.evaluate("() => Jupyter.keyboard_manager.enabled") is False
    page.keyboard.press("Escape")
    expect(page.locator(".modal:visible, .modal-backdrop")).to_have_count(0)
    assert page.evaluate("() => [Jupyter.keyboard_manager.enabled, Jupyter.notebook.mode]") == [True, "command"]
    focused = page.evaluate("() => document.activeElement !== document.body && document.activeElement.isConnected")
    assert focused, "the focus was lost"


@pytest.mark.ui_row("1.9 narrow")
def test_every_dialog_fits_a_narrow_screen(desk: OpenNotebook) -> None:
    page = desk("1", ("markdown", "text"), ("raw", "raw")).page  # its kernel is still alive
    page.set_viewport_size(NARROW)
    for title, dialog in DIALOGS.items():
        if isinstance(dialog.opens, str):
            dialog.show(page)
        else:
            page.evaluate("item => $(item).children('a').addBack('#notebook_name').first().click()", dialog.opens[-1])
        expect(page.locator(OPEN)).to_be_visible()
        keep_pictures(page, f"dialog {title}")
        overflow = page.evaluate(
            """() => [...document.querySelectorAll('.modal.in .modal-content *')]
                .filter(node => !node.closest('.CodeMirror, pre, .sr-only') && node.getBoundingClientRect().right > 401)
                .map(node => node.outerHTML.slice(0, 80))"""
        )
        assert overflow == [], title
        page.keyboard.press("Escape")
        expect(page.locator(OPEN)).to_have_count(0)
        page.evaluate("() => { Jupyter.notebook._kernel_is_gone = false; Jupyter.notebook._choose_celltoolbar('') }")


@pytest.mark.ui_row("1.9 shape")
def test_the_elements_of_a_dialog(nb: NotebookPage) -> None:
    page = nb.page
    page.click("#notebook_name")
    shape = ".modal.fade[role=dialog][aria-modal=true] > .modal-dialog > .modal-content"
    expect(page.locator(f"{shape} > .modal-header > button.close[data-dismiss=modal]")).to_have_count(1)
    expect(page.locator(f"{shape} > .modal-footer > button[data-dismiss=modal]")).to_have_count(2)
    expect(page.locator(f"{shape} > .modal-body")).to_have_count(1)
    expect(page.get_by_role("dialog", name="Rename Notebook")).to_be_visible()
    page.mouse.click(5, 890)  # beside it: a dialog is not closed by accident
    expect(page.locator(OPEN)).to_be_visible()
    page.locator(f"{OPEN} button.close").click()
    expect(page.locator(".modal:visible, .modal-backdrop")).to_have_count(0)


@pytest.mark.ui_row("1.9 focus")
def test_the_focus_stays_inside_and_comes_back(nb: NotebookPage) -> None:
    page = nb.page
    page.locator("#notebook_name").focus()
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.closest('.modal') !== null")
        seen.add(page.evaluate("() => document.activeElement.textContent || document.activeElement.tagName"))
    assert {"\u00d7", "INPUT", "Cancel", "Rename"} <= seen
    page.evaluate("() => document.querySelector('#notebook_name').focus()")
    assert page.evaluate("() => document.activeElement.closest('.modal') !== null")
    page.keyboard.press("Escape")
    expect(page.locator("#notebook_name")).to_be_focused()
    page.click("#editlink")
    page.click("#edit_nb_metadata")
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.keyboard.press("Escape")
    assert page.evaluate("() => Jupyter.notebook.ncells()") == 3
    expect(nb.cell(0)).to_be_focused()


def box_of(header: Locator) -> FloatRect:
    box = header.bounding_box()
    assert box is not None
    return box


@pytest.mark.ui_row("1.9 drag")
def test_a_dialog_follows_its_header(nb: NotebookPage) -> None:
    page = nb.page
    page.click("#notebook_name")
    header = page.locator(f"{OPEN} .modal-header")
    page.wait_for_function("() => document.getAnimations().length === 0")
    before = box_of(header)
    page.mouse.move(before["x"] + 60, before["y"] + 20)
    page.mouse.down()
    page.mouse.move(before["x"] + 160, before["y"] + 220, steps=3)
    page.mouse.up()
    after = box_of(header)
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (100, 200)
    page.mouse.move(after["x"] + 60, after["y"] + 20)
    page.mouse.down()
    page.mouse.move(-900, -900, steps=3)
    page.mouse.up()
    last = box_of(header)
    assert last["y"] >= -1
    assert last["x"] + last["width"] >= 39
    expect(page.locator(".modal-body input")).to_be_focused()


@pytest.mark.ui_row("1.9 nested")
def test_a_question_over_a_dialog_leaves_the_keyboard_with_it(nb: NotebookPage, desk: OpenNotebook) -> None:
    page = nb.page
    desk.write("1", name="taken.ipynb")
    page.click("#filelink")
    page.click("#save_notebook_as")
    page.locator("[data-testid=save-as]").fill("taken")
    page.keyboard.press("Enter")
    question = page.locator(".modal.in", has_text="Notebook with that name exists.")
    expect(question.locator(".modal-footer button")).to_have_text(["Cancel", "Overwrite"])
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_have_count(1)
    expect(page.locator("[data-testid=save-as]")).to_be_focused()
    assert page.evaluate("() => Jupyter.keyboard_manager.enabled") is False
    page.keyboard.press("x")
    expect(page.locator("[data-testid=save-as]")).to_have_value("takenx")
    assert page.evaluate("() => Jupyter.notebook.ncells()") == 3


@pytest.mark.ui_row("1.9 invalid json")
def test_invalid_metadata_is_told_in_place(nb: NotebookPage) -> None:
    page = nb.page
    page.click("#editlink")
    page.click("#edit_nb_metadata")
    page.locator(".modal .CodeMirror").click()
    for text in ["{broken", "[1, 2]", "null"]:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)
        page.locator(".modal-footer .btn-primary").click()
        expect(page.get_by_role("alert")).to_have_text("WARNING: Could not save invalid JSON.")
        page.locator(".modal .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text('{"mine": [1]}')
    page.locator(".modal-footer .btn-primary").click()
    expect(page.locator(OPEN)).to_have_count(0)
    assert page.evaluate("() => [Jupyter.notebook.metadata, Jupyter.notebook.dirty]") == [{"mine": [1]}, True]


@pytest.mark.ui_row("1.9 MathJax missing")
def test_formulas_without_mathjax_are_shown_and_explained(desk: OpenNotebook) -> None:
    desk.context.route(re.compile(r"/mathjax"), lambda route: route.abort())
    try:
        page = desk(("markdown", "energy $E = mc^2$")).page
        expect(page.locator(".text_cell_render")).to_contain_text("E = mc^2")
        expect(page.locator(".text_cell_render .fnb-math-failed")).to_be_visible()
    finally:
        desk.context.unroute(re.compile(r"/mathjax"))
