/** `base/js/markdown`: Markdown text to HTML or elements. */
import $ from "jquery"
import { markdownToHtml } from "../../../view/markdown"
import * as security from "./security"

export interface MarkdownRenderOptions {
  with_math?: boolean
  clean_tables?: boolean
  sanitize?: boolean
}

export type MarkdownCallback = (error: Error | null, rendered: JQuery) => void

/* Alignment is the one style that a table of Markdown has; a page that sets its own asks for clean tables. */
function without_alignment(rendered: JQuery): void {
  rendered.find("th, td").addBack("th, td").css("text-align", "")
}

/** Render `text`, then call back with an error or null, and the elements. Scripts stay unless `sanitize` is set. */
export function render(text: string, options: MarkdownRenderOptions, callback: MarkdownCallback): void {
  const { with_math = true, clean_tables = false, sanitize = true } = options
  let rendered: JQuery
  try {
    const html = markdownToHtml(text, { withMath: with_math })
    const nodes = sanitize ? security.sanitize_html_and_parse(html, true) : $.parseHTML(html, document, true)
    rendered = $(nodes as HTMLElement[])
    if (clean_tables) without_alignment(rendered)
  } catch (error) {
    callback(error instanceof Error ? error : new Error(String(error)), $())
    return
  }
  callback(null, rendered)
}
