/** Keys pressed in the editor of a cell: which are the editor's, and which the page's. */
import type CodeMirror from "codemirror"
import { isAtEnd, isAtStart } from "../../../../view/cursor"
import type { Cell } from "../cell"

export const keys = {
  /** → true when CodeMirror must leave the key alone. */
  handle_codemirror_keyevent(this: Cell, editor: CodeMirror.Editor, event: KeyboardEvent): boolean {
    const is_inner_arrow = (event.key === "ArrowUp" && !isAtStart(editor)) || (event.key === "ArrowDown" && !isAtEnd(editor))
    // The keyboard manager would leave the cell; within the text, arrows are the editor's.
    if (is_inner_arrow) (event as { _ipkmIgnore?: boolean })._ipkmIgnore = true
    return !is_inner_arrow && (this.keyboard_manager?.edit_shortcuts?.handles(event) ?? false)
  },

  handle_keyevent(this: Cell, editor: CodeMirror.Editor, event: KeyboardEvent): boolean {
    return this.mode === "command" ? true : this.handle_codemirror_keyevent(editor, event)
  },
}
