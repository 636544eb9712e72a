/** The stack of deleted cells, oldest first. Pure: positions and JSON, no DOM. */
import type { CellJson } from "./notebook"

/** One deletion: the cells, the position of the first, and whether they stood after the cell that is selected now. */
export interface Deletion {
  cells: CellJson[]
  index: number
  below: boolean
}

/** The stack after `count` cells were inserted at `index`: what was deleted further down comes back further down. */
export function afterInsertion(stack: readonly Deletion[], index: number, count = 1): Deletion[] {
  return stack.map((deletion) => (index < deletion.index ? { ...deletion, index: deletion.index + count } : deletion))
}

/** The stack after the cell at `index` was removed. */
export function afterRemoval(stack: readonly Deletion[], index: number): Deletion[] {
  return stack.map((deletion) => (index < deletion.index ? { ...deletion, index: deletion.index - 1 } : deletion))
}

/** Which position is selected after `deleted` went out of `count` cells, when `selected` was. At least one cell must be left. */
export function selectionAfterDeletion(selected: number, deleted: readonly number[], count: number): number {
  const gone = new Set(deleted)
  const before = deleted.filter((index) => index < selected).length
  return Math.max(0, Math.min(selected - before, count - gone.size - 1))
}
