/** What was typed and is in no file yet: the cells without their outputs, which the kernel's side keeps. Pure. */
import type { CellJson, Metadata } from "./notebook"

export type DraftCell = Pick<CellJson, "cell_type" | "id" | "metadata" | "source" | "attachments">

export interface Draft {
  path: string
  /** Hash of the file that was edited; null where the server tells none. */
  base: string | null
  /** Milliseconds since the epoch. */
  at_ms: number
  metadata: Metadata
  cells: DraftCell[]
}

/** How many cells of the draft are not in the notebook as they are in the draft, moved ones among them. */
export function differences(draft: Draft, cells: readonly DraftCell[]): number {
  const changed = draft.cells.filter((cell, index) => !sameCell(cell, cells[index])).length
  return changed + Math.max(0, cells.length - draft.cells.length)
}

/** The draft's cells, with the outputs that the notebook has for them: by id, else by place and text. */
export function withOutputs(draft: Draft, cells: readonly CellJson[]): CellJson[] {
  const byId = new Map(cells.flatMap((cell) => (cell.id ? [[cell.id, cell] as const] : [])))
  return draft.cells.map((cell, index) => {
    const atPlace = cells[index]
    const known = (cell.id && byId.get(cell.id)) || (atPlace?.source === cell.source ? atPlace : undefined)
    if (cell.cell_type !== "code") return cell
    const hasRun = known?.cell_type === "code"
    return { ...cell, outputs: hasRun ? (known.outputs ?? []) : [], execution_count: hasRun ? (known.execution_count ?? null) : null }
  })
}

function sameCell(one: DraftCell, other: DraftCell | undefined): boolean {
  if (!other || one.source !== other.source || one.cell_type !== other.cell_type) return false
  return JSON.stringify(one.attachments ?? {}) === JSON.stringify(other.attachments ?? {})
}
