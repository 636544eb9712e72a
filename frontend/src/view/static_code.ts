/** The look of an editor that does not exist yet: the text in the editor's font and place, highlighted in idle time. */

import { highlightInto, type ModeSpec } from "./highlight"

export interface StaticCodeDelegate {
  /** The reader pressed the mouse at a point of the text and wants to edit there. */
  editWanted(x: number, y: number): void
}

const idleQueue = new Set<StaticCode>()
let isIdleScheduled = false
const IDLE_TIMEOUT_MS = 2_000

function runIdle(deadline: { timeRemaining(): number }): void {
  isIdleScheduled = false
  for (const code of idleQueue) {
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
  private readonly pre: HTMLPreElement
  readonly element: HTMLDivElement
  private readonly onMouseDown = (event: MouseEvent): void => {
    if (event.button !== 0) return
    event.preventDefault()
    this.delegate.editWanted(event.clientX, event.clientY)
  }

  constructor(private readonly delegate: StaticCodeDelegate) {
    this.element = document.createElement("div")
    this.element.className = "fnb-static-code cm-s-ipython"
    this.pre = document.createElement("pre")
    this.element.append(this.pre)
  }

  start(): void {
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
    if (!mode || text === "") return
    idleQueue.add(this)
    scheduleIdle()
  }

  highlight(): void {
    if (this.text !== "") highlightInto(this.pre, this.text, this.mode)
  }
}
