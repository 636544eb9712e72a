/** What a change of the notebook's cells did, so that it can be taken back. Pure: ids and JSON, no DOM. */
import type { Deletion } from "./history"
import type { CellJson } from "./notebook"

/** How many changes can be taken back. */
const KEPT_CHANGES = 100

/** Name of the change that only takes cells away. */
export const DELETION = "delete cells"

/** The way back from one change of the user's. Cells that were never part of it stay where they are. */
export interface StructureChange {
  /** What was done, for people: "move cells". */
  name: string
  /** Ids of all cells before. */
  order: readonly string[]
  /** Cells that the change altered or took away, as they were. */
  before: ReadonlyMap<string, CellJson>
  /** Ids of the cells that the change brought. */
  added: ReadonlySet<string>
  /** What could be brought back before it. */
  deletions: readonly Deletion[]
}

export class StructureHistory {
  private done: StructureChange[] = []
  private undone: StructureChange[] = []

  /** Remember a new change; what was taken back before cannot be done again. */
  remember(change: StructureChange): void {
    this.done = [...this.done, change].slice(-KEPT_CHANGES)
    this.undone = []
  }

  get last(): StructureChange | undefined {
    return this.done[this.done.length - 1]
  }

  get next(): StructureChange | undefined {
    return this.undone[this.undone.length - 1]
  }

  /** The last change was taken back; `inverse` does it again. */
  tookBack(inverse: StructureChange): void {
    this.done.pop()
    this.undone.push(inverse)
  }

  /** What was taken back was done again; `inverse` takes it back. */
  didAgain(inverse: StructureChange): void {
    this.undone.pop()
    this.done.push(inverse)
  }

  /** The last deletion was taken back in another way. */
  forgetDeletion(): void {
    const place = this.done.map(({ name }) => name).lastIndexOf(DELETION)
    if (place >= 0) this.done.splice(place, 1)
  }

  clear(): void {
    this.done = []
    this.undone = []
  }
}

/** The order in which cells stand after `change` was taken back, of those that are there now. */
export function orderAfterUndo(change: StructureChange, now: readonly string[]): string[] {
  const there = new Set(now)
  const known = new Set(change.order)
  const order = change.order.filter((id) => there.has(id) || change.before.has(id))
  /* A cell that came later stays behind the one it stands behind now. */
  now.forEach((id, index) => {
    if (known.has(id) || change.added.has(id)) return
    const previous = index === 0 ? -1 : lastKnown(order, now.slice(0, index))
    order.splice(previous + 1, 0, id)
  })
  return order
}

function lastKnown(order: readonly string[], before: readonly string[]): number {
  for (const id of [...before].reverse()) {
    const place = order.indexOf(id)
    if (place >= 0) return place
  }
  return -1
}
