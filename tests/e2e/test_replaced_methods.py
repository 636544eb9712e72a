"""Extensions replace prototype methods of a running page: each is reached from keys, menus and messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage

PROTOTYPES = Path(__file__).resolve().parents[2] / "frontend" / "test" / "contract" / "prototypes.json"
REACH_TIMEOUT_MS = 5000
EXPORTED_AS = {"ActionHandler": "init", "NotebookTour": "Tour"}

# Put after the page has started, as an extension does; the first method of a name on the way down is replaced.
REPLACE_ALL = """async ([classes, exportedAs]) => {
  window.reached = new Set()
  for (const [id, name, methods] of classes) {
    const module = await new Promise((resolve, reject) => requirejs([id], resolve, reject))
    const prototype = module[exportedAs[name] ?? name].prototype
    for (const method of methods) {
      const original = prototype[method]
      prototype[method] = function () {
        window.reached.add(`${name}.${method}`)
        return original.apply(this, arguments)
      }
    }
  }
}"""

Step = Callable[[NotebookPage], None]


def keys(*pressed: str, cell: int = 0) -> Step:
    """Command mode at a cell, then keys."""

    def step(nb: NotebookPage) -> None:
        nb.select(cell)
        for key in pressed:
            nb.page.keyboard.press(key)
        nb.wait_idle()

    return step


def menu(link: str, item: str, cell: int = 0) -> Step:
    """A click on an item of a menu, opening submenus on the way."""

    def step(nb: NotebookPage) -> None:
        nb.select(cell)
        nb.page.click(link)
        above = nb.page.locator(f"li.dropdown-submenu:has({item})")
        if above.count() > 0:
            above.first.hover()
        nb.page.locator(f"{item} > a").first.click()
        nb.wait_idle()

    return step


def button(action: str, cell: int = 0) -> Step:
    """A click on a button of the toolbar."""

    def step(nb: NotebookPage) -> None:
        nb.select(cell)
        nb.page.click(f"[data-jupyter-action='jupyter-notebook:{action}']")
        nb.wait_idle()

    return step


def run(code: str, *, more: Step | None = None) -> Step:
    """Code whose messages are to be seen, in the first cell."""

    def step(nb: NotebookPage) -> None:
        nb.page.evaluate("(code) => Jupyter.notebook.get_cell(0).set_text(code)", code)
        nb.select(0)
        nb.page.keyboard.press("Control+Enter")
        if more:
            more(nb)
        nb.wait_idle()

    return step


def answer(nb: NotebookPage) -> None:
    nb.page.locator("input.raw_input").fill("x")
    nb.page.keyboard.press("Enter")


def type_in_editor(nb: NotebookPage) -> None:
    nb.edit(0, "is")
    nb.page.keyboard.press("Tab")
    expect(nb.page.locator("#complete, .completions").first).to_be_visible()
    nb.page.keyboard.press("Escape")
    nb.edit(0, "print(")
    nb.page.keyboard.press("Shift+Tab")
    expect(nb.page.locator("#tooltip")).to_be_visible()
    nb.page.keyboard.press("Escape")
    nb.page.keyboard.press("Escape")


RUN = """ActionHandler.call Notebook.execute_cell Notebook.execute_selected_cells Notebook.execute_cells
    CodeCell.execute CodeCell.get_callbacks CodeCell.clear_output OutputArea.clear_output CodeCell.set_input_prompt
    Kernel.execute
    Kernel.send_shell_message Kernel._get_msg"""
MESSAGES = """Kernel._handle_ws_message Kernel._finish_ws_message Kernel._handle_shell_reply
    Kernel._handle_iopub_message Kernel._handle_status_message Kernel._handle_input_message
    Kernel._finish_shell Kernel._finish_iopub CodeCell._handle_execute_reply"""
OUTPUT = "Kernel._handle_output_message OutputArea.handle_output OutputArea.append_output OutputArea.handle_appended"
KEY = "KeyboardManager.handle_keydown ShortcutManager.call_handler ActionHandler.call"
DISPLAY = "from IPython.display import *; display("

# What the user or the kernel does → what must have been reached.
STEPS: list[tuple[str, Step, str]] = [
    ("key: run", keys("Control+Enter"), f"{KEY} {RUN} {MESSAGES}"),
    (
        "key: run and select below",
        keys("Shift+Enter"),
        f"{KEY} Notebook.execute_cell_and_select_below CodeCell.execute",
    ),
    (
        "key: run and insert below",
        keys("Alt+Enter"),
        "Notebook.execute_cell_and_insert_below Notebook.insert_cell_below",
    ),
    ("key: delete twice", keys("d", "d", cell=1), "Notebook.delete_cells Notebook._unsafe_delete_cell"),
    ("key: undo", keys("z"), "Notebook.undelete_cell Notebook.insert_cell_at_index"),
    (
        "key: to markdown",
        keys("m", cell=1),
        "Notebook.cells_to_markdown Notebook.to_markdown Notebook.transfer_to_new_cell",
    ),
    ("key: to code", keys("y", cell=1), "Notebook.cells_to_code Notebook.to_code"),
    ("key: to raw", keys("r", "y", cell=1), "Notebook.cells_to_raw Notebook.to_raw"),
    ("key: heading", keys("2", "y", cell=1), "Notebook.to_heading MarkdownCell.set_heading_level"),
    ("key: above and below", keys("a", "b"), "Notebook.insert_cell_above Notebook.insert_cell_below"),
    (
        "key: copy and paste",
        keys("c", "v", "Shift+V"),
        "Notebook.copy_cell Notebook.paste_cell_below Notebook.paste_cell_above",
    ),
    ("key: cut", keys("x", cell=1), "Notebook.cut_cell"),
    (
        "key: select",
        keys("j", "k"),
        "Notebook.select_next Notebook.select_prev Notebook.select Cell.select Cell.unselect",
    ),
    ("key: extend", keys("Shift+J"), "Notebook.extend_selection_by Notebook.update_soft_selection"),
    ("key: merge", keys("Shift+J", "Shift+M"), "Notebook.merge_selected_cells Notebook.merge_cells"),
    ("key: edit and back", keys("Enter", "Escape"), "Notebook.edit_mode Notebook.command_mode Cell.focus_editor"),
    ("key: line numbers", keys("l"), "Notebook.cell_toggle_line_numbers Cell.toggle_line_numbers"),
    ("key: output", keys("o", "o"), "Notebook.toggle_cells_outputs CodeCell.toggle_output OutputArea.toggle_output"),
    ("key: scroll output", keys("Shift+O"), "Notebook.toggle_cells_outputs_scroll OutputArea.toggle_scroll"),
    (
        "key: save",
        keys("s"),
        "Notebook.save_checkpoint Notebook.save_notebook Notebook.save_notebook_success Notebook.toJSON",
    ),
    (
        "key: tab and tooltip",
        type_in_editor,
        "Completer.startCompletion Completer.finish_completing Tooltip.request Tooltip._show",
    ),
    (
        "key in editor",
        type_in_editor,
        "CodeCell.handle_codemirror_keyevent Cell.handle_keyevent Kernel.complete Kernel.inspect",
    ),
    ("menu: run", menu("#celllink", "#run_cell"), f"{RUN}"),
    ("menu: run all", menu("#celllink", "#run_all_cells"), "Notebook.execute_all_cells Notebook.execute_cell_range"),
    ("menu: run above", menu("#celllink", "#run_all_cells_above", 1), "Notebook.execute_cells_above CodeCell.execute"),
    ("menu: run below", menu("#celllink", "#run_all_cells_below"), "Notebook.execute_cells_below CodeCell.execute"),
    ("menu: clear all", menu("#celllink", "#clear_all_output"), "Notebook.clear_all_output CodeCell.clear_output"),
    ("menu: toggle all", menu("#celllink", "#toggle_all_output"), "Notebook.toggle_all_output CodeCell.toggle_output"),
    ("menu: cut", menu("#editlink", "#cut_cell", 1), "Notebook.cut_cell Notebook.delete_cells"),
    ("menu: paste", menu("#editlink", "#paste_cell_below"), "Notebook.paste_cell_below"),
    ("menu: split", menu("#editlink", "#split_cell"), "Notebook.split_cell"),
    ("menu: move", menu("#editlink", "#move_cell_down"), "Notebook.move_selection_down"),
    ("menu: insert", menu("#insertlink", "#insert_cell_below"), "Notebook.insert_cell_below"),
    ("menu: header", menu("#viewlink", "#toggle_header"), "ActionHandler.call Page._resize_site"),
    ("menu: header again", menu("#viewlink", "#toggle_header"), "ActionHandler.call"),
    ("menu: save", menu("#filelink", "#save_checkpoint"), "Notebook.save_checkpoint"),
    ("toolbar: run", button("run-cell-and-select-next"), "Notebook.execute_cell_and_select_below CodeCell.execute"),
    ("toolbar: insert", button("insert-cell-below"), "Notebook.insert_cell_below"),
    ("toolbar: cut", button("cut-cell", 1), "Notebook.cut_cell"),
    ("toolbar: copy, paste", button("copy-cell"), "Notebook.copy_cell"),
    ("toolbar: up", button("move-cell-up", 1), "Notebook.move_selection_up"),
    ("toolbar: interrupt", button("interrupt-kernel"), "Kernel.interrupt"),
    ("message: stream", run("print(1)"), f"{OUTPUT} OutputArea.append_stream"),
    ("message: result", run("1"), f"{OUTPUT} OutputArea.append_execute_result OutputArea.append_mime_type"),
    ("message: error", run("1/0"), f"{OUTPUT} OutputArea.append_error"),
    (
        "message: display",
        run(f"{DISPLAY}HTML('<b>x</b>'))"),
        "OutputArea.append_display_data OutputArea.create_output_subarea",
    ),
    ("message: update", run("d = display(1, display_id=True); d.update(2)"), "OutputArea.update_display_data"),
    (
        "message: clear",
        run("from IPython.display import *; print(1); clear_output()"),
        "OutputArea.handle_clear_output",
    ),
    ("message: input", run("input()", more=answer), "CodeCell._handle_input_request OutputArea.append_raw_input"),
    ("message: answer", run("input()", more=answer), "OutputArea._submit_raw_input Kernel.send_input_reply"),
    (
        "message: pager",
        run("print?"),
        "Kernel._handle_payloads CodeCell._open_with_pager Pager.expand Pager.append_text",
    ),
    ("message: next input", run("get_ipython().set_next_input('9')"), "CodeCell._handle_set_next_input"),
    (
        "markdown: run",
        keys("m", "Control+Enter", "Enter", "Escape", "y", cell=1),
        "MarkdownCell.render MarkdownCell.unrender",
    ),
]


def test_every_replaced_method_is_reached(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("print('a')", "2", "3", "4")
    modules: dict[str, dict[str, list[str]]] = json.loads(PROTOTYPES.read_text(encoding="utf-8"))
    of_page = [
        [module, name, [method.split("(")[0] for method in methods]]
        for module, classes in modules.items()
        if not module.startswith(("tree/", "edit/", "auth/"))
        for name, methods in classes.items()
    ]
    nb.page.evaluate(REPLACE_ALL, [of_page, EXPORTED_AS])
    unreached: dict[str, list[str]] = {}
    for name, step, expected in STEPS:
        nb.page.evaluate("() => window.reached.clear()")
        step(nb)
        wanted = expected.split()
        with suppress(PlaywrightTimeoutError):
            all_reached = "(names) => names.every((name) => window.reached.has(name))"
            nb.page.wait_for_function(all_reached, arg=wanted, timeout=REACH_TIMEOUT_MS)
            continue
        unreached[name] = nb.page.evaluate("(names) => names.filter((name) => !window.reached.has(name))", wanted)
    assert unreached == {}
