"""Command palette, the list of keys, the editor of keys, the tour."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.ui.desk import Desk

PALETTE = (
    "div.modal.cmd-palette > .modal-dialog > .modal-content > .modal-body > form > .typeahead__container"
    " > .typeahead__field > .typeahead__query > input[type=search]"
)
STEPS = (
    "Welcome to the Notebook Tour", "Filename", "Notebook Menubar", "Notebook Toolbar", "Mode Indicator",
    "Command Mode", "Edit Mode", "Edit Mode", "Back to Command Mode", "Keyboard Shortcuts", "Kernel Indicator",
    "Kernel Indicator", "Interrupting the Kernel", "Notification Area", "Fin.",
)  # fmt: skip


@pytest.mark.ui_row("1.12 shape")
def test_the_palette_lists_actions_in_groups_with_icons_and_keys(desk: Desk) -> None:
    desk.press("p")
    expect(desk.page.locator(PALETTE)).to_be_focused()
    expect(desk.page.locator(".typeahead__group").first).to_have_text("jupyter-notebook command group")
    texts = desk.page.locator(".typeahead__item .cmd-text").all_text_contents()
    assert texts == sorted(texts, key=str.lower)
    assert len(texts) == desk.do("Object.keys(Jupyter.keyboard_manager.actions._actions).length") - 1  # but for ignore
    row = desk.page.locator("[title='jupyter-notebook:cut-cell']")
    expect(row.locator("i.fa-cut")).to_be_visible()
    expect(row.locator(".command-shortcut")).to_have_text("X")
    expect(desk.page.locator("[title='jupyter-notebook:split-cell-at-cursor'] .edit-shortcut")).to_have_count(1)
    expect(desk.page.locator("[title='jupyter-notebook:run-all-cells'] .no-shortcut")).to_have_count(1)


@pytest.mark.ui_row("1.12 search")
@pytest.mark.parametrize(
    ("typed", "found"),
    [("split cell", "split cell at cursor(s)"), ("rkaco", "clear output"), ("tggl hdr", "toggle header")],
)
def test_the_palette_finds_by_words_and_by_letters(desk: Desk, typed: str, found: str) -> None:
    desk.press("p")
    desk.page.keyboard.type(typed)
    texts = desk.page.locator(".typeahead__item .cmd-text")
    expect(texts.filter(has_text=found).first).to_be_visible()
    expect(desk.page.locator(".cmd-palette [role=status]")).to_have_text(re.compile(r"\d+ commands?"))


@pytest.mark.ui_row("1.12 run")
def test_the_palette_runs_by_key_and_by_mouse(desk: Desk) -> None:
    desk.press("p")
    desk.page.keyboard.type("insert cell below")
    desk.page.keyboard.press("Enter")
    desk.wait("nb.ncells() === 5 && !desk.shown('.cmd-palette')")
    desk.press("p")
    desk.page.keyboard.type("rename notebook")
    desk.page.click("[title='jupyter-notebook:rename-notebook']")
    desk.wait("desk.dialog() === 'Rename Notebook'")


@pytest.mark.ui_row("1.12 close")
def test_escape_gives_the_notebook_back(desk: Desk) -> None:
    desk.press("p")
    desk.page.keyboard.press("ArrowDown")
    active = desk.page.locator(PALETTE).get_attribute("aria-activedescendant")
    assert desk.page.locator(f"#{active}[aria-selected=true]").count() == 1
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".cmd-palette")).to_have_count(0)
    desk.press("b")
    desk.wait("nb.ncells() === 5")


@pytest.mark.ui_row("1.14 help")
def test_the_list_of_keys_has_both_modes_in_columns_and_leads_to_the_editor(desk: Desk) -> None:
    desk.press("h")
    dialog = desk.dialog()
    expect(dialog).to_have_class(re.compile("modal_stretch"))
    expect(dialog.locator("h4").nth(1)).to_have_text("Command Mode (press Esc to enable)")
    expect(dialog.locator("h4").nth(2)).to_have_text("Edit Mode (press Enter to enable)")
    expect(dialog.locator(".row > .col-md-6")).to_have_count(4)
    keys = dialog.locator(".quickhelp > .shortcut_key").all_text_contents()
    assert {"D,D", "F", "Ctrl-Shift-P", "Tab", "Ctrl-]", "Insert", "Ctrl-M"} <= set(keys)
    assert keys.index("Enter") < keys.index("Shift-Enter") < keys.index("Y") < keys.index("K") < keys.index("X")
    assert keys[0] == "F"
    assert keys.index("0,0") < keys.index("Shift-L") < keys.index("Tab") < keys.index("Ctrl-Shift-Minus")
    assert dialog.locator(".shortcut_descr", has_text=re.compile("^ : ignore$")).count() == 0
    desk.page.click("text=Edit Shortcuts")
    desk.wait("desk.dialog() === 'Edit Command mode Shortcuts'")


@pytest.mark.ui_row("1.14 help")
def test_the_same_key_closes_the_list(desk: Desk) -> None:
    desk.press("h")
    expect(desk.dialog()).to_have_count(1)
    desk.button("Close")
    expect(desk.dialog()).to_have_count(0)


@pytest.mark.ui_row("1.14 editor")
def test_the_editor_of_keys_lists_every_action(desk: Desk) -> None:
    desk.do("nb.show_shortcuts_editor();")
    expect(desk.page.locator("#short-key-binding-intro.well, #long-key-binding-intro.well")).to_have_count(2)
    row = desk.page.locator("form.jupyter-keybindings:has([title='(jupyter-notebook:select-next-cell)'])")
    assert row.locator("kbd").all_text_contents() == ["Down", "J"]
    expect(row.locator("input[placeholder='add shortcut']")).to_have_count(1)
    desk.page.fill(".shortcut-filter", "select next")
    assert desk.page.locator("form.jupyter-keybindings:visible").count() == 2
    desk.button("OK")


@pytest.mark.ui_row("1.14 add", "1.14 remove")
def test_keys_are_added_and_removed_at_once_and_for_good(desk: Desk) -> None:
    desk.do("nb.show_shortcuts_editor();")
    row = desk.page.locator("form.jupyter-keybindings:has([title='(jupyter-notebook:insert-cell-below)'])")
    try:
        row.locator("input").fill("d,x")
        row.locator("input").fill("d,d")
        expect(row.locator("[role=alert]")).to_contain_text("“delete cells”")
        expect(row.locator("input.alert-danger")).to_have_count(1)
        row.locator("input").fill("nokey-q")
        row.locator("input").press("Enter")
        expect(row.locator("[role=alert]")).to_contain_text("no key “nokey”")
        row.locator("input").fill("w,w")
        row.locator("input").press("Enter")
        expect(row.locator("kbd")).to_have_text(["B", "W", "W"])
        row.locator("button[data-shortcut='b']").click()
        expect(row.locator("kbd")).to_have_text(["W", "W"])
        desk.button("OK")
        desk.press("b")
        assert desk.do("nb.ncells()") == 4
        desk.press("w,w")
        desk.wait("nb.ncells() === 5")
        keys = desk.saved_config()["keys"]["command"]
        assert keys["bind"] == {"w,w": "jupyter-notebook:insert-cell-below"}
        assert keys["unbind"] == ["b"]
    finally:
        desk.do(
            """const keys = Jupyter.keyboard_manager.command_shortcuts; keys.remove_shortcut('w,w');
            keys.set_shortcut('b', 'jupyter-notebook:insert-cell-below'); return nb.config.update({keys: null});"""
        )


@pytest.mark.ui_row("1.22 steps")
def test_every_step_of_the_tour_shows_its_place(desk: Desk) -> None:
    desk.do("Jupyter.menubar.tour.start();")
    card, ring = desk.page.locator(".popover.tour"), desk.page.locator(".tour-ring")
    for number, title in enumerate(STEPS, 1):
        expect(card.locator(".popover-title")).to_have_text(title)
        expect(card.locator(".tour-count")).to_have_text(f"{number} of 15")
        box = card.bounding_box()
        assert box is not None
        assert min(box["x"], box["y"], 1200 - box["x"] - box["width"]) >= 0
        assert ring.is_visible() is (number not in {1, 15})
        if number < len(STEPS):
            card.locator("[data-role=next]").click()
    expect(card.locator("[data-role=next]")).to_be_disabled()
    card.locator("[data-role=end]").click()
    expect(card).to_have_count(0)


@pytest.mark.ui_row("1.22 keys")
def test_the_tour_is_worked_by_keys_and_gives_the_notebook_back(desk: Desk) -> None:
    desk.do("Jupyter.menubar.tour.start();")
    title = desk.page.locator(".popover.tour .popover-title")
    desk.page.keyboard.press("ArrowRight")
    expect(title).to_have_text("Filename")
    desk.page.keyboard.press("ArrowLeft")
    expect(title).to_have_text(STEPS[0])
    desk.page.keyboard.press("b")
    assert desk.do("nb.ncells()") == 4
    desk.page.click("[data-role=pause-resume]")
    desk.page.keyboard.press("b")
    desk.wait("nb.ncells() === 5")
    desk.page.click("[data-role=pause-resume]")
    desk.page.keyboard.press("Escape")
    expect(title).to_have_count(0)
    assert desk.do("Jupyter.keyboard_manager.enabled && document.activeElement.classList.contains('cell')")
