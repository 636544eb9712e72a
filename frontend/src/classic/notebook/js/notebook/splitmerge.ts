/** One cell into several, several into one. */
import type { Cell } from "../cell"
import { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"
import { copyJson, mergedAttachments, mergedText, spanOf } from "../../../../model/notebook"
import { _ } from "../../../../i18n/words"

export const splitAndMerge = {
  /** Split the selected cell at its cursors. It keeps its outputs and the last piece; the others go above. */
  split_cell(this: Notebook): void {
    const cell = this.get_selected_cell()
    const index = this.get_selected_index()
    if (!cell || index === null || !cell.is_splittable()) return
    const pieces = cell.get_split_text()
    if (pieces.length < 2) return
    this._undoable(_("split cell"), [cell], () => this._split_into(cell, index, pieces))
  },

  _split_into(this: Notebook, cell: Cell, index: number, pieces: readonly string[]): void {
    const was_editing = this.mode === "edit"
    pieces.slice(0, -1).forEach((piece, offset) => {
      const before = this.insert_cell_at_index(cell.cell_type, index + offset)
      before?.unrender()
      before?.set_text(piece)
      if (before) before.metadata = copyJson(cell.metadata)
      if (before && cell.attachments) before.attachments = copyJson(cell.attachments)
    })
    cell.unrender()
    cell.set_text(pieces[pieces.length - 1] ?? "")
    cell.code_mirror.setCursor(0, 0)
    this.select(index + pieces.length - 1)
    if (was_editing) cell.focus_editor()
    else this.focus_cell()
    this.set_dirty(true)
  },

  /** Join the cells at `indices` into the first of them, or with `into_last` into the last. */
  merge_cells(this: Notebook, indices: number[], into_last?: boolean): void {
    const cells = indices.flatMap((index) => (this.is_valid_cell_index(index) ? this.get_cell(index) ?? [] : []))
    if (cells.length < 2 || cells.some((cell) => !cell.is_mergeable())) return
    this._undoable(_("merge cells"), cells, () => this._merge_into(cells[into_last ? cells.length - 1 : 0]!, cells))
  },

  _merge_into(this: Notebook, target: Cell, cells: readonly Cell[]): void {
    const text = mergedText(cells.map((cell) => cell.get_text()))
    const was_rendered = target.rendered || target instanceof CodeCell
    if (this.mode === "edit") this.command_mode()
    const attachments = mergedAttachments(cells)
    for (const cell of cells.filter((each) => each !== target)) this._remove_merged(this.find_cell_index(cell))
    target.unrender()
    target.set_text(text)
    target.attachments = attachments
    target._clear_history()
    if (was_rendered) target.render()
    this.select(this.find_cell_index(target) ?? 0)
    this.focus_cell()
    this.set_dirty(true)
  },

  /* The text lives on in the target, so there is nothing to bring back. */
  _remove_merged(this: Notebook, index: number | null): void {
    if (index === null) return
    const cell = this.get_cell(index)
    this._unsafe_delete_cell(index)
    this.events.trigger("delete.Cell", { cell, index })
  },

  merge_selected_cells(this: Notebook): void {
    this.merge_cells(this.get_selected_cells_indices())
  },

  merge_cell_above(this: Notebook): void {
    const index = this.get_selected_index()
    if (index !== null && index > 0) this.merge_cells(spanOf(index - 1, index), true)
  },

  merge_cell_below(this: Notebook): void {
    const index = this.get_selected_index()
    if (index !== null) this.merge_cells(spanOf(index, index + 1), false)
  },
}
