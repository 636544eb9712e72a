import { expect, test } from "vitest"
import { cellsFromClipboard, cellsToClipboard } from "../../src/model/clipboard"
import type { CellJson } from "../../src/model/notebook"

const code = (source: string, more: Partial<CellJson> = {}): CellJson => ({
  cell_type: "code", id: "one", metadata: {}, source, outputs: [], execution_count: null, ...more,
})

function fromHtml(html: string): CellJson[] | null {
  return cellsFromClipboard((type) => (type === "text/html" ? html : ""))
}

test("cells come back from their own clipboard form, without id and protection", () => {
  const written = cellsToClipboard([code("a < b && c", { metadata: { deletable: false, tags: ["t"] } }), code("&lt;")])
  expect(written["text/plain"]).toBe("a < b && c\n\n&lt;")
  const read = fromHtml(`<html><body>${written["text/html"]}</body></html>`)
  expect(read?.map((cell) => [cell.source, cell.id])).toEqual([["a < b && c", undefined], ["&lt;", undefined]])
  expect(read?.[0]?.metadata).toEqual({ tags: ["t"], trusted: true })
})

test("outputs from the clipboard are never trusted: any page may write there", () => {
  const forged = code("x", { metadata: { trusted: true }, outputs: [{ output_type: "display_data" }] })
  const read = fromHtml(`<pre class="jupyter-nb-cells-json">${JSON.stringify([forged])}</pre>`)
  expect(read?.[0]?.metadata["trusted"]).toBe(false)
})

test("what is no list of cells is left alone", () => {
  const frames = ["null", "{}", "[]", "[1]", '[{"cell_type":"code"}]', '[{"cell_type":1,"source":""}]', "no json"]
  for (const text of ["<b>rich text</b>", ...frames.map((json) => `<pre class="jupyter-nb-cells-json">${json}</pre>`)]) {
    expect(fromHtml(text)).toBeNull()
  }
})

test("metadata of the wrong shape become empty", () => {
  const read = fromHtml('<pre class="jupyter-nb-cells-json">[{"cell_type":"markdown","source":["a","b"],"metadata":[1]}]</pre>')
  expect(read?.[0]?.metadata).toEqual({})
})
