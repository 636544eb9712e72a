"""The notebook page 400 px wide, by keys alone: no mouse, and the focus is looked at after every step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import HEIGHT_PX, NARROW_PX, keep_pictures
from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage, notebook_json

MOST_TABS = 60
MOST_STEPS = 40
SHOWN_TIMEOUT_MS = 15_000
FOCUS = """() => {
    const node = document.activeElement
    if (!node || node === document.body) return {place: "nowhere"}
    const {left, right, top, bottom, width, height} = node.getBoundingClientRect()
    const labels = (node.getAttribute("aria-labelledby") ?? "").split(" ").map(id => document.getElementById(id))
    const said = [node.getAttribute("aria-label"), ...labels.map(label => label?.textContent), node.textContent,
        ...[...(node.labels ?? [])].map(label => label.textContent), node.title, node.placeholder,
        node.querySelector("img")?.alt]
    return {
        place: node.id || node.className || node.tagName,
        name: said.map(text => (text ?? "").trim()).find(Boolean) ?? "",
        isSeen: width > 0 && height > 0 && right > 0 && left < innerWidth && bottom > 0 && top < innerHeight,
        isShown: node.matches(".cell, textarea") || node.matches(":focus-visible"),
    }
}"""
BREAK = """() => {
    const {kernel} = Jupyter.notebook
    kernel.WebSocket = class {
        constructor() { setTimeout(() => this.onclose?.({code: 1006, reason: ""})) }
        close() {}
    }
    kernel.connection.socket.close()
}"""


class Keys:
    """Somebody without a mouse."""

    def __init__(self, nb: NotebookPage) -> None:
        self.page: Page = nb.page

    def at(self) -> dict[str, Any]:
        """Where the focus is: somewhere, on the screen, marked, and with a name."""
        focus: dict[str, Any] = self.page.evaluate(FOCUS)
        assert focus["place"] != "nowhere", "the focus was lost"
        assert focus["isSeen"], f"the focus is out of view: {focus}"
        assert focus["isShown"], f"nothing shows the focus: {focus}"
        assert focus["name"], f"what has the focus has no name: {focus}"
        return focus

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.at()

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def go(self, key: str, selector: str, most: int) -> None:
        """Press ``key`` until the focus is at ``selector``."""
        for _ in range(most):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press(key)
            if self.page.evaluate("() => document.activeElement !== document.body"):  # the browser's own bar is between
                self.at()
        raise AssertionError(f"{key} does not lead to {selector}")

    def tab_to(self, selector: str) -> None:
        self.go("Tab", selector, MOST_TABS)

    def menu(self, link: str, *items: str) -> None:
        """Run an item of a menu, by its way through submenus; each a selector."""
        if not self.page.locator("#filelink").is_visible():
            self.tab_to(".navbar-toggle")
            self.press("Enter")
            expect(self.page.locator("#filelink")).to_be_visible()
        self.tab_to("#menus .dropdown-toggle")
        self.go("ArrowRight", link, MOST_STEPS)
        self.press("Enter")
        for number, item in enumerate(items):
            if number:
                self.press("ArrowRight")
            self.go("ArrowDown", f"{item} > a", MOST_STEPS)
        self.page.keyboard.press("Enter")

    def dialog(self, title: str) -> None:
        expect(self.page.locator(".modal.in .modal-title")).to_have_text(title, timeout=SHOWN_TIMEOUT_MS)
        self.page.wait_for_function("() => document.querySelector('.modal.in').contains(document.activeElement)")
        self.at()

    def back_at_cell(self) -> None:
        """No dialog is there, and a cell has the focus."""
        expect(self.page.locator(".modal:visible, .modal-backdrop")).to_have_count(0, timeout=SHOWN_TIMEOUT_MS)
        self.page.wait_for_function("() => document.activeElement.matches('.cell.selected')")
        self.at()

    def ask(self, script: str) -> Any:
        return self.page.evaluate(f"() => {{ const nb = Jupyter.notebook; return {script} }}")

    def wait(self, condition: str) -> None:
        self.page.wait_for_function(f"() => {{ const nb = Jupyter.notebook; return {condition} }}")


@pytest.fixture(scope="module")
def opened(desk: OpenNotebook) -> Keys:
    nb = desk("x = 1", ("markdown", "# One\n\ntext\n\n## Two"), "x = 2", name="keys alone.ipynb")
    nb.page.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
    return Keys(nb)


@pytest.fixture
def keys(opened: Keys, request: pytest.FixtureRequest) -> Iterator[Keys]:
    """The first cell is selected and has the focus; afterwards no dialog is left."""
    opened.ask("nb.select(0).focus_cell()")
    yield opened
    keep_pictures(opened.page, request.node.name)
    opened.ask("$('.modal.in').modal('hide')")
    expect(opened.page.locator(".modal:visible, .modal-backdrop")).to_have_count(0)


def test_renaming(keys: Keys) -> None:
    keys.tab_to("#notebook_name")
    keys.press("Enter")
    keys.dialog("Rename Notebook")
    keys.page.keyboard.press("Control+A")
    keys.type("by keys")
    keys.page.keyboard.press("Enter")
    expect(keys.page.locator("#notebook_name")).to_have_text("by keys")
    expect(keys.page.locator(".modal:visible")).to_have_count(0)
    keys.at()


@pytest.mark.parametrize(
    ("link", "item", "effect"),
    [
        ("#filelink", "#save_checkpoint", "!nb.dirty && nb.checkpoints.length > 0"),
        ("#editlink", "#copy_cell", "nb.clipboard?.length === 1"),
        ("#viewlink", "#toggle_line_numbers", "nb.line_numbers"),
        ("#insertlink", "#insert_cell_below", "nb.ncells() === 4"),
        ("#celllink", "#run_all_cells", "nb.get_cell(0).input_prompt_number > 0"),
        ("#kernellink", "#reconnect_kernel", "nb.kernel.is_connected()"),
    ],
)
def test_an_item_of_each_menu(keys: Keys, link: str, item: str, effect: str) -> None:
    keys.menu(link, item)
    keys.wait(effect)
    keys.back_at_cell()


def test_help_is_opened_and_left(keys: Keys) -> None:
    keys.menu("#helplink", "#keyboard_shortcuts")
    keys.dialog("Keyboard shortcuts")
    keys.press("Tab", "Tab")
    keys.page.keyboard.press("Escape")
    keys.back_at_cell()


def test_buttons_of_header_and_tool_bar_are_pressed_by_enter_and_space(keys: Keys) -> None:
    count = keys.ask("nb.ncells()")
    for number, key in enumerate(("Enter", " ")):
        keys.tab_to("[data-jupyter-action$=':insert-cell-below']")
        keys.press(key)
        keys.wait(f"nb.ncells() === {count + number + 1}")
    keys.tab_to("#theme_switch")
    themes = set()
    for _ in range(3):
        keys.press("Enter")
        themes.add(keys.at()["name"])
    assert len(themes) == 3
    assert keys.ask("nb.mode") == "command"
    keys.ask("nb.select(0).focus_cell()")
    keys.tab_to("#cell_type")
    keys.press("ArrowDown")
    keys.wait("nb.get_selected_cell().cell_type === 'markdown'")  # the last one: Tab goes through the cells
    keys.ask("nb.to_code(nb.get_selected_index())")


def test_the_editor_is_entered_and_left(keys: Keys) -> None:
    keys.press("Enter")
    keys.wait("nb.mode === 'edit'")
    keys.page.keyboard.press("Escape")
    keys.wait("nb.mode === 'command'")
    keys.back_at_cell()


def test_reverting_to_a_checkpoint(keys: Keys) -> None:
    keys.ask("void nb.events.one('checkpoint_created.Notebook', () => { window.checkpointed = true })")
    keys.press("s")
    keys.wait("window.checkpointed")
    keys.press("b")
    count = keys.ask("nb.ncells()")
    keys.menu("#filelink", "#restore_checkpoint", "#restore_checkpoint li")
    keys.dialog("Revert notebook to checkpoint")
    keys.go("Tab", ".btn-danger", MOST_TABS)
    keys.page.keyboard.press("Enter")
    keys.wait(f"nb._fully_loaded && nb.ncells() === {count - 1}")
    keys.back_at_cell()


def test_downloading(keys: Keys) -> None:
    with keys.page.context.expect_page() as opened:
        keys.menu("#filelink", ".dropdown-submenu:has(#download_menu)", "#download_notebook")
    keys.at()
    opened.value.close()


def test_finding_and_replacing(keys: Keys) -> None:
    keys.ask("nb.get_cell(0).set_text('alpha')")
    keys.press("f")
    keys.dialog("Find and Replace")
    keys.type("alpha")
    keys.press("Enter")
    keys.type("beta")
    keys.page.keyboard.press("Enter")
    keys.wait("nb.get_cell(0).get_text() === 'beta'")
    keys.back_at_cell()


def test_changing_the_kernel(keys: Keys) -> None:
    selector = "Object.getPrototypeOf(nb.kernel_selector)"
    keys.ask(f"void (window.original = {selector}.set_kernel)")
    keys.ask(f"void ({selector}.set_kernel = name => {{ window.chosen = name }})")
    keys.menu("#kernellink", "#menu-change-kernel", "#kernel-submenu-python3")
    keys.wait("window.chosen === 'python3'")
    keys.ask(f"void ({selector}.set_kernel = window.original)")
    keys.back_at_cell()


def test_the_command_palette(keys: Keys) -> None:
    count = keys.ask("nb.ncells()")
    keys.page.keyboard.press("p")
    expect(keys.page.locator(".cmd-palette input")).to_be_focused()
    keys.type("insert cell above")
    keys.press("ArrowDown")
    keys.page.keyboard.press("Enter")
    keys.wait(f"nb.ncells() === {count + 1}")
    keys.back_at_cell()


def test_tags_in_the_cell_toolbar(keys: Keys) -> None:
    keys.menu("#viewlink", "#menu-cell-toolbar", "[data-name=Tags]")
    keys.back_at_cell()
    keys.tab_to(".tags-input input")
    keys.type("mine")
    keys.press("Enter")
    assert keys.ask("nb.get_cell(0).metadata.tags") == ["mine"]
    keys.press("Escape")
    keys.menu("#viewlink", "#menu-cell-toolbar", "[data-name=None]")
    keys.back_at_cell()


def test_the_table_of_contents(keys: Keys) -> None:
    keys.press("t")
    expect(keys.page.locator("#contents_pane")).to_be_visible()
    keys.page.wait_for_function("() => document.activeElement.closest('#contents_pane')")
    keys.press("ArrowDown", "Enter")
    assert keys.ask("nb.get_selected_cell().cell_type") == "markdown"
    expect(keys.page.locator("#contents_pane")).to_be_hidden()  # a pane over the text leaves when a place is chosen


def test_the_banner_of_a_lost_connection(keys: Keys) -> None:
    keys.ask("(" + BREAK + ")()")
    keys.dialog("Connection failed")
    keys.page.keyboard.press("Escape")
    keys.back_at_cell()
    expect(keys.page.locator("#connection_banner")).to_be_visible(timeout=SHOWN_TIMEOUT_MS)
    keys.tab_to("#connection_banner button")
    keys.ask("void (nb.kernel.WebSocket = window.WebSocket)")
    keys.page.keyboard.press("Enter")
    expect(keys.page.locator("#connection_banner")).to_be_hidden(timeout=SHOWN_TIMEOUT_MS)
    keys.at()


def test_trusting(keys: Keys) -> None:
    keys.ask("nb.events.trigger('trust_changed.Notebook', false)")
    keys.tab_to("#notification_trusted")
    keys.press("Enter")
    keys.dialog("Trust this notebook?")
    keys.page.keyboard.press("Escape")
    expect(keys.page.locator(".modal:visible")).to_have_count(0)
    keys.at()


def test_a_conflict(keys: Keys, desk: OpenNotebook) -> None:
    (desk.root_dir / keys.ask("nb.notebook_path")).write_text(json.dumps(notebook_json("from elsewhere")))
    keys.press("b", "Control+S")
    keys.dialog("Notebook changed")
    passed = set()
    for _ in range(8):
        keys.page.keyboard.press("Tab")
        passed.add(keys.at()["name"])
    assert passed >= {"Compare", "Merge", "Reload", "Save As", "Cancel", "Overwrite"}
    keys.page.keyboard.press("Escape")
    keys.back_at_cell()


def test_closing_and_halting(desk: OpenNotebook) -> None:
    nb = desk("1", name="keys halt.ipynb")
    nb.page.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
    keys = Keys(nb)
    keys.ask("nb.select(0).focus_cell()")
    keys.ask("void (window.close = () => { window.closed_by_keys = true })")
    keys.menu("#filelink", "#close_and_halt")
    keys.wait("window.closed_by_keys === true")
