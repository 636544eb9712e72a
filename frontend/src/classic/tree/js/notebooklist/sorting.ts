/** Orders of the file list. Pure. */
import type { Entry } from "./filetypes"

export type SortId = "sort-name" | "last-modified" | "file-size"
type Compare = (a: Entry, b: Entry) => number

const TYPE_ORDER: Record<string, number> = { directory: 0, notebook: 1, file: 2 }
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" })

const byName: Compare = (a, b) => names.compare(a.name, b.name) || (a.name < b.name ? -1 : 1)
const byType: Compare = (a, b) => (TYPE_ORDER[a.type] ?? 3) - (TYPE_ORDER[b.type] ?? 3)
const byModified: Compare = (a, b) => timeOf(a) - timeOf(b)
const bySize: Compare = (a, b) => (a.size ?? -1) - (b.size ?? -1)

function timeOf(entry: Entry): number {
  return entry.last_modified ? Date.parse(entry.last_modified) : 0
}

/**
 * Compare for `sort_id`. Names keep their groups (folders, notebooks, files) in both directions. A first click shows the
 * oldest or the largest first, as it always did.
 */
export function comparison(sort_id: SortId, ascending: boolean): Compare {
  const sign = ascending ? 1 : -1
  if (sort_id === "sort-name") return (a, b) => byType(a, b) || sign * byName(a, b)
  if (sort_id === "last-modified") return (a, b) => sign * byModified(a, b) || byName(a, b)
  return (a, b) => sign * bySize(b, a) || byName(a, b)
}
