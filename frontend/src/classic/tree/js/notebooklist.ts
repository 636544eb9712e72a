/**
 * `tree/js/notebooklist`: the list of a folder. Shows entries, keeps the selection, and carries out what is done with
 * them through the contents service. What a dialog asks is in `notebooklist/operations`, uploads in `notebooklist/upload`.
 */
import $ from "jquery"
import type { ContentsModel } from "../../../contents/models"
import { events, type EventBus } from "../../base/js/events"
import { Jupyter } from "../../base/js/namespace"
import * as utils from "../../base/js/utils"
import type { Contents } from "../../services/contents"
import { showBreadcrumbs, showTitle } from "./notebooklist/location"
import { bindListEvents, bindPageEvents } from "./notebooklist/wiring"
import { EDIT_MIMETYPES, isEditable, isNotebook, isPdf, isViewable, type Entry } from "./notebooklist/filetypes"
import * as operations from "./notebooklist/operations"
import { makeRow, part, showModified, typeLabel } from "./notebooklist/rows"
import { ACTIONS, isWanted, possibleActions, type SelectedEntry, type SelectionType } from "./notebooklist/selection"
import { comparison, type SortId } from "./notebooklist/sorting"
import * as upload from "./notebooklist/upload"
import type { RunningSessions, SesssionList } from "./sessionlist"

export interface NotebookListOptions {
  session_list: SesssionList
  contents: Contents
  base_url: string
  notebook_path?: string
  element_name?: string
}

/** Where the page belongs to one list, its global listeners are bound once, by the first of each kind. */
type BoundSingletons = Record<string, NotebookList>

export class NotebookList {
  static icons: Record<string, string> = { directory: "folder_icon", notebook: "notebook_icon", file: "file_icon" }
  static uri_prefixes: Record<string, string> = { directory: "tree", file: "edit", notebook: "notebooks", "": "" }
  static _bound_singletons: BoundSingletons = {}

  session_list: SesssionList
  events: EventBus
  contents: Contents
  base_url: string
  notebook_path: string
  element_name: string
  selector: string
  element: JQuery<HTMLElement>
  selected: SelectedEntry[]
  sessions: RunningSessions
  model_list: ContentsModel | null
  sort_id: SortId
  /** 1 ascending, 0 descending, as the arrow shows it. */
  sort_direction: number
  sort_function: (a: Entry, b: Entry) => number
  EDIT_MIMETYPES: string[]
  _max_upload_size_mb: number
  _load_number: number
  _last_refresh_ms: number
  _drawn: string
  _batch: DocumentFragment | null

  constructor(selector: string, options: NotebookListOptions) {
    this.session_list = options.session_list
    this.events = events
    this.contents = options.contents
    this.base_url = options.base_url || utils.get_body_data("baseUrl") || "/"
    this.notebook_path = options.notebook_path ?? utils.get_body_data("notebookPath") ?? ""
    this.element_name = options.element_name || "notebook"
    this.selector = selector
    this.element = $<HTMLElement>(selector)
    this.selected = []
    this.sessions = {}
    this.model_list = null
    this.sort_id = "sort-name"
    this.sort_direction = 1
    this.sort_function = comparison("sort-name", true)
    this.EDIT_MIMETYPES = EDIT_MIMETYPES
    this._max_upload_size_mb = 25
    this._load_number = 0
    this._last_refresh_ms = 0
    this._drawn = ""
    this._batch = null
    this.style()
    this.bind_events()
  }

  style(): void {
    this.element.addClass("list_container")
  }

  bind_events(): void {
    bindListEvents(this)
    if (NotebookList._bound_singletons[this.element_name]) return
    NotebookList._bound_singletons[this.element_name] = this
    if (this.element_name === "notebook") bindPageEvents(this)
  }

  // What the server has

  load_sessions(): void {
    this.session_list.load_sessions()
  }

  /** Mark what runs; the rows stay. */
  sessions_loaded(data: RunningSessions): void {
    this.sessions = data
    for (const row of this.element.children(".list_item").get()) this._mark_running(row)
    this._selection_changed()
  }

  /** Both: entries and what runs. */
  refresh(): void {
    this.load_sessions()
    void this.load_list()
  }

  async load_list(): Promise<void> {
    const number = (this._load_number += 1)
    this._last_refresh_ms = Date.now()
    try {
      const list = await this.contents.list_contents(this.notebook_path)
      if (number === this._load_number) this.draw_notebook_list(list)
    } catch (error) {
      if (number === this._load_number) this.draw_notebook_list({ content: [] } as unknown as ContentsModel, `Server error: ${messageOf(error)}`)
    }
  }

  /** Show another folder in this page. */
  update_location(path: string): void {
    this.notebook_path = path
    document.body.setAttribute("data-notebook-path", encodeURIComponent(path))
    showTitle(path)
    showBreadcrumbs(this)
    this.clear_list()
    this.selected = []
    this._selection_changed()
    this.refresh()
  }

  // Rows

  clear_list(remove_uploads = false): void {
    const $rows = this.element.children(".list_item")
    ;(remove_uploads ? $rows : $rows.not(".new-file")).remove()
    this.element.children(".list_message").remove()
    this._drawn = ""
  }

  draw_notebook_list(list: ContentsModel, error_msg?: string): void {
    const drawn = error_msg ?? JSON.stringify([list.path, list.content])
    this.model_list = list
    if (drawn === this._drawn) return this._refresh_times()
    const focused = this._focused_row_part()
    const entries = (list.content as ContentsModel[]).filter((entry) => entry.name !== "")
    this.clear_list()
    this._drawn = drawn
    this._batch = document.createDocumentFragment()
    if (this.notebook_path) this._add_parent_row()
    for (const entry of [...entries].sort(this.sort_function)) this.add_link(entry, this.new_item(-1, true))
    if (error_msg || entries.length === 0) this._batch.append(placeholder(error_msg ?? "The notebook list is empty."))
    const batch = this._batch
    this._batch = null
    this.element.append(batch)
    this._reselect()
    this._restore_focus(focused)
    this.events.trigger("draw_notebook_list.NotebookList")
  }

  _add_parent_row(): void {
    const parent = utils.url_path_split(this.notebook_path)[0]
    const item = this.new_item(-1, false)
    this.add_link({ type: "directory", name: "..", path: parent } as Entry, item)
  }

  /** A row; at the end for -1, else after the child with this index (0 is the header). */
  new_item(index: number, selectable = true): JQuery<HTMLElement> {
    const row = makeRow(selectable)
    if (index !== -1) this.element.children().eq(index).after(row)
    else if (this._batch) this._batch.append(row)
    else this.element.append(row)
    return $(row)
  }

  add_link(model: Entry, item: JQuery<HTMLElement>): void {
    const row = item[0]!
    item.data({ name: model.name, path: model.path, type: model.type, modified: model.last_modified, size: model.size })
    part(row, "item_name").textContent = model.name
    const icon = part(row, "item_icon")
    icon.classList.add(NotebookList.icons[model.type] ?? "file_icon")
    icon.setAttribute("aria-label", typeLabel(model.type))
    const box = row.querySelector<HTMLInputElement>("input[type=checkbox]")
    box?.setAttribute("aria-label", `Select ${model.name}`)
    const link = part(row, "item_link") as HTMLAnchorElement
    link.href = this._link_of(model)
    if (model.type !== "directory") {
      link.target = Jupyter._target
      link.rel = "noopener"
    }
    if (model.last_modified) showModified(row, model.last_modified)
    if (model.type === "file" || model.size) part(row, "file_size").textContent = utils.format_filesize(model.size ?? 0)
    if (model.type === "notebook") this._mark_running(row)
  }

  _link_of(model: Entry): string {
    const prefix = this._uri_prefix(model)
    return utils.url_path_join(this.base_url, prefix, utils.encode_uri_components(model.path))
  }

  _uri_prefix(model: Entry): string {
    if (model.type !== "file") return NotebookList.uri_prefixes[model.type] ?? "edit"
    if (this._is_notebook(model)) return "notebooks"
    if (this._is_pdflike(model)) return "files"
    return this._is_viewable(model) ? "view" : "edit"
  }

  _is_notebook(model: Entry): boolean {
    return isNotebook(model)
  }

  _is_editable(model: Entry): boolean {
    return isEditable(model)
  }

  _is_viewable(model: Entry): boolean {
    return isViewable(model)
  }

  _is_pdflike(model: Entry): boolean {
    return isPdf(model)
  }

  _is_running(path: string): boolean {
    return Object.hasOwn(this.sessions, path)
  }

  _mark_running(row: HTMLElement): void {
    const { type, path } = $(row).data() as Partial<SelectedEntry>
    if (type !== "notebook" || path === undefined) return
    const is_running = this._is_running(path)
    const icon = part(row, "item_icon")
    icon.classList.toggle("running_notebook_icon", is_running)
    icon.classList.toggle("notebook_icon", !is_running)
    const indicator = row.querySelector(".running-indicator")
    if (is_running === (indicator !== null)) return
    if (indicator) indicator.remove()
    else $("<div class='running-indicator'></div>").text("Running").appendTo(part(row, "item_buttons"))
  }

  _refresh_times(): void {
    for (const row of this.element.children(".list_item").get()) {
      const modified = $(row).data("modified") as string | undefined
      if (modified) showModified(row, modified)
    }
  }

  /** Where the keyboard is in the list, to put it back after a redraw. */
  _focused_row_part(): { path: string; tag: string } | null {
    const active = document.activeElement
    const row = active?.closest(".list_item")
    if (!active || !row || !this.element[0]?.contains(row)) return null
    return { path: $(row).data("path") as string, tag: active.tagName }
  }

  _restore_focus(focused: { path: string; tag: string } | null): void {
    if (!focused) return
    const row = this.element.children(".list_item").get().find((one) => $(one).data("path") === focused.path)
    row?.querySelector<HTMLElement>(focused.tag)?.focus({ preventScroll: true })
  }

  // Order

  /** Sort by one of the header's buttons; `order` 1 is ascending (arrow down), 0 the reverse. */
  sort_list(id: SortId, order: number): void {
    this.sort_id = id
    this.sort_direction = order
    this.sort_function = comparison(id, order === 1)
    const rows = this._entry_rows().map((row) => ({ row, entry: $(row).data() as Entry & { modified?: string } }))
    const keyed = rows.map(({ row, entry }) => ({ row, entry: { ...entry, last_modified: entry.modified } as Entry }))
    keyed.sort((a, b) => this.sort_function(a.entry, b.entry))
    const batch = document.createDocumentFragment()
    batch.append(...keyed.map(({ row }) => row))
    this.element.append(batch)
  }

  /** The checkboxes of entries; `..` and uploads have none. One query, because a click must not cost a walk of the folder. */
  _boxes(): HTMLInputElement[] {
    return [...this.element[0]!.querySelectorAll<HTMLInputElement>(":scope > .list_item > .col-md-12 > input[type=checkbox]")]
  }

  /** The rows of entries, without `..` and uploads. */
  _entry_rows(): HTMLElement[] {
    return this._boxes().map(rowOf)
  }

  // Selection

  select(selection_type: SelectionType): void {
    for (const box of this._boxes()) {
      const entry = $(rowOf(box)).data() as SelectedEntry
      box.checked = isWanted(selection_type, entry, this._is_running(entry.path))
    }
    this._selection_changed()
  }

  /** After a redraw: what was selected and still exists stays selected. */
  _reselect(): void {
    const paths = new Set(this.selected.map((entry) => entry.path))
    if (paths.size > 0) for (const box of this._boxes()) box.checked = paths.has($(rowOf(box)).data("path") as string)
    this._selection_changed()
  }

  _selection_changed(): void {
    if (this.element_name !== "notebook") return
    const boxes = this._boxes()
    for (const box of boxes) rowOf(box).classList.toggle("selected", box.checked)
    this.selected = boxes.filter((box) => box.checked).map((box) => {
      const { name, path, type } = $(rowOf(box)).data() as SelectedEntry
      return { name, path, type }
    })
    const possible = possibleActions(this.selected, (path) => this._is_running(path))
    for (const action of ACTIONS) $(`.${action}-button`).toggle(possible.has(action))
    $(".dynamic-instructions").toggle(this.selected.length === 0)
    this._show_select_all(boxes.length)
  }

  _show_select_all(total: number): void {
    const count = this.selected.length
    const is_all = count > 0 && count === total
    $("#select-all").prop({ checked: is_all, indeterminate: count > 0 && !is_all })
    $("#button-select-all").attr("aria-checked", is_all ? "true" : count > 0 ? "mixed" : "false")
    $("#counter-select-all").html(count > 0 ? String(count) : "&nbsp;")
  }

  // What is done with the selected entries

  shutdown_selected(): void {
    for (const entry of this.selected) if (entry.type === "notebook") this.shutdown_notebook(entry.path)
  }

  /** End the kernel of the notebook at `path`. Resolves when the server has answered. */
  async shutdown_notebook(path: string): Promise<void> {
    const session = Object.hasOwn(this.sessions, path) ? this.sessions[path] : undefined
    if (!session) return
    try {
      await utils.promising_ajax(utils.url_path_join(this.base_url, "api/sessions", encodeURIComponent(session.id)), { type: "DELETE", cache: false })
    } catch (error) {
      operations.tellFailure("Shutdown Failed", `The kernel of ${path} was not shut down.`, error)
    }
    this.load_sessions()
  }

  rename_selected(): void {
    operations.renameSelected(this)
  }

  move_selected(): void {
    operations.moveSelected(this)
  }

  download_selected(): void {
    for (const entry of this.selected) operations.download(this, entry)
  }

  delete_selected(): void {
    operations.deleteSelected(this)
  }

  duplicate_selected(): void {
    operations.duplicateSelected(this)
  }

  view_selected(): void {
    for (const entry of this.selected) {
      const prefix = this._is_notebook(entry) ? "notebooks" : this._is_pdflike(entry) || !this._is_viewable(entry) ? "files" : "view"
      this._open_page(prefix, entry.path)
    }
  }

  edit_selected(): void {
    for (const entry of this.selected) this._open_page("edit", entry.path)
  }

  _open_page(prefix: string, path: string): void {
    window.open(utils.url_path_join(this.base_url, prefix, utils.encode_uri_components(path)), Jupyter._target)
  }

  notebook_deleted(path: string): void {
    const row = this._entry_rows().find((one) => $(one).data("path") === path)
    row?.remove()
    this._drawn = ""
    this.events.trigger("notebook_deleted.NotebookList")
    this._selection_changed()
  }

  // Uploads

  handleFilesUpload(event: JQuery.TriggeredEvent, dropOrForm: "drop" | "form"): void {
    upload.receiveFiles(this, event, dropOrForm)
  }

  add_name_input(name: string, item: JQuery<HTMLElement>, icon_type = "file"): void {
    upload.addNameInput(name, item, NotebookList.icons[icon_type] ?? "file_icon")
  }

  add_file_data(data: upload.FileData, item: JQuery<HTMLElement>): void {
    item.data("filedata", data)
  }

  add_upload_button(item: JQuery<HTMLElement>): void {
    upload.addUploadButton(this, item)
  }

  add_large_file_upload_button(file: File): void {
    upload.addLargeUpload(this, file)
  }
}

function rowOf(box: HTMLInputElement): HTMLElement {
  return box.parentElement!.parentElement!
}

function placeholder(text: string): HTMLElement {
  return $<HTMLElement>("<div class='list_placeholder list_message row' role='status'></div>").text(text)[0]!
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
