/** `notebook/js/celltoolbarpresets/attachments`: a button for the files kept in the cell. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import type { Cell } from "../cell"
import { CellToolbar } from "../celltoolbar"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

function edit_attachments(notebook: Notebook, cell: Cell, button: JQuery): void {
  const modal = dialog.edit_attachments({
    attachments: cell.attachments,
    callback: (attachments) => {
      cell.attachments = attachments
      if (cell.unrender()) cell.render()
      notebook.set_dirty(true)
    },
    name: "cell",
    notebook,
    keyboard_manager: notebook.keyboard_manager,
  })
  modal.on("hidden.bs.modal", () => void button.trigger("focus"))
}

/** Offer the preset "Attachments". */
export function register(notebook: Notebook): void {
  CellToolbar.register_callback("attachments.edit", (div, cell) => {
    const button = $("<button type='button'/>").addClass("btn btn-default btn-xs").text(_("Edit Attachments"))
    button.prop("disabled", cell.metadata["editable"] === false)
    div.append(button.on("click", () => edit_attachments(notebook, cell as Cell, button)))
  })
  CellToolbar.register_preset("Attachments", ["attachments.edit"], notebook)
}
