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

/* Asked before anything is changed: in between, each question would have the browser look at all styles again. */
function shownAmong(queue: Set<StaticCode>): StaticCode[] {
  const shown = [...queue].filter((code) => code.isShown())
  const isShown = new Set(shown)
  for (const code of queue) if (!isShown.has(code)) queue.delete(code)
  return shown
}

function runIdle(deadline: { timeRemaining(): number }): void {
  isIdleScheduled = false
  for (const code of shownAmong(idleQueue)) {
    idleQueue.delete(code)
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

  /** Whether it has a place on the page: the source of a rendered text has none. */
  isShown(): boolean {
    return this.element.checkVisibility?.() ?? true
  }

  highlight(): void {
    if (!this.isPlain) return
    this.isPlain = false
    highlightInto(this.pre, this.text, this.mode)
  }
}
