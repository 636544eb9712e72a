/** `notebook/js/notebook`: the notebook editor. State and wiring here; its methods, by subject, in `notebook/`. */
import $ from "jquery"
import { KernelWords } from "../../../model/asfound"
import type { MergeBase } from "../../../model/mergebase"
import type { EventBus } from "../../base/js/events"
import { ConfigWithDefaults, type ConfigSection } from "../../services/config"
import type { Contents } from "../../services/contents"
import type { Kernel } from "../../services/kernels/kernel"
import type { Session } from "../../services/sessions/session"
import type { CellJson, Metadata } from "../../../model/notebook"
import type { Deletion } from "../../../model/history"
import type { Cell } from "./cell"
import { StructureHistory } from "../../../model/structure"
import type { KeyboardManager } from "./keyboardmanager"
import type { KernelSelector } from "./kernelselector"
import type { Outline } from "./outline"
import type { SaveWidget } from "./savewidget"
import type { Tooltip } from "./tooltip"
import { ScrollManager } from "./scrollmanager"
import { appearance } from "./notebook/appearance"
import { attachments } from "./notebook/attachments"
import { autosave } from "./notebook/autosave"
import { CellElements } from "./notebook/cellelements"
import { cellAccess } from "./notebook/cells"
import { cellClipboard } from "./notebook/clipboard"
import { checkpointing, type Checkpoint } from "./notebook/checkpoints"
import { conflict } from "./notebook/conflict"
import { conversion } from "./notebook/conversion"
import { dialogs } from "./notebook/dialogs"
import { execution } from "./notebook/execution"
import { filling } from "./notebook/filling"
import { executions } from "./notebook/executions"
import { files } from "./notebook/files"
import { format } from "./notebook/format"
import { history } from "./notebook/history"
import { loading } from "./notebook/loading"
import { modes } from "./notebook/modes"
import { restoring } from "./notebook/restoring"
import { moving } from "./notebook/moving"
import { outputs } from "./notebook/outputs"
import { saving } from "./notebook/saving"
import { savingAs } from "./notebook/saveas"
import { scrolling } from "./notebook/scrolling"
import { selection } from "./notebook/selection"
import { kernelSession } from "./notebook/session"
import { splitAndMerge } from "./notebook/splitmerge"
import { structure } from "./notebook/structure"
import { listenToEvents } from "./notebook/wiring"

export interface NotebookOptions {
  events: EventBus
  keyboard_manager: KeyboardManager
  contents: Contents
  save_widget: SaveWidget
  config: ConfigSection
  base_url: string
  ws_url: string
  notebook_path: string
  notebook_name: string
  nbclassic_path?: string
}

export type NotebookMode = "command" | "edit"

/** A CodeMirror mode as a kernel names it: a mode name, a MIME type, or a mode object. */
export type ModeSpec = string | { name: string; [key: string]: unknown }

/* nbformat 4.1 is what classic pages have always announced here; files keep the minor they were read with. */
const CURRENT_NBFORMAT_MINOR = 1
const MINIMUM_AUTOSAVE_INTERVAL_MS = 120_000

export class Notebook {
  static options_default: Record<string, unknown> = {
    default_cell_type: "code",
    Header: true,
    Toolbar: true,
    TableOfContents: false,
    kill_kernel: false,
  }

  config: ConfigSection
  class_config: ConfigWithDefaults
  base_url: string
  ws_url: string
  notebook_path: string
  notebook_name: string
  nbclassic_path: string
  events: EventBus
  keyboard_manager: KeyboardManager
  contents: Contents
  save_widget: SaveWidget
  tooltip: Tooltip | null
  scroll_manager: ScrollManager
  kernel_selector: KernelSelector | null
  /** The table of contents and the sections, where the page has them. */
  outline: Outline | null

  element: JQuery
  container!: JQuery
  _cell_elements!: CellElements

  session: Session | null
  kernel: Kernel | null
  kernel_busy: boolean
  /** The kernel was shut down or died: the next start needs a new session. */
  _kernel_is_gone: boolean
  _session_starting: boolean
  _restarts_asked: number

  metadata: Metadata
  /** What else the file holds beside its cells and metadata. */
  _unknown_fields: Metadata
  nbformat: number
  nbformat_minor: number
  current_nbformat_minor: number
  codemirror_mode: ModeSpec

  mode: NotebookMode
  dirty: boolean
  trusted: boolean
  writable: boolean
  _fully_loaded: boolean
  /** The cell that an empty notebook is shown with. It is saved when something is in it. */
  _first_cell: Cell | null
  /** While the cells of a long notebook come in. */
  _filling: Promise<void> | null
  /** The cells that are made now show only their text at first. */
  _draws_later: boolean
  /** What `_changes` was when the file had been read. */
  _loaded_changes: number
  /** What the kernel wrote into the metadata unasked. */
  _kernel_words: KernelWords
  /** The next kernel is the one that the file, or the server, asks for; not one that the user named. */
  _is_kernel_chosen_by_opening: boolean
  /** The minor version that was taken for that of a file without one. */
  _assumed_minor: number | null

  clipboard: CellJson[] | null
  clipboard_attachments: CellJson["attachments"] | null
  paste_enabled: boolean
  paste_attachments_enabled: boolean
  undelete_backup_stack: Deletion[]
  structure_history: StructureHistory
  /** While one change of the user's is made of several. */
  _changing_structure: boolean
  /** The cell that is being inserted gets its text next. */
  _filling_cell: boolean
  _execution_timer: number
  /** The newest message of the kernel when the last save began. */
  _saved_position: number | null

  last_modified: Date | null
  /** Hash of the file as this page last read or wrote it; goes back as the precondition of a save. */
  content_hash: string | null
  /** The file as this page last read or wrote it. */
  _merge_base: MergeBase | null
  checkpoints: Checkpoint[]
  last_checkpoint: Checkpoint | null
  autosave_interval: number
  autosave_timer: number | null
  minimum_autosave_interval: number
  /** The file changed on disk and the user has not decided yet: autosave waits. */
  _save_conflict: boolean
  _saving: Promise<unknown> | null
  _queued_save: Promise<unknown> | null
  /** Counts the changes, so that a change made while a save is under way stays unsaved. */
  _changes: number
  _conflict_dialog: JQuery | null
  /** What was last said about the file's format. */
  _told_validation: string | null

  notebook_name_blacklist_re: RegExp
  _line_numbers: boolean
  _header: boolean
  _toolbar: boolean

  constructor(selector: string, options: NotebookOptions) {
    this.config = options.config
    this.class_config = new ConfigWithDefaults(this.config, Notebook.options_default, "Notebook")
    this.base_url = options.base_url
    this.ws_url = options.ws_url
    this.notebook_path = options.notebook_path
    this.notebook_name = options.notebook_name
    this.nbclassic_path = options.nbclassic_path ?? ""
    this.events = options.events
    this.keyboard_manager = options.keyboard_manager
    this.contents = options.contents
    this.save_widget = options.save_widget
    this.tooltip = null
    this.kernel_selector = null
    this.outline = null

    this.session = null
    this.kernel = null
    this.kernel_busy = false
    this._kernel_is_gone = false
    this._session_starting = false
    this._restarts_asked = 0

    this.metadata = {}
    this._unknown_fields = {}
    this.nbformat = 4
    this.nbformat_minor = CURRENT_NBFORMAT_MINOR
    this.current_nbformat_minor = CURRENT_NBFORMAT_MINOR
    this.codemirror_mode = "text"

    this.mode = "command"
    this.dirty = false
    this.trusted = false
    this.writable = false
    this._fully_loaded = false
    this._first_cell = null
    this._filling = null
    this._draws_later = false
    this._loaded_changes = 0
    this._kernel_words = new KernelWords({})
    this._is_kernel_chosen_by_opening = false
    this._assumed_minor = null

    this.clipboard = null
    this.clipboard_attachments = null
    this.paste_enabled = false
    this.paste_attachments_enabled = false
    this.undelete_backup_stack = []
    this.structure_history = new StructureHistory()
    this._changing_structure = false
    this._filling_cell = false
    this._execution_timer = 0
    this._saved_position = null

    this.last_modified = null
    this.content_hash = null
    this._merge_base = null
    this.checkpoints = []
    this.last_checkpoint = null
    this.autosave_interval = 0
    this.autosave_timer = null
    this.minimum_autosave_interval = MINIMUM_AUTOSAVE_INTERVAL_MS
    this._save_conflict = false
    this._saving = null
    this._queued_save = null
    this._changes = 0
    this._conflict_dialog = null
    this._told_validation = null

    this.notebook_name_blacklist_re = /[/\\:]/
    this._line_numbers = false
    this._header = true
    this._toolbar = true

    this.element = $(selector)
    this.element.data("notebook", this)
    this.scroll_manager = new ScrollManager(this)
    this.save_widget.notebook = this
    this.keyboard_manager.set_notebook(this)
    void this.validate_config()
    this.create_elements()
    this.bind_events()
  }

  /** Make `#notebook-container` for the cells and the empty space after them. */
  create_elements(): void {
    this.element.attr("tabindex", "-1")
    this.container = $("<div/>").addClass("container").attr("id", "notebook-container")
    this._cell_elements = new CellElements(this.container[0] as HTMLElement)
    const end_space = $("<div/>").addClass("end_space").on("dblclick", () => this._add_cell_at_end())
    this.element.append(this.container, end_space)
  }

  bind_events(): void {
    listenToEvents(this)
  }

  _add_cell_at_end(): void {
    this.insert_cell_at_bottom("code")
    this.select(this.ncells() - 1)
    this.edit_mode()
  }

  /** Whether all cells show line numbers. Setting it is kept in the configuration. */
  get line_numbers(): boolean {
    return this._line_numbers
  }

  set line_numbers(shown: boolean) {
    this._show_line_numbers(shown)
  }

  /** Whether the header with the logo and the name is shown. Setting it is kept in the configuration. */
  get header(): boolean {
    return this._header
  }

  set header(shown: boolean) {
    this._show_header(shown)
  }

  /** Whether the toolbar is shown. Setting it is kept in the configuration. */
  get toolbar(): boolean {
    return this._toolbar
  }

  set toolbar(shown: boolean) {
    this._show_toolbar(shown)
  }
}

/* Every part becomes an ordinary, replaceable method of the prototype: extensions overwrite `Notebook.prototype.select`
   after start-up and must be reached from keys, menus and kernel messages. */
const parts = [
  appearance, attachments, autosave, cellAccess, cellClipboard, checkpointing, conflict, conversion, dialogs, execution, executions, files,
  filling, format, history, kernelSession, loading, modes, moving, outputs, restoring, saving, savingAs, scrolling, selection, splitAndMerge,
  structure,
]
for (const part of parts) Object.assign(Notebook.prototype, part)

type Parts = typeof appearance & typeof attachments & typeof autosave & typeof cellAccess & typeof cellClipboard &
  typeof checkpointing & typeof conflict & typeof conversion & typeof dialogs & typeof execution & typeof executions & typeof files &
  typeof filling & typeof format & typeof history & typeof kernelSession & typeof loading & typeof modes & typeof moving & typeof outputs &
  typeof restoring & typeof saving & typeof savingAs & typeof scrolling & typeof selection & typeof splitAndMerge & typeof structure

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface Notebook extends Parts {}
