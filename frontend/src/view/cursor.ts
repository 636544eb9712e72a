/** Where the cursors stand in an editor's text, and the text around them. */
import type CodeMirror from "codemirror"

type EditorText = CodeMirror.DocOrEditor

const START: CodeMirror.Position = { line: 0, ch: 0 }

export function endOf(text: EditorText): CodeMirror.Position {
  const line = text.lastLine()
  return { line, ch: (text.getLine(line) ?? "").length }
}

export function isAtStart(text: EditorText): boolean {
  const { line, ch } = text.getCursor()
  return line === 0 && ch === 0
}

export function isAtEnd(text: EditorText): boolean {
  const { line, ch } = text.getCursor()
  const end = endOf(text)
  return line === end.line && ch === end.ch
}

/** Whether there is something to look up or to complete: text before the cursor, on its line. */
export function hasWordsBefore(text: EditorText): boolean {
  const { line, ch } = text.getCursor()
  return (text.getLine(line) ?? "").slice(0, ch).trim() !== ""
}

const withoutOuterNewlines = (text: string): string => text.replace(/^\n+/, "").replace(/\n+$/, "")

/** The text before the cursor, without empty lines at its ends. */
export function textBeforeCursor(text: EditorText): string {
  return withoutOuterNewlines(text.getRange(START, text.getCursor()))
}

/** The text after the cursor, without empty lines at its ends. */
export function textAfterCursor(text: EditorText): string {
  return withoutOuterNewlines(text.getRange(text.getCursor(), endOf(text)))
}

/** The text cut at every cursor, and around every selection; the pieces without empty lines at their ends. */
export function textsBetweenCursors(text: EditorText): string[] {
  const cuts = text.listSelections().flatMap((range) => (range.empty() ? [range.from()] : [range.from(), range.to()]))
  const starts = [START, ...cuts]
  const ends = [...cuts, endOf(text)]
  return starts.map((start, index) => withoutOuterNewlines(text.getRange(start, ends[index]!)))
}
