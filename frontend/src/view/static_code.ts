/** The look of an editor that does not exist yet: the text in the editor's font and place, highlighted when it comes near. */

import { highlightInto, type ModeSpec } from "./highlight"

export interface StaticCodeDelegate {
  /** The reader pressed the mouse at a point of the text and wants to edit there. */
  editWanted(x: number, y: number): void
}

const idleQueue = new Set<StaticCode>()
let isIdleScheduled = false
const IDLE_TIMEOUT_MS = 500
const SELECTOR = "fnb-static-code"
/** Cells that show what their source means instead of it. */
const RENDERED = ".text_cell.rendered"
const codeOf = new WeakMap<Element, StaticCode>()
let isListening = false

/* Paper shows what nobody has come near. */
function highlightAll(): void {
  for (const element of document.getElementsByClassName(SELECTOR)) codeOf.get(element)?.highlight()
}

function listen(): void {
  if (isListening) return
  isListening = true
  window.addEventListener("beforeprint", highlightAll)
}

function runIdle(deadline: { timeRemaining(): number }): void {
  isIdleScheduled = false
  for (const code of idleQueue) {
    idleQueue.delete(code)
    if (code.isHidden()) continue
    code.highlight()
    if (deadline.timeRemaining() < 2) break
  }
  if (idleQueue.size > 0) scheduleIdle()
}

function scheduleIdle(): void {
  if (isIdleScheduled || typeof requestIdleCallback !== "function") return
  isIdleScheduled = true
  requestIdleCallback(runIdle, { timeout: IDLE_TIMEOUT_MS })
}

export class StaticCode {
  private text = ""
  private mode: ModeSpec = null
  private isPlain = false
  private isWanted = false
  private readonly pre: HTMLPreElement
  readonly element: HTMLDivElement
  private readonly onMouseDown = (event: MouseEvent): void => {
    if (event.button !== 0) return
    event.preventDefault()
    this.delegate.editWanted(event.clientX, event.clientY)
  }

  constructor(private readonly delegate: StaticCodeDelegate) {
    this.element = document.createElement("div")
    this.element.className = `${SELECTOR} cm-s-ipython`
    codeOf.set(this.element, this)
    this.pre = document.createElement("pre")
    this.element.append(this.pre)
  }

  start(): void {
    listen()
    this.element.addEventListener("mousedown", this.onMouseDown)
  }

  stop(): void {
    idleQueue.delete(this)
    this.element.removeEventListener("mousedown", this.onMouseDown)
    this.element.remove()
  }

  render(text: string, mode: ModeSpec, wrapsLines: boolean): void {
    this.text = text
    this.mode = mode
    this.element.classList.toggle("fnb-static-wrap", wrapsLines)
    // A last line break, or no text at all, still takes the height of a line, as in the editor.
    this.pre.textContent = text === "" || text.endsWith("\n") ? `${text}\u200b` : text
    this.isPlain = mode !== null && mode !== undefined && text !== ""
    if (this.isWanted) this.highlightSoon()
  }

  /** The reader comes near: colour this text, and what replaces it. */
  highlightSoon(): void {
    this.isWanted = true
    if (!this.isPlain) return
    idleQueue.add(this)
    scheduleIdle()
  }

  /** Whether a rendered text stands in its place. Told by classes: asking the browser would have it lay out the cell, for each one. */
  isHidden(): boolean {
    return this.element.closest(RENDERED) !== null
  }

  highlight(): void {
    if (!this.isPlain) return
    this.isPlain = false
    highlightInto(this.pre, this.text, this.mode)
  }
}
