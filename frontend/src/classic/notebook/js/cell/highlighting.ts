/** The colours of a cell's text: the mode of its language, or of the magic that its first line names. */
import { modeForLanguage } from "../../../../view/highlight"
import { defineMagicMode } from "../../../../view/magic_mode"
import * as utils from "../../../base/js/utils"
import type { Cell } from "../cell"

/** Modes by first line: `magic_<mode>` or a mode's name → patterns. */
export type HighlightModes = Record<string, { reg?: (RegExp | string)[] }>

/* What users and extensions configure may be anything: only lists of patterns are looked at. */
function patternsOf(mode: { reg?: unknown } | null): unknown[] {
  return Array.isArray(mode?.reg) ? mode.reg : []
}

/** A pattern that is none matches nothing, and is named in the console. */
function matches(line: string, pattern: unknown, mode: string): boolean {
  if (typeof pattern !== "string" && !(pattern instanceof RegExp)) return false
  try {
    return line.search(pattern) !== -1
  } catch (error) {
    console.warn(`highlight_modes of ${mode} has a pattern that is no regular expression: ${pattern}.`, error)
    return false
  }
}

export const highlighting = {
  force_highlight(this: Cell, mode: string): void {
    this.user_highlight = mode
    this._use_mode(mode, (spec) => spec)
  },

  auto_highlight(this: Cell): void {
    if (this.user_highlight === "auto") this._auto_highlight((this.class_config.get_sync("highlight_modes") ?? {}) as HighlightModes)
  },

  /** Take the mode whose pattern the first line matches; else the cell's own mode. */
  _auto_highlight(this: Cell, modes: HighlightModes): void {
    const first_line = this.get_text().split("\n", 1)[0] ?? ""
    const found = Object.entries(modes).find(([name, mode]) => patternsOf(mode).some((pattern) => matches(first_line, pattern, name)))
    if (!found) {
      this._show_mode(this._options.cm_config["mode"])
      return
    }
    const [key] = found
    const is_magic = key.startsWith("magic_")
    const name = is_magic ? key.slice("magic_".length) : key
    this._use_mode(name, (spec) => (is_magic ? defineMagicMode(name, spec) : spec))
  },

  /* Show the mode called `name`, loading it when it is none of those that the page starts with. */
  _use_mode(this: Cell, name: string, wrap: (spec: string) => string): void {
    const known = modeForLanguage(name)
    if (typeof known === "string") {
      this._show_mode(wrap(known))
      return
    }
    utils.requireCodeMirrorMode(
      name,
      (spec) => this._show_mode(wrap(spec as string)),
      () => console.warn(`There is no editor mode called ${name}`),
    )
  },

  /* Only the editor changes: the cell's own mode stays for when the first line changes again. */
  _show_mode(this: Cell, spec: unknown): void {
    const shown = this._lazy_editor?.getOption("mode")
    if (JSON.stringify(shown) !== JSON.stringify(spec)) this._lazy_editor?.setOption("mode", spec)
  },
}
