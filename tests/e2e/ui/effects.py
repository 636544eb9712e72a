"""What each action does to the cells of ``Desk.reset``: JavaScript to prepare, an expression that must come true."""

from __future__ import annotations

from typing import NamedTuple


class Effect(NamedTuple):
    """``before`` prepares; ``after`` holds once the action has done its work."""

    after: str
    before: str = ""


TWO = "'two = 2\\\\nlines = 3'".replace("\\\\", "\\")
ATTACHED = "nb.select(2); desk.cell(2).attachments = {'a.png': {'image/png': 'aGk='}};"
LONG = "desk.cell(0).set_text(Array(400).fill('x').join('\\n'));"
IN_EDITOR = "nb.edit_mode();"
SLEEPING = (
    "desk.cell(1).set_text('import time\\nprint(\"runs\")\\nwhile True: time.sleep(0.1)'); nb.get_cell(1).execute();"
    "return new Promise(done => {"
    " const look = () => desk.outputs(1).includes('runs') ? done() : setTimeout(look, 50); look(); });"
)
BOTH = "nb.select(0); nb.select(1, false);"


def _heading(level: int) -> Effect:
    return Effect(f"desk.types()[1] === 'markdown' && desk.texts()[1].startsWith('{'#' * level} two')")


RUN = {
    "run-cell-and-select-next": Effect("desk.ran(1) && desk.at() === 2"),
    "run-cell": Effect("desk.ran(1) && desk.at() === 1 && nb.mode === 'command'"),
    "run-cell-and-insert-below": Effect(
        "desk.ran(1) && desk.at() === 2 && desk.texts()[2] === '' && nb.ncells() === 5"
    ),
    "run-all-cells": Effect("desk.ran(0) && desk.ran(1)"),
    "run-all-cells-above": Effect("desk.ran(0) && !desk.ran(1)"),
    "run-all-cells-below": Effect("desk.ran(1) && !desk.ran(0)"),
}

SELECTION = {
    "enter-command-mode": Effect(
        "nb.mode === 'command' && document.body.classList.contains('command_mode')", IN_EDITOR
    ),
    "enter-edit-mode": Effect("nb.mode === 'edit' && document.body.classList.contains('edit_mode')"),
    "select-previous-cell": Effect("desk.at() === 0"),
    "select-next-cell": Effect("desk.at() === 2"),
    "extend-selection-above": Effect("desk.same(desk.chosen(), [0, 1])"),
    "extend-selection-below": Effect("desk.same(desk.chosen(), [1, 2])"),
    "select-all": Effect("desk.same(desk.chosen(), [0, 1, 2, 3])"),
    "move-cursor-up": Effect(
        "desk.at() === 0 && nb.mode === 'edit' && desk.cell(0).code_mirror.getCursor().ch === 0",
        IN_EDITOR + "desk.cell(1).code_mirror.setCursor(0, 0);",
    ),
    "move-cursor-down": Effect(
        "desk.at() === 2 && nb.mode === 'edit' && !desk.cell(2).rendered",
        IN_EDITOR + "desk.cell(1).code_mirror.setCursor(9, 99);",
    ),
    "scroll-notebook-down": Effect("$('#site').scrollTop() > 100", LONG + "nb.select(0);"),
    "scroll-notebook-up": Effect(
        "$('#site').scrollTop() < 1900 && $('#site').scrollTop() > 0", LONG + "$('#site').scrollTop(2000);"
    ),
    "scroll-cell-center": Effect("$('#site').scrollTop() > 500", LONG),
    "scroll-cell-top": Effect("$('#site').scrollTop() > 500", LONG),
    "fold-section": Effect(
        "$('.section_hidden').length === 1 && nb.get_cell(2).metadata.heading_collapsed", "nb.select(2);"
    ),
    "unfold-section": Effect(
        "$('.section_hidden').length === 0 && nb.dirty",
        "nb.get_cell(2).metadata.heading_collapsed = true; nb.outline.sections.follow(); nb.select(2);",
    ),
    "ignore": Effect("desk.same(desk.texts().length, 4) && !nb.dirty"),
}

CELLS = {
    "cut-cell": Effect("nb.ncells() === 3 && nb.paste_enabled && nb.dirty"),
    "copy-cell": Effect(f"nb.paste_enabled && nb.clipboard[0].source === {TWO} && !nb.dirty"),
    "paste-cell-above": Effect(f"nb.ncells() === 5 && desk.at() === 1 && desk.texts()[1] === {TWO}", "nb.copy_cell();"),
    "paste-cell-below": Effect(f"nb.ncells() === 5 && desk.at() === 2 && desk.texts()[2] === {TWO}", "nb.copy_cell();"),
    "paste-cell-replace": Effect(
        "nb.ncells() === 4 && desk.texts()[1] === 'one = 1'", "nb.select(0); nb.copy_cell(); nb.select(1);"
    ),
    "insert-cell-above": Effect("nb.ncells() === 5 && desk.at() === 1 && desk.texts()[1] === ''"),
    "insert-cell-below": Effect("nb.ncells() === 5 && desk.at() === 2 && desk.texts()[2] === ''"),
    "delete-cell": Effect("nb.ncells() === 3 && !nb.paste_enabled"),
    "undo-cell-deletion": Effect(f"nb.ncells() === 4 && desk.texts()[1] === {TWO}", "nb.delete_cell();"),
    "redo-cell-change": Effect("nb.ncells() === 3", "nb.delete_cell(); nb.undo_structure();"),
    "split-cell-at-cursor": Effect(
        "desk.same(desk.texts().slice(1, 3), ['two = 2', 'lines = 3'])",
        IN_EDITOR + "desk.cell(1).code_mirror.setCursor(1, 0);",
    ),
    "merge-cell-with-previous-cell": Effect(
        "desk.texts()[0] === 'one = 1\\n\\ntwo = 2\\nlines = 3' && nb.ncells() === 3"
    ),
    "merge-cell-with-next-cell": Effect("desk.texts()[1] === 'two = 2\\nlines = 3\\n\\n# three' && nb.ncells() === 3"),
    "merge-selected-cells": Effect("desk.texts()[0] === 'one = 1\\n\\ntwo = 2\\nlines = 3'", BOTH),
    "merge-cells": Effect("desk.texts()[0] === 'one = 1\\n\\ntwo = 2\\nlines = 3'", BOTH),
    "move-cell-up": Effect(f"desk.texts()[0] === {TWO} && desk.at() === 0 && nb.dirty"),
    "move-cell-down": Effect(f"desk.texts()[2] === {TWO} && desk.at() === 2 && nb.dirty"),
    "change-cell-to-code": Effect("desk.types()[2] === 'code'", "nb.select(2);"),
    "change-cell-to-markdown": Effect("desk.types()[1] === 'markdown'"),
    "change-cell-to-raw": Effect("desk.types()[1] === 'raw'"),
    **{f"change-cell-to-heading-{level}": _heading(level) for level in range(1, 7)},
    "auto-indent": Effect(
        "desk.texts()[1] === 'if x:\\n    y'",
        "desk.cell(1).set_text('if x:\\ny'); desk.cell(1).code_mirror.setOption('mode', 'python');"
        "desk.cell(1).code_mirror.execCommand('selectAll');",
    ),
    "insert-image": Effect("desk.dialog() === 'Select a file'", "nb.select(2); desk.cell(2).unrender(); nb.select(2);"),
    "cut-cell-attachments": Effect("desk.same(desk.cell(2).attachments, {}) && nb.paste_attachments_enabled", ATTACHED),
    "copy-cell-attachments": Effect("desk.cell(2).attachments['a.png'] && nb.paste_attachments_enabled", ATTACHED),
    "paste-cell-attachments": Effect(
        "desk.cell(2).attachments['a.png'] !== undefined", ATTACHED + "nb.cut_cell_attachments(); nb.select(2);"
    ),
}

OUTPUTS = {
    "toggle-cell-output-collapsed": Effect("desk.cell(1).output_area.collapsed && !desk.cell(0).output_area.collapsed"),
    "toggle-cell-output-scrolled": Effect("desk.cell(1).output_area.scrolled && !desk.cell(0).output_area.scrolled"),
    "clear-cell-output": Effect("desk.outputs(1) === '[]' && desk.outputs(0) !== '[]'"),
    "toggle-all-cells-output-collapsed": Effect(
        "desk.cell(0).output_area.collapsed && desk.cell(1).output_area.collapsed"
    ),
    "toggle-all-cells-output-scrolled": Effect(
        "desk.cell(0).output_area.scrolled && desk.cell(1).output_area.scrolled"
    ),
    "clear-all-cells-output": Effect("desk.outputs(0) === '[]' && desk.outputs(1) === '[]'"),
}

PAGE = {
    "toggle-cell-line-numbers": Effect("$('.CodeMirror-gutters:visible').length === 1 && !nb.line_numbers"),
    "toggle-all-line-numbers": Effect("nb.line_numbers && nb.config.data.Cell.cm_config.lineNumbers === true"),
    "show-all-line-numbers": Effect("nb.line_numbers && nb.config.data.Cell.cm_config.lineNumbers === true"),
    "hide-all-line-numbers": Effect(
        "!nb.line_numbers && nb.config.data.Cell.cm_config.lineNumbers === false", "nb.line_numbers = true;"
    ),
    "toggle-header": Effect("!desk.shown('#header-container') && nb.config.data.Notebook.Header === false"),
    "show-header": Effect(
        "desk.shown('#header-container') && nb.config.data.Notebook.Header === true", "nb.header = false;"
    ),
    "hide-header": Effect("!desk.shown('#header-container') && nb.config.data.Notebook.Header === false"),
    "toggle-menubar": Effect("!desk.shown('#menubar-container')"),
    "show-menubar": Effect("desk.shown('#menubar-container')", "$('#menubar-container').hide();"),
    "hide-menubar": Effect("!desk.shown('#menubar-container')"),
    "toggle-toolbar": Effect("!desk.shown('#maintoolbar') && nb.config.data.Notebook.Toolbar === false"),
    "show-toolbar": Effect(
        "desk.shown('#maintoolbar') && nb.config.data.Notebook.Toolbar === true", "nb.toolbar = false;"
    ),
    "hide-toolbar": Effect("!desk.shown('#maintoolbar') && nb.config.data.Notebook.Toolbar === false"),
    "toggle-table-of-contents": Effect(
        "desk.shown('#contents_pane') && $('#contents_pane li').text() === 'three' "
        "&& nb.config.data.Notebook.TableOfContents === true"
    ),
    "close-pager": Effect(
        "!desk.shown('#pager')", "Jupyter.pager.append_text('x'); Jupyter.pager.expand({duration: 0});"
    ),
    "toggle-cell-rtl-layout": Effect(
        "desk.cell(1).metadata.direction === 'rtl' && nb.dirty && document.body.dir === 'ltr'"
    ),
    "toggle-rtl-layout": Effect("nb.metadata.direction === 'rtl' && document.body.dir === 'rtl' && nb.dirty"),
    "show-keyboard-shortcuts": Effect("desk.dialog() === 'Keyboard shortcuts'"),
    "edit-command-mode-keyboard-shortcuts": Effect("desk.dialog() === 'Edit Command mode Shortcuts'"),
    "show-command-palette": Effect("desk.shown('.cmd-palette') && document.activeElement.type === 'search'"),
    "find-and-replace": Effect("desk.dialog() === 'Find and Replace' && desk.shown('#find-and-replace')"),
}

FILE = {
    "save-notebook": Effect(
        "!nb.dirty && desk.seen.has('notebook_saved') && desk.seen.has('checkpoint_created')", "nb.set_dirty(true);"
    ),
    "duplicate-notebook": Effect("desk.opened.some(url => url.includes('-Copy'))"),
    "rename-notebook": Effect("desk.dialog() === 'Rename Notebook'"),
    "trust-notebook": Effect(
        "desk.dialog() === 'Trust this notebook?'", "nb.events.trigger('trust_changed.Notebook', false);"
    ),
    "close-and-halt": Effect("desk.seen.has('window closed')"),
}

KERNEL = {
    "interrupt-kernel": Effect("desk.outputs(1).includes('KeyboardInterrupt')", SLEEPING),
    "restart-kernel": Effect("desk.seen.has('kernel_ready')"),
    "confirm-restart-kernel": Effect("desk.dialog() === 'Restart kernel?'"),
    "restart-kernel-and-run-all-cells": Effect("desk.seen.has('kernel_ready') && desk.ran(0) && desk.ran(1)"),
    "confirm-restart-kernel-and-run-all-cells": Effect(
        "desk.dialog() === 'Restart kernel and re-run the whole notebook?'"
    ),
    "restart-kernel-and-clear-output": Effect("desk.seen.has('kernel_ready') && desk.outputs(0) === '[]'"),
    "confirm-restart-kernel-and-clear-output": Effect("desk.dialog() === 'Restart kernel and clear all output?'"),
    "shutdown-kernel": Effect("desk.seen.has('kernel_killed')"),
    "confirm-shutdown-kernel": Effect("desk.dialog() === 'Shutdown kernel?'"),
}

EFFECTS: dict[str, Effect] = {**RUN, **SELECTION, **CELLS, **OUTPUTS, **PAGE, **FILE, **KERNEL}
"""By the action's name after ``jupyter-notebook:``."""

ENDS_THE_KERNEL = ("close-and-halt", "shutdown-kernel")
"""After these the page needs a new kernel."""
