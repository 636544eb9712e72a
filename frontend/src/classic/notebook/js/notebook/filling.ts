/** Putting a long notebook into the page: the first screen at once, the other cells in slices, between which the page can be used. */
import type { ContentsModel } from "../../../../contents/models"
import type { CellJson, NotebookJson } from "../../../../model/notebook"
import { inSlices, nextPaint } from "../../../../view/slices"
import { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"

/** A notebook of so many cells is shown in one go. */
const AT_ONCE_CELLS = 60
/** More than a screen holds. */
const FIRST_CELLS = 30

export const filling = {
  /** Show the beginning of the notebook, or all of it when it is short. → the cells that are still to come. */
  _show_beginning(this: Notebook, data: ContentsModel): CellJson[] {
    this._filling = null // a notebook that was still coming in makes way
    const content = data.content as Partial<NotebookJson> | null
    const cells = content?.cells
    if (!Array.isArray(cells) || cells.length <= AT_ONCE_CELLS) {
      this.fromJSON(data)
      return []
    }
    this.fromJSON({ ...data, content: { ...content, cells: cells.slice(0, FIRST_CELLS) } })
    return cells.slice(FIRST_CELLS)
  },

  /** Draw the outputs that waited for the reader: paper has all of them. */
  _draw_all_outputs(this: Notebook): void {
    for (const cell of this.get_cells()) if (cell instanceof CodeCell) cell.output_area._draw()
  },

  /** Append `rest` in slices, then go on as after a short notebook. Who saves meanwhile waits for it. */
  _fill(this: Notebook, rest: CellJson[]): Promise<void> {
    const filling: Promise<void> = Promise.resolve().then(async () => {
      await nextPaint()
      if (await this._append_cells(rest, () => this._filling === filling)) this._finish_loading()
    })
    this._filling = filling
    return filling.catch((error: unknown) => this._show_unreadable(error)).finally(() => {
      if (this._filling === filling) this._filling = null
    })
  },

  /* Behind the last cell that came in, wherever the user has put others meanwhile. What comes in is no change. */
  _append_cells(this: Notebook, rest: CellJson[], is_wanted: () => boolean): Promise<boolean> {
    let last = this.get_cell(this.ncells() - 1)
    const append = (json: CellJson): void => {
      const changes = this._changes
      last = this._insert_json(json, (this.find_cell_index(last) ?? this.ncells() - 1) + 1)
      this._changes = changes
    }
    return inSlices(rest, append, is_wanted)
  },
}
