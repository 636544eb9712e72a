/** Images inside markdown cells: insert one, move them from cell to cell. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import type { MarkdownCell } from "../textcell"
import type { Notebook } from "../notebook"
import { joinAttachments } from "../../../../model/attachments"
import { copyJson } from "../../../../model/notebook"

export const attachments = {
  insert_image(this: Notebook): void {
    const cell = this.get_selected_cell()
    if (!cell || cell.cell_type !== "markdown" || !cell.is_editable()) return
    dialog.insert_image({
      callback: (file: File) => {
        cell.unrender()
        ;(cell as MarkdownCell).insert_inline_image_from_blob(file)
        this.set_dirty(true)
      },
      notebook: this,
      keyboard_manager: this.keyboard_manager,
    })
  },

  cut_cell_attachments(this: Notebook): void {
    const cell = this.get_selected_cell()
    if (!cell || !cell.is_editable()) return
    this.copy_cell_attachments()
    cell.attachments = {}
    if (cell.unrender()) cell.render()
    this.set_dirty(true)
  },

  copy_cell_attachments(this: Notebook): void {
    const cell = this.get_selected_cell()
    if (!cell) return
    this.clipboard_attachments = copyJson(cell.attachments ?? {}) as NonNullable<Notebook["clipboard_attachments"]>
    this.enable_attachments_paste()
  },

  paste_cell_attachments(this: Notebook): void {
    const cell = this.get_selected_cell()
    if (!cell || !this.paste_attachments_enabled || !this.clipboard_attachments || !cell.is_editable()) return
    cell.attachments = joinAttachments(cell.attachments, copyJson(this.clipboard_attachments))
    if (cell.unrender()) cell.render()
    this.set_dirty(true)
  },

  disable_attachments_paste(this: Notebook): void {
    this.paste_attachments_enabled = false
    $("#paste_cell_attachments").addClass("disabled")
  },

  enable_attachments_paste(this: Notebook): void {
    this.paste_attachments_enabled = true
    $("#paste_cell_attachments").removeClass("disabled")
  },

  /** An image goes where the cursor is: into a Markdown cell that is being edited. */
  _follow_insert_image(this: Notebook): void {
    const cell = this.get_selected_cell()
    this.set_insert_image_enabled(cell?.cell_type === "markdown" && !cell.rendered && cell.is_editable())
  },

  set_insert_image_enabled(this: Notebook, enabled: boolean): void {
    $("#insert_image").toggleClass("disabled", !enabled)
  },
}
