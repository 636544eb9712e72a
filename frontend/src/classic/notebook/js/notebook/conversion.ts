/** Changing the type of cells. */
import type { Cell } from "../cell"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

export const conversion = {
  /** Give the target everything of the source that a type change keeps, and take the source out. */
  transfer_to_new_cell(this: Notebook, source_cell: Cell, target_cell: Cell): void {
    const text = source_cell.get_text()
    target_cell.set_text(text === source_cell.placeholder ? "" : text)
    if (source_cell.has_editor()) target_cell.code_mirror.setCursor(source_cell.code_mirror.getCursor())
    /* Undo must stop at this text, not at the empty cell that it was put into. */
    target_cell._clear_history()
    target_cell.metadata = source_cell.metadata
    target_cell.attachments = source_cell.attachments
    target_cell.id = source_cell.id
    source_cell.element.remove()
  },

  cells_to_code(this: Notebook, indices?: number[]): void {
    this._convert_cells(indices, (index) => this.to_code(index))
  },

  cells_to_markdown(this: Notebook, indices?: number[]): void {
    this._convert_cells(indices, (index) => this.to_markdown(index))
  },

  cells_to_raw(this: Notebook, indices?: number[]): void {
    this._convert_cells(indices, (index) => this.to_raw(index))
  },

  /** Convert each, then restore the range: a converted cell is a new one and has lost its anchor. */
  _convert_cells(this: Notebook, indices: number[] | undefined, convert: (index: number) => void): void {
    const anchor = this.get_anchor_index()
    const selected = this.get_selected_index()
    const wanted = indices ?? this.get_selected_cells_indices()
    const cells = wanted.flatMap((index) => this.get_cell(index) ?? [])
    this._undoable(_("change cell type"), cells, () => wanted.forEach(convert))
    if (selected === null) return
    this.select(anchor ?? selected, true)
    this.select(selected, false)
  },

  to_code(this: Notebook, index?: number | null): void {
    this._convert_cell("code", index)
  },

  to_markdown(this: Notebook, index?: number | null): void {
    this._convert_cell("markdown", index)
  },

  to_raw(this: Notebook, index?: number | null): void {
    this._convert_cell("raw", index)
  },

  _convert_cell(this: Notebook, type: "code" | "markdown" | "raw", index?: number | null): void {
    const at = this.index_or_selected(index)
    const source = this.get_cell(at)
    if (!source || !this.is_valid_cell_index(at) || source.cell_type === type || !source.is_editable()) return
    this._undoable(_("change cell type"), [source], () => this._convert_into(type, at, source))
  },

  _convert_into(this: Notebook, type: "code" | "markdown" | "raw", at: number, source: Cell): void {
    const was_rendered = source.cell_type === "markdown" && source.rendered
    const was_editing = source.mode === "edit"
    if (was_editing) this.command_mode()
    const target = this.insert_cell_below(type, at)
    if (!target) return
    /* `set_text` is ignored by a rendered text cell's editor until it is opened. */
    target.unrender()
    this.transfer_to_new_cell(source, target)
    if (type === "code" || (was_rendered && type === "markdown")) target.render()
    this.select(at)
    target.focus_cell()
    this.set_dirty(true)
  },

  /** Make the cell markdown that begins with `level` (1 to 6) times `#`. */
  to_heading(this: Notebook, index?: number | null, level: number = 1): void {
    const at = this.index_or_selected(index)
    this.to_markdown(at)
    const cell = this.get_cell(at)
    if (!cell || cell.cell_type !== "markdown" || !cell.is_editable()) return
    ;(cell as unknown as { set_heading_level(level: number): void }).set_heading_level(level)
    this.set_dirty(true)
    this._tell_selected_type(cell)
  },
}
