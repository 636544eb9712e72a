/** Taking back what was done to cells: moved, split, merged, pasted, deleted, of another type, without outputs. */
import type { Cell } from "../cell"
import type { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"
import { copyJson, newCellId, type CellJson } from "../../../../model/notebook"
import { DELETION, orderAfterUndo, type StructureChange } from "../../../../model/structure"

export const history = {
  /**
   * Do `act`, one change of the user's, so that `undo_structure` can take it back. `affected`: the cells that it alters or
   * takes away. Within another change it is a part of that one.
   */
  _undoable<T>(this: Notebook, name: string, affected: readonly Cell[], act: () => T): T {
    if (this._changing_structure) return act()
    const before = jsonById(affected)
    const order = idsOf(this)
    const deletions = [...this.undelete_backup_stack]
    this._changing_structure = true
    try {
      return act()
    } finally {
      this._changing_structure = false
      const now = idsOf(this)
      const known = new Set(order)
      const added = new Set(now.filter((id) => !known.has(id)))
      if (this._changes_matter(before, order, now)) this.structure_history.remember({ name, order, before, added, deletions })
      this._show_undelete_state()
    }
  },

  _changes_matter(this: Notebook, before: ReadonlyMap<string, CellJson>, order: readonly string[], now: readonly string[]): boolean {
    if (order.length !== now.length || order.some((id, index) => id !== now[index])) return true
    const after = jsonById(this.get_cells().filter((cell) => before.has(cell.id)))
    return [...before].some(([id, json]) => JSON.stringify(json) !== JSON.stringify(after.get(id)))
  },

  /** Take the last change of the cells back, as often as there are any. */
  undo_structure(this: Notebook): void {
    const change = this.structure_history.last
    /* Extensions replace `undelete_cell`, and what they deleted by other ways only it knows. */
    const has_deleted = this.undelete_backup_stack.length > (change?.deletions.length ?? 0)
    if (!change || (change.name === DELETION && has_deleted)) this.undelete_cell()
    else this._take_back(change)
  },

  _take_back(this: Notebook, change: StructureChange): void {
    this.structure_history.tookBack(this._restore_structure(change))
    this._show_undelete_state()
  },

  /** Do again what was taken back last. */
  redo_structure(this: Notebook): void {
    const change = this.structure_history.next
    if (!change) return
    this.structure_history.didAgain(this._restore_structure(change))
    this._show_undelete_state()
  },

  /** Put the cells as they were before `change`; the answer leads back to how they are now. */
  _restore_structure(this: Notebook, change: StructureChange): StructureChange {
    const now = idsOf(this)
    const order = orderAfterUndo(change, now)
    const wanted = new Set(order)
    const leaving = this.get_cells().filter((cell) => !wanted.has(cell.id))
    const altered = this.get_cells().filter((cell) => wanted.has(cell.id) && change.before.has(cell.id))
    const coming = new Set(order.filter((id) => !now.includes(id)))
    const deletions = [...this.undelete_backup_stack]
    const inverse = { name: change.name, order: now, before: jsonById([...leaving, ...altered]), added: coming, deletions }
    if (this.mode === "edit") this.command_mode()
    this._changing_structure = true
    try {
      for (const cell of [...leaving, ...altered]) this._take_out(cell)
      this._put_in_order(order.map((id) => [id, change.before.get(id)]))
    } finally {
      this._changing_structure = false
    }
    this.undelete_backup_stack = [...change.deletions]
    const touched = order.findIndex((id, index) => change.before.has(id) || id !== now[index])
    this.select(Math.max(0, Math.min(touched, this.ncells() - 1)))
    this._focus_selected_element()
    this.set_dirty(true)
    return inverse
  },

  _take_out(this: Notebook, cell: Cell): void {
    const index = this.find_cell_index(cell)
    if (index === null) return
    this._unsafe_delete_cell(index)
    this.events.trigger("delete.Cell", { cell, index })
  },

  /** Ids of all cells in their order, with the JSON of those that are not on the page. */
  _put_in_order(this: Notebook, order: readonly (readonly [string, CellJson | undefined])[]): void {
    const staying = new Map(this.get_cells().map((cell) => [cell.id, cell]))
    order.forEach(([id, json], index) => this._put_in_place(staying.get(id), index, json))
  },

  /** A cell belongs at `index`: moved there if it is on the page, else made anew from `json`. */
  _put_in_place(this: Notebook, there: Cell | undefined, index: number, json: CellJson | undefined): void {
    if (!there) {
      if (!json) return
      const cell = this._insert_json(copyJson(json), index)
      if (cell?.cell_type === "code" && this.kernel) (cell as CodeCell).set_kernel(this.kernel)
      return
    }
    const element = this.get_cell_element(index)
    if (element && element[0] !== there.element[0]) there.element.insertBefore(element)
  },
}

/** The ids of all cells; two cells with one id get two. */
function idsOf(notebook: Notebook): string[] {
  const seen = new Set<string>()
  return notebook.get_cells().map((cell) => {
    while (seen.has(cell.id)) cell.id = newCellId()
    seen.add(cell.id)
    return cell.id
  })
}

/* Files below nbformat 4.5 have no ids; cells on the page always do. */
function jsonById(cells: readonly Cell[]): Map<string, CellJson> {
  return new Map(cells.map((cell) => [cell.id, copyJson({ ...(cell.toJSON() as unknown as CellJson), id: cell.id })]))
}
