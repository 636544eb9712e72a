/** What a merge needs to know of the version that the page last read or wrote. Its outputs, nearly all of its bytes, are kept as marks. */
import { asRecord, copyJson, type CellJson, type Metadata, type NotebookJson } from "./notebook"

export interface BaseCell {
  id?: string
  cell_type: string
  source: string
  metadata: Metadata
  /** Another one where the outputs are others. */
  outputs_mark?: string
}

export interface MergeBase {
  cells: BaseCell[]
  metadata: Metadata
  nbformat: number
  nbformat_minor: number
}

/** So many characters of each end of a long text tell it from others. */
const SEEN_CHARS = 32
const SEEN_DEPTH = 4

/** `content` as a base, or null where it is no notebook. Shares nothing but texts with it. */
export function baseOf(content: unknown): MergeBase | null {
  const notebook = content as Partial<NotebookJson> | null | undefined
  if (!Array.isArray(notebook?.cells)) return null
  const { nbformat = 4, nbformat_minor = 0 } = notebook
  return { cells: notebook.cells.map(baseCell), metadata: copyJson(asRecord(notebook.metadata)), nbformat, nbformat_minor }
}

/** `notebook` with the marks by which its outputs are held against those of a base. */
export function withMarks(notebook: NotebookJson): NotebookJson {
  return { ...notebook, cells: notebook.cells.map((cell) => ({ ...cell, ...markOf(cell) })) }
}

function baseCell(cell: CellJson): BaseCell {
  const { cell_type, source } = cell
  const id = typeof cell.id === "string" ? { id: cell.id } : {}
  return { ...id, cell_type, source, metadata: copyJson(asRecord(cell.metadata)), ...markOf(cell) }
}

function markOf(cell: CellJson): { outputs_mark?: string } {
  return cell.cell_type === "code" ? { outputs_mark: outputsMark(cell) } : {}
}

/** A short text that changes with the outputs, found without reading all of them. */
export function outputsMark(cell: Pick<CellJson, "outputs" | "execution_count">): string {
  return `${cell.execution_count ?? ""} ${markOfValue(cell.outputs ?? [], SEEN_DEPTH)}`
}

function markOfValue(value: unknown, depth: number): string {
  if (typeof value === "string") {
    return value.length <= 2 * SEEN_CHARS ? value : `${value.length}:${value.slice(0, SEEN_CHARS)}${value.slice(-SEEN_CHARS)}`
  }
  if (typeof value !== "object" || value === null) return String(value)
  const entries = Object.entries(value)
  if (depth === 0) return String(entries.length)
  const own = entries.filter(([name]) => name !== "metadata" && name !== "transient")
  return `{${own.map(([name, part]) => `${name}=${markOfValue(part, depth - 1)}`).sort().join(",")}}`
}
