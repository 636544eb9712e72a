/** The rows of a folder: drawn all at once, filled, and sorted. */
import $ from "jquery"
import type { ContentsModel } from "../../../../contents/models"
import { Jupyter } from "../../../base/js/namespace"
import * as utils from "../../../base/js/utils"
import type { NotebookList } from "../notebooklist"
import type { Entry } from "./filetypes"
import { makeRow, part, showModified, typeLabel } from "./rows"
import { comparison, type SortId } from "./sorting"
import { _ } from "../../../../i18n/words"

export const listing = {
  clear_list(this: NotebookList, remove_uploads = false): void {
    const $rows = this.element.children(".list_item")
    ;(remove_uploads ? $rows : $rows.not(".new-file")).remove()
    this.element.children(".list_message").remove()
    this._drawn = ""
  },

  draw_notebook_list(this: NotebookList, list: ContentsModel, error_msg?: string): void {
    const drawn = error_msg ?? JSON.stringify([list.path, list.content])
    this.model_list = list
    if (drawn === this._drawn) return this._refresh_times()
    const focused = this._focused_row_part()
    const entries = (list.content as ContentsModel[]).filter((entry) => entry.name !== "")
    this.clear_list()
    this._drawn = drawn
    this._batch = document.createDocumentFragment()
    this.add_header_footer(list)
    for (const entry of [...entries].sort(this.sort_function)) this.add_link(entry, this.new_item(-1, true))
    if (error_msg || entries.length === 0) this._batch.append(placeholder(error_msg ?? _("The notebook list is empty.")))
    const batch = this._batch
    this._batch = null
    this.element.append(batch)
    this._reselect()
    this._restore_focus(focused)
    this.events.trigger("draw_notebook_list.NotebookList")
  },

  /** What stands in the list besides the entries of the folder `list`: the way up, and what its owner says of it. */
  add_header_footer(this: NotebookList, list: ContentsModel): void {
    if (this.notebook_path) this._add_parent_row()
    this._add_readmes(list)
  },

  _add_parent_row(this: NotebookList): void {
    const parent = utils.url_path_split(this.notebook_path)[0]
    const item = this.new_item(-1, false)
    this.add_link({ type: "directory", name: "..", path: parent } as Entry, item)
  },

  /** A row; at the end for -1, else after the child with this index (0 is the header). */
  new_item(this: NotebookList, index: number, selectable = true): JQuery<HTMLElement> {
    const row = makeRow(selectable)
    if (index !== -1) this.element.children().eq(index).after(row)
    else if (this._batch) this._batch.append(row)
    else this.element.append(row)
    return $(row)
  },

  add_link(this: NotebookList, model: Entry, item: JQuery<HTMLElement>): void {
    const row = item[0]!
    item.data({ name: model.name, path: model.path, type: model.type, modified: model.last_modified, size: model.size })
    part(row, "item_name").textContent = model.name
    const icon = part(row, "item_icon")
    icon.classList.add(this._class().icons[model.type] ?? "file_icon")
    icon.setAttribute("aria-label", typeLabel(model.type))
    const box = row.querySelector<HTMLInputElement>("input[type=checkbox]")
    box?.setAttribute("aria-label", _("Select %s", model.name))
    const link = part(row, "item_link") as HTMLAnchorElement
    link.href = this._link_of(model)
    if (model.type !== "directory") {
      link.target = Jupyter._target
      link.rel = "noopener"
    }
    if (model.last_modified) showModified(row, model.last_modified)
    if (model.type === "file" || model.size) part(row, "file_size").textContent = utils.format_filesize(model.size ?? 0)
    if (model.type === "notebook") this._mark_running(row)
  },

  _refresh_times(this: NotebookList): void {
    for (const row of this.element.children(".list_item").get()) {
      const modified = $(row).data("modified") as string | undefined
      if (modified) showModified(row, modified)
    }
  },

  /** Where the keyboard is in the list, to put it back after a redraw. */
  _focused_row_part(this: NotebookList): { path: string; tag: string } | null {
    const active = document.activeElement
    const row = active?.closest(".list_item")
    if (!active || !row || !this.element[0]?.contains(row)) return null
    return { path: $(row).data("path") as string, tag: active.tagName }
  },

  _restore_focus(this: NotebookList, focused: { path: string; tag: string } | null): void {
    if (!focused) return
    const row = this.element.children(".list_item").get().find((one) => $(one).data("path") === focused.path)
    row?.querySelector<HTMLElement>(focused.tag)?.focus({ preventScroll: true })
  },

  /** Sort by one of the header's buttons; `order` 1 is ascending (arrow down), 0 the reverse. */
  sort_list(this: NotebookList, id: SortId, order: number): void {
    this.sort_id = id
    this.sort_direction = order
    this.sort_function = comparison(id, order === 1)
    const rows = this._entry_rows().map((row) => ({ row, entry: $(row).data() as Entry & { modified?: string } }))
    const keyed = rows.map(({ row, entry }) => ({ row, entry: { ...entry, last_modified: entry.modified } as Entry }))
    keyed.sort((a, b) => this.sort_function(a.entry, b.entry))
    const batch = document.createDocumentFragment()
    batch.append(...keyed.map(({ row }) => row))
    this.element.append(batch, this.element.children(".readme.is-last").get())
    this.events.trigger("draw_notebook_list.NotebookList")
  },
}

function placeholder(text: string): HTMLElement {
  return $<HTMLElement>("<div class='list_placeholder list_message row' role='status'></div>").text(text)[0]!
}
