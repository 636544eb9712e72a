/** Puts replaced texts into cells, and takes them back. */
import { replaced, type Match } from "../../../../model/search"
import type { Cell } from "../cell"

/** One cell whose text was changed. */
export interface Replacement {
  cell: Cell
  /** Restore the text from before, unless somebody has changed it since. */
  take_back(): void
}

/* One step of the editor's own undo; a cell that was never looked at has no editor and needs none. */
function putMatches(cell: Cell, text: string, matches: readonly Match[]): void {
  if (!cell.has_editor()) return cell.set_text(replaced(text, matches))
  const editor = cell.code_mirror
  editor.operation(() => {
    for (const match of [...matches].reverse()) {
      editor.replaceRange(match.insert, editor.posFromIndex(match.start), editor.posFromIndex(match.end), "+replace")
    }
  })
}

function rendered_again(cell: Cell, change: () => void): void {
  const was_rendered = cell.cell_type === "markdown" && cell.rendered
  if (was_rendered) cell.unrender()
  change()
  if (was_rendered) cell.render()
}

/** Replace in each cell; `texts` and `matches` are those of `cells`. A cell that changed since is left alone. */
export function replaceInCells(
  cells: readonly Cell[], texts: readonly string[], matches: readonly (readonly Match[])[],
): Replacement[] {
  return cells.flatMap((cell, at) => {
    const before = texts[at] ?? ""
    const found = matches[at] ?? []
    if (found.length === 0 || cell.get_text() !== before) return []
    rendered_again(cell, () => putMatches(cell, before, found))
    const after = cell.get_text()
    const take_back = (): void => {
      if (cell.get_text() === after) rendered_again(cell, () => cell.set_text(before))
    }
    return [{ cell, take_back }]
  })
}
