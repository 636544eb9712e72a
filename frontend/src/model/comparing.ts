/** Two versions of a notebook side by side: which cell stands beside which. Knows no DOM. */

export interface ComparedCell {
  id?: string
  cell_type: string
  source: string
}

/** One row: a cell of either version, or both. */
export interface ComparedRow<T extends ComparedCell> {
  mine?: T
  theirs?: T
  isSame: boolean
}

/** Beyond this, comparing each with each takes too long: only the ends are aligned. */
const MOST_PAIRS = 4_000_000

/** Rows in the order of both versions. Cells belong together by id; where they have none, by their text. */
export function compare<T extends ComparedCell>(mine: readonly T[], theirs: readonly T[]): ComparedRow<T>[] {
  const start = commonLength(mine, theirs)
  const end = commonLength(mine.slice(start).reverse(), theirs.slice(start).reverse())
  const middle = { mine: mine.slice(start, mine.length - end), theirs: theirs.slice(start, theirs.length - end) }
  const together = (count: number, own: number, other: number): ComparedRow<T>[] =>
    Array.from({ length: count }, (_unused, index) => row(mine[own + index], theirs[other + index]))
  return [
    ...together(start, 0, 0),
    ...aligned(middle.mine, middle.theirs),
    ...together(end, mine.length - end, theirs.length - end),
  ]
}

function row<T extends ComparedCell>(mine: T | undefined, theirs: T | undefined): ComparedRow<T> {
  return { ...(mine && { mine }), ...(theirs && { theirs }), isSame: mine !== undefined && theirs !== undefined && saysSame(mine, theirs) }
}

function saysSame(mine: ComparedCell, theirs: ComparedCell): boolean {
  return mine.cell_type === theirs.cell_type && mine.source === theirs.source
}

function belongs(mine: ComparedCell, theirs: ComparedCell): boolean {
  return mine.id !== undefined && theirs.id !== undefined ? mine.id === theirs.id : saysSame(mine, theirs)
}

function commonLength(mine: readonly ComparedCell[], theirs: readonly ComparedCell[]): number {
  const most = Math.min(mine.length, theirs.length)
  let length = 0
  while (length < most && belongs(mine[length]!, theirs[length]!)) length += 1
  return length
}

/** The longest common sequence of cells, with what stands between. */
function aligned<T extends ComparedCell>(mine: readonly T[], theirs: readonly T[]): ComparedRow<T>[] {
  const rows: ComparedRow<T>[] = []
  const lengths = mine.length * theirs.length > MOST_PAIRS ? null : commonLengths(mine, theirs)
  let [own, other] = [0, 0]
  while (own < mine.length && other < theirs.length) {
    if (belongs(mine[own]!, theirs[other]!)) rows.push(row(mine[own++], theirs[other++]))
    else if (!lengths || lengths[own + 1]![other]! >= lengths[own]![other + 1]!) rows.push(row(mine[own++], undefined))
    else rows.push(row<T>(undefined, theirs[other++]))
  }
  while (own < mine.length) rows.push(row(mine[own++], undefined))
  while (other < theirs.length) rows.push(row<T>(undefined, theirs[other++]))
  return rows
}

function commonLengths(mine: readonly ComparedCell[], theirs: readonly ComparedCell[]): Uint16Array[] {
  const table = Array.from({ length: mine.length + 1 }, () => new Uint16Array(theirs.length + 1))
  for (let own = mine.length - 1; own >= 0; own -= 1) {
    for (let other = theirs.length - 1; other >= 0; other -= 1) {
      const below = Math.max(table[own + 1]![other]!, table[own]![other + 1]!)
      table[own]![other] = belongs(mine[own]!, theirs[other]!) ? table[own + 1]![other + 1]! + 1 : below
    }
  }
  return table
}
