/** Actions that change the mode, the selection or the place of the cursor. */
import type { ActionEnv, BuiltInTable } from "./action"

type Way = "up" | "down"

/* At its first or last position the cursor goes over into the neighbouring cell; elsewhere the key is the editor's. */
function moveCursor(env: ActionEnv, way: Way, event?: JQuery.TriggeredEvent | Event): boolean {
  const cell = env.notebook.get_selected_cell()
  const index = env.notebook.get_selected_index()
  if (!cell || index === null || !(way === "up" ? cell.at_top() : cell.at_bottom())) return true
  if (way === "up" ? index === 0 : index === env.notebook.ncells() - 1) return true
  event?.preventDefault()
  env.notebook.command_mode()
  if (way === "up") env.notebook.select_prev(true)
  else env.notebook.select_next(true)
  env.notebook.edit_mode()
  placeCursor(env, way)
  return false
}

function placeCursor(env: ActionEnv, way: Way): void {
  const editor = env.notebook.get_selected_cell()?.code_mirror
  if (!editor) return
  editor.setCursor(way === "up" ? editor.lastLine() : 0, 0)
}

function scrollPages(env: ActionEnv, pages: number, event?: JQuery.TriggeredEvent | Event): unknown {
  event?.preventDefault()
  return env.notebook.scroll_manager.scroll(pages)
}

function scrollCell(env: ActionEnv, percent: number): unknown {
  const index = env.notebook.get_selected_index()
  return index === null ? undefined : env.notebook.scroll_cell_percent(index, percent, 0)
}

export const MODE_ACTIONS: BuiltInTable = {
  "enter-command-mode": {
    cmd: "enter command mode",
    help: "enter command mode",
    help_index: "aa",
    handler: (env) => env.notebook.command_mode(),
  },
  "enter-edit-mode": {
    cmd: "enter edit mode",
    help: "enter edit mode",
    help_index: "aa",
    handler: (env) => env.notebook.edit_mode(),
  },
  "select-previous-cell": {
    cmd: "select previous cell",
    help: "select cell above",
    help_index: "da",
    handler: (env) => {
      const index = env.notebook.get_selected_index()
      if (index === null || index === 0) return
      env.notebook.select_prev(true)
      env.notebook.focus_cell()
    },
  },
  "select-next-cell": {
    cmd: "select next cell",
    help: "select cell below",
    help_index: "db",
    handler: (env) => {
      const index = env.notebook.get_selected_index()
      if (index === null || index === env.notebook.ncells() - 1) return
      env.notebook.select_next(true)
      env.notebook.focus_cell()
    },
  },
  "extend-selection-above": {
    cmd: "extend selection above",
    help: "extend selected cells above",
    help_index: "dc",
    handler: (env) => env.notebook.extend_selection_by(-1), // `focus_cell` counts as a click and would contract the selection
  },
  "extend-selection-below": {
    cmd: "extend selection below",
    help: "extend selected cells below",
    help_index: "dd",
    handler: (env) => env.notebook.extend_selection_by(1), // `focus_cell` counts as a click and would contract the selection
  },
  "select-all": {
    cmd: "select all",
    help: "select all cells",
    help_index: "de",
    handler: (env) => env.notebook.select_all(),
  },
  "move-cursor-up": {
    cmd: "move cursor up",
    help: "move cursor up",
    decides: true,
    handler: (env, event) => moveCursor(env, "up", event),
  },
  "move-cursor-down": {
    cmd: "move cursor down",
    help: "move cursor down",
    decides: true,
    handler: (env, event) => moveCursor(env, "down", event),
  },
  "fold-section": {
    cmd: "hide the cells of the section",
    help: "hide the cells below the selected heading, or go to the heading above",
    decides: true,
    handler: (env) => !env.notebook.outline?.sections.fold_selected(),
  },
  "unfold-section": {
    cmd: "show the cells of the section",
    help: "show the hidden cells below the selected heading",
    decides: true,
    handler: (env) => !env.notebook.outline?.sections.unfold_selected(),
  },
  "scroll-notebook-down": {
    cmd: "scroll notebook down",
    help: "scroll notebook down",
    decides: true,
    handler: (env, event) => scrollPages(env, 1, event),
  },
  "scroll-notebook-up": {
    cmd: "scroll notebook up",
    help: "scroll notebook up",
    decides: true,
    handler: (env, event) => scrollPages(env, -1, event),
  },
  "scroll-cell-center": {
    cmd: "scroll cell center",
    help: "scroll the current cell to the center",
    handler: (env) => scrollCell(env, 50),
  },
  "scroll-cell-top": {
    cmd: "scroll cell top",
    help: "scroll the current cell to the top",
    handler: (env) => scrollCell(env, 0),
  },
  ignore: { cmd: "ignore", decides: true, handler: () => true },
}
