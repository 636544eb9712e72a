/** Actions that add, remove, move, join and convert cells. */
import type { BuiltInTable } from "./action"

const HEADING_INDEXES = ["cd", "ce", "cf", "cg", "ch", "ci"]

const HEADINGS: BuiltInTable = Object.fromEntries(
  HEADING_INDEXES.map((help_index, at) => [
    `change-cell-to-heading-${at + 1}`,
    {
      cmd: `change cell to heading ${at + 1}`,
      help: `change cell to heading ${at + 1}`,
      help_index,
      handler: (env) => env.notebook.to_heading(undefined, at + 1),
    } satisfies BuiltInTable[string],
  ]),
)

const CONVERSIONS: BuiltInTable = {
  "change-cell-to-code": {
    cmd: "change cell to code",
    help: "change cell to code",
    help_index: "ca",
    handler: (env) => env.notebook.cells_to_code(),
  },
  "change-cell-to-markdown": {
    cmd: "change cell to markdown",
    help: "change cell to markdown",
    help_index: "cb",
    handler: (env) => env.notebook.cells_to_markdown(),
  },
  "change-cell-to-raw": {
    cmd: "change cell to raw",
    help: "change cell to raw",
    help_index: "cc",
    handler: (env) => env.notebook.cells_to_raw(),
  },
  ...HEADINGS,
}

const CLIPBOARD: BuiltInTable = {
  "cut-cell": {
    cmd: "cut selected cells",
    help: "cut selected cells",
    icon: "fa-cut",
    help_index: "ee",
    handler: (env) => {
      const index = env.notebook.get_selected_index()
      env.notebook.cut_cell()
      if (index !== null) env.notebook.select(index)
    },
  },
  "copy-cell": {
    cmd: "copy selected cells",
    help: "copy selected cells",
    icon: "fa-copy",
    help_index: "ef",
    handler: (env) => env.notebook.copy_cell(),
  },
  "paste-cell-replace": {
    help: "paste cells & replace",
    handler: (env) => env.notebook.paste_cell_replace(),
  },
  "paste-cell-above": {
    cmd: "paste cells above",
    help: "paste cells above",
    help_index: "eg",
    handler: (env) => env.notebook.paste_cell_above(),
  },
  "paste-cell-below": {
    cmd: "paste cells below",
    help: "paste cells below",
    icon: "fa-paste",
    help_index: "eh",
    handler: (env) => env.notebook.paste_cell_below(),
  },
  "cut-cell-attachments": {
    cmd: "cut cell attachments",
    help: "cut cell attachments",
    help_index: "dza",
    handler: (env) => env.notebook.cut_cell_attachments(),
  },
  "copy-cell-attachments": {
    cmd: "copy cell attachments",
    help: "copy cell attachments",
    help_index: "dzb",
    handler: (env) => env.notebook.copy_cell_attachments(),
  },
  "paste-cell-attachments": {
    cmd: "paste cell attachments",
    help: "paste cell attachments",
    help_index: "dzc",
    handler: (env) => env.notebook.paste_cell_attachments(),
  },
  "insert-image": {
    cmd: "insert image",
    help: "insert image",
    help_index: "dz",
    handler: (env) => env.notebook.insert_image(),
  },
}

const STRUCTURE: BuiltInTable = {
  "insert-cell-above": {
    cmd: "insert cell above",
    help: "insert cell above",
    help_index: "ec",
    handler: (env) => {
      env.notebook.insert_cell_above()
      env.notebook.select_prev(true)
      env.notebook.focus_cell()
    },
  },
  "insert-cell-below": {
    cmd: "insert cell below",
    help: "insert cell below",
    icon: "fa-plus",
    help_index: "ed",
    handler: (env) => {
      env.notebook.insert_cell_below()
      env.notebook.select_next(true)
      env.notebook.focus_cell()
    },
  },
  "move-cell-down": {
    cmd: "move cells down",
    help: "move selected cells down",
    icon: "fa-arrow-down",
    help_index: "eb",
    handler: (env) => env.notebook.move_selection_down(),
  },
  "move-cell-up": {
    cmd: "move cells up",
    help: "move selected cells up",
    icon: "fa-arrow-up",
    help_index: "ea",
    handler: (env) => env.notebook.move_selection_up(),
  },
  "delete-cell": {
    cmd: "delete cells",
    help: "delete selected cells",
    help_index: "ej",
    handler: (env) => env.notebook.delete_cell(),
  },
  "undo-cell-deletion": {
    cmd: "undo cell deletion",
    help: "undo cell deletion, or another change of cells",
    help_index: "ei",
    handler: (env) => env.notebook.undo_structure(),
  },
  "redo-cell-change": {
    cmd: "redo the last change of cells",
    help: "redo the last change of cells that was undone",
    help_index: "eia",
    handler: (env) => env.notebook.redo_structure(),
  },
  "split-cell-at-cursor": {
    cmd: "split cell at cursor(s)",
    help: "split cell at cursor(s)",
    help_index: "ea",
    handler: (env) => env.notebook.split_cell(),
  },
  "merge-cell-with-previous-cell": {
    cmd: "merge cell with previous cell",
    handler: (env) => env.notebook.merge_cell_above(),
  },
  "merge-cell-with-next-cell": {
    cmd: "merge cell with next cell",
    help: "merge cell below",
    help_index: "ek",
    handler: (env) => env.notebook.merge_cell_below(),
  },
  "merge-selected-cells": {
    cmd: "merge selected cells",
    help: "merge selected cells",
    help_index: "el",
    handler: (env) => env.notebook.merge_selected_cells(),
  },
  "merge-cells": {
    cmd: "merge cells",
    help: "merge selected cells, or current cell with cell below if only one cell is selected",
    help_index: "el",
    handler: (env) => {
      if (env.notebook.get_selected_cells_indices().length === 1) env.notebook.merge_cell_below()
      else env.notebook.merge_selected_cells()
    },
  },
  "auto-indent": {
    cmd: "automatically indent selection",
    help: "automatically indent selection",
    handler: (env) => env.notebook.get_selected_cell()?.code_mirror.execCommand("indentAuto"),
  },
}

export const CELL_ACTIONS: BuiltInTable = { ...CONVERSIONS, ...CLIPBOARD, ...STRUCTURE }
