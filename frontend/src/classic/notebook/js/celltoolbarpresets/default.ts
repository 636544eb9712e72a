/** `notebook/js/celltoolbarpresets/default`: a button for the cell's metadata. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import { CellToolbar, type ToolbarCell } from "../celltoolbar"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

function raw_edit(notebook: Notebook, cell: ToolbarCell, toolbar: CellToolbar): void {
  const modal = dialog.edit_metadata({
    md: cell.metadata,
    callback: (metadata) => {
      cell.metadata = metadata
      notebook.set_dirty(true)
    },
    name: "Cell",
    notebook,
    keyboard_manager: notebook.keyboard_manager,
  })
  modal.on("hidden.bs.modal", () => void toolbar.element.find("button").trigger("focus")) // new metadata, new button
}

/** Offer the preset "Edit Metadata". */
export function register(notebook: Notebook): void {
  CellToolbar.register_callback("default.rawedit", (div, cell, toolbar) => {
    const button = $("<button type='button'/>").addClass("btn btn-default btn-xs").text(_("Edit Metadata"))
    div.append(button.on("click", () => raw_edit(notebook, cell, toolbar)))
  })
  CellToolbar.register_preset("Edit Metadata", ["default.rawedit"], notebook)
}
