/** `base/js/markdown`: Markdown text to HTML or elements. */
import $ from "jquery"
import { markdownToHtml } from "../../../view/markdown"
import { colourFences } from "../../../view/modes"
import * as security from "./security"

export interface MarkdownRenderOptions {
  with_math?: boolean
  /** Columns are aligned by style, which is what this asked for, in any case. */
  clean_tables?: boolean
  sanitize?: boolean
}

export type MarkdownCallback = (error: Error | null, rendered: JQuery) => void

/** Render `text`, then call back with an error or null, and the elements. Scripts stay unless `sanitize` is set. */
export function render(text: string, options: MarkdownRenderOptions, callback: MarkdownCallback): void {
  const { with_math = true, sanitize = true } = options
  let rendered: JQuery
  try {
    const html = markdownToHtml(text, { withMath: with_math })
    const nodes = sanitize ? security.sanitize_html_and_parse(html, true) : $.parseHTML(html, document, true)
    colourFences(nodes)
    rendered = $(nodes as HTMLElement[])
  } catch (error) {
    callback(error instanceof Error ? error : new Error(String(error)), $())
    return
  }
  callback(null, rendered)
}
