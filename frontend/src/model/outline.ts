/** The headings of a notebook, and the sections that they begin. A cell has the level of its first heading. */

export interface Heading {
  /** 1 to 6. */
  level: number
  text: string
}

/** Longer headings are cut; nobody reads them in a table of contents. */
const MOST_CHARS = 300
/** Nobody has more headings in one cell. */
const MOST_HEADINGS = 500

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const MARKS = /^ {0,3}(#{1,6})(?=[ \t]|$)/
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/
const TAG = /^ {0,3}<h([1-6])[ >]/i
/** Lines that are no paragraph, so that a line below them underlines nothing. */
const NO_PARAGRAPH = /^(?: {4}|\t| {0,3}(?:[>|]|[-*+] |\d{1,9}[.)] |<))/

/** The headings of a Markdown text, in order. */
export function headingsOf(source: string): Heading[] {
  const found: Heading[] = []
  let fence: string | null = null
  let paragraph: string | null = null
  for (const line of source.split("\n")) {
    if (found.length >= MOST_HEADINGS) break
    const mark: string | undefined = FENCE.exec(line)?.[1]
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null
      continue
    }
    if (mark !== undefined) fence = mark
    const heading: Heading | null = mark === undefined ? headingOf(line, paragraph) : null
    if (heading) found.push(heading)
    const isText: boolean = !heading && mark === undefined && line.trim() !== "" && (paragraph !== null || !NO_PARAGRAPH.test(line))
    paragraph = isText ? line : null
  }
  return found
}

/** `paragraph`: the line of text above, which this one may underline. */
function headingOf(line: string, paragraph: string | null): Heading | null {
  const marks = MARKS.exec(line)
  if (marks) return { level: marks[1]!.length, text: plainText(line.slice(marks[0].length, MOST_CHARS).trim().replace(/(^|\s)#+$/, "")) }
  const tag = TAG.exec(line)
  if (tag) return { level: Number(tag[1]), text: plainText(line.slice(0, MOST_CHARS)) }
  const underline = paragraph === null ? null : UNDERLINE.exec(line.slice(0, MOST_CHARS))
  return underline ? { level: underline[1]!.startsWith("=") ? 1 : 2, text: plainText(paragraph!.slice(0, MOST_CHARS)) } : null
}

/** Text of one line without the marks of Markdown. */
function plainText(source: string): string {
  return source
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<\/?[a-z][^<>]*>/gi, "")
    .replace(/\*+|~~|`+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, "")
    .replace(/\\([\\#[\]<>$])/g, "$1")
    .trim()
}

/** Per cell: the level of its heading, or null. */
export type Levels = readonly (number | null)[]

/** The position after the last cell of the section that the cell at `index` begins. */
export function sectionEnd(levels: Levels, index: number): number {
  const level = levels[index]
  if (level === null || level === undefined) return index + 1
  let end = index + 1
  while (end < levels.length && !((levels[end] ?? Infinity) <= level)) end += 1
  return end
}

/** Whether each cell lies in a section that is folded. `folded` is heeded where a heading is. */
export function hiddenCells(levels: Levels, folded: readonly boolean[]): boolean[] {
  let inside: number | null = null
  return levels.map((level, index) => {
    if (inside !== null && (level === null || level > inside)) return true
    inside = level !== null && folded[index] ? level : null
    return false
  })
}

/** The positions of the headings above the cell at `index` in whose sections it lies, the nearest first. */
export function headingsAbove(levels: Levels, index: number): number[] {
  const found: number[] = []
  let lowest = levels[index] ?? Infinity
  for (let at = index - 1; at >= 0 && lowest > 1; at -= 1) {
    const level = levels[at]
    if (level === null || level === undefined || level >= lowest) continue
    found.push(at)
    lowest = level
  }
  return found
}

/** One line of the table of contents: the `nth` heading of the cell at `cell`. */
export interface Entry extends Heading {
  cell: number
  nth: number
}

/** The lines of the table of contents; `headings` per cell. A heading without words is none here. */
export function entriesOf(headings: readonly (readonly Heading[])[]): Entry[] {
  return headings.flatMap((ofCell, cell) => ofCell.map((heading, nth) => ({ ...heading, cell, nth })).filter(({ text }) => text !== ""))
}

/** The position of the entry that the cell at `cell` belongs to: the first of its own, else the last one above; -1 for none. */
export function entryAt(entries: readonly Entry[], cell: number): number {
  const own = entries.findIndex((entry) => entry.cell === cell)
  return own >= 0 ? own : entries.filter((entry) => entry.cell < cell).length - 1
}

/** The entry that the one at `index` is under; -1 for none. */
export function parentOf(entries: readonly Entry[], index: number): number {
  const level = entries[index]?.level ?? 0
  let at = index - 1
  while (at >= 0 && (entries[at]?.level ?? 0) >= level) at -= 1
  return at
}
