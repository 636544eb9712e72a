// What the browser gets before a page runs: which scripts, how many bytes, and whether that is within the budget.
import { join, relative } from "node:path"
import { FRONTEND, OUT, sizeOf } from "./files.mjs"

const BUDGET_BYTES = 400_000 // script of a first page, as it travels
const BUDGET_PAGES = ["notebook", "tree"]

/** A page's entry and everything that it imports before it runs. */
export function firstScripts(metafile, entry) {
  const seen = new Set()
  const visit = (path) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const next of metafile.outputs[path].imports) if (next.kind === "import-statement" && !next.external) visit(next.path)
  }
  visit(entry)
  return [...seen]
}

export function reportSizes(manifest, metafile, entryOutputs) {
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10)
  let isWithin = true
  for (const [page, output] of Object.entries(entryOutputs)) {
    const scripts = [...firstScripts(metafile, output).map((path) => relative(OUT, join(FRONTEND, path))), manifest["require.js"]]
    const sum = (suffix) => scripts.reduce((total, name) => total + sizeOf(name, suffix), 0)
    const wire = sum(".gz") // the larger of the two: a plain http page gets gzip
    console.log(`${page.padEnd(9)} script ${kB(sum(""))}  gzip ${kB(wire)}  brotli ${kB(sum(".br"))}  style gzip ${kB(sizeOf(manifest[`${page}.css`], ".gz"))}`)
    if (BUDGET_PAGES.includes(page) && wire > BUDGET_BYTES) {
      console.error(`${page}: first page script is ${wire} bytes over the wire, the budget is ${BUDGET_BYTES}`)
      isWithin = false
    }
  }
  return isWithin
}
