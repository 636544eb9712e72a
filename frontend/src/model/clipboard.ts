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

const FRAME = /<pre class="jupyter-nb-cells-json">([\s\S]*?)<\/pre>/

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
}

function unescaped(html: string): string {
  const text = html.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#0?39;|&apos;/g, "'").replace(/&nbsp;/g, " ")
  return text.replace(/&amp;/g, "&")
}

/* Files hold the source as text, or as its lines. */
function textOf(cell: CellJson): string {
  return ([] as string[]).concat(cell.source).join("")
}

/** Media type → what the system's clipboard gets for `cells`. */
export function cellsToClipboard(cells: readonly CellJson[]): Record<string, string> {
  const json = JSON.stringify(cells.map(copyForClipboard))
  return {
    "text/plain": cells.map(textOf).join("\n\n"),
    "text/html": `<pre class="jupyter-nb-cells-json">${escaped(json)}</pre>`,
    "application/json": json,
  }
}

/* Any page may write to the clipboard, so nothing from there is trusted and only what is a cell passes. */
function asCell(value: unknown): CellJson | null {
  if (typeof value !== "object" || value === null) return null
  const { cell_type, source, metadata } = value as Partial<Record<keyof CellJson, unknown>>
  const isText = typeof source === "string" || (Array.isArray(source) && source.every((line) => typeof line === "string"))
  if (typeof cell_type !== "string" || !isText) return null
  const isObject = typeof metadata === "object" && metadata !== null && !Array.isArray(metadata)
  const cell = copyForClipboard({ ...(value as CellJson), metadata: isObject ? (metadata as CellJson["metadata"]) : {} })
  if (cell.cell_type !== "code") return cell
  const outputs = Array.isArray(cell.outputs) ? cell.outputs : []
  return { ...cell, outputs, metadata: { ...cell.metadata, trusted: outputs.length === 0 } }
}

/** The cells that the clipboard holds; null where it holds something else. `read` gives the text of a media type. */
export function cellsFromClipboard(read: (type: string) => string): CellJson[] | null {
  const framed = FRAME.exec(read("text/html"))?.[1]
  if (framed === undefined) return null
  let values: unknown
  try {
    values = JSON.parse(unescaped(framed))
  } catch {
    return null
  }
  const cells = Array.isArray(values) ? values.map(asCell) : []
  return cells.length > 0 && cells.every((cell) => cell !== null) ? cells : null
}
