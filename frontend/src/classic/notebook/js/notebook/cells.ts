/** Finding cells: by position, by message, by neighbour. The order of the cells is the order of their elements. */
import $ from "jquery"
import type { Cell } from "../cell"
import { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"

function cellOf(element: Element): Cell {
  return $.data(element, "cell") as Cell
}

export const cellAccess = {
  /** The elements of all cells, in order, without cells drawn inside other cells. */
  get_cell_elements(this: Notebook): JQuery {
    return $([...this._cell_elements.all()])
  },

  get_cell_element(this: Notebook, index: number): JQuery | null {
    const element = this._cell_elements.all().at(index)
    return element ? $(element) : null
  },

  /** The code cell whose execution has this message id, or null. */
  get_msg_cell(this: Notebook, msg_id: string): CodeCell | null {
    return CodeCell.msg_cells[msg_id] ?? null
  },

  ncells(this: Notebook): number {
    return this._cell_elements.all().length
  },

  get_cells(this: Notebook): Cell[] {
    return this._cell_elements.all().map(cellOf)
  },

  /** The cell at `index`, or null. As jQuery's `eq`: `null` is the first, a negative index counts from the end. */
  get_cell(this: Notebook, index?: number | null): Cell | null {
    if (index === undefined) return null
    const element = this._cell_elements.all().at(index ?? 0)
    return element ? cellOf(element) : null
  },

  get_next_cell(this: Notebook, cell: Cell): Cell | null {
    const index = this.find_cell_index(cell)
    return index !== null && this.is_valid_cell_index(index + 1) ? this.get_cell(index + 1) : null
  },

  get_prev_cell(this: Notebook, cell: Cell): Cell | null {
    const index = this.find_cell_index(cell)
    return index !== null && index > 0 ? this.get_cell(index - 1) : null
  },

  find_cell_index(this: Notebook, cell: Cell | null): number | null {
    const element = cell?.element?.[0] // what is no cell has no place either
    const index = element ? this._cell_elements.all().indexOf(element) : -1
    return index < 0 ? null : index
  },

  /** `index` where one is given, else the selected position, else 0. */
  index_or_selected(this: Notebook, index?: number | null): number {
    return index ?? this.get_selected_index() ?? 0
  },

  is_valid_cell_index(this: Notebook, index: number | null | undefined): index is number {
    return typeof index === "number" && index >= 0 && index < this.ncells()
  },
}
