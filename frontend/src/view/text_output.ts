/** A text output: ANSI colours, links, and a cut with "Show all" where the text is too large to lay out at once. */

import { consoleHtml } from "../model/ansi"
import { _ } from "../i18n/words"

/** Characters shown before the cut. Laying out more than this at once can be felt. */
export const SHOWN_CHARS = 200_000
/** A lone line is as dear as many: browsers lay it out whole. */
const KEPT_TAIL_CHARS = 4_000

/** Where to cut: after a whole line where there is one near, else at the limit. */
function cutAt(text: string, limit: number): number {
  const lineEnd = text.lastIndexOf("\n", limit)
  return lineEnd > limit / 2 ? lineEnd + 1 : limit
}

const inMegabytes = (chars: number): string => _("%s million", (chars / 1e6).toFixed(1))

export class TextOutput {
  readonly element = document.createElement("pre")
  private text = ""
  private showsAll = false
  private frame = 0
  private timer = 0
  private readonly onFrame = (): void => this.flush()

  /** `said` gives what is shown for a text; what is kept stays as it came. */
  constructor(private readonly said: (text: string) => string = (text) => text) {}

  /** Show `text` now. */
  render(text: string): void {
    this.text = text
    this.draw()
  }

  /** Show `text` with the next frame: many small pieces cost one drawing. */
  renderSoon(text: string): void {
    this.text = text
    if (this.frame !== 0) return
    this.frame = requestAnimationFrame(this.onFrame)
    // A hidden tab draws no frames, yet whoever reads the page there should find the text.
    this.timer = window.setTimeout(this.onFrame, HIDDEN_TAB_DELAY_MS)
  }

  /** Draw what `renderSoon` still holds back. */
  flush(): void {
    if (this.frame === 0) return
    this.stop()
    this.draw()
  }

  stop(): void {
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
    this.frame = 0
  }

  private draw(): void {
    const text = this.said(this.text)
    const isCut = !this.showsAll && text.length > SHOWN_CHARS + KEPT_TAIL_CHARS
    if (!isCut) {
      this.element.innerHTML = consoleHtml(text)
      return
    }
    const end = cutAt(text, SHOWN_CHARS)
    const start = Math.max(end, text.length - KEPT_TAIL_CHARS)
    this.element.innerHTML = consoleHtml(text.slice(0, end))
    const tail = document.createElement("span")
    tail.innerHTML = consoleHtml(text.slice(start))
    this.element.append(this.showAllControl(start - end), tail)
  }

  private showAllControl(hiddenChars: number): HTMLElement {
    const bar = document.createElement("span")
    bar.className = "fnb-output-cut"
    const button = document.createElement("button")
    button.type = "button"
    button.className = "btn btn-default btn-xs"
    button.textContent = _("Show all")
    button.addEventListener("click", () => {
      this.showsAll = true
      this.draw()
    })
    bar.append(_("… %s characters are not shown here; the notebook keeps them. ", inMegabytes(hiddenChars)), button)
    return bar
  }
}

/** At the latest this long after a change the text is in the page, drawn or not. Milliseconds. */
const HIDDEN_TAB_DELAY_MS = 200
