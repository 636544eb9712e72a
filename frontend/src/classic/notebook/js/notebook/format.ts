/** The notebook as JSON: reading it into cells, writing cells out, and what is said when it is not valid. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import { distrustWidgets } from "../../../base/js/utils/modulenames"
import type { Cell } from "../cell"
import { CodeCell } from "../codecell"
import type { ContentsModel } from "../../../../contents/models"
import type { Notebook } from "../notebook"
import { KernelWords, withoutEmpty } from "../../../../model/asfound"
import { asRecord, copyJson, unknownNotebookFields, withCellIds, type CellJson, type NotebookJson } from "../../../../model/notebook"
import { _ } from "../../../../i18n/words"

export const format = {
  /** Show the notebook of a contents model instead of what is shown now. Throws where it is no notebook of nbformat 4. */
  fromJSON(this: Notebook, data: ContentsModel): void {
    const content = data.content as Partial<NotebookJson> | null
    if (!content || !Array.isArray(content.cells)) throw new Error(_("The notebook has no list of cells."))
    this._remove_all_cells()
    this.notebook_path = data.path
    this.notebook_name = data.name
    this.metadata = asRecord(content.metadata)
    distrustWidgets(this.metadata["widgets"])
    this._unknown_fields = unknownNotebookFields(content)
    this.nbformat = content.nbformat ?? this.nbformat
    this.nbformat_minor = content.nbformat_minor ?? this.nbformat_minor
    this._assumed_minor = content.nbformat_minor === undefined ? this.nbformat_minor : null
    this._kernel_words = new KernelWords(this.metadata)
    content.cells.forEach((json, index) => this._insert_json(json, index))
    this._tell_trust(true)
    this.apply_directionality()
    if (data.message) this._show_validation_failure("loaded", data.message)
  },

  _remove_all_cells(this: Notebook): void {
    const cells = this.get_cells()
    for (let index = cells.length - 1; index >= 0; index -= 1) {
      this._unsafe_delete_cell(index)
      this.events.trigger("delete.Cell", { cell: cells[index], index })
    }
    this.undelete_backup_stack = []
    this.structure_history.clear()
    this._show_undelete_state()
  },

  /** The notebook as nbformat 4: a copy, which later edits do not change. */
  toJSON(this: Notebook): NotebookJson {
    const cells = this._saved_cells().map((cell) => {
      /* Text cells drop attachments that nothing refers to any more. */
      const json = (cell as { toJSON(gc_attachments?: boolean): unknown }).toJSON(true) as CellJson
      /* A custom cell type from a newer format is kept as it was. */
      return copyJson(cell.cell_type === "unrecognized" ? json : { ...json, id: json.id ?? cell.id })
    })
    this._tell_trust()
    return {
      ...copyJson(this._unknown_fields),
      cells: withCellIds(cells, this.nbformat_minor),
      metadata: copyJson(this.metadata),
      nbformat: this.nbformat,
      nbformat_minor: this.nbformat_minor,
    }
  },

  /** What a save writes. Looking at a file adds nothing to it: what it lacks, and what its kernel says, come with the first change. */
  _content_to_save(this: Notebook): NotebookJson {
    const content = this.toJSON()
    if (this._changes !== this._loaded_changes) return content
    const { nbformat_minor, ...rest } = content
    const cells = this._saved_cells().map((cell, index) => withoutEmpty(content.cells[index] as CellJson, cell._missing_fields))
    const minor = nbformat_minor === this._assumed_minor ? {} : { nbformat_minor }
    return { ...rest, ...minor, cells, metadata: this._kernel_words.takenBack(content.metadata) } as NotebookJson
  },

  /** All cells, but not the one that stands in an empty notebook as long as nothing is in it. */
  _saved_cells(this: Notebook): Cell[] {
    const cells = this.get_cells()
    const [only] = cells
    const is_untouched = cells.length === 1 && only === this._first_cell && only.get_text() === "" && $.isEmptyObject(only.metadata)
    return is_untouched && (only as CodeCell).output_area.outputs.length === 0 ? [] : cells
  },

  /** Trusted is what has no code cell with untrusted outputs. Tell when that changed, or `always`. */
  _tell_trust(this: Notebook, always: boolean = false): void {
    const code_cells = this.get_cells().filter((cell): cell is CodeCell => cell instanceof CodeCell)
    const trusted = code_cells.every((cell) => cell.output_area.trusted)
    if (always || trusted !== this.trusted) this.events.trigger("trust_changed.Notebook", trusted)
  },

  /** Say what the server said of the file. Autosave must not say the same again and again. */
  _show_validation_failure(this: Notebook, done: "saved" | "loaded", message: string): void {
    if (done === "saved" && message === this._told_validation) return
    this._told_validation = message
    const is_invalid = /validation/i.test(message)
    const explanation = $("<p/>").text(
      done === "saved"
        ? _("The notebook was saved, but it does not follow the notebook format, so other programs may refuse it:")
        : _("The notebook was loaded, but it does not follow the notebook format, so other programs may refuse it:"),
    )
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: is_invalid ? _("Notebook validation failed") : _("About this notebook's file"),
      body: $("<div/>").append(is_invalid ? explanation : "", $("<div/>").addClass("validation-error").append($("<pre/>").text(message))),
      buttons: { OK: { class: "btn-primary" } },
    })
  },
}
