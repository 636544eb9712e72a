/** The text of a cell, with an editor and without; and its parts between the cursors. */
import { textAfterCursor, textBeforeCursor, textsBetweenCursors } from "../../../../view/cursor"
import type { Cell } from "../cell"

export const cellText = {
  get_text(this: Cell): string {
    return this._lazy_editor?.getText() ?? ""
  },

  set_text(this: Cell, text: string): void {
    this._replace_text(text)
  },

  /* An editor tells of its changes itself; text without an editor must be told of here. */
  _replace_text(this: Cell, text: string): void {
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
  },

  _clear_history(this: Cell): void {
    if (this.has_editor()) this.code_mirror.clearHistory()
  },

  get_pre_cursor(this: Cell): string {
    return textBeforeCursor(this.code_mirror)
  },

  get_post_cursor(this: Cell): string {
    return textAfterCursor(this.code_mirror)
  },

  /** The text cut at every cursor, and around every selection. */
  get_split_text(this: Cell): string[] {
    return textsBetweenCursors(this.code_mirror)
  },
}
