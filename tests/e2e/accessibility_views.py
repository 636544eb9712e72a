"""What the notebook page can show beside its dialogs: how each is opened and closed, and which part to look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """``opens``: a script with ``nb``; then ``keys`` are pressed. ``part``: what is looked at, when ``shown`` is there.

    ``closes`` is Escape or a script.
    """

    opens: str
    part: str
    closes: str = "Escape"
    shown: str = ""
    keys: tuple[str, ...] = ()


MENUS = ["filelink", "editlink", "viewlink", "insertlink", "celllink", "kernellink", "helplink"]
PRESETS = ["Edit Metadata", "Raw Cell Format", "Slideshow", "Attachments", "Tags"]
TYPED = (
    "nb.select(3); nb.edit_mode(); const cm = nb.get_cell(3).code_mirror;"
    " cm.setValue({text!r}); cm.execCommand('goDocEnd');"
)


def typed(text: str) -> str:
    return TYPED.format(text=text)


NO_TOOLBAR = "nb._choose_celltoolbar('');"
LEAVE = "nb.get_cell(3).code_mirror.setValue('2'); nb.select(0); nb.focus_cell();"

VIEWS: dict[str, View] = {
    "the page at rest": View("nb.select(0);", "body", "nb.select(0);"),
    **{
        name: View(f"document.getElementById('{name}').focus();", f"li:has(> #{name})", keys=("Enter",))
        for name in MENUS
    },
    **{
        f"cell toolbar {name}": View(
            f"nb._choose_celltoolbar('{name}');", "#notebook", NO_TOOLBAR, ".celltoolbar :is(button, select)"
        )
        for name in PRESETS
    },
    "several cells selected": View("nb.select(2, false);", "#notebook", "nb.select(0);"),
    "edit mode": View(
        "nb.select(3); nb.edit_mode();", "#notebook", "nb.command_mode(); nb.select(0); nb.focus_cell();"
    ),
    "line numbers": View("nb.line_numbers = true;", "#notebook", "nb.line_numbers = false;"),
    "collapsed output": View("nb.get_cell(0).collapse_output();", "#notebook", "nb.get_cell(0).expand_output();"),
    "scrolled output": View(
        "nb.get_cell(0).toggle_output_scroll();", "#notebook", "nb.get_cell(0).toggle_output_scroll();"
    ),
    "command palette": View("nb.show_command_palette();", ".cmd-palette"),
    "command palette without a match": View(
        "nb.show_command_palette(); $('.cmd-palette input').val('zzzz').trigger('input');",
        ".cmd-palette",
        shown=".typeahead__empty",
    ),
    "find and replace": View("Jupyter.actions.call('jupyter-notebook:find-and-replace');", ".modal.in"),
    "shortcut editor": View("nb.show_shortcuts_editor();", ".modal.in"),
    "tour": View("Jupyter.menubar.tour.start();", ".popover.tour"),
    "completer": View(
        typed("import sys\nsys.e") + "cm.focus(); nb.get_cell(3).completer.startCompletion();", "#complete", LEAVE
    ),
    "tooltip": View(typed("print(") + "cm.focus(); Jupyter.tooltip.request(nb.get_cell(3));", "#tooltip", LEAVE),
    "pager": View(
        "nb.get_cell(3).set_text('print?'); nb.get_cell(3).execute();",
        "#pager",
        "Jupyter.pager.collapse({duration: 0});" + LEAVE,
    ),
    "an error": View(
        "nb.get_cell(3).set_text('1 / 0'); nb.get_cell(3).execute();", "#notebook", LEAVE, ".output_error"
    ),
    "running and waiting cells": View(
        "nb.get_cell(3).set_text('import time; time.sleep(60)'); nb.execute_cells([3, 4]);",
        "#notebook",
        "nb.kernel.interrupt();" + LEAVE,
        ".execution_status[data-kind=waiting]",
    ),
}
