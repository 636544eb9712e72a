/** `notebook/js/celltoolbarpresets/tags`: the cell's tags, to read, add and remove. */
import $ from "jquery"
import { parseTags, setTags, tagsOf } from "../../../../model/tags"
import * as dialog from "../../../base/js/dialog"
import { CellToolbar, type ToolbarCell } from "../celltoolbar"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

/** Change the tags and show the new ones; the focus stays in the bar. */
function write_tags(notebook: Notebook, cell: ToolbarCell, toolbar: CellToolbar, tags: readonly string[]): void {
  if (!setTags(cell.metadata, tags)) return
  notebook.set_dirty(true)
  toolbar.rebuild()
  toolbar.element.find(".tags-input input").trigger("focus")
}

function tag_element(tag: string, remove: (() => void) | null): JQuery {
  const label = $("<span/>").addClass("cell-tag").text(tag)
  if (!remove) return label
  const button = $("<i/>").addClass("remove-tag-btn fa fa-times").attr({ role: "button", tabindex: "0", "aria-label": _("Remove tag %s", tag) })
  button.on("click", remove).on("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    remove()
  })
  return label.append(button)
}

/** Let all tags of the cell be edited as one text. */
function edit_tags(notebook: Notebook, cell: ToolbarCell, toolbar: CellToolbar): void {
  const textarea = $("<textarea rows='4' cols='80'/>").addClass("form-control").attr("aria-label", _("Tags")).val((tagsOf(cell.metadata) ?? []).join("\n"))
  const modal = dialog.modal({
    title: _("Edit Tags"),
    body: $("<div/>").append($("<p/>").text(_("The tags of this cell, parted by commas, spaces or new lines:")), textarea),
    default_button: "Cancel",
    buttons: {
      Cancel: {},
      Edit: { class: "btn-primary", click: () => write_tags(notebook, cell, toolbar, parseTags(String(textarea.val() ?? ""))) },
    },
    open: () => void textarea.trigger("focus"),
    notebook,
    keyboard_manager: notebook.keyboard_manager,
  })
  modal.on("hidden.bs.modal", () => void toolbar.element.find(".tags-dialog-btn").trigger("focus"))
}

function tags_input(notebook: Notebook, cell: ToolbarCell, toolbar: CellToolbar): JQuery {
  const input = $("<input type='text'/>").attr({ "aria-label": _("New tags"), placeholder: "tag" })
  const add = (): void => write_tags(notebook, cell, toolbar, [...(tagsOf(cell.metadata) ?? []), ...parseTags(String(input.val() ?? ""))])
  input.on("keydown", (event) => {
    if (event.key !== "Enter") return
    event.preventDefault()
    add()
  })
  const more = $("<button type='button'/>").addClass("btn btn-default btn-xs tags-dialog-btn").text("...").attr("aria-label", _("Edit all tags of this cell"))
  more.on("click", () => edit_tags(notebook, cell, toolbar))
  const button = $("<button type='button'/>").addClass("btn btn-default btn-xs").text(_("Add tag")).on("click", add)
  return $("<span/>").addClass("tags-input").append(more, input, button)
}

/** Offer the preset "Tags". Where `metadata.tags` is no list of texts, nothing is shown, so that nothing is overwritten. */
export function register(notebook: Notebook): void {
  CellToolbar.register_callback("tags.edit", (div, cell, toolbar) => {
    const tags = tagsOf(cell.metadata)
    if (tags === null) return
    const may_edit = cell.metadata["editable"] !== false
    const removal = (tag: string) => (may_edit ? () => write_tags(notebook, cell, toolbar, tags.filter((other) => other !== tag)) : null)
    div.addClass("tags_button_container")
    div.append($("<span/>").addClass("tag-container").append(tags.map((tag) => tag_element(tag, removal(tag)))))
    if (may_edit) div.append(tags_input(notebook, cell, toolbar))
  })
  CellToolbar.register_preset("Tags", ["tags.edit"], notebook)
}
