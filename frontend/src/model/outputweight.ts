/** What outputs weigh before anybody draws them: their size, the height they will take, the words that are in them. No DOM. */

import { joinText, type MimeBundle, type Output } from "./outputs"

const LINE_PX = 17
const HTML_ROW_PX = 26
/** The height of an output that scrolls by itself. */
const SCROLLED_PX = 336
const UNKNOWN_PX = 60
const FRAME_PX = 20
const PAGE_WIDTH_PX = 1000
/** No longer text is searched before it is drawn; more is not shown at once when it is drawn either. */
const MAX_WORDS_CHARS = 200_000

function charsOf(value: unknown): number {
  if (typeof value === "string") return value.length
  if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + charsOf(part), 0)
  if (value !== null && typeof value === "object") return Object.values(value).reduce((sum: number, part) => sum + charsOf(part), 0)
  return 8
}

/** How many characters these outputs have, pictures as base64. */
export function weightOf(outputs: readonly Output[]): number {
  return charsOf(outputs)
}

function pngSize(base64: string): { width: number; height: number } | null {
  try {
    const head = Uint8Array.from(atob(base64.slice(0, 32)), (char) => char.charCodeAt(0))
    const view = new DataView(head.buffer)
    return view.getUint32(12) === 0x49484452 ? { width: view.getUint32(16), height: view.getUint32(20) } : null
  } catch {
    return null
  }
}

const linesOf = (text: string): number => text.split("\n", 400).length

function bundleHeight_px(bundle: MimeBundle, pageWidth_px: number): number {
  const html = joinText(bundle["text/html"])
  if (html) return (html.slice(0, 100_000).match(/<(?:tr|li|p|br|h[1-6]|div)[\s>]/gi)?.length ?? 1) * HTML_ROW_PX
  const png = typeof bundle["image/png"] === "string" ? pngSize(bundle["image/png"]) : null
  if (png && png.width > 0) return png.height * Math.min(1, pageWidth_px / png.width)
  return bundle["text/plain"] === undefined ? UNKNOWN_PX : linesOf(joinText(bundle["text/plain"])) * LINE_PX
}

function outputHeight_px(output: Output, pageWidth_px: number): number {
  const { text, traceback, data } = output as { text?: unknown; traceback?: unknown; data?: MimeBundle }
  if (data !== undefined && data !== null) return bundleHeight_px(data, pageWidth_px)
  const lines = Array.isArray(traceback) ? linesOf(traceback.map(joinText).join("\n")) : linesOf(joinText(text))
  return lines * LINE_PX
}

/** About the height in pixels that they will take; `scrollsFrom` lines on they scroll by themselves (0: never). */
export function heightOf(outputs: readonly Output[], scrollsFrom: number, pageWidth_px: number): number {
  const height_px = outputs.reduce((sum, output) => sum + outputHeight_px(output, pageWidth_px), 0)
  return scrollsFrom > 0 && height_px > scrollsFrom * LINE_PX ? SCROLLED_PX : Math.round(height_px)
}

/** About the height in pixels of a cell with these outputs, at a usual page's width. */
export function heightOfCell(cell: { source?: unknown; outputs?: unknown }, scrollsFrom: number): number {
  const outputs = (Array.isArray(cell.outputs) ? cell.outputs : []).filter((output) => typeof output === "object" && output !== null)
  return FRAME_PX + linesOf(joinText(cell.source)) * LINE_PX + heightOf(outputs as Output[], scrollsFrom, PAGE_WIDTH_PX)
}

const withoutTags = (html: string): string =>
  html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&nbsp;/g, " ")
    .replace(/&amp;/g, "&")

function wordsOfOne(output: Output): string {
  const { text, traceback, data } = output as { text?: unknown; traceback?: unknown; data?: MimeBundle }
  if (data === undefined || data === null) return Array.isArray(traceback) ? traceback.map(joinText).join("\n") : joinText(text)
  const html = joinText(data["text/html"]).slice(0, 2 * MAX_WORDS_CHARS)
  return html ? withoutTags(html) : joinText(data["text/plain"])
}

/** The words that a reader will find in them, for the browser's search. */
export function wordsOf(outputs: readonly Output[]): string {
  let words = ""
  for (const output of outputs) {
    words += `${wordsOfOne(output)}\n`
    if (words.length > MAX_WORDS_CHARS) break
  }
  // eslint-disable-next-line no-control-regex
  return words.slice(0, MAX_WORDS_CHARS).replace(/\u001b\[[\d;]*[A-Za-z]/g, "")
}
