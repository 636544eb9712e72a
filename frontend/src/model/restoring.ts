/** Which cells of a notebook were running while nobody looked. No DOM. */
import type { Output } from "./outputs"
import type { Execution } from "./queue"

/** Where a request came from: the session of its document, the cell's position and source at that time. */
export interface CellPlace {
  session?: string
  index?: number
  source?: string
}

/** One cell's newest execution with what it has shown so far. */
export interface RestoredCell extends Execution {
  document: CellPlace | null
  outputs: Output[]
  /** The next output takes the place of all. */
  clears_next: boolean
  is_whole: boolean
  /** The content of the `input_request` that it waits at. */
  question: { prompt: string; password?: boolean } | null
}

export interface CellsAnswer {
  epoch: string
  seq: number
  /** Outputs are kept beside the notebook, because its file was changed by others. */
  has_kept: boolean
  cells: RestoredCell[]
}

export interface KnownCell {
  id: string
  source: string
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_unused, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** A short name of a source text: its length in bytes of UTF-8 and CRC-32, as `12-0a1b2c3d`. The server makes the same. */
export function sourceKey(source: string): string {
  const bytes = new TextEncoder().encode(source)
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff]!
  return `${bytes.length}-${((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0")}`
}

/**
 * The positions of the cells that `restored` belong to. Cells with ids are found by them; without ids, the cell with the
 * same source counts, the nearest one where there are several. What has no cell any more is left out.
 */
export function matchCells(cells: readonly KnownCell[], restored: readonly RestoredCell[], haveIds: boolean): Map<number, RestoredCell> {
  const found = new Map<number, RestoredCell>()
  if (haveIds) {
    const positions = new Map(cells.map((cell, index) => [cell.id, index]))
    for (const one of restored) {
      const index = one.cell_id === null ? undefined : positions.get(one.cell_id)
      if (index !== undefined) found.set(index, one)
    }
    return found
  }
  const keys = cells.map((cell) => sourceKey(cell.source))
  for (const one of restored) {
    const { source, index = 0 } = one.document ?? {}
    const same = keys.flatMap((key, at) => (key === source && !found.has(at) ? [at] : []))
    same.sort((a, b) => Math.abs(a - index) - Math.abs(b - index))
    if (same[0] !== undefined) found.set(same[0], one)
  }
  return found
}
