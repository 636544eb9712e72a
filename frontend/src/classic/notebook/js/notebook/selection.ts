/** Which cells are selected: one cell, and the range from the anchor to it. */
import type { Cell } from "../cell"
import type { Notebook } from "../notebook"
import { spanOf } from "../../../../model/notebook"

export const selection = {
  get_selected_cells(this: Notebook): Cell[] {
    const cells = this.get_cells()
    return this.get_selected_cells_indices().flatMap((index) => cells[index] ?? [])
  },

  /** The positions from the anchor to the selected cell, ascending. */
  get_selected_cells_indices(this: Notebook): number[] {
    const selected = this.get_selected_index()
    return selected === null ? [] : spanOf(this.get_anchor_index() ?? selected, selected)
  },

  get_selected_cell(this: Notebook): Cell | null {
    const index = this.get_selected_index()
    return index === null ? null : this.get_cell(index)
  },

  get_anchor_index(this: Notebook): number | null {
    const index = this.get_cells().findIndex((cell) => cell.anchor)
    return index < 0 ? null : index
  },

  get_selected_index(this: Notebook): number | null {
    const index = this.get_cells().findIndex((cell) => cell.selected)
    return index < 0 ? null : index
  },

  extend_selection_by(this: Notebook, delta: number): void {
    const index = this.get_selected_index()
    const target = index === null ? null : this._shown_from(index + delta, delta < 0 ? -1 : 1)
    if (target === null || !this.is_valid_cell_index(target)) return
    this.select(target, false)
    this._focus_selected_element()
  },

  /** Give the selected cell the focus without a click, which would contract the selection. */
  _focus_selected_element(this: Notebook): void {
    this.get_selected_cell()?.element.trigger("focus")
  },

  /** Mark the range between anchor and selected cell, where it holds more than one cell. */
  update_soft_selection(this: Notebook): void {
    const indices = this.get_selected_cells_indices()
    const marked = new Set(indices.length > 1 ? indices : [])
    this.get_cells().forEach((cell, index) => cell.element.toggleClass("jupyter-soft-selected", marked.has(index)))
  },

  select_all(this: Notebook): void {
    const count = this.ncells()
    if (count === 0) return
    this.select(0, true)
    this.select(count - 1, false)
    this._focus_selected_element()
  },

  /** Let the selected cell be the whole selection. */
  _contract_selection(this: Notebook): void {
    const index = this.get_selected_index()
    if (index !== null && this.get_selected_cells_indices().length > 1) this.select(index, true)
  },

  /** Select the cell at `index`. With `moveanchor` false the anchor stays and the range grows to `index`. */
  select(this: Notebook, index: number, moveanchor: boolean = true): Notebook {
    if (!this.is_valid_cell_index(index)) return this
    const current = this.get_selected_index()
    if (current !== null && current !== index && this.mode !== "command") this.command_mode()
    this.get_cells().forEach((cell, position) => {
      if (position !== index && (cell.selected || (moveanchor && cell.anchor))) cell.unselect(moveanchor)
    })
    const cell = this.get_cell(index)
    cell?.select(moveanchor)
    this.update_soft_selection()
    if (cell) this._tell_selected_type(cell)
    return this
  },

  _tell_selected_type(this: Notebook, cell: Cell): void {
    this.events.trigger("selected_cell_type_changed.Notebook", { cell_type: cell.cell_type, editable: cell.is_editable() })
  },

  select_next(this: Notebook, moveanchor?: boolean): Notebook {
    const index = this.get_selected_index()
    return index === null ? this : this.select(this._shown_from(index + 1, 1), moveanchor)
  },

  select_prev(this: Notebook, moveanchor?: boolean): Notebook {
    const index = this.get_selected_index()
    return index === null ? this : this.select(this._shown_from(index - 1, -1), moveanchor)
  },

  /** `index`, or where its cell is in a folded section, the next position that is not; possibly one beyond the cells. */
  _shown_from(this: Notebook, index: number, step: -1 | 1): number {
    let at = index
    while (this.is_valid_cell_index(at) && this.get_cell_element(at)?.hasClass("section_hidden")) at += step
    return at
  },
}
