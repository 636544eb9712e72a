/** Running cells. */
import type { Notebook } from "../notebook"

export const execution = {
  /** Run the cells at `indices`, in order, and select the last. */
  execute_cells(this: Notebook, indices: number[]): void {
    const valid = indices.filter((index) => this.is_valid_cell_index(index))
    const last = valid[valid.length - 1]
    if (last === undefined) return
    const cells = this.get_cells()
    for (const index of valid) cells[index]?.execute()
    this.select(last)
    this.command_mode()
    this.set_dirty(true)
  },

  execute_selected_cells(this: Notebook): void {
    this.execute_cells(this.get_selected_cells_indices())
  },

  execute_cell(this: Notebook): void {
    this.execute_selected_cells()
  },

  execute_cell_and_insert_below(this: Notebook): void {
    const last = this.get_selected_cells_indices().pop()
    if (last === undefined) return
    this.execute_selected_cells()
    this.insert_cell_below(undefined, last)
    this.select(last + 1)
    this.edit_mode()
  },

  /** Run, then select the next cell; after the last one, open a new one. */
  execute_cell_and_select_below(this: Notebook): void {
    const last = this.get_selected_cells_indices().pop()
    if (last === undefined) return
    this.execute_selected_cells()
    const next = this._shown_from(last + 1, 1)
    if (next === this.ncells()) {
      this.insert_cell_below(undefined, next - 1)
      this.select(next)
      this.edit_mode()
      return
    }
    this.select(next)
    this.focus_cell()
  },

  execute_cells_below(this: Notebook): void {
    this.execute_cell_range(this.get_selected_cells_indices()[0] ?? 0, this.ncells())
    this.scroll_to_bottom()
  },

  execute_cells_above(this: Notebook): void {
    this.execute_cell_range(0, this.get_selected_cells_indices()[0] ?? 0)
  },

  /** Run all cells, also those of a long notebook that are still coming in. */
  execute_all_cells(this: Notebook): void {
    if (this._filling) return void this._filling.then(() => this.execute_all_cells())
    this.execute_cell_range(0, this.ncells())
    this.scroll_to_bottom()
  },

  /** Run the cells from `start` up to, not including, `end`. */
  execute_cell_range(this: Notebook, start: number, end: number): void {
    this.command_mode()
    const count = Math.max(0, end - start)
    this.execute_cells(Array.from({ length: count }, (_unused, offset) => start + offset))
  },
}
