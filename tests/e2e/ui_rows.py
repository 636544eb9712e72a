"""Rows of the notebook page's inventory, section by section. A test shows one with ``@pytest.mark.ui_row("<id>")``."""

from __future__ import annotations

from tests.e2e import ui_dialog_rows, ui_output_rows
from tests.e2e.ui.actions import ACTIONS
from tests.e2e.ui.tables import BUTTONS, COMMAND_KEYS, EDIT_KEYS, MENU_ITEMS

SHELL: dict[str, str] = {
    "0 body": "class and data attributes of the notebook page",
    "0 title": "<name> - Jupyter Notebook",
    "0 favicon": "follows the kernel",
    "0.1 language": "lang and dir of the document follow the browser",
    "0.1 stylesheets": "custom.css comes last",
    "0.1 header": "logo, widgets, logout, in their nesting",
    "0.1 site height": "fills the window below the header",
    "0.1 token": "leaves the address bar",
    "0.1 custom": "custom.js runs on every page",
    "1.1 name": "click and Enter open the rename dialog",
    "1.1 status": "checkpoint and autosave texts",
    "1.1 logo": "the kernel's logo with its name",
}

MENUS: dict[str, str] = {
    **{f"1.2 {item}": f"{row.label} works" for item, row in MENU_ITEMS.items()},
    "1.2 nesting": "containers and indicators in their places",
    "1.2 shortcuts": "items show their key",
    "1.2 reselect": "a click in a menu selects the current cell again",
    "1.2 mouse": "an open menu follows the pointer along the bar",
    "1.2 keyboard": "arrows, Home, End, Enter, Escape, letters",
    "1.2 narrow": "folded into Menu at 400 px",
    "1.2 new notebook kernels": "one entry per kernel, the current one first",
    "1.2 change kernel kernels": "one entry per kernel",
    "1.2 checkpoints": "list of dates; No checkpoints",
    "1.2 download formats": "one entry per exporter",
    "1.2 download script": "named after the kernel's language",
    "1.2 bundlers": "entries of download and deploy",
    "1.2 cell toolbars": "one entry per preset",
    "1.2 help links": "Notebook Help and Markdown open elsewhere",
    "1.2 kernel help links": "the kernel's own, before the last divider",
    "1.2 tooltips": "items say what they do",
    "1.2 about": "versions of server, Python and kernel",
    "1.2 enabled": "paste, undo delete, insert image only when they can",
}

TOOLBAR: dict[str, str] = {
    **{f"1.3 {action}": "button" for action in BUTTONS},
    "1.3 groups": "ids, titles, names, icons, order",
    "1.3 cell type": "follows the selection and converts",
    "1.3 heading": "dialog, then markdown with one #",
    "1.3 missing icon": "a warning sign",
}

KEYS: dict[str, str] = {
    **{f"1.4 {action}": "named, described, and does it" for action in ACTIONS},
    "1.4 system-clipboard:paste-dialog": "Firefox alone",
    **{f"1.5 command {keys}": action for keys, action in COMMAND_KEYS.items()},
    **{f"1.5 edit {keys}": action for keys, action in EDIT_KEYS.items()},
    "1.5 disabled": "keys pass, Escape leads to command mode",
    "1.5 ignored events": "_ipkmIgnore",
    "1.5 sequences": "time limit, mismatch, modifiers in between",
    "1.5 config": "bind and unbind, unknown actions",
    "1.5 registered inputs": "typing in widgets is no command",
    "1.5 editor keys": "CodeMirror's own keys in cells",
}

SELECTION: dict[str, str] = {
    "1.6 modes": "body class, start in command mode",
    "1.6 enter edit": "click, Enter; markdown is opened",
    "1.6 leave edit": "blur and Escape",
    "1.6 selected cell": "one selected, range soft-selected",
    "1.6 click": "click, Shift-click, click inside the range",
    "1.6 other cell": "selecting another cell leaves edit mode",
    "1.6 double-click": "markdown opens with the focus in it",
    "1.6 extend": "Shift with arrows",
    "1.6 delete": "protected cells; never none left",
    "1.6 undo delete": "the whole group at its place",
    "1.6 copy": "strips deletable and id",
    "1.6 paste": "above, below, replace, with a selection of several",
    "1.6 insert": "type by Notebook.default_cell_type",
    "1.6 split": "cursors, selections, ends, protected",
    "1.6 merge": "above, below, selection; protected",
    "1.6 move": "moves the group and marks the notebook",
    "1.6 type change": "keeps text, metadata, attachments, cursor",
    "1.6 heading": "replaces marks",
    "1.6 run": "command mode, dirty, scroll to the end",
    "1.6 end space": "double-click below the last cell",
    "1.6 arrows": "cross from cell to cell in edit mode",
    "1.7 copy": "three forms on the system's clipboard",
    "1.7 paste": "cells from another notebook",
    "1.7 text": "selected text and inputs are left alone",
}

TOOLS: dict[str, str] = {
    "1.12 shape": "groups, icons, keys, order",
    "1.12 search": "by words and by letters",
    "1.12 run": "Enter, click; the action may open a dialog",
    "1.12 close": "Escape gives the notebook back",
    "1.13 controls": "ids, buttons, pressed states",
    "1.13 scope": "selected cells, or all",
    "1.13 preview": "count, matches, context, insertions",
    "1.13 many": "over 100 matches on one line",
    "1.13 invalid": "empty or broken pattern",
    "1.13 enter": "moves on, then replaces",
    "1.13 replace": "groups of a regular expression, undo, markdown rendered again",
    "1.13 protected": "cells that must not be edited are skipped",
    "1.13 slow pattern": "catastrophic regular expressions do not stop the page",
    "1.14 help": "sections, columns, order, editor's keys, Edit Shortcuts",
    "1.14 editor": "rows, kbd, wells",
    "1.14 add": "bound at once and for good; conflicts are told",
    "1.14 remove": "a default stays unbound",
    "1.22 steps": "every step shows its place",
    "1.22 keys": "arrows, Escape; the notebook comes back",
}

OURS: dict[str, str] = {
    "ours: connection banner": "what is wrong, and when it is tried again",
    "ours: table of contents": "follows headings, leads to them",
    "ours: table of contents, narrow": "over the page at 400 px",
    "ours: folded sections": "a heading hides what is below it",
}
"""What the classic page does not have."""

ROWS: dict[str, str] = {
    **SHELL,
    **MENUS,
    **TOOLBAR,
    **KEYS,
    **SELECTION,
    **TOOLS,
    **ui_dialog_rows.ROWS,
    **ui_output_rows.ROWS,
    **OURS,
}
"""Sections 0 to 1.22, 6 and 7, and what is ours."""

NOT_YET: dict[str, str] = {**ui_dialog_rows.NOT_YET}
"""Rows without a test, with the reason."""
