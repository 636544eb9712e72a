/**
 * Lets the hidden input of an editor follow the cursor without a layout of the page.
 *
 * CodeMirror puts its input where the cursor is, at every key, so that browsers scroll to the right place and input methods
 * open there. Moved by `top` and `left`, a direct child of a box that keeps its size (`steady_box`) has Chromium lay out
 * the whole page all the same; moved by a transform, nothing.
 */

import CodeMirror from "codemirror"

interface DrawnSelection {
  teTop?: number | null
  teLeft?: number | null
}

interface TextareaInput {
  wrapper: HTMLElement
  showSelection(drawn: DrawnSelection): void
  resetPosition(): void
}

let isDone = false

/** For all editors of the page; again without effect. */
export function steadyInputs(): void {
  const styles = (CodeMirror as unknown as { inputStyles?: { textarea?: { prototype: TextareaInput } } }).inputStyles
  const input = styles?.textarea?.prototype
  if (isDone || !input) return
  isDone = true
  const { showSelection, resetPosition } = input
  input.showSelection = function (drawn) {
    showSelection.call(this, { ...drawn, teTop: null })
    if (drawn.teTop != null) this.wrapper.style.transform = `translate(${drawn.teLeft ?? 0}px, ${drawn.teTop}px)`
  }
  input.resetPosition = function () {
    resetPosition.call(this)
    this.wrapper.style.transform = ""
  }
}
