/** `notebook/js/cell`: what all cells have. State and elements here; their methods, by subject, in `cell/`. */
import $ from "jquery"
import type CodeMirror from "codemirror"
import type { LazyEditor } from "../../../view/lazy_editor"
import { missingFields } from "../../../model/asfound"
import { asRecord, copyJson, idleEntries, newCellId, savedMetadata, unknownCellFields } from "../../../model/notebook"
import type { ConfigSection, ConfigWithDefaults } from "../../services/config"
import * as utils from "../../base/js/utils"
import { CellToolbar } from "./celltoolbar"
import type { CellJSON, EventBus, Keyboards, NotebookLike } from "./cell_types"
import { cellEditor } from "./cell/editor"
import { direction } from "./cell/direction"
import { focusing } from "./cell/focus"
import { highlighting } from "./cell/highlighting"
import { keys } from "./cell/keys"
import { cellOptions } from "./cell/options"
import { permissions } from "./cell/permissions"
import { states } from "./cell/states"
import { cellText } from "./cell/text"
import { _ } from "../../../i18n/words"

export type { HighlightModes } from "./cell/highlighting"

type Options = Record<string, unknown>

export interface CellOptions {
  events: EventBus
  config?: Pick<ConfigSection, "data">
  keyboard_manager?: Keyboards
  notebook?: NotebookLike
  tooltip?: unknown
  cm_config?: Options
}

const go_line_keys = {
  "Cmd-Right": "goLineRight",
  End: "goLineRight",
  "Cmd-Left": "goLineLeft",
  Tab: "indentMore",
  "Shift-Tab": "indentLess",
  "Cmd-/": "toggleComment",
  "Ctrl-/": "toggleComment",
}

export class Cell {
  /** Name under which users configure the class; its own name does not survive minification. */
  static config_name = "Cell"
  static options_default: { cm_config: Options; [name: string]: unknown } = {
    cm_config: { indentUnit: 4, readOnly: false, theme: "default", extraKeys: go_line_keys, inputStyle: "textarea" },
  }
  static config_defaults: Options = {}

  cell_type: string | null
  element: JQuery
  inner_cell: JQuery | null
  input_area: JQuery | null
  celltoolbar: CellToolbar | null
  events: EventBus
  config: Pick<ConfigSection, "data">
  class_config: ConfigWithDefaults
  keyboard_manager: Keyboards | undefined
  notebook: NotebookLike | undefined
  placeholder: string
  selected: boolean
  anchor: boolean
  rendered: boolean
  mode: "command" | "edit"
  id: string
  cell_id: string
  attachments: Record<string, Record<string, string>>
  user_highlight: string
  _options: { cm_config: Options; [name: string]: unknown }
  _metadata: Options
  /** What the file says in the metadata although it says nothing. */
  _idle_entries: string[]
  /** What every cell has and this one's file lacks. */
  _missing_fields: string[]
  _unknown_fields: Options
  _lazy_editor: LazyEditor | null

  constructor(options: CellOptions) {
    this.events = options.events
    this.config = options.config ?? { data: {} }
    this.keyboard_manager = options.keyboard_manager
    this.notebook = options.notebook
    this.class_config = this._make_class_config()
    this._options = this._make_options(options)
    this.placeholder = String(this._options["placeholder"] ?? "")
    this.cell_type = null
    this.selected = false
    this.anchor = false
    this.rendered = false
    this.mode = "command"
    this.id = newCellId()
    this.cell_id = utils.uuid()
    this.attachments = {}
    this.user_highlight = "auto"
    this._metadata = {}
    this._idle_entries = []
    this._missing_fields = []
    this._unknown_fields = {}
    this._lazy_editor = null
    this.inner_cell = null
    this.input_area = null
    this.celltoolbar = null
    this.element = $()
    this.create_element()
    if (this.element.length === 0) return
    this.element.data("cell", this)
    this.bind_events()
    this.init_classes()
  }

  /** Deprecated name of `_options.cm_config`. */
  get cm_config(): Options {
    return this._options.cm_config
  }

  /** The live object: what is put into it is saved. */
  get metadata(): Options {
    return this._metadata
  }

  set metadata(value: Options) {
    this._metadata = value
    this.celltoolbar?.rebuild()
  }

  /** The CodeMirror editor. Asking for it makes it: `get_text`, `set_text` and `set_editor_option` do without. */
  get code_mirror(): CodeMirror.Editor {
    if (!this._lazy_editor) throw new Error(`A ${this.cell_type ?? "new"} cell has no editor`)
    return this._lazy_editor.editor
  }

  /** Make `this.element`. Subclasses do; a bare cell has none. */
  create_element(): void {
    // Nothing to show: only subclasses know what a cell looks like.
  }

  init_classes(): void {
    this.element.addClass(this.selected ? "selected" : "unselected").addClass(this.rendered ? "rendered" : "unrendered")
  }

  _create_toolbar(): JQuery {
    this.celltoolbar = new CellToolbar({ cell: this, notebook: this.notebook })
    return this.celltoolbar.element
  }

  bind_events(): void {
    /* The focus comes with the button going down, before the click that would extend the selection to this cell. */
    let is_extending = false
    this.element.on("mousedown", (event) => void (is_extending = event.shiftKey === true))
    this.element.on("click", (event) => {
      is_extending = false
      this._on_click(event)
    })
    this.element.on("focusin", () => {
      if (!this.selected && !is_extending) this.events.trigger("select.Cell", { cell: this })
    })
    this.element.on("dblclick", () => {
      if (this.selected === false) this.events.trigger("select.Cell", { cell: this })
    })
  }

  _on_click(event: { shiftKey?: boolean }): void {
    this.events.trigger("select.Cell", { cell: this, extendSelection: event.shiftKey === true })
  }

  typeset(): void {
    utils.typeset(this.element)
  }

  /** Draw what waits for the reader to come near. */
  _draw_waiting(): void {
    // Only subclasses have something to show that takes its time.
  }

  execute(_stop_on_error?: boolean): void {
    // Running is for cells that have something to run.
  }

  /** The cell as the notebook format has it. A copy: later changes do not reach it. */
  toJSON(_gc_attachments?: boolean): CellJSON {
    const data: CellJSON = { ...this._unknown_fields, cell_type: this.cell_type ?? "", metadata: savedMetadata(this.metadata, this._idle_entries), source: "" }
    const has_ids = (this.notebook?.nbformat ?? 4) > 4 || (this.notebook?.nbformat_minor ?? 0) >= 5
    if (has_ids) data.id = this.id
    return data
  }

  fromJSON(data: CellJSON): void {
    this.metadata = asRecord(data.metadata)
    this._idle_entries = idleEntries(this.metadata)
    this._unknown_fields = unknownCellFields(data)
    this._missing_fields = missingFields(data)
    if (this.metadata["direction"] !== undefined) this.apply_direction()
    if (typeof data.id === "string" && data.id !== "") this.id = data.id
  }
}

/* Every part becomes ordinary, replaceable methods of the prototype, which subclasses inherit and override. */
Object.assign(Cell.prototype, cellEditor, cellOptions, cellText, direction, focusing, highlighting, keys, permissions, states)

type Parts = typeof cellEditor & typeof cellOptions & typeof cellText & typeof direction & typeof focusing &
  typeof highlighting & typeof keys & typeof permissions & typeof states

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface Cell extends Parts {}

/** A cell of a type that this program does not know. It shows that, and is saved as it came. */
export class UnrecognizedCell extends Cell {
  static override config_name = "UnrecognizedCell"
  static override options_default = { cm_config: {} }

  data: CellJSON | null

  constructor(options: CellOptions) {
    super(options)
    this.cell_type = "unrecognized"
    this.data = null
  }

  override create_element(): void {
    const inner = $("<div/>").addClass("inner_cell").append($("<a>").attr("href", "#").text(_("Unrecognized cell type")))
    this.element = $("<div>").addClass("cell unrecognized_cell").attr("tabindex", "2")
    this.element.append($("<div/>").addClass("prompt input_prompt"), inner)
    this.inner_cell = inner
  }

  override bind_events(): void {
    super.bind_events()
    this.element.find(".inner_cell > a").on("click", (event) => {
      event.preventDefault()
      this.events.trigger("unrecognized_cell.Cell", { cell: this })
    })
  }

  override is_mergeable(): boolean {
    return false
  }

  override is_splittable(): boolean {
    return false
  }

  override toJSON(): CellJSON {
    return copyJson(this.data) as CellJSON
  }

  override fromJSON(data: CellJSON): void {
    this.data = data
    super.fromJSON(data)
    this.element.find(".inner_cell > a").text(_("Unrecognized cell type: %s", data.cell_type))
  }
}
