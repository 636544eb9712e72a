/** `notebook/js/contexthint`: completions from the words of the text itself. */
import CodeMirror from "codemirror"

export interface ContextHint {
  str: string
  type: "context"
  from: CodeMirror.Position
  to: CodeMirror.Position
}

/** Words of the editor's text that go on with the word before the cursor. */
export function contextHint(editor: CodeMirror.Editor): ContextHint[] {
  const to = editor.getCursor()
  const before = (editor.getLine(to.line) ?? "").slice(0, to.ch)
  const start = /[\p{L}\p{N}_]*$/u.exec(before)?.[0] ?? ""
  if (start === "") return []
  const from = { line: to.line, ch: to.ch - start.length }
  const words = new Set(editor.getValue().match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [])
  return [...words]
    .filter((word) => word.length > start.length && word.startsWith(start))
    .map((str) => ({ str, type: "context", from, to }))
}

Object.assign(CodeMirror, { contextHint }) // where older extensions call it
