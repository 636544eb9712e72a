/** Actions that run cells. */
import type { BuiltInTable } from "./action"
import { _ } from "../../../../i18n/words"

export const RUN_ACTIONS: BuiltInTable = {
  "run-cell-and-select-next": {
    cmd: _("run cell and select next"),
    help: _("run cell, select below"),
    icon: "fa-play",
    help_index: "ba",
    handler: (env) => env.notebook.execute_cell_and_select_below(),
  },
  "run-cell": {
    cmd: _("run selected cells"),
    help: _("run selected cells"),
    help_index: "bb",
    handler: (env) => env.notebook.execute_cell(), // which calls execute_selected_cells: either may be replaced
  },
  "run-cell-and-insert-below": {
    cmd: _("run cell and insert below"),
    help: _("run cell and insert below"),
    help_index: "bc",
    handler: (env) => env.notebook.execute_cell_and_insert_below(),
  },
  "run-all-cells": {
    cmd: _("run all cells"),
    help: _("run all cells"),
    help_index: "bd",
    handler: (env) => env.notebook.execute_all_cells(),
  },
  "run-all-cells-above": {
    cmd: _("run all cells above"),
    handler: (env) => env.notebook.execute_cells_above(),
  },
  "run-all-cells-below": {
    cmd: _("run all cells below"),
    handler: (env) => env.notebook.execute_cells_below(),
  },
}
