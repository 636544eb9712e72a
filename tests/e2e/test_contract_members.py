"""Members, elements and events of the notebook page that extensions read, as they are in a browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenNotebook
from tests.e2e.pages import NotebookPage

MEMBERS: dict[str, str] = json.loads(
    (Path(__file__).resolve().parents[2] / "frontend/test/contract/members.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def nb(desk: OpenNotebook) -> NotebookPage:
    nb = desk("print(1)", ("markdown", "# Title"), ("raw", "raw"), "2")
    nb.select(0)
    nb.page.keyboard.press("Control+Enter")
    nb.wait_idle()
    return nb


def test_objects_have_their_documented_members(nb: NotebookPage) -> None:
    missing = nb.page.evaluate(
        """(members) => Object.entries(members).flatMap(([path, names]) => {
            const owner = eval(path)
            return names.split(' ').filter((name) => !(name in owner)).map((name) => `${path}: ${name}`)
        })""",
        MEMBERS,
    )
    assert missing == []


ELEMENTS = [
    "body.notebook_app.command_mode, body.notebook_app.edit_mode",
    "#header > #header-container",
    "#header > .header-bar",
    "#header > #menubar-container > #menubar",
    "#menubar-container > #maintoolbar",
    "#header > .lower-header-bar",
    "#site > #ipython-main-app > #notebook_panel > #notebook[tabindex='-1'] > #notebook-container.container > div.cell",
    "#notebook_panel > #tooltip.ipython_tooltip",
    "#notebook .end_space",
    "#pager > #pager-contents > #pager-container.container",
    "#pager > #pager-button-area",
    "div.cell.code_cell.rendered[tabindex='2'] > div.input > div.prompt_container > div.prompt.input_prompt",
    "div.prompt_container > div.run_this_cell[title='Run this cell'] > i.fa-step-forward.fa",
    "div.input > div.inner_cell > div.ctb_hideshow > div.celltoolbar",
    "div.inner_cell > div.input_area[aria-label='Edit code here'] div.CodeMirror.cm-s-ipython",
    "div.code_cell > div.output_wrapper > div.out_prompt_overlay.prompt",
    "div.output_wrapper > div.output > div.output_area > div.run_this_cell",
    "div.output_area > div.output_subarea.output_text.output_stream.output_stdout[dir='auto']",
    "div.output_wrapper > div.btn.btn-default.output_collapsed",
    "div.cell.text_cell.rendered > div.prompt.input_prompt",
    "div.text_cell > div.inner_cell > div.input_area[aria-label='Edit Markup Text here']",
    "div.text_cell > div.inner_cell > div.text_cell_render.rendered_html[tabindex='-1'] > h1#Title > a.anchor-link",
]


@pytest.mark.parametrize("selector", ELEMENTS)
def test_elements_are_nested_as_documented(nb: NotebookPage, selector: str) -> None:
    expect(nb.page.locator(selector).first).to_be_attached()


CELL, KERNEL = ["cell"], ["kernel"]
# event → members of its payload; "" says a value that is no object
PAYLOADS: dict[str, list[str]] = {
    "set_dirty.Notebook": ["value"],
    "selected_cell_type_changed.Notebook": ["cell_type", "editable"],
    "command_mode.Notebook": [],
    "edit_mode.Notebook": [],
    "create.Cell": ["cell", "index"],
    "delete.Cell": ["cell", "index"],
    "select.Cell": ["cell", "extendSelection"],
    "change.Cell": ["cell", "change"],
    "command_mode.Cell": CELL,
    "edit_mode.Cell": CELL,
    "execute.CodeCell": CELL,
    "finished_execute.CodeCell": CELL,
    "clear_output.CodeCell": CELL,
    "rendered.MarkdownCell": CELL,
    "output_added.OutputArea": ["output", "output_area"],
    "output_updated.OutputArea": ["output", "output_area"],
    "unrecognized_output.OutputArea": ["output"],
    "set_next_input.Notebook": ["cell", "text", "replace", "clear_output"],
    "before_save.Notebook": [],
    "notebook_saved.Notebook": [],
    "checkpoint_created.Notebook": ["id", "last_modified"],
    "notebook_renamed.Notebook": ["path", "name"],
    "trust_changed.Notebook": [""],
    "autosave_enabled.Notebook": [""],
    "autosave_disabled.Notebook": [],
    "kernel_busy.Kernel": KERNEL,
    "kernel_idle.Kernel": KERNEL,
    "kernel_interrupting.Kernel": KERNEL,
    "kernel_restarting.Kernel": KERNEL,
    "kernel_ready.Kernel": KERNEL,
    "kernel_connected.Kernel": KERNEL,
    "execution_request.Kernel": ["kernel", "content"],
    "input_reply.Kernel": ["kernel", "content"],
    "send_input_reply.Kernel": [""],
    "shell_reply.Kernel": ["kernel", "reply"],
    "finished_iopub.Kernel": ["kernel", "msg_id"],
    "open_with_text.Pager": ["data"],
    "preset_added.CellToolbar": ["name"],
    "preset_activated.CellToolbar": ["name"],
    "unregistered_preset.CellToolbar": ["name"],
    "rebuild.QuickHelp": [],
    "resize-header.Page": [],
}
LISTEN = """(names) => {
  window.heard = {}
  for (const name of names) {
    Jupyter.notebook.events.on(name, (_event, payload) => {
      window.heard[name] = payload === undefined ? [] : Object(payload) === payload ? Object.keys(payload) : ['']
    })
  }
}"""
UNUSUAL = """async () => {
  const notebook = Jupyter.notebook
  const toolbar = Jupyter.CellToolbar
  toolbar.register_preset('Mine', [], notebook)
  toolbar.activate_preset('Mine')
  toolbar.unregister_preset('Mine')
  notebook.set_autosave_interval(0)
  notebook.set_autosave_interval(120000)
  const area = notebook.get_cell(0).output_area
  area.append_output({ output_type: 'hologram' })
  area.element.find('.output_unrecognized a').trigger('click')
  $('.modal').modal('hide')
  await notebook.load_notebook(notebook.notebook_path)
}"""


def test_events_come_with_their_payloads(open_notebook: OpenNotebook) -> None:
    nb = open_notebook("1", ("markdown", "# Title"), "d = display(1, display_id=True); d.update(2)\nprint?")
    nb.page.evaluate(LISTEN, list(PAYLOADS))
    nb.edit(0, "input()")
    nb.page.keyboard.press("Control+Enter")
    nb.page.locator("input.raw_input").fill("x")
    nb.page.keyboard.press("Enter")
    nb.wait_idle()
    nb.select(2)
    nb.page.keyboard.press("Control+Enter")
    nb.wait_idle()
    nb.edit(0, "get_ipython().set_next_input('9')")
    nb.page.keyboard.press("Control+Enter")
    nb.wait_idle()
    nb.select(2)  # the markdown cell: the new cell stands before it
    for key in ("Enter", "Control+Enter", "b", "d", "d", "i", "i", "s"):
        nb.page.keyboard.press(key)
    nb.page.evaluate("() => Jupyter.keyboard_manager.command_shortcuts.add_shortcut('ctrl-9', () => undefined)")
    nb.page.wait_for_function("() => !Jupyter.notebook.dirty && 'checkpoint_created.Notebook' in window.heard")
    nb.page.evaluate("() => Jupyter.notebook.rename('renamed-by-contract.ipynb')")
    nb.page.evaluate(UNUSUAL)
    nb.page.evaluate("() => void Jupyter.notebook.restart_kernel({ confirm: false })")
    nb.page.evaluate("() => Jupyter.notebook.events.trigger('resize-header.Page')")
    with_all = "(names) => names.every((name) => name in window.heard)"
    try:
        nb.page.wait_for_function(with_all, arg=list(PAYLOADS), timeout=20_000)
    finally:
        heard: dict[str, list[str]] = nb.page.evaluate("() => window.heard")
        assert sorted(set(PAYLOADS) - set(heard)) == []
    assert {name: wanted for name, wanted in PAYLOADS.items() if not set(wanted) <= set(heard[name])} == {}
