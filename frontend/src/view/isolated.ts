/** An output in a frame of its own, so that its styles and names stay inside. Grows with its content. */

import { _ } from "../i18n/words"

const MAX_HEIGHT_PX = 20_000
const SLACK_PX = 2

function fitHeight(frame: HTMLIFrameElement): void {
  const inner = frame.contentDocument
  if (!inner?.body) return
  /* Not the page's scrollHeight: that is never less than the frame's own height. */
  const height = Math.max(inner.documentElement.offsetHeight, inner.body.scrollHeight) + SLACK_PX
  if (Math.abs(height - frame.offsetHeight) <= SLACK_PX) return // what is as high as its window would grow for ever
  frame.style.height = `${Math.min(height, MAX_HEIGHT_PX)}px`
}

/** A frame that shows `content`, to be followed as it grows. The frame's links open in a new tab. */
export class IsolatedFrame {
  readonly element: HTMLIFrameElement
  private content = ""
  private observer: ResizeObserver | null = null
  private readonly onLoad = (): void => {
    fitHeight(this.element)
    const body = this.element.contentDocument?.body
    if (!body || typeof ResizeObserver !== "function") return
    this.observer?.disconnect()
    this.observer = new ResizeObserver(() => fitHeight(this.element))
    this.observer.observe(body)
  }

  constructor() {
    this.element = document.createElement("iframe")
    this.element.className = "box-flex1 fnb-isolated"
    this.element.title = _("Isolated output")
    this.element.addEventListener("load", this.onLoad)
  }

  /** Add to what the frame holds. */
  append(html: string): void {
    this.content += html
    this.element.srcdoc = `<!doctype html><base target="_blank"><body style="margin:0">${this.content}</body>`
  }
}
