/** Moving the selected cells up and down. */
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

export const moving = {
  move_selection_up(this: Notebook): void {
    this._move_selection(-1)
  },

  move_selection_down(this: Notebook): void {
    this._move_selection(1)
  },

  /**
   * Move the selection by one: the cell on its far side changes to its near side, so no moved cell loses its focus. A
   * heading whose section is folded moves, and is passed, with its cells.
   */
  _move_selection(this: Notebook, step: -1 | 1): void {
    const indices = this.get_selected_cells_indices()
    const first = indices[0]
    const last = indices[indices.length - 1]
    if (first === undefined || last === undefined) return
    const end = this._shown_from(last + 1, 1)
    const [from, to] = step < 0 ? [this._shown_from(first - 1, -1), first] : [end, this._shown_from(end + 1, 1)]
    const edge = this.get_cell_element(step < 0 ? end - 1 : first)
    if (!this.is_valid_cell_index(from) || !edge) return
    const passed = this.get_cell_elements().slice(from, to)
    this._undoable(_("move cells"), [], () => {
      if (step < 0) passed.insertAfter(edge)
      else passed.insertBefore(edge)
    })
    this._focus_selected_element()
    this.set_dirty(true)
  },

  /** Move the cell at `index`; without one, the selection. */
  move_cell_up(this: Notebook, index?: number | null): Notebook {
    return this._move_cell(index, -1)
  },

  /** Move the cell at `index`; without one, the selection. */
  move_cell_down(this: Notebook, index?: number | null): Notebook {
    return this._move_cell(index, 1)
  },

  _move_cell(this: Notebook, index: number | null | undefined, step: -1 | 1): Notebook {
    console.warn("Notebook.move_cell_up and move_cell_down are deprecated; use move_selection_up and move_selection_down")
    if (index !== undefined && index !== null) this.select(index, true)
    if (step < 0) this.move_selection_up()
    else this.move_selection_down()
    return this
  },
}
