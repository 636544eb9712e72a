/** Find and replace in the texts of cells. Pure; a regular expression may take for ever, so it runs where it can be ended. */
import { _ } from "../i18n/words"

/** What to look for. `pattern` is JavaScript's when `is_regex`. */
export interface Query {
  pattern: string
  is_regex: boolean
  is_case_sensitive: boolean
}

/** One find: text from `start` up to `end`, and what would stand there instead. */
export interface Match {
  start: number
  end: number
  insert: string
}

/** A find as people see it, with what stands around it on its lines. */
export interface Preview {
  before: string
  match: string
  insert: string
  after: string
}

export interface Found {
  /** Per text, in its order. */
  matches: readonly (readonly Match[])[]
  count: number
  previews: readonly Preview[]
  /** Some line has more than `CROWDED_LINE` finds. */
  is_crowded: boolean
}

export const CONTEXT_CHARS = 30
export const CROWDED_LINE = 100
export const MOST_PREVIEWS = 100
export const MOST_MATCHES = 200_000

/** The expression that the query stands for. Throws SyntaxError for a pattern that is none. */
export function expressionOf(query: Query): RegExp {
  const source = query.is_regex ? query.pattern : query.pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return new RegExp(source, query.is_case_sensitive ? "gm" : "gim")
}

/** What `replacement` becomes for one find: `$&`, `$1`, `$<name>`, `$$` mean what they mean to `String.replace`. */
export function expand(replacement: string, found: RegExpMatchArray): string {
  return replacement.replace(/\$(?:(\$)|(&)|(`)|(')|(\d{1,2})|<([^>]*)>)/g, (whole, ...parts: unknown[]) => {
    const [dollar, all, before, after, number, name] = parts as (string | undefined)[]
    const start = found.index ?? 0
    if (dollar) return "$"
    if (all) return found[0]
    if (before) return (found.input ?? "").slice(0, start)
    if (after) return (found.input ?? "").slice(start + found[0].length)
    if (name !== undefined) return found.groups ? (found.groups[name] ?? "") : whole
    return numbered(found, number ?? "") ?? whole
  })
}

/* `$12` is group 12 where there are so many, else group 1 and a 2. */
function numbered(found: RegExpMatchArray, digits: string): string | undefined {
  const groups = found.length - 1
  const both = Number(digits)
  if (both >= 1 && both <= groups) return found[both] ?? ""
  const first = Number(digits.charAt(0))
  return digits.length === 2 && first >= 1 && first <= groups ? `${found[first] ?? ""}${digits.charAt(1)}` : undefined
}

function matchesIn(text: string, expression: RegExp, query: Query, replacement: string, most: number): Match[] {
  const matches: Match[] = []
  for (const found of text.matchAll(expression)) {
    if (matches.length === most) throw new RangeError(_("more than %s matches; look for something rarer", MOST_MATCHES.toLocaleString()))
    const insert = query.is_regex ? expand(replacement, found) : replacement
    matches.push({ start: found.index, end: found.index + found[0].length, insert })
  }
  return matches
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at)
  return end < 0 ? text.length : end
}

function previewOf(text: string, match: Match): Preview {
  const from = lineStart(text, match.start)
  const to = lineEnd(text, match.end)
  const first = Math.max(from, match.start - CONTEXT_CHARS)
  const last = Math.min(to, match.end + CONTEXT_CHARS)
  return {
    before: (first > from ? "..." : "") + text.slice(first, match.start),
    match: text.slice(match.start, match.end),
    insert: match.insert,
    after: text.slice(match.end, last) + (last < to ? "..." : ""),
  }
}

function isCrowded(text: string, matches: readonly Match[]): boolean {
  const ahead = matches.findIndex((match, at) => {
    const other = matches[at + CROWDED_LINE]
    return other !== undefined && !text.slice(match.start, other.start).includes("\n")
  })
  return ahead >= 0
}

function previewsOf(texts: readonly string[], matches: readonly (readonly Match[])[]): Preview[] {
  const previews: Preview[] = []
  for (const [at, found] of matches.entries()) {
    for (const match of found.slice(0, MOST_PREVIEWS - previews.length)) previews.push(previewOf(texts[at] ?? "", match))
  }
  return previews
}

/** Every find in `texts`; an empty pattern finds nothing. Throws SyntaxError for a pattern that is none, RangeError for too many. */
export function search(texts: readonly string[], query: Query, replacement: string): Found {
  const expression = query.pattern === "" ? null : expressionOf(query)
  let count = 0
  const matches = texts.map((text) => {
    const found = expression ? matchesIn(text, expression, query, replacement, MOST_MATCHES - count) : []
    count += found.length
    return found
  })
  const is_crowded = matches.some((found, at) => isCrowded(texts[at] ?? "", found))
  return { matches, count, previews: previewsOf(texts, matches), is_crowded }
}

/** `text` with every find replaced. `matches` are in their order. */
export function replaced(text: string, matches: readonly Match[]): string {
  let end = 0
  const pieces = matches.map((match) => {
    const piece = text.slice(end, match.start) + match.insert
    end = match.end
    return piece
  })
  return pieces.join("") + text.slice(end)
}
