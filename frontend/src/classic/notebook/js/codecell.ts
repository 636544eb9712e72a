/** `notebook/js/codecell`: a cell of code: its prompt and its running. What it does with keys, answers and outputs is in `codecell/`. */
import $ from "jquery"
import type CodeMirror from "codemirror"
import { escapeHtml } from "../../../model/ansi"
import { joinText, type Output } from "../../../model/outputs"
import type { CellExecution } from "../../../model/queue"
import type { ExecutionStatus } from "../../../view/execution_status"
import { endOf } from "../../../view/cursor"
import { make } from "../../../view/elements"
import { defineTabStopCommand } from "../../../view/tab_stop"
import { Cell, type CellOptions, type HighlightModes } from "./cell"
import type { CellJSON, EventBus } from "./cell_types"
import { Completer } from "./completer"
import { OutputArea } from "./outputarea"
import { answers } from "./codecell/answers"
import { following } from "./codecell/following"
import { keys } from "./codecell/keys"
import { outputs } from "./codecell/outputs"
import "./codemirror-ipython"
import { _ } from "../../../i18n/words"

export type { ExecuteCallbacks } from "./codecell/answers"

/** What a code cell asks of its kernel. */
export interface CellKernel {
  execute(code: string, callbacks: unknown, options: Record<string, unknown>): string
  clear_callbacks_for_msg(msg_id: string): void
  set_callbacks_for_msg?(msg_id: string, callbacks: unknown, save?: boolean): void
  _remember_display?(display_id: string, parent_id: string): void
}

/** What a code cell asks of the notebook's one tooltip. */
export interface CellTooltip {
  request(cell: CodeCell, hide_if_no_docstring?: boolean): void
  remove_and_cancel_tooltip(force?: boolean): boolean
}

export type InputPrompt = number | string | null | undefined

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
  /** The same modes, where extensions for older releases look for them. */
  static override config_defaults: Record<string, unknown> = { highlight_modes: CodeCell.options_default["highlight_modes"] }

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
  _execution: CellExecution | null
  _execution_view: ExecutionStatus | null
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
    this._execution = null
    this._execution_view = null
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
    defineTabStopCommand()
    const input_area = make("div", "input_area", { role: "group", "aria-label": _("Edit code here") })
    const inner_cell = make("div", "inner_cell", {}, [...this._create_toolbar().get(), input_area])
    const input = make("div", "input", {}, [...this._create_prompt().get(), inner_cell])
    const output = make("div", "")
    this.element = $(make("div", "cell code_cell", { tabindex: "2" }, [input, output]))
    this.input = $(input)
    this.inner_cell = $(inner_cell)
    this.input_area = $(input_area)
    this._create_editor(this.input_area)
    this.output_area = new OutputArea({
      config: this.config,
      selector: $(output),
      prompt_area: true,
      events: this.events,
      ...(this.keyboard_manager && { keyboard_manager: this.keyboard_manager }),
    })
  }

  _create_prompt(): JQuery {
    const words = _("Run this cell")
    const attributes = { title: words, role: "button", "aria-label": words }
    const run = $(make("div", "run_this_cell", attributes, [make("i", "fa-step-forward fa")]))
    run.on("mousedown", (event) => event.preventDefault()) // focus would select the cell
    run.on("click", (event) => {
      event.stopImmediatePropagation()
      this.execute()
    })
    return $(make("div", "prompt_container", {}, [make("div", "prompt input_prompt"), ...run.get()]))
  }

  override bind_events(): void {
    super.bind_events()
    this.element.on("focusout", () => this.auto_highlight())
  }

  override handle_codemirror_keyevent(editor: CodeMirror.Editor, event: KeyboardEvent): boolean {
    return this._handle_code_key(editor, event) ?? super.handle_codemirror_keyevent(editor, event)
  }

  override _draw_waiting(): void {
    this.output_area._draw_light()
  }

  set_kernel(kernel: CellKernel | null): void {
    this.kernel = kernel
  }

  /** Run the code. Later cells that are queued stop when it fails, unless told otherwise here or by the tag `raises-exception`. */
  override execute(stop_on_error?: boolean): void {
    if (!this.kernel || this.notebook?._kernel_is_gone) {
      this.events.trigger("execution_refused.CodeCell", { cell: this })
      return
    }
    const tags = this.metadata["tags"]
    const may_raise = Array.isArray(tags) && tags.includes("raises-exception")
    this.clear_output(false, true)
    this._forget_last_request()
    this._show_execution({ kind: "none" })
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
    const place = this.notebook?._place_of?.(this)
    const options = { silent: false, store_history: true, stop_on_error, ...(place ? { metadata: { flasknb: place } } : {}) }
    const msg_id = (this.kernel as CellKernel).execute(code, this.get_callbacks(), options)
    this._await_request(msg_id)
  }

  /** From now on this cell shows what comes of a request. */
  _await_request(msg_id: string): void {
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

  override select(moveanchor?: boolean): boolean | void {
    const changed = super.select(moveanchor)
    if (changed) {
      this._refresh_in_calm()
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
    editor.setSelection({ line: 0, ch: 0 }, endOf(editor))
  }

  set_input_prompt(number?: InputPrompt): void {
    /* While the notebook loads, its prompts are put in place: no change of it. */
    const is_change = (number ?? null) !== (this.input_prompt_number ?? null) && this.notebook?._fully_loaded === true
    this.input_prompt_number = number
    if (is_change) this.events.trigger("set_dirty.Notebook", { value: true })
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

  override fromJSON(data: CellJSON): void {
    super.fromJSON(data)
    if (data.source !== undefined) {
      // A source that did not pass our server may be a list of lines.
      this.set_text(joinText(data.source))
      // Undo must not lead to the empty cell that was before.
      this._clear_history()
      this.auto_highlight()
    }
    if (data.attachments) this.attachments = data.attachments
    this.set_input_prompt(data.execution_count)
    this.output_area._draws_later = this.notebook?._draws_later === true
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
    else if (data.metadata["collapsed"] === true || !this._idle_entries.includes("collapsed")) delete data.metadata["collapsed"]
    if (this.output_area.scroll_state === "auto") {
      if (!this._idle_entries.includes("scrolled")) delete data.metadata["scrolled"]
    } else data.metadata["scrolled"] = this.output_area.scroll_state
    return data
  }
}

/* Every part becomes ordinary, replaceable methods of the prototype. */
Object.assign(CodeCell.prototype, answers, following, keys, outputs)

type Parts = typeof answers & typeof following & typeof keys & typeof outputs

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface CodeCell extends Parts {}

const encode_prompt = (prompt_value: number | string): string => escapeHtml(String(prompt_value))
