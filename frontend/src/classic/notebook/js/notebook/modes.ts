/** Command mode and edit mode. */
import $ from "jquery"
import type { Cell } from "../cell"
import type { Notebook } from "../notebook"

function showMode(mode: "command" | "edit"): void {
  $(document.body).toggleClass("edit_mode", mode === "edit").toggleClass("command_mode", mode === "command")
}

export const modes = {
  get_edit_index(this: Notebook): number | null {
    const index = this.get_cells().findIndex((cell) => cell.mode === "edit")
    return index < 0 ? null : index
  },

  /** A cell went to command mode: follow it. */
  handle_command_mode(this: Notebook, cell: Cell | null): void {
    if (this.mode === "command") return
    cell?.command_mode()
    this.mode = "command"
    showMode("command")
    this.events.trigger("command_mode.Notebook")
    this.keyboard_manager.command_mode()
  },

  /** Leave the editor. */
  command_mode(this: Notebook): void {
    const cell = this.get_cell(this.get_edit_index() ?? undefined)
    if (!cell || this.mode === "command") return
    cell.code_mirror.getInputField().blur()
    /* A window without focus sends no blur; the mode must change all the same. */
    if ((this.mode as string) !== "command") this.handle_command_mode(cell)
  },

  /** A cell went to edit mode: follow it. */
  handle_edit_mode(this: Notebook, cell: Cell | null): void {
    this._contract_selection()
    if (!cell || this.mode === "edit") return
    cell.edit_mode()
    this.mode = "edit"
    showMode("edit")
    this.events.trigger("edit_mode.Notebook")
    this.keyboard_manager.edit_mode()
  },

  /** Open the selected cell's editor. */
  edit_mode(this: Notebook): void {
    this._contract_selection()
    const cell = this.get_selected_cell()
    if (!cell || this.mode === "edit") return
    cell.unrender()
    cell.focus_editor()
  },

  ensure_focused(this: Notebook): void {
    this.get_selected_cell()?.ensure_focused()
  },

  focus_cell(this: Notebook): void {
    this.get_selected_cell()?.focus_cell()
  },
}
