"""The notebook page's menus, toolbar, actions and keys as tables: what the tests go through, row by row."""

from __future__ import annotations

from typing import NamedTuple


class MenuItem(NamedTuple):
    """One item: the ids of its way from the menu bar down, its label, the action that it calls (or none)."""

    way: tuple[str, ...]
    label: str
    action: str = ""

    @property
    def id(self) -> str:
        return self.way[-1]


def _items(menu: tuple[str, ...], *rows: tuple[str, str, str] | tuple[str, str]) -> dict[str, MenuItem]:
    return {row[0]: MenuItem((*menu, row[0]), row[1], row[2] if len(row) == 3 else "") for row in rows}


FILE = ("filelink",)
EDIT = ("editlink",)
VIEW = ("viewlink",)
INSERT = ("insertlink",)
CELL = ("celllink",)
KERNEL = ("kernellink",)
HELP = ("helplink",)

MENU_ITEMS: dict[str, MenuItem] = {
    **_items(
        FILE,
        ("new_notebook", "New Notebook"),
        ("open_notebook", "Open..."),
        ("copy_notebook", "Make a Copy...", "duplicate-notebook"),
        ("save_notebook_as", "Save as..."),
        ("rename_notebook", "Rename...", "rename-notebook"),
        ("save_checkpoint", "Save and Checkpoint", "save-notebook"),
        ("restore_checkpoint", "Revert to Checkpoint"),
        ("print_preview", "Print Preview"),
        ("trust_notebook", "Trust Notebook", "trust-notebook"),
        ("close_and_halt", "Close and Halt", "close-and-halt"),
    ),
    **_items(
        EDIT,
        ("cut_cell", "Cut Cells", "cut-cell"),
        ("copy_cell", "Copy Cells", "copy-cell"),
        ("paste_cell_above", "Paste Cells Above", "paste-cell-above"),
        ("paste_cell_below", "Paste Cells Below", "paste-cell-below"),
        ("paste_cell_replace", "Paste Cells & Replace", "paste-cell-replace"),
        ("delete_cell", "Delete Cells", "delete-cell"),
        ("undelete_cell", "Undo Delete Cells", "undo-cell-deletion"),
        ("split_cell", "Split Cell", "split-cell-at-cursor"),
        ("merge_cell_above", "Merge Cell Above", "merge-cell-with-previous-cell"),
        ("merge_cell_below", "Merge Cell Below", "merge-cell-with-next-cell"),
        ("move_cell_up", "Move Cell Up", "move-cell-up"),
        ("move_cell_down", "Move Cell Down", "move-cell-down"),
        ("edit_nb_metadata", "Edit Notebook Metadata"),
        ("find_and_replace", "Find and Replace", "find-and-replace"),
        ("cut_cell_attachments", "Cut Cell Attachments", "cut-cell-attachments"),
        ("copy_cell_attachments", "Copy Cell Attachments", "copy-cell-attachments"),
        ("paste_cell_attachments", "Paste Cell Attachments", "paste-cell-attachments"),
        ("insert_image", "Insert Image", "insert-image"),
    ),
    **_items(
        VIEW,
        ("toggle_header", "Toggle Header", "toggle-header"),
        ("toggle_toolbar", "Toggle Toolbar", "toggle-toolbar"),
        ("toggle_line_numbers", "Toggle Line Numbers", "toggle-all-line-numbers"),
        ("toggle_table_of_contents", "Toggle Table of Contents", "toggle-table-of-contents"),  # ours
        ("menu-cell-toolbar", "Cell Toolbar"),
    ),
    **_items(
        INSERT,
        ("insert_cell_above", "Insert Cell Above", "insert-cell-above"),
        ("insert_cell_below", "Insert Cell Below", "insert-cell-below"),
    ),
    **_items(
        CELL,
        ("run_cell", "Run Cells", "run-cell"),
        ("run_cell_select_below", "Run Cells and Select Below", "run-cell-and-select-next"),
        ("run_cell_insert_below", "Run Cells and Insert Below", "run-cell-and-insert-below"),
        ("run_all_cells", "Run All", "run-all-cells"),
        ("run_all_cells_above", "Run All Above", "run-all-cells-above"),
        ("run_all_cells_below", "Run All Below", "run-all-cells-below"),
        ("change_cell_type", "Cell Type"),
        ("current_outputs", "Current Outputs"),
        ("all_outputs", "All Output"),
    ),
    **_items(
        (*CELL, "change_cell_type"),
        ("to_code", "Code", "change-cell-to-code"),
        ("to_markdown", "Markdown", "change-cell-to-markdown"),
        ("to_raw", "Raw NBConvert", "change-cell-to-raw"),
    ),
    **_items(
        (*CELL, "current_outputs"),
        ("toggle_current_output", "Toggle", "toggle-cell-output-collapsed"),
        ("toggle_current_output_scroll", "Toggle Scrolling", "toggle-cell-output-scrolled"),
        ("clear_current_output", "Clear", "clear-cell-output"),
    ),
    **_items(
        (*CELL, "all_outputs"),
        ("toggle_all_output", "Toggle", "toggle-all-cells-output-collapsed"),
        ("toggle_all_output_scroll", "Toggle Scrolling", "toggle-all-cells-output-scrolled"),
        ("clear_all_output", "Clear", "clear-all-cells-output"),
    ),
    **_items(
        KERNEL,
        ("int_kernel", "Interrupt", "interrupt-kernel"),
        ("restart_kernel", "Restart", "confirm-restart-kernel"),
        ("restart_clear_output", "Restart & Clear Output", "confirm-restart-kernel-and-clear-output"),
        ("restart_run_all", "Restart & Run All", "confirm-restart-kernel-and-run-all-cells"),
        ("reconnect_kernel", "Reconnect"),
        ("shutdown_kernel", "Shutdown", "confirm-shutdown-kernel"),
        ("menu-change-kernel", "Change kernel"),
    ),
    **_items(
        HELP,
        ("notebook_tour", "User Interface Tour"),
        ("keyboard_shortcuts", "Keyboard Shortcuts", "show-keyboard-shortcuts"),
        ("edit_keyboard_shortcuts", "Edit Keyboard Shortcuts", "edit-command-mode-keyboard-shortcuts"),
    ),
}
"""By the id of the item's ``li``. The Help menu's link has no id of its own in the original; ours is ``helplink``."""

COMMON_KEYS: dict[str, str] = {
    "shift-enter": "run-cell-and-select-next",
    "alt-enter": "run-cell-and-insert-below",
    "ctrl-enter": "run-cell",
    "cmdtrl-enter": "run-cell",
    "cmdtrl-s": "save-notebook",
    "shift": "ignore",
}

COMMAND_KEYS: dict[str, str] = {
    **COMMON_KEYS,
    "space": "scroll-notebook-down",
    "shift-space": "scroll-notebook-up",
    "cmdtrl-shift-p": "show-command-palette",
    "cmdtrl-shift-f": "show-command-palette",
    "p": "show-command-palette",
    "enter": "enter-edit-mode",
    "up": "select-previous-cell",
    "k": "select-previous-cell",
    "down": "select-next-cell",
    "j": "select-next-cell",
    "shift-k": "extend-selection-above",
    "shift-up": "extend-selection-above",
    "shift-j": "extend-selection-below",
    "shift-down": "extend-selection-below",
    "cmdtrl-a": "select-all",
    "x": "cut-cell",
    "c": "copy-cell",
    "v": "paste-cell-below",
    "shift-v": "paste-cell-above",
    "d,d": "delete-cell",
    "z": "undo-cell-deletion",
    "shift-z": "redo-cell-change",  # ours: whatever was undone can be done again
    "left": "fold-section",  # ours, as the next two
    "right": "unfold-section",
    "t": "toggle-table-of-contents",
    "a": "insert-cell-above",
    "b": "insert-cell-below",
    "y": "change-cell-to-code",
    "m": "change-cell-to-markdown",
    "r": "change-cell-to-raw",
    **{str(level): f"change-cell-to-heading-{level}" for level in range(1, 7)},
    "shift-m": "merge-cells",
    "o": "toggle-cell-output-collapsed",
    "shift-o": "toggle-cell-output-scrolled",
    "s": "save-notebook",
    "l": "toggle-cell-line-numbers",
    "shift-l": "toggle-all-line-numbers",
    "h": "show-keyboard-shortcuts",
    "f": "find-and-replace",
    "i,i": "interrupt-kernel",
    "0,0": "confirm-restart-kernel",
    "esc": "close-pager",
    "q": "close-pager",
}

EDIT_KEYS: dict[str, str] = {
    **COMMON_KEYS,
    "esc": "enter-command-mode",
    "ctrl-m": "enter-command-mode",
    "up": "move-cursor-up",
    "down": "move-cursor-down",
    "ctrl-shift--": "split-cell-at-cursor",
    "cmdtrl-shift-p": "show-command-palette",
    "cmdtrl-shift-f": "show-command-palette",
}

BUTTONS: dict[str, tuple[str, str]] = {
    "save-notebook": ("save-notbook", "fa-save"),
    "insert-cell-below": ("insert_above_below", "fa-plus"),
    "cut-cell": ("cut_copy_paste", "fa-cut"),
    "copy-cell": ("cut_copy_paste", "fa-copy"),
    "paste-cell-below": ("cut_copy_paste", "fa-paste"),
    "move-cell-up": ("move_up_down", "fa-arrow-up"),
    "move-cell-down": ("move_up_down", "fa-arrow-down"),
    "run-cell-and-select-next": ("run_int", "fa-play"),
    "interrupt-kernel": ("run_int", "fa-stop"),
    "confirm-restart-kernel": ("run_int", "fa-repeat"),
    "confirm-restart-kernel-and-run-all-cells": ("run_int", "fa-forward"),
    "show-command-palette": ("cmd_palette", "fa-keyboard-o"),
}
"""Toolbar: action → (group's id, icon)."""

CELL_TYPES = ("code", "markdown", "raw", "heading", "multiselect")
