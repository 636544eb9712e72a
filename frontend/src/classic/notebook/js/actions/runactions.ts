/** Actions that run cells. */
import type { BuiltInTable } from "./action"

export const RUN_ACTIONS: BuiltInTable = {
  "run-cell-and-select-next": {
    cmd: "run cell and select next",
    help: "run cell, select below",
    icon: "fa-play",
    help_index: "ba",
    handler: (env) => env.notebook.execute_cell_and_select_below(),
  },
  "run-cell": {
    cmd: "run selected cells",
    help: "run selected cells",
    help_index: "bb",
    handler: (env) => env.notebook.execute_cell(), // which calls execute_selected_cells: either may be replaced
  },
  "run-cell-and-insert-below": {
    cmd: "run cell and insert below",
    help: "run cell and insert below",
    help_index: "bc",
    handler: (env) => env.notebook.execute_cell_and_insert_below(),
  },
  "run-all-cells": {
    cmd: "run all cells",
    help: "run all cells",
    help_index: "bd",
    handler: (env) => env.notebook.execute_all_cells(),
  },
  "run-all-cells-above": {
    cmd: "run all cells above",
    handler: (env) => env.notebook.execute_cells_above(),
  },
  "run-all-cells-below": {
    cmd: "run all cells below",
    handler: (env) => env.notebook.execute_cells_below(),
  },
}
