/** Keys that mean more in code: Tab completes, Shift-Tab shows the tooltip, Enter runs or ends a line. */
import type CodeMirror from "codemirror"
import { hasWordsBefore } from "../../../../view/cursor"
import type { Cell } from "../cell"
import type { CodeCell } from "../codecell"

const MODIFIERS = ["Shift", "Control", "Alt", "Meta", "CapsLock"]

export const keys = {
  /** → what `handle_codemirror_keyevent` answers; undefined for a key that means the same in every cell. */
  _handle_code_key(this: CodeCell, editor: CodeMirror.Editor, event: KeyboardEvent): boolean | undefined {
    // A modifier alone is the beginning of a key, not a key: it must not close the tooltip that Shift-Tab will expand.
    if (MODIFIERS.includes(event.key)) return undefined
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.altKey)) {
      this.tooltip?.remove_and_cancel_tooltip()
      return true
    }
    if (event.key === "Enter") queueMicrotask(() => this.auto_highlight())
    const is_tab = event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey
    if (is_tab && event.shiftKey) return this._wants_tooltip(editor) && this._show_tooltip(event)
    const was_open = this.tooltip?.remove_and_cancel_tooltip(event.key === "Escape") ?? false
    if (event.key === "Escape" && was_open) {
      ;(event as { _ipkmIgnore?: boolean })._ipkmIgnore = true
      event.preventDefault()
      return true
    }
    if (!is_tab || !this._wants_completion(editor)) return undefined
    event.preventDefault()
    this.completer?.startCompletion()
    return true
  },

  /** While the list of completions has the focus, the cell is being edited all the same. */
  _lends_focus(this: Cell): boolean {
    return (this as CodeCell).completer?.visible ?? false
  },

  left_list(this: CodeCell): void {
    this.events.trigger("command_mode.Cell", { cell: this })
  },

  _show_tooltip(this: CodeCell, event: KeyboardEvent): boolean {
    event.preventDefault()
    this.tooltip?.request(this)
    return this.tooltip !== null
  },

  _wants_tooltip(this: CodeCell, editor: CodeMirror.Editor): boolean {
    const spans_lines = editor.listSelections().length > 1 || editor.getCursor("from").line !== editor.getCursor("to").line
    return !spans_lines && hasWordsBefore(editor)
  },

  _wants_completion(this: CodeCell, editor: CodeMirror.Editor): boolean {
    return !editor.somethingSelected() && editor.listSelections().length === 1 && hasWordsBefore(editor)
  },
}
