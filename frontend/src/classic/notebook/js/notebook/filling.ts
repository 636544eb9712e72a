/**
 * Putting a long notebook into the page, in slices between which it can be used: the first screen at once, then all other
 * cells with their text, then what they show, where the reader has not come by before.
 */
import type { ContentsModel } from "../../../../contents/models"
import type { CellJson, NotebookJson } from "../../../../model/notebook"
import { heightOfCell } from "../../../../model/outputweight"
import { inSlices, nextPaint, type SlicePlan } from "../../../../view/slices"
import type { Cell } from "../cell"
import { CodeCell } from "../codecell"
import { OutputArea } from "../outputarea"
import type { Notebook } from "../notebook"

/** A notebook of so many cells is shown in one go. */
const AT_ONCE_CELLS = 60
/** So many screens are filled at first: heights are guessed. */
const FIRST_SCREENS = 1.25
/** In a window that has no height yet. */
const SCREEN_PX = 900
/** So long the cells to come wait for the first words of their kernel: those are few, and each would wait for a slice. */
const KERNEL_FIRST_MS = 250

/** What a slice waits for: once, from when the kernel is known until it answers. */
function kernelFirst(notebook: Notebook): () => Promise<void> | null {
  let has_waited = false
  return () => {
    const { kernel } = notebook
    if (has_waited || !kernel || Object.keys(kernel.info_reply).length > 0) return null
    has_waited = true
    return new Promise<void>((resolve) => {
      const go_on = (): void => {
        clearTimeout(timer)
        notebook.events.off("kernel_ready.Kernel", go_on)
        resolve(nextPaint())
      }
      const timer = setTimeout(go_on, KERNEL_FIRST_MS)
      notebook.events.on("kernel_ready.Kernel", go_on)
    })
  }
}

/** How many of the cells are shown at once. */
function firstCount(cells: readonly CellJson[]): number {
  const enough_px = FIRST_SCREENS * (window.innerHeight || SCREEN_PX)
  let filled_px = 0
  const last = cells.findIndex((cell) => (filled_px += heightOfCell(cell, OutputArea.auto_scroll_threshold)) > enough_px)
  return last < 0 ? cells.length : last + 1
}

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
    const count = firstCount(cells)
    this.fromJSON({ ...data, content: { ...content, cells: cells.slice(0, count) } })
    return cells.slice(count)
  },

  /** Draw what waited for the reader: paper has all of it. */
  _draw_everything(this: Notebook): void {
    for (const cell of this.get_cells()) {
      cell._draw_waiting()
      if (cell instanceof CodeCell) cell.output_area._draw()
    }
  },

  /** Append `rest` in slices, then go on as after a short notebook. Who saves meanwhile waits for it. */
  _fill(this: Notebook, rest: CellJson[]): Promise<void> {
    const filling: Promise<void> = Promise.resolve().then(async () => {
      const plan = { isWanted: (): boolean => this._filling === filling, whatGoesFirst: kernelFirst(this) }
      await nextPaint()
      if ((await this._append_cells(rest, plan)) && (await this._draw_cells(plan))) this._finish_loading()
    })
    this._filling = filling
    this.save_widget.update_notebook_name()
    return filling.catch((error: unknown) => this._show_unreadable(error)).finally(() => {
      if (this._filling === filling) this._filling = null
    })
  },

  /* Behind the last cell that came in, wherever the user has put others meanwhile. What comes in is no change. */
  _append_cells(this: Notebook, rest: CellJson[], plan: SlicePlan): Promise<boolean> {
    let last = this.get_cell(this.ncells() - 1)
    const append = (json: CellJson): void => {
      const changes = this._changes
      this._draws_later = true
      try {
        last = this._insert_json(json, (this.find_cell_index(last) ?? this.ncells() - 1) + 1)
      } finally {
        this._draws_later = false
      }
      this._changes = changes
    }
    return inSlices(rest, append, plan)
  },

  /* Cells that the reader came near have drawn themselves. */
  _draw_cells(this: Notebook, plan: SlicePlan): Promise<boolean> {
    return inSlices(this.get_cells(), (cell: Cell) => cell._draw_waiting(), plan)
  },
}
