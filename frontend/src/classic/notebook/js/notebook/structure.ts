/** The list of cells: insert, delete, bring back, move. */
import $ from "jquery"
import type { Cell } from "../cell"
import { UnrecognizedCell } from "../cell"
import { CodeCell } from "../codecell"
import { MarkdownCell, RawCell } from "../textcell"
import type { Notebook } from "../notebook"
import { afterInsertion, afterRemoval, selectionAfterDeletion } from "../../../../model/history"
import { DELETION } from "../../../../model/structure"
import { clampIndex, copyJson, type CellJson } from "../../../../model/notebook"
import { _ } from "../../../../i18n/words"

/** `above`, `below` and `selected` take the type of a neighbour; the option `Notebook.default_cell_type` may name them. */
type CellTypeName = string | null | undefined

function newCell(notebook: Notebook, type: string): Cell | null {
  const options = {
    events: notebook.events,
    config: notebook.config,
    keyboard_manager: notebook.keyboard_manager,
    notebook,
    tooltip: notebook.tooltip,
  }
  if (type === "code") return new CodeCell(notebook.kernel, options)
  if (type === "markdown") return new MarkdownCell(options)
  if (type === "raw") return new RawCell(options)
  if (type === "unrecognized") return new UnrecognizedCell(options)
  console.warn(`There is no cell type ${JSON.stringify(type)}`)
  return null
}

export const structure = {
  /** Insert a cell of `type` at `index` (clamped). Returns null for a type that does not exist. */
  insert_cell_at_index(this: Notebook, type: CellTypeName, index?: number | null): Cell | null {
    const count = this.ncells()
    const at = clampIndex(index ?? count, count)
    const cell = newCell(this, this._resolve_type(type, at))
    if (!cell) return null
    /* A cell that is about to get its text shows that, and not what an empty one shows before. */
    const is_shown_later = this._filling_cell && (cell instanceof CodeCell || cell instanceof MarkdownCell)
    if (cell instanceof CodeCell && !is_shown_later) cell.set_input_prompt()
    if (!this._insert_element_at_index(cell.element, at)) return null
    if (cell instanceof CodeCell || !is_shown_later) cell.render()
    this.events.trigger("create.Cell", { cell, index: at })
    cell.refresh()
    this.set_dirty(true)
    return cell
  },

  /** The type to insert for `type`; for none, what the option `default_cell_type` says. */
  _resolve_type(this: Notebook, type: CellTypeName, index: number): string {
    const wanted = type || (this.class_config.get_sync("default_cell_type") as string | undefined) || "code"
    const neighbour = {
      above: (): Cell | null => (index > 0 ? this.get_cell(index - 1) : null),
      below: (): Cell | null => this.get_cell(index),
      selected: (): Cell | null => this.get_selected_cell(),
    }[wanted as "above"]
    if (!neighbour) return wanted
    const like = neighbour()?.cell_type
    return like && like !== "unrecognized" ? like : "code"
  },

  _insert_element_at_index(this: Notebook, element: JQuery | null, index: number): boolean {
    if (!element?.[0]) return false
    const elements = this._cell_elements.all()
    const next = elements[index]
    const last = elements[elements.length - 1]
    if (next) next.before(element[0])
    else if (last) last.after(element[0])
    else this.container.append(element)
    this._cell_elements.inserted(element[0], Math.min(index, elements.length))
    this.undelete_backup_stack = afterInsertion(this.undelete_backup_stack, index)
    return true
  },

  /** Insert above `index`, or above the whole selection. */
  insert_cell_above(this: Notebook, type?: CellTypeName, index?: number | null): Cell | null {
    const selected = this.get_selected_cells_indices()
    return this.insert_cell_at_index(type, index ?? selected[0] ?? 0)
  },

  /** Insert below `index`, or below the whole selection. */
  insert_cell_below(this: Notebook, type?: CellTypeName, index?: number | null): Cell | null {
    const selected = this.get_selected_cells_indices()
    return this.insert_cell_at_index(type, (index ?? selected[selected.length - 1] ?? -1) + 1)
  },

  insert_cell_at_bottom(this: Notebook, type?: CellTypeName): Cell | null {
    return this.insert_cell_at_index(type, this.ncells())
  },

  /** Take the cell out without a question and without a way back. */
  _unsafe_delete_cell(this: Notebook, index?: number | null): Notebook {
    const at = this.index_or_selected(index)
    if (!this.is_valid_cell_index(at)) return this
    this.get_cell_element(at)?.remove()
    this.undelete_backup_stack = afterRemoval(this.undelete_backup_stack, at)
    this.set_dirty(true)
    return this
  },

  /** Delete the cells (default: the selection), to be brought back by `undelete_cell`. A protected cell stops it all. */
  delete_cells(this: Notebook, indices?: number[] | null): Notebook {
    const wanted = [...new Set(indices ?? this.get_selected_cells_indices())].filter((index) => this.is_valid_cell_index(index))
    const doomed = wanted.sort((a, b) => a - b)
    const cells = this.get_cells()
    const [first] = doomed
    if (first === undefined || doomed.some((index) => !cells[index]?.is_deletable())) return this
    const doomed_cells = doomed.map((index) => cells[index]!)
    return this._undoable(DELETION, doomed_cells, () => this._delete_all(doomed, cells))
  },

  /** `doomed`: their positions among `cells`, which are all, in order; at least one. */
  _delete_all(this: Notebook, doomed: readonly number[], cells: readonly Cell[]): Notebook {
    const first = doomed[0] ?? 0
    if (this.mode === "edit") this.command_mode()
    const selected = this.get_selected_index() ?? first
    const backup = doomed.map((index) => copyJson(cells[index]!.toJSON() as unknown as CellJson))
    for (const index of [...doomed].reverse()) {
      this._unsafe_delete_cell(index)
      this.events.trigger("delete.Cell", { cell: cells[index], index })
    }
    if (this.ncells() === 0) this.insert_cell_at_index("code", 0)
    const after = Math.min(selectionAfterDeletion(selected, doomed, cells.length), this.ncells() - 1)
    this.undelete_backup_stack.push({ cells: backup, index: first, below: after < first })
    this._show_undelete_state()
    this.select(after)
    this._focus_selected_element() // it was on a cell that is gone
    return this
  },

  delete_cell(this: Notebook, index?: number | null): Notebook {
    return index === undefined || index === null ? this.delete_cells() : this.delete_cells([index])
  },

  /** Bring the last deleted group back, in one piece where it was. `undo_structure` comes here for deletions. */
  undelete_cell(this: Notebook): void {
    const change = this.structure_history.last
    if (change?.name === DELETION && this.undelete_backup_stack.length === change.deletions.length + 1) return this._take_back(change)
    const deletion = this.undelete_backup_stack.pop()
    if (!deletion) return
    this.structure_history.forgetDeletion()
    const start = Math.min(deletion.index, this.ncells())
    deletion.cells.forEach((json, offset) => this._insert_json(json, start + offset))
    this.select(start)
    this.get_cell(start)?.focus_cell()
    this._show_undelete_state()
    this.set_dirty(true)
  },

  /** Insert the cell that `json` describes; its metadata and outputs become the cell's own. */
  _insert_json(this: Notebook, json: CellJson, index: number): Cell | null {
    const known = ["code", "markdown", "raw"].includes(json.cell_type)
    this._filling_cell = true
    let cell: Cell | null
    try {
      cell = this.insert_cell_at_index(known ? json.cell_type : "unrecognized", index)
    } finally {
      this._filling_cell = false
    }
    cell?.fromJSON(json as CellJson & Record<string, unknown>)
    if (cell instanceof MarkdownCell && json.source === undefined) cell.render()
    return cell
  },

  _show_undelete_state(this: Notebook): void {
    const last = this.structure_history.last
    $("#undelete_cell")
      .toggleClass("disabled", !last && this.undelete_backup_stack.length === 0)
      .attr("title", last ? _("Undo: %s", last.name) : _("Undo the last change of cells"))
  },
}
