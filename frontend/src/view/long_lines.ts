/** Very long lines in an editor: their middle is folded away, for a line is drawn as a whole, anew at every key. */

import CodeMirror from "codemirror"
import { _ } from "../i18n/words"

/** A line of more characters than this is folded. Colours end much earlier, at CodeMirror's `maxHighlightLength`. */
export const LONG_CHARS = 40_000
/** So much of its beginning and its end stays to be read and edited. */
const KEPT_CHARS = 2_000

const FOLD_CLASS = "fnb-long-line"

/** A document with this text, its long lines folded before anything is drawn. */
export function foldedDocument(text: string, mode: unknown): CodeMirror.Doc {
  const doc = new CodeMirror.Doc(text, mode as string)
  doc.eachLine((line) => fold(doc, line))
  return doc
}

export function hasLongLine(text: string): boolean {
  return text.length > LONG_CHARS && text.split("\n").some((line) => line.length > LONG_CHARS)
}

/** Fold what is typed and pasted later, before it is drawn. */
export function followLines(editor: CodeMirror.Editor): void {
  editor.on("change", (_editor, change) => {
    const doc = editor.getDoc()
    for (let line = change.from.line; line < change.from.line + change.text.length; line += 1) {
      const handle = doc.getLineHandle(line)
      if (handle) fold(doc, handle)
    }
  })
}

function fold(doc: CodeMirror.Doc, handle: CodeMirror.LineHandle): void {
  if (handle.text.length <= LONG_CHARS || isFolded(handle)) return
  const line = doc.getLineNumber(handle) ?? 0
  const folded = handle.text.length - 2 * KEPT_CHARS
  const place = placeOf(folded)
  const mark = doc.markText({ line, ch: KEPT_CHARS }, { line, ch: KEPT_CHARS + folded }, { collapsed: true, replacedWith: place })
  place.addEventListener("click", () => {
    shownLines.add(handle)
    mark.clear()
  })
}

/* What somebody wanted to see whole is not folded again. */
const shownLines = new WeakSet<CodeMirror.LineHandle>()

function isFolded(handle: CodeMirror.LineHandle): boolean {
  const spans = (handle as { markedSpans?: { marker: { collapsed?: boolean } }[] }).markedSpans ?? []
  return shownLines.has(handle) || spans.some(({ marker }) => marker.collapsed === true)
}

function placeOf(count: number): HTMLElement {
  const place = document.createElement("span")
  place.className = FOLD_CLASS
  place.textContent = _("… %s more characters …", count.toLocaleString())
  place.title = _("Click to show the whole line. With lines as long as this one, typing is slow.")
  return place
}
