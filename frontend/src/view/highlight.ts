/** Colours source text the way the editor does, without an editor: `cm-*` spans from CodeMirror's modes. */

import CodeMirror from "codemirror"
import "codemirror/addon/runmode/runmode"
import { escapeHtml } from "../model/ansi"

export type ModeSpec = string | CodeMirror.ModeSpec<object> | null | undefined

/** What people write after the fence, where it is not the mode's own name. */
const ALIASES: Readonly<Record<string, string>> = {
  py: "python",
  python3: "python",
  ipython: "ipython",
  ipython3: "ipython",
  js: "javascript",
  json: "application/json",
  ts: "application/typescript",
  typescript: "application/typescript",
  html: "htmlmixed",
  bash: "shell",
  sh: "shell",
  console: "shell",
  zsh: "shell",
  c: "text/x-csrc",
  cpp: "text/x-c++src",
  "c++": "text/x-c++src",
  java: "text/x-java",
  cython: "text/x-cython",
  md: "markdown",
  latex: "stex",
  tex: "stex",
  rb: "ruby",
  yml: "yaml",
  svg: "xml",
}

/** A longer text is shown plain: highlighting runs on the page's own thread. */
const MAX_HIGHLIGHT_CHARS = 200_000
/** Some modes have patterns whose time grows with the square of a line's length. */
const MAX_LINE_CHARS = 5_000

/** What CodeMirror calls the mode of a language. */
export function nameOfMode(language: string): string {
  const name = language.toLowerCase()
  return (Object.hasOwn(ALIASES, name) ? ALIASES[name] : name) ?? name
}

/** The mode for a language name, or null when none of the loaded modes knows it. */
export function modeForLanguage(language: string): ModeSpec {
  const spec = nameOfMode(language)
  return CodeMirror.getMode({}, spec).name === "null" ? null : spec
}

function isTooLarge(text: string): boolean {
  if (text.length > MAX_HIGHLIGHT_CHARS) return true
  return text.length > MAX_LINE_CHARS && text.split("\n").some((line) => line.length > MAX_LINE_CHARS)
}

type Emit = (token: string, style: string | null | undefined) => void

function runMode(text: string, mode: ModeSpec, emit: Emit): void {
  const run = (CodeMirror as unknown as { runMode(text: string, mode: unknown, emit: Emit): void }).runMode
  run(text, mode ?? "null", emit)
}

const classesOf = (style: string): string => style.split(/\s+/).map((name) => `cm-${name}`).join(" ")

/** `text` as HTML with `cm-*` spans; only escaped where there is no mode or the text is too long for one. */
export function highlightToHtml(text: string, mode: ModeSpec): string {
  if (!mode || isTooLarge(text)) return escapeHtml(text)
  const html: string[] = []
  runMode(text, mode, (token, style) => {
    const escaped = escapeHtml(token)
    html.push(style ? `<span class="${escapeHtml(classesOf(style))}">${escaped}</span>` : escaped)
  })
  return html.join("")
}

/** Replace the content of `element` by `text`, highlighted. */
export function highlightInto(element: Element, text: string, mode: ModeSpec): void {
  if (!mode || isTooLarge(text)) {
    element.textContent = text
    return
  }
  const fragment = document.createDocumentFragment()
  runMode(text, mode, (token, style) => {
    if (!style) {
      fragment.append(token)
      return
    }
    const span = document.createElement("span")
    span.className = classesOf(style)
    span.textContent = token
    fragment.append(span)
  })
  element.replaceChildren(fragment)
}
