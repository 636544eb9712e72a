/** Cut, copy and paste of cells inside the page. */
import $ from "jquery"
import type { Notebook } from "../notebook"
import { copyForClipboard } from "../../../../model/clipboard"
import { copyJson, type CellJson } from "../../../../model/notebook"
import { _ } from "../../../../i18n/words"

const PASTE_ITEMS = "#paste_cell_replace, #paste_cell_above, #paste_cell_below"

export const cellClipboard = {
  enable_paste(this: Notebook): void {
    this.paste_enabled = true
    $(PASTE_ITEMS).removeClass("disabled")
  },

  disable_paste(this: Notebook): void {
    this.paste_enabled = false
    $(PASTE_ITEMS).addClass("disabled")
  },

  cut_cell(this: Notebook): void {
    this.copy_cell()
    this.delete_cells()
  },

  copy_cell(this: Notebook): void {
    const cells = this.get_selected_cells()
    if (cells.length === 0) return
    this.clipboard = cells.map((cell) => copyForClipboard(cell.toJSON() as unknown as CellJson))
    this.enable_paste()
  },

  /** Put the clipboard in the place of the selected cells and select its last cell. */
  paste_cell_replace(this: Notebook): void {
    const cells = this._pasteable()
    const indices = this.get_selected_cells_indices()
    const [first] = indices
    if (!cells || first === undefined) return
    if (this.get_selected_cells().some((cell) => !cell.is_deletable())) return
    /* In before out: the notebook is never empty in between, and a filler cell is never needed. */
    const after = indices[indices.length - 1]! + 1
    this._undoable(_("paste cells"), this.get_selected_cells(), () => {
      cells.forEach((json, offset) => this._insert_json(copyJson(json), after + offset))
      this.delete_cells(indices)
    })
    this.select(first + cells.length - 1)
    this.focus_cell()
  },

  paste_cell_above(this: Notebook): void {
    this._paste_at(this.get_selected_cells_indices()[0] ?? 0, "first")
  },

  /** The last one is selected, so that pasting again goes on below it. */
  paste_cell_below(this: Notebook): void {
    const indices = this.get_selected_cells_indices()
    this._paste_at((indices[indices.length - 1] ?? -1) + 1, "last")
  },

  _paste_at(this: Notebook, index: number, selected: "first" | "last"): void {
    const cells = this._pasteable()
    if (!cells) return
    this._undoable(_("paste cells"), [], () => cells.forEach((json, offset) => this._insert_json(copyJson(json), index + offset)))
    this.select(selected === "first" ? index : index + cells.length - 1)
    this.focus_cell()
  },

  _pasteable(this: Notebook): CellJson[] | null {
    return this.paste_enabled && this.clipboard && this.clipboard.length > 0 ? this.clipboard : null
  },
}
