/** Takes formulas out of Markdown before it is parsed, and puts them back after. Pure: strings in, strings out. */

import { escapeHtml } from "../model/ansi"

/** So many characters are looked through for the ends of formulas, for each character of the text. */
const SEARCHED_PER_CHAR = 40
/** What may still be searched in the text at hand. A text that opens thousands of formulas and closes none would never end. */
let searchable_chars = 0

const BLANK_LINE = /\n[ \t]*\n/y

/** End of the code span that opens at `start`, or of the run of backticks when nothing closes it. */
function skipBackticks(text: string, start: number): number {
  let end = start
  while (text[end] === "`") end++
  const fence = text.slice(start, end)
  let close = text.indexOf(fence, end)
  while (close !== -1) {
    const after = close + fence.length
    if (text[after] !== "`" && text[close - 1] !== "`") return after
    close = text.indexOf(fence, skipRun(text, close))
  }
  // A fence of three or more holds code to the end of the text; a lone backtick is just a character.
  return fence.length >= 3 ? text.length : end
}

function skipRun(text: string, start: number): number {
  let end = start
  while (text[end] === "`") end++
  return Math.max(end, start + 1)
}

function skipTildeFence(text: string, start: number): number {
  const fence = /~{3,}/y
  fence.lastIndex = start
  const marks = fence.exec(text)?.[0]
  if (marks === undefined) return start + 1
  const close = text.indexOf(`\n${marks}`, start + marks.length)
  return close === -1 ? text.length : close + 1 + marks.length
}

function isBlankLineAt(text: string, position: number): boolean {
  BLANK_LINE.lastIndex = position
  return BLANK_LINE.test(text)
}

/** Where `closing` ends the formula begun before `start`; braces are balanced, a blank line ends the search. -1 for nowhere. */
function findClose(text: string, start: number, closing: string): number {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    if (--searchable_chars < 0) return -1
    if (depth <= 0 && text.startsWith(closing, i)) return i + closing.length
    const char = text[i]
    if (char === "\\") i++
    else if (char === "{") depth++
    else if (char === "}") depth--
    else if (char === "\n" && isBlankLineAt(text, i)) return -1
  }
  return -1
}

/** End of `\begin{env}…\end{env}` with the same environment nested in it. -1 where it does not end. */
function environmentEnd(text: string, start: number): number {
  const opening = /\\begin\s{0,4}\{([^{}\n]{1,60})\}/y
  opening.lastIndex = start
  const name = opening.exec(text)?.[1]
  if (name === undefined) return -1
  let depth = 1
  let position = opening.lastIndex
  const begin = `\\begin{${name}}`
  const end = `\\end{${name}}`
  while (depth > 0) {
    const close = searchable_chars < 0 ? -1 : text.indexOf(end, position)
    searchable_chars -= (close === -1 ? text.length : close) - position
    if (close === -1) return -1
    const again = text.indexOf(begin, position)
    const isNested = again !== -1 && again < close
    depth += isNested ? 1 : -1
    position = isNested ? again + begin.length : close + end.length
  }
  return position
}

/** End of the formula that begins at `start`, or -1 when none does. */
function formulaEnd(text: string, start: number): number {
  if (text.startsWith("$$", start)) return findClose(text, start + 2, "$$")
  if (text[start] === "$") return findClose(text, start + 1, "$")
  if (text.startsWith("\\\\(", start)) return findClose(text, start + 3, "\\\\)")
  if (text.startsWith("\\\\[", start)) return findClose(text, start + 3, "\\\\]")
  if (text.startsWith("\\begin", start)) return environmentEnd(text, start)
  return -1
}

/** `\\(x\\)` is how Markdown spells `\(x\)`. */
function unescapeDelimiters(formula: string): string {
  const opening = formula.slice(0, 3)
  if (opening !== "\\\\(" && opening !== "\\\\[") return formula
  return formula.slice(1, -3) + formula.slice(-2)
}

const DISPLAY_ENVIRONMENT = /^\s*\\begin\{(equation|align|alignat|flalign|gather|multline|eqnarray|displaymath)(\*?)\}/

/** `$\begin{align}…\end{align}$` is a habit in notebooks; the environment is a displayed formula without the dollars. */
function withoutIdleDollars(formula: string): string {
  const inner = formula.replace(/^\$\$?/, "").replace(/\$\$?$/, "")
  const opening = DISPLAY_ENVIRONMENT.exec(inner)
  if (inner === formula || opening === null) return formula
  const start = inner.indexOf("\\begin")
  const isWhole = environmentEnd(inner, start) === inner.trimEnd().length
  return isWhole ? inner.trim() : formula
}

const PLACEHOLDER = /@@(\d{1,9})@@/y
const SPECIAL = /[`~$\\@]/g

/**
 * Replace each formula by `@@n@@`.
 *
 * @returns the text without formulas, and the formulas by number. Text that already reads `@@n@@` is treated as one,
 *   so that nobody can point at a formula from outside.
 */
export function removeMath(text: string): [string, string[]] {
  searchable_chars = SEARCHED_PER_CHAR * text.length + 10_000
  const formulas: string[] = []
  const kept: string[] = []
  let position = 0
  const replace = (end: number, formula: string, start: number): void => {
    kept.push(text.slice(position, start), `@@${formulas.length}@@`)
    formulas.push(formula)
    position = end
    SPECIAL.lastIndex = end
  }
  SPECIAL.lastIndex = 0
  for (let match = SPECIAL.exec(text); match !== null; match = SPECIAL.exec(text)) {
    const start = match.index
    const char = match[0]
    if (char === "`") SPECIAL.lastIndex = skipBackticks(text, start)
    else if (char === "~") {
      if (start === 0 || text[start - 1] === "\n") SPECIAL.lastIndex = skipTildeFence(text, start)
    } else if (char === "@") {
      PLACEHOLDER.lastIndex = start
      const literal = PLACEHOLDER.exec(text)?.[0]
      if (literal !== undefined) replace(start + literal.length, literal, start)
    } else {
      const end = formulaEnd(text, start)
      if (end !== -1) replace(end, withoutIdleDollars(unescapeDelimiters(text.slice(start, end))), start)
      else if (char === "\\" && !text.startsWith("\\\\(", start) && !text.startsWith("\\\\[", start)) SPECIAL.lastIndex = start + 2
    }
  }
  kept.push(text.slice(position))
  return [kept.join(""), formulas]
}

/** Put the formulas back, escaped for HTML; MathJax finds them by their delimiters. */
export function replaceMath(html: string, formulas: readonly string[]): string {
  return html.replace(/@@(\d{1,9})@@/g, (placeholder, number: string) => {
    const formula = formulas[Number(number)]
    return formula === undefined ? placeholder : escapeHtml(formula)
  })
}
