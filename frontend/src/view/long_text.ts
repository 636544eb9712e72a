/** Very long texts in an editor: it gets a height of its own, so that only the lines in view are drawn. */

import type CodeMirror from "codemirror"

/** An editor as high as its text draws every line; beyond this many, that takes seconds. */
const LONG_LINES = 2000

const LONG_CLASS = "fnb-long-text"

/** Show `place` as that of a text with so many lines. */
export function showLength(place: HTMLElement, lines: number): void {
  place.classList.toggle(LONG_CLASS, lines > LONG_LINES)
}

/** Follow the editor's text. Before a change, not after it: by then, a long paste has been drawn line by line. */
export function followLength(place: HTMLElement, editor: CodeMirror.Editor): void {
  editor.on("beforeChange", (_editor, change) => {
    showLength(place, editor.lineCount() - (change.to.line - change.from.line) + (change.text.length - 1))
  })
}
