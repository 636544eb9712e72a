/** Markdown to HTML text, and the finishing touches on the elements it becomes. Sanitising is the caller's duty. */

import { Marked, Renderer, type Tokens } from "marked"
import { escapeHtml } from "../model/ansi"
import type { Attachments } from "../model/attachments"
import { highlightToHtml, modeForLanguage } from "./highlight"
import { removeMath, replaceMath } from "./markdown_math"
import { _ } from "../i18n/words"

export interface MarkdownOptions {
  /** Keep TeX formulas from being read as Markdown. */
  withMath: boolean
}

/** A longer text is shown as it is: parsing runs on the page's own thread. */
const MAX_MARKDOWN_CHARS = 1_000_000
/**
 * Texts beyond any use whose parsing time grows with the square of their length: runs of one mark or of opening brackets,
 * one endless word, lists within lists. (A picture's base64 has a slash every few dozen characters.)
 */
const PATHOLOGICAL = [
  /([*_~`[\]()!>#<])\1{1000}|(?:[*_][a-zA-Z ]?){2000}|(?:\[[^\]\n]?){1000}|(?:> ?){500}|(?:[-*+] ){500}/,
  /[\w.+-]{4000}/,
  /^[ \t]{120,}(?:[-*+]|\d{1,9}[.)])[ \t]/m,
]
/** Marks of emphasis that one paragraph may have: each looks for its other end among all others. */
const MAX_EMPHASIS = 3_000
/** Runs of backticks longer than anybody's fence. */
const MAX_LONG_FENCES = 60

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

function takesTooLong(text: string): boolean {
  if (text.length > MAX_MARKDOWN_CHARS || countOf(text, /`{12,}/g) > MAX_LONG_FENCES) return true
  if (PATHOLOGICAL.some((pattern) => pattern.test(text))) return true
  return countOf(text, /[*_]/g) > MAX_EMPHASIS && text.split(/\n[ \t]*\n/).some((part) => countOf(part, /[*_]/g) > MAX_EMPHASIS)
}

const languageOf = (fence: string | undefined): string => (fence ?? "").trim().split(/[\s{,]/)[0] ?? ""

class CellRenderer extends Renderer {
  override code(token: Tokens.Code): string {
    const language = languageOf(token.lang)
    if (language === "") return `<pre><code>${escapeHtml(token.text)}\n</code></pre>\n`
    const body = highlightToHtml(token.text, modeForLanguage(language))
    return `<pre><code class="cm-s-ipython language-${escapeHtml(language)}">${body}\n</code></pre>\n`
  }

  override tablecell(token: Tokens.TableCell): string {
    const tag = token.header ? "th" : "td"
    const align = token.align ? ` style="text-align:${token.align}"` : ""
    return `<${tag}${align}>${this.parser.parseInline(token.tokens)}</${tag}>\n`
  }

  override text(token: Tokens.Text | Tokens.Escape): string {
    // An escaped dollar must not open a formula once the backslash is gone.
    if (token.type === "escape" && token.text === "$") return '<span class="tex2jax_ignore">$</span>'
    return super.text(token)
  }
}

/** HTML of `text`. Not sanitised: raw HTML in it is still there. Never throws; what cannot be parsed is shown as text. */
export function markdownToHtml(text: string, options: MarkdownOptions): string {
  if (takesTooLong(text)) return `<pre>${escapeHtml(text)}</pre>`
  const [plain, formulas] = options.withMath ? removeMath(text) : [text, []]
  try {
    const html = new Marked().parse(plain, { gfm: true, renderer: new CellRenderer(), async: false })
    return replaceMath(html, formulas)
  } catch (error) {
    console.warn("This Markdown could not be parsed and is shown as text.", error)
    return `<pre>${escapeHtml(text)}</pre>`
  }
}

function isTakenByPage(id: string): boolean {
  const owner = document.getElementById(id)
  return owner !== null && owner.closest(".rendered_html") === null
}

/** Give each heading an `id` made of its words, and a link to itself. */
export function addHeadingAnchors(root: ParentNode): void {
  for (const heading of root.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const words = (heading.textContent ?? "").trim().replace(/ /g, "-")
    // A heading called like a part of the page must not be found in its place.
    const id = isTakenByPage(words) ? `${words}-heading` : words
    const link = document.createElement("a")
    link.className = "anchor-link"
    link.setAttribute("href", `#${id}`)
    link.textContent = "¶"
    heading.id = id
    heading.append(link)
  }
}

function attachmentAddress(attachments: Attachments, name: string): string {
  const bundle = Object.hasOwn(attachments, name) ? attachments[name] : undefined
  const entry = bundle ? Object.entries(bundle)[0] : undefined
  if (entry === undefined || !/^image\/[\w.+-]+$/.test(entry[0])) return ""
  return `data:${entry[0]};base64,${String(entry[1]).replace(/\s+/g, "")}`
}

/** Say in the picture's place what is missing; without an address, browsers show nothing. */
function tellMissing(image: Element, name: string): void {
  const note = document.createElement("span")
  note.className = "attachment-missing"
  note.textContent = _("Attachment “%s” is missing", name)
  image.setAttribute("hidden", "")
  image.after(note)
}

/** Show images named `attachment:…` from the cell's own attachments; a missing one gets an empty address, and a note. */
export function resolveAttachments(root: ParentNode, attachments: Attachments): void {
  for (const image of root.querySelectorAll("img[src^='attachment:']")) {
    const key = (image.getAttribute("src") ?? "").slice("attachment:".length)
    let name = key
    try {
      name = decodeURIComponent(key)
    } catch {
      // A stray percent sign is part of the name.
    }
    const address = attachmentAddress(attachments, key) || attachmentAddress(attachments, name)
    image.setAttribute("src", address)
    if (address === "") tellMissing(image, name)
  }
}
