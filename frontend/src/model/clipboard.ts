/** Cells on the clipboard, as JSON. Knows no DOM and no system clipboard. */
import { copyJson, type CellJson } from "./notebook"

/**
 * A copy of `cell` that can be pasted: a new cell must not repeat the id of another, and a copy of a
 * protected cell may be deleted.
 */
export function copyForClipboard(cell: CellJson): CellJson {
  const copy = copyJson(cell)
  delete copy.id
  delete copy.metadata["deletable"]
  return copy
}
