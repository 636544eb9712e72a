/** What the cells of a notebook say about its outline; and whether an extension draws the outline itself. */
import { headingsOf, type Heading, type Levels } from "../../../../model/outline"
import type { Cell } from "../cell"
import type { Notebook } from "../notebook"

const known = new WeakMap<Cell, { text: string; headings: readonly Heading[] }>()

/** The headings of a cell; only Markdown has any. */
export function headings_of(cell: Cell): readonly Heading[] {
  if (cell.cell_type !== "markdown") return []
  const text = cell.get_text()
  const before = known.get(cell)
  if (before?.text === text) return before.headings
  const headings = headingsOf(text)
  known.set(cell, { text, headings })
  return headings
}

export function levels_of(cells: readonly Cell[]): Levels {
  return cells.map((cell) => headings_of(cell)[0]?.level ?? null)
}

export function is_folded(cell: Cell): boolean {
  return cell.metadata["heading_collapsed"] === true
}

/** Whether one of the user's enabled extensions has a name like `pattern`. */
function has_extension(notebook: Notebook, pattern: RegExp): boolean {
  const enabled = notebook.config.data["load_extensions"] as Record<string, unknown> | null | undefined
  return Object.entries(enabled ?? {}).some(([name, is_on]) => is_on === true && pattern.test(name))
}

/** An extension that folds sections does it alone. */
export const folds_elsewhere = (notebook: Notebook): boolean => has_extension(notebook, /^collapsible_headings\//)

/** An extension that has a table of contents has the only one. */
export const has_contents_elsewhere = (notebook: Notebook): boolean => has_extension(notebook, /^toc2?\//)
