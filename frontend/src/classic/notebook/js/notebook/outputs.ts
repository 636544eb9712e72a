/** Collapse, scroll and clear the outputs of one cell, of the selection, of all. */
import { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"
import { copyJson } from "../../../../model/notebook"
import { _ } from "../../../../i18n/words"

export const outputs = {
  /** Call `change` with the code cell at each position; other cells have no output. */
  _each_code_cell(this: Notebook, indices: readonly number[], change: (cell: CodeCell) => void): void {
    const cells = this.get_cells()
    const chosen = indices.flatMap((index) => cells[index] ?? []).filter((cell): cell is CodeCell => cell instanceof CodeCell)
    if (chosen.length === 0) return
    chosen.forEach(change)
    this.set_dirty(true)
  },

  _all_indices(this: Notebook): number[] {
    return Array.from({ length: this.ncells() }, (_unused, index) => index)
  },

  collapse_output(this: Notebook, index?: number | null): void {
    this._each_code_cell([this.index_or_selected(index)], (cell) => cell.collapse_output())
  },

  collapse_all_output(this: Notebook): void {
    this._each_code_cell(this._all_indices(), (cell) => cell.collapse_output())
  },

  expand_output(this: Notebook, index?: number | null): void {
    this._each_code_cell([this.index_or_selected(index)], (cell) => cell.expand_output())
  },

  expand_all_output(this: Notebook): void {
    this._each_code_cell(this._all_indices(), (cell) => cell.expand_output())
  },

  clear_output(this: Notebook, index?: number | null): void {
    const at = this.index_or_selected(index)
    this._undoable(_("clear outputs"), this._with_outputs([at]), () => this._each_code_cell([at], (cell) => cell.clear_output(false, true)))
  },

  clear_cells_outputs(this: Notebook, indices?: number[]): void {
    const wanted = indices ?? this.get_selected_cells_indices()
    this._undoable(_("clear outputs"), this._with_outputs(wanted), () =>
      this._each_code_cell(wanted, (cell) => {
        cell.clear_output(false, true)
        cell.set_input_prompt()
      }),
    )
  },

  _with_outputs(this: Notebook, indices: readonly number[]): CodeCell[] {
    const cells = indices.flatMap((index) => this.get_cell(index) ?? [])
    return cells.filter((cell): cell is CodeCell => cell instanceof CodeCell && cell.output_area.outputs.length > 0)
  },

  clear_all_output(this: Notebook): void {
    this.clear_cells_outputs(this._all_indices())
  },

  scroll_output(this: Notebook, index?: number | null): void {
    this._each_code_cell([this.index_or_selected(index)], (cell) => cell.scroll_output())
  },

  scroll_all_output(this: Notebook): void {
    this._each_code_cell(this._all_indices(), (cell) => {
      cell.expand_output()
      cell.scroll_output()
    })
  },

  toggle_output(this: Notebook, index?: number | null): void {
    this._each_code_cell([this.index_or_selected(index)], (cell) => cell.toggle_output())
  },

  toggle_cells_outputs(this: Notebook, indices?: number[]): void {
    this._each_code_cell(indices ?? this.get_selected_cells_indices(), (cell) => cell.toggle_output())
  },

  toggle_all_output(this: Notebook): void {
    this._each_code_cell(this._all_indices(), (cell) => cell.toggle_output())
  },

  toggle_output_scroll(this: Notebook, index?: number | null): void {
    this._each_code_cell([this.index_or_selected(index)], (cell) => cell.toggle_output_scroll())
  },

  toggle_cells_outputs_scroll(this: Notebook, indices?: number[]): void {
    this._each_code_cell(indices ?? this.get_selected_cells_indices(), (cell) => cell.toggle_output_scroll())
  },

  toggle_all_output_scroll(this: Notebook): void {
    this._each_code_cell(this._all_indices(), (cell) => cell.toggle_output_scroll())
  },

  /** Draw a code cell's outputs anew, as an extension that learned a new type needs it. Trust stays as it is. */
  render_cell_output(this: Notebook, code_cell: CodeCell): void {
    const json = copyJson(code_cell.toJSON() as unknown as { outputs: unknown[]; metadata: Record<string, unknown> })
    const trusted = code_cell.output_area.trusted
    const { input_prompt_number } = code_cell
    const was_dirty = this.dirty
    code_cell.clear_output(false, true)
    code_cell.set_input_prompt(input_prompt_number)
    code_cell.output_area.trusted = trusted
    code_cell.output_area.fromJSON(json.outputs as never, json.metadata)
    if (!was_dirty) this.set_dirty(false) // only drawn anew
  },
}
