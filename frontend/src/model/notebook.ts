/** A notebook as nbformat 4 stores it, and the pure operations on its cells. Knows no DOM and no kernel. */

export type Metadata = Record<string, unknown>

/** One cell as JSON. `outputs` and `execution_count` exist on code cells only. */
export interface CellJson {
  cell_type: string
  id?: string
  metadata: Metadata
  source: string
  outputs?: unknown[]
  execution_count?: number | null
  attachments?: Record<string, Record<string, string>>
}

export interface NotebookJson {
  cells: CellJson[]
  metadata: Metadata
  nbformat: number
  nbformat_minor: number
}

/** The minor version of nbformat 4 from which cells carry ids. */
export const FIRST_MINOR_WITH_IDS = 5

/** A deep copy of JSON; what JSON cannot say (undefined, functions) is left out. */
export function copyJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** `value` where it is an object as JSON has them, else a new one: a file may have anything in its place. */
export function asRecord(value: unknown): Metadata {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Metadata) : {}
}

/** Entries of a cell's metadata that are written only when they say something, and the values with which they do. */
const TELLING: Readonly<Record<string, readonly unknown[]>> = {
  deletable: [false],
  editable: [false],
  collapsed: [true],
  scrolled: [true, false],
}

/** The names of the entries that the file has although they say nothing: they stay in it, so that saving changes nothing. */
export function idleEntries(metadata: Metadata): string[] {
  return Object.keys(TELLING).filter((name) => Object.hasOwn(metadata, name) && !TELLING[name]?.includes(metadata[name]))
}

/** A copy of a cell's metadata as files carry it: without the permissions and the state that a cell has anyway, but for `kept`. */
export function savedMetadata(metadata: Metadata, kept: readonly string[] = []): Metadata {
  const saved = copyJson(metadata)
  for (const permission of ["deletable", "editable"]) if (saved[permission] !== false && !kept.includes(permission)) delete saved[permission]
  if (saved["collapsed"] === false && !kept.includes("collapsed")) delete saved["collapsed"]
  return saved
}

const CELL_FIELDS = ["cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments"]
const NOTEBOOK_FIELDS = ["cells", "metadata", "nbformat", "nbformat_minor"]

function without(fields: readonly string[], json: object): Metadata {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !fields.includes(name)))
}

/** What a later format, or another program, wrote into a cell: it is kept and not understood. */
export const unknownCellFields = (cell: object): Metadata => without(CELL_FIELDS, cell)

/** The same of the notebook itself. */
export const unknownNotebookFields = (notebook: object): Metadata => without(NOTEBOOK_FIELDS, notebook)

/** A cell id as nbformat 4.5 wants it: 8 hexadecimal digits. */
export function newCellId(random: () => number = Math.random): string {
  return Math.floor(random() * 0x100000000).toString(16).padStart(8, "0")
}

/**
 * The cells with ids as `nbformat_minor` allows: below 4.5 none, from 4.5 on every cell has one and no two are equal.
 * The first of two equal ids keeps it, so outputs that a kernel files under it still find their cell.
 */
export function withCellIds(cells: readonly CellJson[], nbformatMinor: number, newId: () => string = newCellId): CellJson[] {
  const seen = new Set<string>()
  return cells.map((cell) => {
    const { id, ...rest } = cell
    if (nbformatMinor < FIRST_MINOR_WITH_IDS) return rest
    let unique = id
    while (!unique || seen.has(unique)) unique = newId()
    seen.add(unique)
    return { ...rest, id: unique }
  })
}

/** The text of a merged cell: the sources joined by one blank line. */
export function mergedText(texts: readonly string[]): string {
  return texts.join("\n\n")
}

/** The attachments of several cells in one; where two share a name, the first stays. */
export function mergedAttachments(cells: readonly { attachments?: CellJson["attachments"] }[]): NonNullable<CellJson["attachments"]> {
  return Object.assign({}, ...cells.map((cell) => cell.attachments ?? {}).reverse()) as NonNullable<CellJson["attachments"]>
}

/** `name` with `.ipynb` at its end. */
export function withExtension(name: string): string {
  return /\.ipynb$/i.test(name) ? name : `${name}.ipynb`
}

/** `name` without `.ipynb` at its end. */
export function withoutExtension(name: string): string {
  return name.replace(/\.ipynb$/i, "")
}

/** Clamp a cell position into `0..count`. */
export function clampIndex(index: number, count: number): number {
  return Math.min(Math.max(Math.trunc(index), 0), count)
}

/** The positions from `first` to `last`, both included, whichever is the greater. */
export function spanOf(first: number, last: number): number[] {
  const low = Math.min(first, last)
  return Array.from({ length: Math.abs(last - first) + 1 }, (_unused, offset) => low + offset)
}
