/**
 * `tree/js/notebooklist`: the list of a folder. Shows entries, keeps the selection, and carries out what is done with
 * them through the contents service. State and wiring here; its methods, by subject, in `notebooklist/`.
 */
import $ from "jquery"
import type { ContentsModel } from "../../../contents/models"
import { events, type EventBus } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import type { Contents } from "../../services/contents"
import { checkboxes } from "./notebooklist/checkboxes"
import { EDIT_MIMETYPES, type Entry } from "./notebooklist/filetypes"
import { links } from "./notebooklist/links"
import { listing } from "./notebooklist/listing"
import { loading } from "./notebooklist/loading"
import { readme } from "./notebooklist/readme"
import * as operations from "./notebooklist/operations"
import { running } from "./notebooklist/running"
import type { SelectedEntry } from "./notebooklist/selection"
import { comparison, type SortId } from "./notebooklist/sorting"
import * as upload from "./notebooklist/upload"
import { bindListEvents, bindPageEvents } from "./notebooklist/wiring"
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

  /* Its tables, as they are now: extensions change them. The parts cannot import the class, which imports them. */
  _class(): typeof NotebookList {
    return NotebookList
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

  notebook_deleted(path: string): void {
    const row = this._entry_rows().find((one) => $(one).data("path") === path)
    row?.remove()
    this._drawn = ""
    this.events.trigger("notebook_deleted.NotebookList")
    this._selection_changed()
  }

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

/* Every part becomes ordinary, replaceable methods of the prototype. */
Object.assign(NotebookList.prototype, checkboxes, links, listing, loading, readme, running)

type Parts = typeof checkboxes & typeof links & typeof listing & typeof loading & typeof readme & typeof running

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface NotebookList extends Parts {}
