/** Actions that change the mode, the selection or the place of the cursor. */
import type { ActionEnv, BuiltInTable } from "./action"
import { _ } from "../../../../i18n/words"

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
    cmd: _("enter command mode"),
    help: _("enter command mode"),
    help_index: "aa",
    handler: (env) => {
      env.notebook.command_mode()
      env.notebook.ensure_focused() // the editor has lost the focus, and nothing else had it
    },
  },
  "enter-edit-mode": {
    cmd: _("enter edit mode"),
    help: _("enter edit mode"),
    help_index: "aa",
    handler: (env) => env.notebook.edit_mode(),
  },
  "select-previous-cell": {
    cmd: _("select previous cell"),
    help: _("select cell above"),
    help_index: "da",
    handler: (env) => {
      const index = env.notebook.get_selected_index()
      if (index === null || index === 0) return
      env.notebook.select_prev(true)
      env.notebook.focus_cell()
    },
  },
  "select-next-cell": {
    cmd: _("select next cell"),
    help: _("select cell below"),
    help_index: "db",
    handler: (env) => {
      const index = env.notebook.get_selected_index()
      if (index === null || index === env.notebook.ncells() - 1) return
      env.notebook.select_next(true)
      env.notebook.focus_cell()
    },
  },
  "extend-selection-above": {
    cmd: _("extend selection above"),
    help: _("extend selected cells above"),
    help_index: "dc",
    handler: (env) => env.notebook.extend_selection_by(-1), // `focus_cell` counts as a click and would contract the selection
  },
  "extend-selection-below": {
    cmd: _("extend selection below"),
    help: _("extend selected cells below"),
    help_index: "dd",
    handler: (env) => env.notebook.extend_selection_by(1), // `focus_cell` counts as a click and would contract the selection
  },
  "select-all": {
    cmd: _("select all"),
    help: _("select all cells"),
    help_index: "de",
    handler: (env) => env.notebook.select_all(),
  },
  "move-cursor-up": {
    cmd: _("move cursor up"),
    help: _("move cursor up"),
    decides: true,
    handler: (env, event) => moveCursor(env, "up", event),
  },
  "move-cursor-down": {
    cmd: _("move cursor down"),
    help: _("move cursor down"),
    decides: true,
    handler: (env, event) => moveCursor(env, "down", event),
  },
  "fold-section": {
    cmd: _("hide the cells of the section"),
    help: _("hide the cells below the selected heading, or go to the heading above"),
    decides: true,
    handler: (env) => !env.notebook.outline?.sections.fold_selected(),
  },
  "unfold-section": {
    cmd: _("show the cells of the section"),
    help: _("show the hidden cells below the selected heading"),
    decides: true,
    handler: (env) => !env.notebook.outline?.sections.unfold_selected(),
  },
  "scroll-notebook-down": {
    cmd: _("scroll notebook down"),
    help: _("scroll notebook down"),
    decides: true,
    handler: (env, event) => scrollPages(env, 1, event),
  },
  "scroll-notebook-up": {
    cmd: _("scroll notebook up"),
    help: _("scroll notebook up"),
    decides: true,
    handler: (env, event) => scrollPages(env, -1, event),
  },
  "scroll-cell-center": {
    cmd: _("scroll cell center"),
    help: _("scroll the current cell to the center"),
    handler: (env) => scrollCell(env, 50),
  },
  "scroll-cell-top": {
    cmd: _("scroll cell top"),
    help: _("scroll the current cell to the top"),
    handler: (env) => scrollCell(env, 0),
  },
  ignore: { cmd: "ignore", decides: true, handler: () => true },
}
