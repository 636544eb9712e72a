/** `notebook/js/cell`: what all cells have: an element, an editor, metadata, selection, modes. */
import $ from "jquery"
import type CodeMirror from "codemirror"
import { LazyEditor } from "../../../view/lazy_editor"
import { modeForLanguage } from "../../../view/highlight"
import { defineMagicMode } from "../../../view/magic_mode"
import { ConfigWithDefaults, type ConfigSection } from "../../services/config"
import * as utils from "../../base/js/utils"
import { CellToolbar } from "./celltoolbar"
import type { CellJSON, EventBus, Keyboards, NotebookLike } from "./cell_types"

type Options = Record<string, unknown>

export interface CellOptions {
  events: EventBus
  config?: Pick<ConfigSection, "data">
  keyboard_manager?: Keyboards
  notebook?: NotebookLike
  tooltip?: unknown
  cm_config?: Options
}

/* A cell class as the option lookup sees it. */
interface CellClass {
  config_name: string
  options_default: { cm_config?: Options; [name: string]: unknown }
  config_defaults?: Options
}

/** Modes by first line: `magic_<mode>` or a mode's name → patterns. */
export type HighlightModes = Record<string, { reg?: (RegExp | string)[] }>

const go_line_keys = {
  "Cmd-Right": "goLineRight",
  End: "goLineRight",
  "Cmd-Left": "goLineLeft",
  Tab: "indentMore",
  "Shift-Tab": "indentLess",
  "Cmd-/": "toggleComment",
  "Ctrl-/": "toggleComment",
}

const random_id = (): string => utils.uuid().slice(0, 8)

/* Whether the user holds the key of an input method; those keys are the browser's. */
const is_composing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229

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
    this.id = random_id()
    this.cell_id = utils.uuid()
    this.attachments = {}
    this.user_highlight = "auto"
    this._metadata = {}
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

  // ---- options

  /* The classes of this cell, from the most general one. */
  _class_chain(): CellClass[] {
    const chain: CellClass[] = []
    let link: unknown = this.constructor
    while (typeof link === "function" && link !== Function.prototype) {
      if (Object.hasOwn(link, "config_name")) chain.unshift(link as unknown as CellClass)
      link = Object.getPrototypeOf(link)
    }
    return chain
  }

  _make_class_config(): ConfigWithDefaults {
    const chain = this._class_chain()
    const defaults = $.extend(true, {}, ...chain.flatMap((link) => [link.config_defaults ?? {}, link.options_default])) as Options
    return new ConfigWithDefaults(this.config as ConfigSection, defaults, chain[chain.length - 1]?.config_name ?? "Cell")
  }

  /* Defaults of the classes, then what the user configured for each, then what the caller gave. */
  _make_options(options: CellOptions): { cm_config: Options; [name: string]: unknown } {
    const chain = this._class_chain()
    const configured = chain.map((link) => (this.config.data[link.config_name] ?? {}) as Options)
    const given = options.cm_config ? { cm_config: options.cm_config } : {}
    return $.extend(true, { cm_config: {} }, ...chain.map((link) => link.options_default), ...configured, given) as {
      cm_config: Options
    }
  }

  /** Deprecated name of `_options.cm_config`. */
  get cm_config(): Options {
    return this._options.cm_config
  }

  // ---- metadata

  /** The live object: what is put into it is saved. */
  get metadata(): Options {
    return this._metadata
  }

  set metadata(value: Options) {
    this._metadata = value
    this.celltoolbar?.rebuild()
  }

  // ---- the editor

  /** The CodeMirror editor. Asking for it makes it: `get_text`, `set_text` and `set_editor_option` do without. */
  get code_mirror(): CodeMirror.Editor {
    if (!this._lazy_editor) throw new Error(`A ${this.cell_type ?? "new"} cell has no editor`)
    return this._lazy_editor.editor
  }

  /** Whether there is an editor already. */
  has_editor(): boolean {
    return this._lazy_editor?.exists ?? false
  }

  /** Set a CodeMirror option for the editor that is, or for the one that will be. */
  set_editor_option(name: string, value: unknown): void {
    this._options.cm_config[name] = value
    this._lazy_editor?.setOption(name, value)
  }

  /* Subclasses call this where the editor's place is. */
  _create_editor(place: JQuery): void {
    const options = { ...this._options.cm_config, screenReaderLabel: place.attr("aria-label") }
    this._lazy_editor = new LazyEditor(place[0] as HTMLElement, options, {
      editorCreated: (editor) => this._bind_editor(editor),
    })
    this._lazy_editor.start()
  }

  _bind_editor(editor: CodeMirror.Editor): void {
    editor.on("keydown", (cm, event) => {
      if (!is_composing(event) && this.handle_keyevent(cm, event)) (event as { codemirrorIgnore?: boolean }).codemirrorIgnore = true
    })
    editor.on("change", (_cm, change) => {
      this.events.trigger("set_dirty.Notebook", { value: true })
      this.events.trigger("change.Cell", { cell: this, change })
    })
    editor.on("focus", () => {
      if (!this.is_editable()) editor.setOption("readOnly", true)
      this.events.trigger("edit_mode.Cell", { cell: this })
    })
    editor.on("blur", () => {
      this.events.trigger("command_mode.Cell", { cell: this })
    })
  }

  // ---- building

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
    this.element.on("click", (event) => this._on_click(event))
    this.element.on("focusin", () => {
      if (!this.selected) this.events.trigger("select.Cell", { cell: this })
    })
    this.element.on("dblclick", () => {
      if (this.selected === false) this.events.trigger("select.Cell", { cell: this })
      if (this.unrender()) this.focus_editor()
    })
  }

  _on_click(event: { shiftKey?: boolean }): void {
    this.events.trigger("select.Cell", { cell: this, extendSelection: event.shiftKey === true })
  }

  // ---- keys

  /** → true when CodeMirror must leave the key alone. */
  handle_codemirror_keyevent(editor: CodeMirror.Editor, event: KeyboardEvent): boolean {
    const cursor = editor.getCursor()
    const last_line = editor.lastLine()
    const at_start = cursor.line === 0 && cursor.ch === 0
    const at_end = cursor.line === last_line && cursor.ch === (editor.getLine(last_line) ?? "").length
    const is_inner_arrow = (event.key === "ArrowUp" && !at_start) || (event.key === "ArrowDown" && !at_end)
    // The keyboard manager would leave the cell; within the text, arrows are the editor's.
    if (is_inner_arrow) (event as { _ipkmIgnore?: boolean })._ipkmIgnore = true
    return !is_inner_arrow && (this.keyboard_manager?.edit_shortcuts?.handles(event) ?? false)
  }

  handle_keyevent(editor: CodeMirror.Editor, event: KeyboardEvent): boolean {
    return this.mode === "command" ? true : this.handle_codemirror_keyevent(editor, event)
  }

  // ---- formulas

  typeset(): void {
    utils.typeset(this.element)
  }

  // ---- selection and state; each returns whether something changed

  select(moveanchor = true): boolean | void {
    if (moveanchor) this.anchor = true
    if (this.selected) return false
    this.element.addClass("selected").removeClass("unselected")
    this.selected = true
    return true
  }

  unselect(moveanchor = true): boolean | void {
    if (moveanchor) this.anchor = false
    if (!this.selected) return false
    this.element.addClass("unselected").removeClass("selected")
    this.selected = false
    return true
  }

  execute(_stop_on_error?: boolean): void {
    // Running is for cells that have something to run.
  }

  render(): boolean | void {
    if (this.rendered) return false
    this.element.addClass("rendered").removeClass("unrendered")
    this.rendered = true
    return true
  }

  unrender(): boolean | void {
    if (!this.rendered) return false
    this.element.addClass("unrendered").removeClass("rendered")
    this.rendered = false
    return true
  }

  command_mode(): boolean {
    if (this.mode === "command") return false
    this.mode = "command"
    return true
  }

  edit_mode(): boolean {
    if (this.mode === "edit") return false
    this.mode = "edit"
    return true
  }

  // ---- cursor and focus

  at_top(): boolean {
    if (!this.has_editor()) return true
    const cursor = this.code_mirror.getCursor()
    return cursor.line === 0 && cursor.ch === 0
  }

  at_bottom(): boolean {
    if (!this.has_editor()) return this.get_text() === ""
    const cursor = this.code_mirror.getCursor()
    const last_line = this.code_mirror.lastLine()
    return cursor.line === last_line && cursor.ch === (this.code_mirror.getLine(last_line) ?? "").length
  }

  ensure_focused(): void {
    const is_editing = this.has_editor() && this.code_mirror.hasFocus()
    if (this.element[0] !== document.activeElement && !is_editing) this.focus_cell()
  }

  focus_cell(): void {
    this.element.trigger("focus")
    this._on_click({})
  }

  focus_editor(): void {
    if (!this._lazy_editor) return
    const editor = this.code_mirror
    this.refresh()
    editor.focus()
  }

  /** Let the editor measure itself anew; one that does not exist measures itself when it is made. */
  refresh(): void {
    if (this.has_editor()) this.code_mirror.refresh()
  }

  // ---- text

  get_text(): string {
    return this._lazy_editor?.getText() ?? ""
  }

  set_text(text: string): void {
    this._replace_text(text)
  }

  /* An editor tells of its changes itself; text without an editor must be told of here. */
  _replace_text(text: string): void {
    const before = this.get_text()
    if (!this._lazy_editor || text === before) return
    const has_editor = this.has_editor()
    this._lazy_editor.setText(text)
    if (has_editor) return
    const removed = before.split("\n")
    const to = { line: removed.length - 1, ch: (removed[removed.length - 1] ?? "").length }
    const change = { from: { line: 0, ch: 0 }, to, text: text.split("\n"), removed, origin: "setValue" }
    this.events.trigger("set_dirty.Notebook", { value: true })
    this.events.trigger("change.Cell", { cell: this, change })
  }

  _clear_history(): void {
    if (this.has_editor()) this.code_mirror.clearHistory()
  }

  // ---- the notebook file

  /** The cell as the notebook format has it. A copy: later changes do not reach it. */
  toJSON(_gc_attachments?: boolean): CellJSON {
    const metadata = JSON.parse(JSON.stringify(this.metadata)) as Options
    if (metadata["deletable"] !== false) delete metadata["deletable"]
    if (metadata["editable"] !== false) delete metadata["editable"]
    if (metadata["collapsed"] === false) delete metadata["collapsed"]
    const data: CellJSON = { cell_type: this.cell_type ?? "", metadata, source: "" }
    const has_ids = (this.notebook?.nbformat ?? 4) > 4 || (this.notebook?.nbformat_minor ?? 0) >= 5
    if (has_ids) data.id = this.id
    return data
  }

  fromJSON(data: CellJSON): void {
    this.metadata = data.metadata ?? {}
    if (typeof data.id === "string" && data.id !== "") this.id = data.id
  }

  // ---- what may be done to the cell

  is_splittable(): boolean {
    return this.is_deletable()
  }

  is_mergeable(): boolean {
    return this.is_deletable() && this.is_editable()
  }

  is_editable(): boolean {
    return this.metadata["editable"] !== false
  }

  /** What cannot be edited cannot be deleted either. */
  is_deletable(): boolean {
    return this.metadata["deletable"] !== false && this.is_editable()
  }

  // ---- parts of the text

  get_pre_cursor(): string {
    const editor = this.code_mirror
    return editor.getRange({ line: 0, ch: 0 }, editor.getCursor()).replace(/^\n+/, "").replace(/\n+$/, "")
  }

  get_post_cursor(): string {
    const editor = this.code_mirror
    const last_line = editor.lastLine()
    const end = { line: last_line, ch: (editor.getLine(last_line) ?? "").length }
    return editor.getRange(editor.getCursor(), end).replace(/^\n+/, "").replace(/\n+$/, "")
  }

  /** The text cut at every cursor, and around every selection. */
  get_split_text(): string[] {
    const editor = this.code_mirror
    const last_line = editor.lastLine()
    const end = { line: last_line, ch: (editor.getLine(last_line) ?? "").length }
    const cuts = editor.listSelections().flatMap((range) => {
      return range.empty() ? [range.from()] : [range.from(), range.to()]
    })
    const points = [{ line: 0, ch: 0 }, ...cuts, end]
    const trimmed = (text: string): string => text.replace(/^\n+/, "").replace(/\n+$/, "")
    return points.slice(1).map((point, index) => trimmed(editor.getRange(points[index]!, point)))
  }

  // ---- looks of the editor

  show_line_numbers(value: boolean): void {
    this.set_editor_option("lineNumbers", value)
  }

  toggle_line_numbers(): void {
    this.show_line_numbers(this._options.cm_config["lineNumbers"] !== true)
  }

  force_highlight(mode: string): void {
    this.user_highlight = mode
    this._use_mode(mode, (spec) => spec)
  }

  auto_highlight(): void {
    if (this.user_highlight === "auto") this._auto_highlight((this.class_config.get_sync("highlight_modes") ?? {}) as HighlightModes)
  }

  /** Take the mode whose pattern the first line matches; else the cell's own mode. */
  _auto_highlight(modes: HighlightModes): void {
    const first_line = this.get_text().split("\n", 1)[0] ?? ""
    const matches = (pattern: RegExp | string): boolean => first_line.search(pattern) !== -1
    const found = Object.entries(modes).find(([, mode]) => (mode.reg ?? []).some(matches))
    if (!found) {
      this._show_mode(this._options.cm_config["mode"])
      return
    }
    const [key] = found
    const is_magic = key.startsWith("magic_")
    const name = is_magic ? key.slice("magic_".length) : key
    this._use_mode(name, (spec) => (is_magic ? defineMagicMode(name, spec) : spec))
  }

  /* Show the mode called `name`, loading it when it is none of those that the page starts with. */
  _use_mode(name: string, wrap: (spec: string) => string): void {
    const known = modeForLanguage(name)
    if (typeof known === "string") {
      this._show_mode(wrap(known))
      return
    }
    utils.requireCodeMirrorMode(
      name,
      (spec) => this._show_mode(wrap(spec as string)),
      () => console.warn(`There is no editor mode called ${name}`),
    )
  }

  /* Only the editor changes: the cell's own mode stays for when the first line changes again. */
  _show_mode(spec: unknown): void {
    const shown = this._lazy_editor?.getOption("mode")
    if (JSON.stringify(shown) !== JSON.stringify(spec)) this._lazy_editor?.setOption("mode", spec)
  }
}

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
    const inner = $("<div/>").addClass("inner_cell").append($("<a>").attr("href", "#").text("Unrecognized cell type"))
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
    return JSON.parse(JSON.stringify(this.data)) as CellJSON
  }

  override fromJSON(data: CellJSON): void {
    this.data = data
    super.fromJSON(data)
    this.element.find(".inner_cell > a").text(`Unrecognized cell type: ${data.cell_type}`)
  }
}
