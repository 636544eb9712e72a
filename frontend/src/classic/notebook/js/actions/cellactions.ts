/** Actions that add, remove, move, join and convert cells. */
import type { BuiltInTable } from "./action"
import { _ } from "../../../../i18n/words"

const HEADING_INDEXES = ["cd", "ce", "cf", "cg", "ch", "ci"]

const HEADINGS: BuiltInTable = Object.fromEntries(
  HEADING_INDEXES.map((help_index, at) => [
    `change-cell-to-heading-${at + 1}`,
    {
      cmd: _("change cell to heading %s", at + 1),
      help: _("change cell to heading %s", at + 1),
      help_index,
      handler: (env) => env.notebook.to_heading(undefined, at + 1),
    } satisfies BuiltInTable[string],
  ]),
)

const CONVERSIONS: BuiltInTable = {
  "change-cell-to-code": {
    cmd: _("change cell to code"),
    help: _("change cell to code"),
    help_index: "ca",
    handler: (env) => env.notebook.cells_to_code(),
  },
  "change-cell-to-markdown": {
    cmd: _("change cell to markdown"),
    help: _("change cell to markdown"),
    help_index: "cb",
    handler: (env) => env.notebook.cells_to_markdown(),
  },
  "change-cell-to-raw": {
    cmd: _("change cell to raw"),
    help: _("change cell to raw"),
    help_index: "cc",
    handler: (env) => env.notebook.cells_to_raw(),
  },
  ...HEADINGS,
}

const CLIPBOARD: BuiltInTable = {
  "cut-cell": {
    cmd: _("cut selected cells"),
    help: _("cut selected cells"),
    icon: "fa-cut",
    help_index: "ee",
    handler: (env) => {
      const index = env.notebook.get_selected_index()
      env.notebook.cut_cell()
      if (index !== null) env.notebook.select(index)
    },
  },
  "copy-cell": {
    cmd: _("copy selected cells"),
    help: _("copy selected cells"),
    icon: "fa-copy",
    help_index: "ef",
    handler: (env) => env.notebook.copy_cell(),
  },
  "paste-cell-replace": {
    help: _("paste cells & replace"),
    handler: (env) => env.notebook.paste_cell_replace(),
  },
  "paste-cell-above": {
    cmd: _("paste cells above"),
    help: _("paste cells above"),
    help_index: "eg",
    handler: (env) => env.notebook.paste_cell_above(),
  },
  "paste-cell-below": {
    cmd: _("paste cells below"),
    help: _("paste cells below"),
    icon: "fa-paste",
    help_index: "eh",
    handler: (env) => env.notebook.paste_cell_below(),
  },
  "cut-cell-attachments": {
    cmd: _("cut cell attachments"),
    help: _("cut cell attachments"),
    help_index: "dza",
    handler: (env) => env.notebook.cut_cell_attachments(),
  },
  "copy-cell-attachments": {
    cmd: _("copy cell attachments"),
    help: _("copy cell attachments"),
    help_index: "dzb",
    handler: (env) => env.notebook.copy_cell_attachments(),
  },
  "paste-cell-attachments": {
    cmd: _("paste cell attachments"),
    help: _("paste cell attachments"),
    help_index: "dzc",
    handler: (env) => env.notebook.paste_cell_attachments(),
  },
  "insert-image": {
    cmd: _("insert image"),
    help: _("insert image"),
    help_index: "dz",
    handler: (env) => env.notebook.insert_image(),
  },
}

const STRUCTURE: BuiltInTable = {
  "insert-cell-above": {
    cmd: _("insert cell above"),
    help: _("insert cell above"),
    help_index: "ec",
    handler: (env) => {
      env.notebook.insert_cell_above()
      env.notebook.select_prev(true)
      env.notebook.focus_cell()
    },
  },
  "insert-cell-below": {
    cmd: _("insert cell below"),
    help: _("insert cell below"),
    icon: "fa-plus",
    help_index: "ed",
    handler: (env) => {
      env.notebook.insert_cell_below()
      env.notebook.select_next(true)
      env.notebook.focus_cell()
    },
  },
  "move-cell-down": {
    cmd: _("move cells down"),
    help: _("move selected cells down"),
    icon: "fa-arrow-down",
    help_index: "eb",
    handler: (env) => env.notebook.move_selection_down(),
  },
  "move-cell-up": {
    cmd: _("move cells up"),
    help: _("move selected cells up"),
    icon: "fa-arrow-up",
    help_index: "ea",
    handler: (env) => env.notebook.move_selection_up(),
  },
  "delete-cell": {
    cmd: _("delete cells"),
    help: _("delete selected cells"),
    help_index: "ej",
    handler: (env) => env.notebook.delete_cell(),
  },
  "undo-cell-deletion": {
    cmd: _("undo cell deletion"),
    help: _("undo cell deletion, or another change of cells"),
    help_index: "ei",
    handler: (env) => env.notebook.undo_structure(),
  },
  "redo-cell-change": {
    cmd: _("redo the last change of cells"),
    help: _("redo the last change of cells that was undone"),
    help_index: "eia",
    handler: (env) => env.notebook.redo_structure(),
  },
  "split-cell-at-cursor": {
    cmd: _("split cell at cursor(s)"),
    help: _("split cell at cursor(s)"),
    help_index: "ea",
    handler: (env) => env.notebook.split_cell(),
  },
  "merge-cell-with-previous-cell": {
    cmd: _("merge cell with previous cell"),
    handler: (env) => env.notebook.merge_cell_above(),
  },
  "merge-cell-with-next-cell": {
    cmd: _("merge cell with next cell"),
    help: _("merge cell below"),
    help_index: "ek",
    handler: (env) => env.notebook.merge_cell_below(),
  },
  "merge-selected-cells": {
    cmd: _("merge selected cells"),
    help: _("merge selected cells"),
    help_index: "el",
    handler: (env) => env.notebook.merge_selected_cells(),
  },
  "merge-cells": {
    cmd: _("merge cells"),
    help: _("merge selected cells, or current cell with cell below if only one cell is selected"),
    help_index: "el",
    handler: (env) => {
      if (env.notebook.get_selected_cells_indices().length === 1) env.notebook.merge_cell_below()
      else env.notebook.merge_selected_cells()
    },
  },
  "auto-indent": {
    cmd: _("automatically indent selection"),
    help: _("automatically indent selection"),
    handler: (env) => env.notebook.get_selected_cell()?.code_mirror.execCommand("indentAuto"),
  },
}

export const CELL_ACTIONS: BuiltInTable = { ...CONVERSIONS, ...CLIPBOARD, ...STRUCTURE }
