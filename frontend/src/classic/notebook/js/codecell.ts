/** `notebook/js/codecell`: a cell of code: its prompt, its running, its outputs. */
import $ from "jquery"
import CodeMirror from "codemirror"
import type { Output, OutputMessage } from "../../../model/outputs"
import { Cell, type CellOptions, type HighlightModes } from "./cell"
import type { CellJSON, EventBus } from "./cell_types"
import { Completer } from "./completer"
import { OutputArea } from "./outputarea"
import "./codemirror-ipython"

interface ReplyMessage {
  content: { status?: string; execution_count?: number | null }
}

/* The callbacks of one execute request, as the Kernel takes them. */
export interface ExecuteCallbacks {
  clear_on_done: boolean
  shell: {
    reply(msg: ReplyMessage): void
    payload: { set_next_input(payload: NextInput): void; page(payload: PagePayload): void }
  }
  iopub: { output(msg: OutputMessage): void; clear_output(msg: ClearMessage): void }
  input(msg: InputMessage): void
  cell: CodeCell
}

interface NextInput {
  text: string
  replace?: boolean
  clear_output?: boolean
}

interface PagePayload {
  data: Record<string, unknown>
  start?: number
}

interface ClearMessage {
  content: { wait?: boolean }
}

interface InputMessage {
  content: { prompt: string; password?: boolean }
}

/** What a code cell asks of its kernel. */
export interface CellKernel {
  execute(code: string, callbacks: unknown, options: Record<string, unknown>): string
  clear_callbacks_for_msg(msg_id: string): void
}

/** What a code cell asks of the notebook's one tooltip. */
export interface CellTooltip {
  request(cell: CodeCell, hide_if_no_docstring?: boolean): void
  remove_and_cancel_tooltip(force?: boolean): boolean
}

export type InputPrompt = number | string | null | undefined

/* Backspace in an indentation goes back to the tab stop. */
function delete_to_tab_stop(editor: CodeMirror.Editor): void {
  const unit = editor.getOption("indentUnit") ?? 4
  for (const range of editor.listSelections().reverse()) {
    const { line, ch } = range.head
    const before = (editor.getLine(line) ?? "").slice(0, ch)
    const is_indent = range.empty() && ch > 0 && /^ +$/.test(before)
    const width = is_indent ? ch - Math.floor((ch - 1) / unit) * unit : 0
    if (width > 0) editor.replaceRange("", { line, ch: ch - width }, { line, ch }, "+delete")
    else if (!range.empty()) editor.replaceRange("", range.from(), range.to(), "+delete")
    else {
      const from = editor.findPosH(range.head, -1, "char", false)
      editor.replaceRange("", from, range.head, "+delete")
    }
  }
}

function install_commands(): void {
  const commands = CodeMirror.commands as unknown as Record<string, (editor: CodeMirror.Editor) => void>
  commands["delSpaceToPrevTabStop"] ??= delete_to_tab_stop
}

export class CodeCell extends Cell {
  static override config_name = "CodeCell"
  static override options_default: { cm_config: Record<string, unknown>; [name: string]: unknown } = {
    cm_config: {
      extraKeys: { Backspace: "delSpaceToPrevTabStop" },
      mode: "text",
      theme: "ipython",
      matchBrackets: true,
      autoCloseBrackets: true,
    },
  }
  static override config_defaults: Record<string, unknown> = {
    highlight_modes: {
      magic_javascript: { reg: [/^%%javascript/, /^%%js\b/] },
      magic_perl: { reg: [/^%%perl/] },
      magic_ruby: { reg: [/^%%ruby/] },
      magic_python: { reg: [/^%%python3?/] },
      magic_shell: { reg: [/^%%bash/, /^%%sh\b/] },
      magic_r: { reg: [/^%%R/] },
      "magic_text/x-cython": { reg: [/^%%cython/] },
      magic_htmlmixed: { reg: [/^%%html/i] },
      magic_markdown: { reg: [/^%%markdown/] },
    } satisfies HighlightModes,
  }

  /** The cell that waits for the answer to a message. */
  static msg_cells: Record<string, CodeCell> = {}

  /** Html of the prompt left of the input. */
  static input_prompt_classical(prompt_value: InputPrompt, _lines_number: number): string {
    const shown = prompt_value === undefined || prompt_value === null ? "&nbsp;" : encode_prompt(prompt_value)
    return `<bdi>In</bdi>&nbsp;[${shown}]:`
  }

  /** The same, with dots before each further line. */
  static input_prompt_continuation(prompt_value: InputPrompt, lines_number: number): string {
    const dots = Array.from({ length: Math.max(0, lines_number - 1) }, () => "...:")
    return [CodeCell.input_prompt_classical(prompt_value, lines_number), ...dots].join("<br/>")
  }

  static input_prompt_function: (prompt_value: InputPrompt, lines_number: number) => string = CodeCell.input_prompt_classical

  kernel: CellKernel | null
  tooltip: CellTooltip | null
  completer: Completer | null
  last_msg_id: string | null
  input_prompt_number: InputPrompt
  // Made by create_element, which the constructor of Cell calls.
  declare input: JQuery
  declare output_area: OutputArea

  constructor(kernel: CellKernel | null, options: CellOptions) {
    super(options)
    this.kernel = kernel ?? null
    this.tooltip = (options.tooltip as CellTooltip | null | undefined) ?? null
    this.completer = new Completer(this, this.events as EventBus)
    this.last_msg_id = null
    this.input_prompt_number = null
  }

  /** Whether the outputs are folded away. */
  get collapsed(): boolean {
    return this.output_area.collapsed
  }

  set collapsed(value: boolean) {
    if (value) this.collapse_output()
    else this.expand_output()
  }

  override create_element(): void {
    super.create_element()
    this.cell_type = "code"
    install_commands()
    this.element = $("<div>").addClass("cell code_cell").attr("tabindex", "2")
    this.input = $("<div>").addClass("input")
    const input_area = $("<div>").addClass("input_area").attr({ role: "group", "aria-label": "Edit code here" })
    this.inner_cell = $("<div>").addClass("inner_cell").append(this._create_toolbar(), input_area)
    this.input_area = input_area
    this.input.append(this._create_prompt(), this.inner_cell)
    const output = $("<div>")
    this.element.append(this.input, output)
    this._create_editor(input_area)
    this.output_area = new OutputArea({
      config: this.config,
      selector: output,
      prompt_area: true,
      events: this.events,
      ...(this.keyboard_manager && { keyboard_manager: this.keyboard_manager }),
    })
  }

  _create_prompt(): JQuery {
    const run = $("<div>").addClass("run_this_cell").attr({ title: "Run this cell", role: "button", "aria-label": "Run this cell" })
    run.append($("<i>").addClass("fa-step-forward fa"))
    run.on("click", (event) => {
      event.stopImmediatePropagation()
      this.execute()
    })
    return $("<div>").addClass("prompt_container").append($("<div>").addClass("prompt input_prompt"), run)
  }

  override bind_events(): void {
    super.bind_events()
    this.element.on("focusout", () => this.auto_highlight())
  }

  // ---- keys

  override handle_codemirror_keyevent(editor: CodeMirror.Editor, event: KeyboardEvent): boolean {
    // A modifier alone is the beginning of a key, not a key: it must not close the tooltip that Shift-Tab will expand.
    if (["Shift", "Control", "Alt", "Meta", "CapsLock"].includes(event.key)) return super.handle_codemirror_keyevent(editor, event)
    const is_tab = event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.altKey)) {
      this.tooltip?.remove_and_cancel_tooltip()
      return true
    }
    if (event.key === "Enter") queueMicrotask(() => this.auto_highlight())
    if (is_tab && event.shiftKey) return this._wants_tooltip(editor) && this._show_tooltip(event)
    const was_open = this.tooltip?.remove_and_cancel_tooltip(event.key === "Escape") ?? false
    if (event.key === "Escape" && was_open) {
      ;(event as { _ipkmIgnore?: boolean })._ipkmIgnore = true
      event.preventDefault()
      return true
    }
    if (is_tab && this._wants_completion(editor)) {
      event.preventDefault()
      this.completer?.startCompletion()
      return true
    }
    return super.handle_codemirror_keyevent(editor, event)
  }

  _show_tooltip(event: KeyboardEvent): boolean {
    event.preventDefault()
    this.tooltip?.request(this)
    return this.tooltip !== null
  }

  /* Text before the cursor, on its line: there is something to look up. */
  _has_text_before(editor: CodeMirror.Editor): boolean {
    const cursor = editor.getCursor()
    return (editor.getLine(cursor.line) ?? "").slice(0, cursor.ch).trim() !== ""
  }

  _wants_tooltip(editor: CodeMirror.Editor): boolean {
    const spans_lines = editor.listSelections().length > 1 || editor.getCursor("from").line !== editor.getCursor("to").line
    return !spans_lines && this._has_text_before(editor)
  }

  _wants_completion(editor: CodeMirror.Editor): boolean {
    return !editor.somethingSelected() && editor.listSelections().length === 1 && this._has_text_before(editor)
  }

  // ---- running

  set_kernel(kernel: CellKernel | null): void {
    this.kernel = kernel
  }

  /** Run the code. Later cells that are queued stop when it fails, unless told otherwise here or by the tag `raises-exception`. */
  override execute(stop_on_error?: boolean): void {
    if (!this.kernel) {
      console.warn("There is no kernel: the cell was not run.")
      return
    }
    const tags = this.metadata["tags"]
    const may_raise = Array.isArray(tags) && tags.includes("raises-exception")
    this.clear_output(false, true)
    this._forget_last_request()
    const code = this.get_text()
    if (code.trim() === "") {
      this.set_input_prompt(null)
      return
    }
    this.set_input_prompt("*")
    this.element.addClass("running")
    this._send(code, stop_on_error ?? !may_raise)
    this.render()
    this.events.trigger("execute.CodeCell", { cell: this })
  }

  _forget_last_request(): void {
    if (this.last_msg_id === null) return
    this.kernel?.clear_callbacks_for_msg(this.last_msg_id)
    delete CodeCell.msg_cells[this.last_msg_id]
    this.last_msg_id = null
  }

  _send(code: string, stop_on_error: boolean): void {
    const options = { silent: false, store_history: true, stop_on_error }
    const msg_id = (this.kernel as CellKernel).execute(code, this.get_callbacks(), options)
    this.last_msg_id = msg_id
    CodeCell.msg_cells[msg_id] = this
    const finished = (_event: unknown, payload: { msg_id: string }): void => {
      if (payload.msg_id === msg_id) {
        this.events.off("finished_iopub.Kernel", finished)
        this.events.trigger("finished_execute.CodeCell", { cell: this })
      } else if (this.last_msg_id !== msg_id) {
        this.events.off("finished_iopub.Kernel", finished)
      }
    }
    this.events.on("finished_iopub.Kernel", finished)
  }

  /** What the kernel client calls while the cell runs. Extensions wrap it. */
  get_callbacks(): ExecuteCallbacks {
    return {
      clear_on_done: false,
      shell: {
        reply: (msg) => this._handle_execute_reply(msg),
        payload: {
          set_next_input: (payload) => this._handle_set_next_input(payload),
          page: (payload) => this._open_with_pager(payload),
        },
      },
      iopub: {
        output: (msg) => {
          this.events.trigger("set_dirty.Notebook", { value: true })
          this.output_area.handle_output(msg)
        },
        clear_output: (msg) => {
          this.events.trigger("set_dirty.Notebook", { value: true })
          this.output_area.handle_clear_output(msg)
        },
      },
      input: (msg) => this._handle_input_request(msg),
      cell: this,
    }
  }

  _open_with_pager(payload: PagePayload): void {
    this.events.trigger("open_with_text.Pager", payload)
  }

  _handle_execute_reply(msg: ReplyMessage): void {
    this.set_input_prompt(msg.content.execution_count)
    this.element.removeClass("running")
    this.events.trigger("set_dirty.Notebook", { value: true })
  }

  _handle_set_next_input(payload: NextInput): void {
    const data = { cell: this, text: payload.text, replace: payload.replace, clear_output: payload.clear_output }
    this.events.trigger("set_next_input.Notebook", data)
  }

  _handle_input_request(msg: InputMessage): void {
    this.output_area.append_raw_input(msg)
  }

  // ---- selection

  override select(moveanchor?: boolean): boolean | void {
    const changed = super.select(moveanchor)
    if (changed) {
      this.refresh()
      this.auto_highlight()
    }
    return changed
  }

  override unselect(moveanchor?: boolean): boolean | void {
    const changed = super.unselect(moveanchor)
    if (changed) {
      this.tooltip?.remove_and_cancel_tooltip(true)
      this.completer?.close()
    }
    return changed
  }

  override render(): boolean | void {
    return super.render()
  }

  select_all(): void {
    const editor = this.code_mirror
    const last_line = editor.lastLine()
    editor.setSelection({ line: 0, ch: 0 }, { line: last_line, ch: (editor.getLine(last_line) ?? "").length })
  }

  // ---- outputs

  collapse_output(): void {
    this.output_area.collapse()
  }

  expand_output(): void {
    this.output_area.expand()
    this.output_area.unscroll_area()
  }

  scroll_output(): void {
    this.output_area.expand()
    this.output_area.scroll_if_long()
  }

  toggle_output(): void {
    this.output_area.toggle_output()
  }

  toggle_output_scroll(): void {
    this.output_area.toggle_scroll()
  }

  clear_output(wait?: boolean, ignore_queue?: boolean): void {
    this.events.trigger("clear_output.CodeCell", { cell: this })
    this.output_area.clear_output(wait, ignore_queue)
    this.set_input_prompt()
  }

  // ---- input

  set_input_prompt(number?: InputPrompt): void {
    this.input_prompt_number = number
    const lines = this.get_text().split("\n").length
    this.element.find("div.input_prompt").html(CodeCell.input_prompt_function(number, lines))
  }

  clear_input(): void {
    this.set_text("")
  }

  override get_text(): string {
    return super.get_text()
  }

  override set_text(code: string): void {
    super.set_text(code)
  }

  // ---- the notebook file

  override fromJSON(data: CellJSON): void {
    super.fromJSON(data)
    if (data.source !== undefined) {
      this.set_text(join_source(data.source))
      // Undo must not lead to the empty cell that was before.
      this._clear_history()
      this.auto_highlight()
    }
    if (data.attachments) this.attachments = data.attachments
    this.set_input_prompt(data.execution_count)
    this.output_area.fromJSON((data.outputs ?? []) as Output[], data.metadata ?? {})
  }

  override toJSON(): CellJSON {
    const data = super.toJSON()
    data.source = this.get_text()
    const count = this.input_prompt_number
    data.execution_count = typeof count === "number" && Number.isFinite(count) ? count : null
    data.outputs = this.output_area.toJSON()
    data.metadata["trusted"] = this.output_area.trusted
    if (this.output_area.collapsed) data.metadata["collapsed"] = true
    else delete data.metadata["collapsed"]
    if (this.output_area.scroll_state === "auto") delete data.metadata["scrolled"]
    else data.metadata["scrolled"] = this.output_area.scroll_state
    return data
  }
}

const encode_prompt = (prompt_value: number | string): string => $("<i>").text(String(prompt_value)).html()

/* A source that did not pass our server may be a list of lines. */
const join_source = (source: unknown): string => (Array.isArray(source) ? source.join("") : String(source))
