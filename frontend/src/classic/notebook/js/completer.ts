/** `notebook/js/completer`: Tab: what the kernel and the cell offer for the word before the cursor. */
import $ from "jquery"
import CodeMirror from "codemirror"
import * as utils from "../../base/js/utils"
import type { EventBus } from "./cell_types"
import { contextHint } from "./contexthint"
import { kindsOf } from "../../../model/completions"
import { _ } from "../../../i18n/words"

/** What the completer needs of its cell. */
export interface CompletedCell {
  code_mirror: CodeMirror.Editor
  kernel: unknown
  focus_editor(): void
  notebook?: { kernel_busy?: boolean } | undefined
  /** The list had the focus in the editor's stead, and it is gone from both. */
  left_list(): void
}

interface CompletingKernel {
  complete(code: string, cursor_pos: number, callback: (msg: CompleteReply) => void): string
}

interface CompleteReply {
  content: {
    status?: string
    matches?: string[]
    cursor_start?: number | null
    cursor_end?: number | null
    metadata?: Record<string, unknown>
  }
}

/** One offer: put `str` in place of the text between `from` and `to`. */
export interface Completion {
  str: string
  type: "introspection" | "context"
  from: CodeMirror.Position
  to: CodeMirror.Position
  /** What the kernel says it is: function, module, … */
  kind?: string | undefined
}

const MAX_SHOWN = 1000
const VISIBLE_ROWS = 10
const REINVOKE_DELAY_MS = 50
/** So long after an answer of its the kernel may be busy with that question still: its *idle* comes later. */
const ANSWERED_MS = 500

/* The longest beginning that all have; a leading % does not part magics from names. */
function shared_start(completions: Completion[]): string {
  const words = completions.map(({ str }) => str.replace(/^%+/, ""))
  const first = words[0] ?? ""
  let length = first.length
  for (const word of words) while (!word.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}

type Bound = string | ((editor: CodeMirror.Editor) => unknown)
type LookupKey = (name: string, map: CodeMirror.KeyMap, run: (bound: Bound) => boolean, editor: CodeMirror.Editor) => string | undefined

interface EditorKeys {
  state: { keyMaps: CodeMirror.KeyMap[] }
}

/* As the editor takes a key: a bracket or a quote comes with its other half. */
function typeInto(editor: CodeMirror.Editor, character: string): void {
  const run = (bound: Bound): boolean => (typeof bound === "string" ? editor.execCommand(bound) : bound(editor)) !== CodeMirror.Pass
  const { keyMaps } = (editor as unknown as EditorKeys).state
  const { lookupKey } = CodeMirror as unknown as { lookupKey: LookupKey }
  const is_taken = keyMaps.some((map) => lookupKey(`'${character}'`, map, run, editor) === "handled")
  if (!is_taken) editor.replaceSelection(character, "end", "+input")
}

export class Completer {
  static reinvoke_re = /[%0-9a-z._/\\:~-]/i

  cell: CompletedCell
  editor: CodeMirror.Editor | null
  events: EventBus
  visible: boolean
  done: boolean
  autopick: boolean
  skip_kernel_completion: boolean
  raw_result: Completion[]
  complete: JQuery | null
  sel: JQuery | null
  /** The text and place for which the kernel was asked last; an answer for another one comes too late. */
  _asked: string | null
  _unanswered: number
  _answered_ms: number

  constructor(cell: CompletedCell, events: EventBus) {
    this.cell = cell
    this.events = events
    this.editor = null
    this.visible = false
    this.done = false
    this.autopick = false
    this.skip_kernel_completion = false
    this.raw_result = []
    this.complete = null
    this.sel = null
    this._asked = null
    this._unanswered = 0
    this._answered_ms = -Infinity
  }

  startCompletion(): void {
    this.editor = this.cell.code_mirror
    const has_range = this.editor.somethingSelected() || this.editor.listSelections().length > 1
    if (has_range) return
    this.done = false
    this.carry_on_completion(true)
  }

  /** Whether what was typed is part of a word to go on completing. */
  reinvoke(pre_cursor: string, _block?: unknown, _cursor?: unknown): boolean {
    return Completer.reinvoke_re.test(pre_cursor.slice(-1))
  }

  carry_on_completion(first_invocation = false): void {
    const editor = this.cell.code_mirror
    this.editor = editor
    const cursor = editor.getCursor()
    const pre_cursor = (editor.getLine(cursor.line) ?? "").slice(0, cursor.ch)
    if (!first_invocation && !this.reinvoke(pre_cursor)) {
      this.close()
      return
    }
    this.autopick = first_invocation
    const kernel = this.cell.kernel as CompletingKernel | null
    // A busy kernel answers after the running cell: too late to be of use. Questions of ours keep it busy for a moment only.
    const is_ours = this._unanswered > 0 || performance.now() - this._answered_ms < ANSWERED_MS
    const is_long_busy = this.cell.notebook?.kernel_busy && !is_ours
    if (!kernel || this.skip_kernel_completion || is_long_busy) {
      this.finish_completing({ content: { matches: [], status: "ok" } })
      return
    }
    const text = editor.getValue()
    const position = utils.js_idx_to_char_idx(editor.indexFromPos(cursor), text)
    const asked = (this._asked = `${position}:${text}`)
    const index = editor.indexFromPos(cursor)
    this._unanswered += 1
    kernel.complete(text, position, (msg) => {
      this._unanswered -= 1
      this._answered_ms = performance.now()
      if (this._still_wants(asked)) this.finish_completing(msg)
      else if (this._asked === asked && this._typed_on(text, index)) this.carry_on_completion(false)
    })
  }

  /* Whether nothing but more of the word has come since: its list is still wanted, for what is there now. */
  _typed_on(text: string, index: number): boolean {
    const editor = this.editor
    if (!editor?.hasFocus() || editor.somethingSelected()) return false
    const now = editor.getValue()
    const end = editor.indexFromPos(editor.getCursor())
    const typed = now.slice(index, end)
    const only_typed = typed !== "" && now === text.slice(0, index) + typed + text.slice(index)
    return only_typed && [...typed].every((character) => Completer.reinvoke_re.test(character))
  }

  /* Who typed on, left the cell or asked again does not want an old answer's list. */
  _still_wants(asked: string): boolean {
    const editor = this.editor
    if (!editor?.hasFocus() || this._asked !== asked) return false
    const text = editor.getValue()
    return asked === `${utils.js_idx_to_char_idx(editor.indexFromPos(editor.getCursor()), text)}:${text}`
  }

  finish_completing(msg: CompleteReply): void {
    const editor = this.editor
    if (!editor) return
    this.raw_result = this._offers(msg, editor)
    const [only] = this.raw_result
    if (!only) {
      this.close()
      return
    }
    if (this.raw_result.length === 1 && (this.autopick || only.str === editor.getRange(only.from, only.to))) {
      this.insert(only)
      this.close()
      return
    }
    this._show()
  }

  _offers(msg: CompleteReply, editor: CodeMirror.Editor): Completion[] {
    const { content } = msg
    const text = editor.getValue()
    const cursor = editor.getCursor()
    const at = (char_index: number | null | undefined, otherwise: CodeMirror.Position): CodeMirror.Position =>
      typeof char_index === "number" ? editor.posFromIndex(utils.char_idx_to_js_idx(char_index, text)) : otherwise
    const hints = contextHint(editor)
    const from = at(content.cursor_start, hints[0]?.from ?? cursor)
    const to = at(content.cursor_end, cursor)
    const matches = content.status === "error" ? [] : (content.matches ?? [])
    const kinds = kindsOf(content.metadata)
    const kernel_offers = matches.map((str): Completion => ({ str, type: "introspection", from, to, kind: kinds.get(str) }))
    const known = new Set(matches)
    return [...kernel_offers, ...hints.filter(({ str }) => !known.has(str))]
  }

  insert(completion: Completion): void {
    this.editor?.replaceRange(completion.str, completion.from, completion.to)
  }

  _show(): void {
    const editor = this.editor as CodeMirror.Editor
    this.close()
    this.visible = true
    const select = $("<select/>").attr({ multiple: "true", "aria-label": _("Completions") })
    this.sel = select
    this.build_gui_list(this.raw_result)
    select.attr("size", Math.min(VISIBLE_ROWS, this.raw_result.length))
    this.complete = $("<div/>").addClass("completions").attr("id", "complete").append(select)
    $("body").append(this.complete)
    this._place(editor)
    select.on("click", (event) => {
      if (!$(event.target).is("option")) return // the scroll bar
      ;(select[0] as HTMLSelectElement).selectedIndex = $(event.target).index()
      this.pick()
    })
    select.on("keydown", (event) => this.keydown(event))
    select.on("keypress", (event) => this.keypress(event))
    select.on("focusout", () => setTimeout(() => this._close_unless_focused(select), 0))
    select.trigger("focus")
    ;(select[0] as HTMLSelectElement).selectedIndex = 0
  }

  _close_unless_focused(select: JQuery): void {
    if (this.sel !== select || document.activeElement === select[0]) return
    this.close()
    if (!this.editor?.hasFocus()) this.cell.left_list()
  }

  /* Below the word's beginning, or above it where there is no room. */
  _place(editor: CodeMirror.Editor): void {
    const box = this.complete as JQuery
    const start = editor.charCoords(this.raw_result[0]?.from ?? editor.getCursor(), "page")
    const height = box.outerHeight() ?? 0
    const room_below = window.scrollY + window.innerHeight - start.bottom
    const top = room_below > height || start.top < height ? start.bottom + 3 : start.top - height - 3
    const left = Math.max(0, Math.min(start.left, window.innerWidth - (box.outerWidth() ?? 0)))
    box.css({ left: `${left}px`, top: `${top}px` })
  }

  build_gui_list(completions: Completion[]): void {
    const options = completions.slice(0, MAX_SHOWN).map((completion) =>
      $("<option/>").text(completion.str).attr("data-kind", completion.kind ?? null).addClass(completion.type),
    )
    this.sel?.empty().append(options)
  }

  close(): void {
    this.done = true
    this.visible = false
    this._asked = null
    const box = this.complete
    const has_focus = box?.has(document.activeElement as Element).length === 1
    this.complete = null
    this.sel = null
    box?.remove()
    if (has_focus) this.editor?.focus() // lost with the list, it would leave edit mode
  }

  pick(): void {
    const chosen = this.raw_result[(this.sel?.[0] as HTMLSelectElement | undefined)?.selectedIndex ?? -1]
    if (chosen) this.insert(chosen)
    this.close()
  }

  /* Keys in the list. None of them is for the notebook. */
  keydown(event: JQuery.KeyDownEvent): void {
    event.stopPropagation()
    const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -VISIBLE_ROWS, PageDown: VISIBLE_ROWS }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      this._move(step)
    } else if (event.key === "Enter") {
      event.preventDefault()
      this.pick()
    } else if (event.key === "Escape" || event.key === "Backspace") {
      event.preventDefault()
      this.close()
    } else if (event.key === "Tab") {
      event.preventDefault()
      this._complete_shared_start()
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault()
      this.close()
      this.editor?.execCommand(event.key === "ArrowLeft" ? "goCharLeft" : "goCharRight")
    }
  }

  _move(step: number): void {
    const list = this.sel?.[0] as HTMLSelectElement | undefined
    if (!list) return
    list.selectedIndex = Math.max(0, Math.min(list.options.length - 1, list.selectedIndex + step))
  }

  _complete_shared_start(): void {
    const same_kind = this.raw_result.filter(({ type }) => type === this.raw_result[0]?.type)
    const [first] = same_kind
    const start = shared_start(same_kind)
    if (first && start.length > this._typed_length(first)) this.insert({ ...first, str: start })
    this.close()
    this.carry_on_completion(false)
  }

  _typed_length(completion: Completion): number {
    return (this.editor?.getRange(completion.from, completion.to) ?? "").replace(/^%+/, "").length
  }

  /** A character: type it, and ask again when it goes on with the word. */
  keypress(event: JQuery.KeyPressEvent): void {
    const character = event.key
    const is_written = event.originalEvent?.getModifierState?.("AltGraph") === true || !(event.ctrlKey || event.metaKey)
    if (!is_written || [...character].length !== 1) return
    event.preventDefault()
    event.stopPropagation()
    const editor = this.editor
    this.close()
    if (editor) typeInto(editor, character)
    setTimeout(() => this.carry_on_completion(false), REINVOKE_DELAY_MS)
  }
}
