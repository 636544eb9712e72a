/** Where the keyboard is: on the cell or in its editor, and at which end of the text. */
import { isAtEnd, isAtStart } from "../../../../view/cursor"
import type { Cell } from "../cell"

export const focusing = {
  at_top(this: Cell): boolean {
    if (!this.has_editor()) return true
    return isAtStart(this.code_mirror)
  },

  at_bottom(this: Cell): boolean {
    if (!this.has_editor()) return this.get_text() === ""
    return isAtEnd(this.code_mirror)
  },

  ensure_focused(this: Cell): void {
    const is_editing = this.has_editor() && this.code_mirror.hasFocus()
    if (this.element[0] !== document.activeElement && !is_editing) this.focus_cell()
  },

  focus_cell(this: Cell): void {
    this.element.trigger("focus")
    this._on_click({})
  },

  focus_editor(this: Cell): void {
    if (!this._lazy_editor) return
    const editor = this.code_mirror
    this.refresh()
    editor.focus()
  },
}
