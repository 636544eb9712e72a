/** Terminal text to HTML: overwriting characters, ANSI colours, links. Pure: strings in, strings out. */
import { readableOnDark, type Rgb } from "./contrast"

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const
const ESC = "\u001b"

/** Escape text so that it can stand in HTML, in element content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;")
}

/** Let each backspace erase the character before it; it never erases a line end. */
export function fixBackspace(text: string): string {
  if (!text.includes("\b")) return text
  const kept: string[] = []
  for (const char of text) {
    if (char !== "\b") kept.push(char)
    else if (kept.length > 0 && kept[kept.length - 1] !== "\n") kept.pop()
  }
  return kept.join("")
}

/** `next` written over `base` from the line's start. Colour codes have no width, so with them `next` just wins. */
function overwrite(base: string, next: string): string {
  if (next === "") return base
  if (base.includes(ESC) || next.includes(ESC)) return next
  return next + base.slice(next.length)
}

function resolveLine(line: string, isLast: boolean): string {
  if (!line.includes("\r")) return line
  const shown = line.split("\r").reduce(overwrite)
  // A trailing return waits for the text that will overwrite this line.
  return isLast && line.endsWith("\r") ? `${shown}\r` : shown
}

/** Let each carriage return begin its line anew; one at the very end of the text is kept for what follows. */
export function fixCarriageReturn(text: string): string {
  if (!text.includes("\r")) return text
  const lines = text.split("\n")
  return lines.map((line, index) => resolveLine(line, index === lines.length - 1)).join("\n")
}

/** Apply backspaces, then carriage returns. */
export function fixOverwrittenChars(text: string): string {
  return fixCarriageReturn(fixBackspace(text))
}

/** Join `text` to `base`, in which nothing is left to overwrite but its last line. Costs the last line, not the whole. */
export function appendOverwriting(base: string, text: string): string {
  const isPlain = !base.endsWith("\r") && !/[\r\b]/.test(text)
  if (isPlain) return base + text
  const lineStart = base.lastIndexOf("\n") + 1
  return base.slice(0, lineStart) + fixOverwrittenChars(base.slice(lineStart) + text)
}

/** A colour: one of the palette, whose first sixteen have names, or red, green and blue. */
type Colour = number | Rgb | null

interface Style {
  fg: Colour
  bg: Colour
  bold: boolean
  underline: boolean
  inverse: boolean
}

const plainStyle = (): Style => ({ fg: null, bg: null, bold: false, underline: false, inverse: false })

const NAMED = 16

/** Of the palette's colours without a name. */
function paletteRgb(index: number): Rgb {
  if (index >= 232) {
    const grey = (index - 232) * 10 + 8
    return [grey, grey, grey]
  }
  const level = (step: number): number => (step === 0 ? 0 : step * 40 + 55)
  const cube = index - NAMED
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]
}

/** Read `5;n` or `2;r;g;b` after 38 or 48; takes what it reads off the front of `codes`. */
function extendedColour(codes: number[]): Colour {
  const kind = codes.shift()
  if (kind === 5) {
    const index = codes.shift() ?? -1
    return index >= 0 && index <= 255 ? index : null
  }
  if (kind !== 2) return null
  const [r = 0, g = 0, b = 0] = codes.splice(0, 3)
  return [r, g, b].every((part) => part >= 0 && part <= 255) ? [r, g, b] : null
}

function applyColourCode(style: Style, code: number, codes: number[]): void {
  if (code >= 30 && code <= 37) style.fg = code - 30
  else if (code === 38) style.fg = extendedColour(codes)
  else if (code === 39) style.fg = null
  else if (code >= 40 && code <= 47) style.bg = code - 40
  else if (code === 48) style.bg = extendedColour(codes)
  else if (code === 49) style.bg = null
  else if (code >= 90 && code <= 97) style.fg = code - 90 + 8
  else if (code >= 100 && code <= 107) style.bg = code - 100 + 8
}

/** Change `style` by the numbers of one `ESC [ … m`. */
function applyCodes(style: Style, codes: number[]): void {
  for (let code = codes.shift(); code !== undefined; code = codes.shift()) {
    if (code === 0) Object.assign(style, plainStyle())
    else if (code === 1 || code === 5) style.bold = true
    else if (code === 4) style.underline = true
    else if (code === 7) style.inverse = true
    else if (code === 21 || code === 22) style.bold = false
    else if (code === 24) style.underline = false
    else if (code === 27) style.inverse = false
    else applyColourCode(style, code, codes)
  }
}

const cssOf = (colour: Rgb): string => `rgb(${colour.join(",")})`
const themedColours = new Map<number, string>()

/* What programs take from the palette (tracebacks of IPython do) suits no ground in particular: where it is too dark, it is lighter. */
function themed(index: number): string {
  const known = themedColours.get(index)
  if (known) return known
  const rgb = paletteRgb(index)
  const [light, dark] = [cssOf(rgb), cssOf(readableOnDark(rgb))]
  const css = light === dark ? light : `light-dark(${light}, ${dark})`
  themedColours.set(index, css)
  return css
}

/** `isAlone`: the other colour, of ground or text, is the page's. */
function colourMarks(colour: Colour, role: "fg" | "bg", isAlone: boolean, classes: string[], styles: string[]): void {
  const property = role === "fg" ? "color" : "background-color"
  if (colour === null) return
  if (typeof colour !== "number") styles.push(`${property}: ${cssOf(colour)}`)
  else if (colour >= NAMED) styles.push(`${property}: ${role === "fg" && isAlone ? themed(colour) : cssOf(paletteRgb(colour))}`)
  else classes.push(`ansi-${COLOURS[colour % 8] ?? "black"}${colour >= 8 ? "-intense" : ""}-${role}`)
}

function openingSpan(style: Style): string {
  const classes: string[] = []
  const styles: string[] = []
  let fg = style.fg
  let bg = style.bg
  if (style.bold && typeof fg === "number" && fg < 8) fg += 8
  if (style.inverse) {
    ;[fg, bg] = [bg, fg]
    if (fg === null) classes.push("ansi-default-inverse-fg")
    if (bg === null) classes.push("ansi-default-inverse-bg")
  }
  colourMarks(fg, "fg", bg === null && !style.inverse, classes, styles)
  colourMarks(bg, "bg", false, classes, styles)
  if (style.bold) classes.push("ansi-bold")
  if (style.underline) classes.push("ansi-underline")
  if (classes.length + styles.length === 0) return ""
  const classAttribute = classes.length > 0 ? ` class="${classes.join(" ")}"` : ""
  const styleAttribute = styles.length > 0 ? ` style="${styles.join("; ")}"` : ""
  return `<span${classAttribute}${styleAttribute}>`
}

// Groups: 1 the parameters and 2 the final letter of a CSI sequence. Operating system commands (links, clipboard,
// window title) and lone escapes match without groups and so vanish: output text never acts on the page.
// An unfinished command ends at the line's end, or one stray byte would swallow the rest of the text.
// eslint-disable-next-line no-control-regex
const SEQUENCE = /\u001b\[([0-9:;<=>?]{0,200})[ -/]{0,9}([@-~])|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]?[0-~]?|\u009b[0-9;]*[@-~]/g

/** Split `text` into runs of equal style; `emit` gets the raw characters and the opening tag ("" when plain). */
function eachRun(text: string, emit: (run: string, opening: string) => void): void {
  const style = plainStyle()
  let opening = ""
  let position = 0
  for (const match of text.matchAll(SEQUENCE)) {
    if (match.index > position) emit(text.slice(position, match.index), opening)
    position = match.index + match[0].length
    if (match[2] !== "m") continue
    applyCodes(style, (match[1] ?? "").split(/[;:]/).map((code) => (code === "" ? 0 : Number(code))))
    opening = openingSpan(style)
  }
  if (position < text.length) emit(text.slice(position), opening)
}

// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

function render(text: string, toHtml: (run: string) => string): string {
  const html: string[] = []
  eachRun(text, (run, opening) => {
    const inner = toHtml(run.replace(UNPRINTABLE, ""))
    html.push(opening ? `${opening}${inner}</span>` : inner)
  })
  return html.join("")
}

const URL_START = /\b(?:https?|ftp):\/\/[^\s<>"'`]+/gi

function linkTo(url: string): string {
  const safe = escapeHtml(url)
  return `<a target="_blank" rel="noopener noreferrer" href="${safe}">${safe}</a>`
}

/** Escape plain text and turn each http, https and ftp address in it into a link to a new tab. */
export function linkify(text: string): string {
  if (!text.includes("://")) return escapeHtml(text)
  const html: string[] = []
  let position = 0
  for (const match of text.matchAll(URL_START)) {
    const url = match[0].replace(/[.,;:!?)\]}]{1,50}$/, "")
    html.push(escapeHtml(text.slice(position, match.index)), linkTo(url))
    position = match.index + url.length
  }
  html.push(escapeHtml(text.slice(position)))
  return html.join("")
}

/** ANSI colours of text that is escaped already, as spans. */
export function ansiSpans(escaped: string): string {
  return render(escaped, (run) => run)
}

/** Escaped HTML of `text`, its ANSI colours as spans. Nothing is linked. */
export function ansiToHtml(text: string): string {
  return render(text, escapeHtml)
}

/** What a text output shows: overwriting applied, escaped, coloured, addresses linked. */
export function consoleHtml(text: string): string {
  return render(fixOverwrittenChars(text).replace(/\r/g, ""), linkify)
}
