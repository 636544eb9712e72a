/** The editor modes that fenced code in Markdown may name: the usual ones at once, the others when the first text needs one. */

import "codemirror/mode/htmlmixed/htmlmixed"
import "codemirror/mode/python/python"
import { highlightInto, modeForLanguage, nameOfMode } from "./highlight"

type Load = () => Promise<unknown>

const clike: Load = () => import("codemirror/mode/clike/clike")

const LATER: Readonly<Record<string, Load>> = {
  "text/x-csrc": clike,
  "text/x-c++src": clike,
  "text/x-java": clike,
  clike,
  diff: () => import("codemirror/mode/diff/diff"),
  julia: () => import("codemirror/mode/julia/julia"),
  r: () => import("codemirror/mode/r/r"),
  shell: () => import("codemirror/mode/shell/shell"),
  sql: () => import("codemirror/mode/sql/sql"),
  yaml: () => import("codemirror/mode/yaml/yaml"),
}

const languageOf = (code: Element): string => /(?:^|\s)language-(\S+)/.exec(code.className)?.[1] ?? ""

async function colourLater(code: Element, language: string): Promise<void> {
  const name = nameOfMode(language)
  const load = Object.hasOwn(LATER, name) ? LATER[name] : undefined
  if (!load || modeForLanguage(language) !== null) return
  try {
    await load()
  } catch (error) {
    console.warn(`The colours of ${language} could not be loaded.`, error)
    return
  }
  highlightInto(code, code.textContent ?? "", modeForLanguage(language))
}

/** Colour the fenced code below `nodes` that names a mode which is not here yet; it stays plain until then. */
export function colourFences(nodes: readonly Node[]): void {
  for (const node of nodes) {
    if (!(node instanceof Element)) continue
    for (const code of node.querySelectorAll("code[class*='language-']")) void colourLater(code, languageOf(code))
  }
}
