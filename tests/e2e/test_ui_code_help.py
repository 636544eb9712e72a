"""Sections 1.8 and 1.15 to 1.17: pager, tooltip, completer, and what surrounds a code cell; and the magics of 6b."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage

LIST = "#complete option"


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    """A notebook of three code cells whose kernel knows a few names."""
    nb = desk("", "2", "3")
    nb.python("import os, json\nabcdef = 1\nabcxyz = 2")
    return nb


def write(nb: NotebookPage, code: str) -> None:
    """Put code into the first cell, the cursor behind it."""
    nb.page.evaluate(
        """code => {
            const cell = Jupyter.notebook.get_cell(0);
            Jupyter.tooltip.remove_and_cancel_tooltip(true);
            Jupyter.pager.collapse();
            Jupyter.notebook.select(0);
            cell.set_text(code);
            cell.focus_editor();
            cell.code_mirror.execCommand('goDocEnd');
        }""",
        code,
    )


def code_of(nb: NotebookPage, index: int = 0) -> str:
    return str(nb.page.evaluate("index => Jupyter.notebook.get_cell(index).get_text()", index))


def expect_code(nb: NotebookPage, code: str) -> None:
    nb.page.wait_for_function("code => Jupyter.notebook.get_cell(0).get_text() === code", arg=code)


def run(nb: NotebookPage, code: str) -> None:
    write(nb, code)
    nb.page.keyboard.press("Control+Enter")
    nb.wait_idle()


@pytest.mark.ui_row("1.17 single")
def test_one_completion_goes_in_at_once(nb: NotebookPage) -> None:
    write(nb, "impor")
    nb.page.keyboard.press("Tab")
    expect_code(nb, "import")
    expect(nb.page.locator("#complete")).to_have_count(0)


@pytest.mark.ui_row("1.17 list", "1.17 keys")
def test_several_are_listed_and_chosen_by_key(nb: NotebookPage) -> None:
    write(nb, "# os_in_words\nos")
    nb.page.keyboard.press("Tab")
    expect(nb.page.locator(f"{LIST}.context", has_text="os_in_words")).to_have_count(1)
    nb.page.keyboard.press("Backspace")
    expect(nb.page.locator("#complete")).to_have_count(0)
    assert code_of(nb) == "# os_in_words\nos"
    write(nb, "os.")
    nb.page.keyboard.press("Tab")
    expect(nb.page.locator("#complete.completions > select[multiple][size='10']")).to_be_visible()
    expect(nb.page.locator(f"{LIST}[data-kind=function]").first).to_be_attached()
    nb.page.keyboard.press("PageDown")
    nb.page.keyboard.press("ArrowDown")
    chosen = nb.page.locator(f"{LIST}:checked").inner_text()
    nb.page.keyboard.press("Enter")
    expect_code(nb, f"os.{chosen}")
    write(nb, "abc")
    nb.page.keyboard.press("Tab")
    expect(nb.page.locator(LIST)).to_have_text(["abcdef", "abcxyz"])
    nb.page.keyboard.press("Escape")
    expect(nb.page.locator("#complete")).to_have_count(0)
    expect(nb.page.locator("body")).to_have_class(re.compile("edit_mode"))


@pytest.mark.ui_row("1.17 filter", "1.17 prefix", "1.17 mouse")
def test_typing_goes_on_tab_completes_and_a_click_takes(nb: NotebookPage) -> None:
    page = nb.page
    write(nb, "os.getc")
    page.keyboard.press("Tab")
    expect(page.locator(LIST)).to_have_text(["getcwd", "getcwdb"])
    page.keyboard.press("Tab")
    expect_code(nb, "os.getcwd")
    expect(page.locator(LIST)).to_have_text(["getcwd", "getcwdb"])
    page.keyboard.press("Escape")
    write(nb, "os.pa")
    page.keyboard.press("Tab")
    expect(page.locator(LIST, has_text="pathsep")).to_be_visible()
    page.keyboard.type("ths")
    expect(page.locator(LIST)).to_have_text(["pathsep"])
    page.keyboard.press("Enter")
    expect_code(nb, "os.pathsep")


@pytest.mark.ui_row("1.17 keys")
def test_the_cell_is_being_edited_while_the_list_is_open(nb: NotebookPage) -> None:
    page = nb.page
    write(nb, "abc")
    page.evaluate("() => Jupyter.notebook.events.one('command_mode.Notebook', () => { window.left_edit_mode = true })")
    page.keyboard.press("Tab")
    expect(page.locator(LIST)).to_have_text(["abcdef", "abcxyz"])
    assert page.evaluate("() => [Jupyter.notebook.mode, $('#complete select').val()]") == ["edit", ["abcdef"]]
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#complete")).to_have_count(0)
    page.keyboard.type("_")
    expect_code(nb, "ab_c")
    assert page.evaluate("() => window.left_edit_mode") is None
    write(nb, "abc")
    page.keyboard.press("Tab")
    expect(page.locator(LIST)).to_have_count(2)
    page.click("#notebook_panel", position={"x": 5, "y": 5})
    expect(page.locator("#complete")).to_have_count(0)
    expect(page.locator("body")).to_have_class(re.compile("command_mode"))


@pytest.mark.ui_row("1.17 blank")
def test_tab_indents_where_there_is_no_word(nb: NotebookPage) -> None:
    write(nb, "if x:\n")
    nb.page.keyboard.press("Tab")
    expect_code(nb, "if x:\n    ")


@pytest.mark.ui_row("1.17 busy")
def test_a_busy_kernel_is_not_waited_for(nb: NotebookPage) -> None:
    write(nb, "wordone = 1\nwordtwo = 2\nword")
    nb.page.evaluate("() => { Jupyter.notebook.kernel_busy = true }")
    nb.page.keyboard.press("Tab")
    expect(nb.page.locator(LIST)).to_have_text(["wordone", "wordtwo"])
    nb.page.evaluate("() => { Jupyter.notebook.kernel_busy = false }")
    nb.page.locator(LIST).nth(1).click()
    expect_code(nb, "wordone = 1\nwordtwo = 2\nwordtwo")


@pytest.mark.ui_row("1.17 astral")
def test_places_are_counted_in_characters(nb: NotebookPage) -> None:
    write(nb, "x = '\U0001f600\U0001f600'; os.getcwdb")
    nb.page.keyboard.press("Backspace")
    nb.page.keyboard.press("Tab")
    expect(nb.page.locator(LIST)).to_have_text(["getcwd", "getcwdb"])
    nb.page.keyboard.press("ArrowDown")
    nb.page.keyboard.press("Enter")
    expect_code(nb, "x = '\U0001f600\U0001f600'; os.getcwdb")


@pytest.mark.ui_row("1.16 presses")
def test_shift_tab_shows_grows_stays_and_opens_the_pager(nb: NotebookPage) -> None:
    page = nb.page
    write(nb, "os.getcwd")
    page.keyboard.press("Shift+Tab")
    text = page.locator("#tooltip.ipython_tooltip .tooltiptext")
    expect(text).to_contain_text("Docstring")
    expect(text).to_have_class(re.compile("smalltooltip"))
    page.keyboard.press("Shift+Tab")
    expect(text).to_have_class(re.compile("bigtooltip"))
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#tooltip .clock")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(text).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#pager")).to_contain_text("Docstring")
    expect(page.locator("#tooltip")).to_be_hidden()


@pytest.mark.ui_row("1.16 escape", "1.16 other key", "1.16 buttons")
def test_a_tooltip_is_closed_by_escape_keys_and_its_buttons(nb: NotebookPage) -> None:
    page = nb.page
    tooltip = page.locator("#tooltip")
    for close in ("Escape", "x"):
        write(nb, "os.getcwd")
        page.keyboard.press("Shift+Tab")
        expect(tooltip).to_be_visible()
        page.keyboard.press(close)
        expect(tooltip).to_be_hidden()
        assert page.evaluate("() => Jupyter.notebook.mode") == "edit"
    write(nb, "os.getcwd")
    page.keyboard.press("Shift+Tab")
    page.locator("#expanbutton").click()
    expect(tooltip.locator(".tooltiptext")).to_have_class(re.compile("bigtooltip"))
    tooltip.get_by_role("button", name=re.compile("pager")).click()
    expect(page.locator("#pager")).to_contain_text("Docstring")
    write(nb, "os.getcwd")
    page.keyboard.press("Shift+Tab")
    tooltip.get_by_role("button", name=re.compile("Close")).click()
    expect(tooltip).to_be_hidden()


@pytest.mark.ui_row("1.16 indent", "1.16 selection")
def test_shift_tab_dedents_or_asks_about_the_selection(nb: NotebookPage) -> None:
    page = nb.page
    write(nb, "if x:\n    ")
    page.keyboard.press("Shift+Tab")
    expect_code(nb, "if x:\n")
    write(nb, "nonsense_name_x")
    page.keyboard.press("Shift+Tab")
    nb.python("1")  # the kernel has answered the question before
    expect(page.locator("#tooltip")).to_be_hidden()
    write(nb, "nonsense(os.getcwd)")
    page.evaluate("() => Jupyter.notebook.get_cell(0).code_mirror.setSelection({line: 0, ch: 9}, {line: 0, ch: 18})")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#tooltip")).to_contain_text("os.getcwd")
    page.keyboard.press("Escape")


@pytest.mark.ui_row("1.15 text")
def test_a_question_mark_opens_the_pager_and_escape_closes_it(nb: NotebookPage) -> None:
    page = nb.page
    for code, shown, key in [("os.getcwd?", "Docstring", "Escape"), ("json.dumps??", "Source", "q")]:
        run(nb, code)
        expect(page.locator("#pager pre")).to_contain_text(shown)
        expect(page.locator("#pager pre span[class^=ansi-]").first).to_be_attached()
        page.keyboard.press(key)
        expect(page.locator("#pager")).to_be_hidden()


@pytest.mark.ui_row("1.15 html")
def test_the_pager_prefers_html(nb: NotebookPage) -> None:
    page = nb.page
    page.evaluate(
        """() => $([Jupyter.events]).trigger('open_with_text.Pager',
            {data: {'text/html': '<b id="shown">bold</b>', 'text/plain': 'plain'}})"""
    )
    pager = page.locator("#pager")
    expect(pager.locator("b#shown")).to_be_visible()
    pager.get_by_role("button", name="Close the pager").click()
    expect(pager).to_be_hidden()


@pytest.mark.ui_row("1.15 detach")
def test_the_pager_moves_to_a_window_of_its_own(nb: NotebookPage) -> None:
    run(nb, "os.getcwd?")
    with nb.page.expect_popup() as popup:
        nb.page.get_by_role("button", name="Open the pager in an external window").click()
    expect(popup.value.locator("#pager-container")).to_contain_text("Docstring")
    expect(nb.page.locator("#pager")).to_be_hidden()
    popup.value.close()


@pytest.mark.ui_row("1.8 run this cell")
def test_the_run_sign_runs_that_cell_alone(nb: NotebookPage) -> None:
    write(nb, "1")
    nb.page.keyboard.press("Escape")
    nb.cell(1).locator(".input").hover()
    nb.cell(1).locator(".input .run_this_cell").click()
    nb.wait_idle()
    expect(nb.output(1)).to_contain_text("2")
    assert nb.page.evaluate("() => Jupyter.notebook.get_selected_index()") == 0


@pytest.mark.ui_row("1.8 gutter", "1.8 collapsed")
def test_the_gutter_scrolls_and_folds(nb: NotebookPage) -> None:
    run(nb, "for i in range(30): print(i)")
    gutter = nb.cell(0).locator(".out_prompt_overlay")
    expect(gutter).to_have_attribute("title", "click to scroll output; double click to hide")
    gutter.click(position={"x": 10, "y": 100})
    expect(nb.cell(0).locator(".output_scroll")).to_be_visible()
    expect(gutter).to_have_attribute("title", "click to unscroll output; double click to hide")
    gutter.dblclick(position={"x": 10, "y": 100})
    folded = nb.cell(0).locator(".output_collapsed")
    expect(folded).to_have_text(". . .")
    expect(folded).to_have_attribute("title", "click to expand output")
    folded.click()
    expect(nb.output(0)).to_contain_text("29")


@pytest.mark.ui_row("6b javascript", "6b connect_info", "6b load", "6b set_next_input", "1.20 autosave")
def test_the_magics_that_reach_into_the_page(nb: NotebookPage, desk: OpenNotebook) -> None:
    page = nb.page
    run(nb, "%%javascript\nelement.text('from ' + this.constructor.name + ' ' + typeof Jupyter)")
    expect(nb.output(0)).to_contain_text("object")
    run(nb, "%connect_info")
    expect(nb.output(0)).to_contain_text("shell_port")
    (desk.root_dir / "loaded.py").write_text("loaded = 1\n")
    run(nb, "%load loaded.py")
    expect_code(nb, "# %load loaded.py\nloaded = 1\n")
    run(nb, "get_ipython().set_next_input('below')")
    assert [code_of(nb, 1), page.evaluate("() => Jupyter.notebook.get_cell(1).cell_type")] == ["below", "code"]
    run(nb, "get_ipython().set_next_input('in place', replace=True)")
    expect_code(nb, "in place")
    run(nb, "%autosave 7")
    assert page.evaluate("() => Jupyter.notebook.autosave_interval") == 7000
    page.evaluate("() => Jupyter.notebook.save_notebook()")
    page.wait_for_function("() => Jupyter.notebook.autosave_interval === 10000")  # whole ten seconds
    run(nb, "%autosave 0")
    expect(page.locator("#notification_notebook")).to_have_text("Autosave disabled")
    assert page.evaluate("() => Jupyter.notebook.autosave_interval") == 0
