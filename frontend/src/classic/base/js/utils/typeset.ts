/** Asks whatever MathJax the page has loaded to set the formulas of an element. */
import $ from "jquery"

interface Hub {
  Queue(...jobs: unknown[]): void
}

/** Put `text` into the element, where given, and typeset its formulas. Does nothing without MathJax. */
export function typeset(element: JQuery | HTMLElement, text?: string): void {
  const target = $(element as HTMLElement)
  if (text !== undefined) target.text(text)
  const hub = (window as unknown as { MathJax?: { Hub?: Hub } }).MathJax?.Hub
  if (hub) target.each((_index, node) => hub.Queue(["Typeset", hub, node]))
}
