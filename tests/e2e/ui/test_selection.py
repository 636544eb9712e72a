"""Modes, the selection, and what becomes of cells: the rules that every key and menu item shares."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.ui.desk import FOUR_CELLS, Desk

BODY = "body"


@pytest.mark.ui_row("1.6 modes", "1.6 enter edit", "1.6 leave edit")
def test_modes_are_entered_and_left_by_click_and_key(desk: Desk) -> None:
    body = desk.page.locator(BODY)
    expect(body).to_have_class(re.compile("command_mode"))
    desk.page.locator("#notebook .cell").nth(0).locator(".CodeMirror").click()
    expect(body).to_have_class(re.compile("edit_mode"))
    desk.press("esc")
    expect(body).to_have_class(re.compile("command_mode"))
    desk.do("nb.select(2);")
    desk.press("enter")
    assert desk.do("[nb.mode, desk.cell(2).rendered]") == ["edit", False]
    desk.do("document.activeElement.blur();")
    desk.wait("nb.mode === 'command'")


@pytest.mark.ui_row("1.6 selected cell", "1.6 click", "1.6 extend", "1.6 other cell")
def test_one_cell_is_selected_and_a_range_is_marked(desk: Desk) -> None:
    prompt = desk.page.locator("#notebook .cell .input_prompt")
    prompt.nth(0).click()
    prompt.nth(1).click(modifiers=["Shift"])
    desk.wait("desk.same(desk.chosen(), [0, 1])")
    assert desk.do("[$('.cell.selected').length, $('.cell.unselected').length]") == [1, 3]
    assert desk.do("$('.jupyter-soft-selected').length") == 2
    desk.press("shift-down")
    assert desk.do("[desk.chosen(), nb.get_anchor_index()]") == [[0, 1, 2], 0]
    prompt.nth(1).click()
    assert desk.do("[desk.chosen(), $('.jupyter-soft-selected').length]") == [[1], 0]
    desk.press("enter")
    desk.do("nb.select(0);")
    assert desk.do("nb.mode") == "command"


@pytest.mark.ui_row("1.6 double-click")
def test_a_double_click_opens_markdown_with_the_focus_in_it(desk: Desk) -> None:
    desk.page.locator("#notebook .text_cell_render h1").dblclick()
    desk.wait("nb.mode === 'edit' && !desk.cell(2).rendered")
    desk.page.keyboard.press("End")
    desk.page.keyboard.type("!")
    assert desk.do("desk.texts()[2]") == "# three!"


@pytest.mark.ui_row("1.6 delete", "1.6 undo delete")
def test_protected_cells_stop_a_deletion_and_groups_come_back_where_they_were(desk: Desk) -> None:
    desk.do("desk.cell(0).metadata.deletable = false; nb.select(0); nb.select(1, false);")
    desk.press("d,d")
    assert desk.do("nb.ncells()") == 4
    desk.do("desk.cell(0).metadata = {};")
    desk.press("d,d")
    assert desk.do("desk.texts()") == ["# three", "four"]
    desk.press("cmdtrl-a")
    desk.press("d,d")
    assert desk.do("[desk.texts(), desk.types()]") == [[""], ["code"]]
    desk.press("z")
    desk.press("z")
    assert desk.do("desk.texts().slice(0, 4)") == ["one = 1", "two = 2\nlines = 3", "# three", "four"]


@pytest.mark.ui_row("1.6 copy", "1.6 paste")
def test_copies_lose_id_and_protection_and_go_around_the_selection(desk: Desk) -> None:
    desk.do("desk.cell(1).metadata.deletable = false;")
    desk.press("c")
    assert desk.do("[nb.clipboard[0].id, nb.clipboard[0].metadata.deletable]") == [None, None]
    desk.do("nb.select(2); nb.select(3, false);")
    desk.press("shift-v")
    assert desk.do("[desk.at(), desk.texts()[2]]") == [2, "two = 2\nlines = 3"]
    desk.do("nb.select(3); nb.select(4, false);")
    desk.press("v")
    assert desk.do("[desk.at(), desk.texts()[5]]") == [5, "two = 2\nlines = 3"]
    desk.do("nb.select(3); nb.select(4, false); nb.paste_cell_replace();")
    assert desk.do("[desk.at(), nb.ncells()]") == [3, 5]


@pytest.mark.ui_row("1.6 insert")
def test_new_cells_have_the_configured_type_beside_the_range(desk: Desk) -> None:
    desk.do("nb.config.data.Notebook = {...nb.config.data.Notebook, default_cell_type: 'above'}; nb.select(2);")
    desk.press("b")
    assert desk.do("[desk.types()[3], desk.at()]") == ["markdown", 3]
    desk.do("nb.config.data.Notebook.default_cell_type = 'raw'; nb.select(0); nb.select(1, false);")
    desk.press("a")
    assert desk.do("[desk.types()[0], nb.ncells()]") == ["raw", 6]
    desk.do("delete nb.config.data.Notebook.default_cell_type;")


@pytest.mark.ui_row("1.6 split")
def test_a_cell_is_split_at_cursors_and_selections(desk: Desk) -> None:
    desk.do("nb.edit_mode(); desk.cell(1).code_mirror.setSelection({line: 0, ch: 4}, {line: 0, ch: 5});")
    desk.press("ctrl-shift--")
    assert desk.do("desk.texts().slice(1, 4)") == ["two ", "=", " 2\nlines = 3"]
    desk.reset()
    desk.do("nb.edit_mode(); desk.cell(1).code_mirror.setCursor(0, 0);")
    desk.press("ctrl-shift--")
    assert desk.do("desk.texts().slice(1, 3)") == ["", "two = 2\nlines = 3"]
    desk.reset()
    desk.do("desk.cell(1).metadata.deletable = false; nb.edit_mode(); desk.cell(1).code_mirror.setCursor(0, 3);")
    desk.press("ctrl-shift--")
    assert desk.do("nb.ncells()") == 4


@pytest.mark.ui_row("1.6 merge")
def test_protected_cells_are_not_merged(desk: Desk) -> None:
    desk.do("desk.cell(0).metadata.editable = false; nb.merge_cell_above();")
    assert desk.do("nb.ncells()") == 4
    desk.do("desk.cell(0).metadata = {}; nb.select(1); nb.select(2, false); nb.merge_selected_cells();")
    assert desk.do("[desk.texts()[1], desk.types()[1]]") == ["two = 2\nlines = 3\n\n# three", "code"]


@pytest.mark.ui_row("1.6 move")
def test_a_group_moves_as_one_and_marks_the_notebook(desk: Desk) -> None:
    desk.do("nb.select(0); nb.select(1, false);")
    desk.page.click("button[data-jupyter-action='jupyter-notebook:move-cell-down']")
    assert desk.do("[desk.texts()[0], desk.chosen(), nb.dirty]") == ["# three", [1, 2], True]


@pytest.mark.ui_row("1.6 type change", "1.6 heading")
def test_a_type_change_keeps_text_metadata_and_cursor(desk: Desk) -> None:
    desk.do("desk.cell(1).metadata.tags = ['t']; desk.cell(1).code_mirror.setCursor(1, 2);")
    desk.press("m")
    assert desk.do("[desk.texts()[1], desk.cell(1).metadata.tags]") == ["two = 2\nlines = 3", ["t"]]
    assert desk.do("desk.cell(1).code_mirror.getCursor().line") == 1
    desk.do("nb.select(2);")
    desk.press("3")
    assert desk.do("desk.texts()[2]") == "### three"
    desk.do("desk.cell(3).metadata.editable = false; nb.select(3);")
    desk.press("y")
    assert desk.do("desk.types()[3]") == "raw"


@pytest.mark.ui_row("1.6 run")
def test_running_leaves_the_editor_marks_the_notebook_and_goes_on(desk: Desk) -> None:
    desk.do("nb.select(3); nb.edit_mode();")
    desk.press("shift-enter")
    desk.wait("nb.ncells() === 5 && desk.at() === 4 && nb.mode === 'edit' && nb.dirty")
    desk.reset([FOUR_CELLS[0], {**FOUR_CELLS[1], "source": "\n" * 200}])
    desk.do("nb.execute_all_cells();")
    desk.wait("$('#site').scrollTop() > 500 && nb.mode === 'command'")


@pytest.mark.ui_row("1.6 end space")
def test_a_double_click_below_the_last_cell_adds_one(desk: Desk) -> None:
    desk.page.locator(".end_space").dblclick()
    assert desk.do("[nb.ncells(), desk.types()[4]]") == [5, "code"]


@pytest.mark.ui_row("1.6 arrows")
def test_arrows_go_from_cell_to_cell_and_stop_at_the_ends(desk: Desk) -> None:
    desk.do("nb.select(0); nb.edit_mode(); desk.cell(0).code_mirror.setCursor(0, 7);")
    for _ in range(2):
        desk.press("down")
    assert desk.do("[desk.at(), desk.cell(1).code_mirror.getCursor().line]") == [1, 1]
    for _ in range(3):
        desk.page.keyboard.press("Control+End")
        desk.press("down")
    assert desk.do("[desk.at(), nb.mode, desk.cell(2).rendered]") == [3, "edit", False]
    desk.do("nb.select(0); nb.edit_mode(); desk.cell(0).code_mirror.setCursor(0, 0);")
    desk.press("up")
    assert desk.do("[desk.at(), nb.mode]") == [0, "edit"]


COPIED = """() => { const data = new DataTransfer();
    const event = new ClipboardEvent('copy', {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event);
    const types = ['text/plain', 'text/html', 'application/json'];
    return Object.fromEntries(types.map(type => [type, data.getData(type)])) }"""
PASTE = """forms => { const data = new DataTransfer();
    for (const [type, text] of Object.entries(forms)) if (text) data.setData(type, text);
    const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event) }"""


@pytest.mark.ui_row("1.7 copy", "1.7 paste")
def test_cells_go_over_the_systems_clipboard(desk: Desk) -> None:
    desk.do("nb.select(1); nb.select(2, false);")
    forms = desk.page.evaluate(COPIED)
    assert forms["text/plain"] == "two = 2\nlines = 3\n\n# three"
    assert forms["text/html"].startswith('<pre class="jupyter-nb-cells-json">')
    desk.do("nb.select(0); nb.focus_cell();")
    desk.page.evaluate(PASTE, forms)
    assert desk.do("[desk.texts().slice(0, 3), desk.at()]") == [["two = 2\nlines = 3", "# three", "one = 1"], 0]
    desk.page.evaluate(PASTE, {"text/html": "<b>rich</b>" * 1000, "text/plain": "plain"})
    assert desk.do("nb.ncells()") == 6


@pytest.mark.ui_row("1.7 text")
def test_selected_text_and_editors_are_left_alone(desk: Desk) -> None:
    desk.do("getSelection().selectAllChildren($('.text_cell_render')[0]);")
    assert desk.page.evaluate(COPIED)["text/html"] == ""
    desk.do("getSelection().removeAllRanges(); nb.edit_mode();")
    forms = {"text/html": '<pre class="jupyter-nb-cells-json">[{"cell_type":"raw","source":"x"}]</pre>'}
    desk.page.evaluate(PASTE, forms)
    assert desk.do("nb.ncells()") == 4


@pytest.mark.ui_row("1.4 system-clipboard:paste-dialog")
def test_the_paste_dialog_is_firefoxs_alone(desk: Desk) -> None:
    assert desk.do("Jupyter.keyboard_manager.actions.exists('system-clipboard:paste-dialog')") is False
