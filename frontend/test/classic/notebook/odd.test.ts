// @vitest-environment jsdom
import { expect, test, vi } from "vitest"
import { opened } from "./harness"
import type { OutputArea } from "../../../src/classic/notebook/js/outputarea"
import type { CellJson } from "../../../src/model/notebook"
import type { Output } from "../../../src/model/outputs"

const code = (fields: Record<string, unknown>): CellJson =>
  ({ cell_type: "code", metadata: {}, source: "1", outputs: [], execution_count: null, ...fields }) as unknown as CellJson

test.each([
  ["metadata that is a list", code({ metadata: [] })],
  ["metadata that is a text", code({ metadata: "x" })],
  ["metadata with odd entries", code({ metadata: { tags: "no", collapsed: "yes", scrolled: 7, jupyter: 3, editable: "no" } })],
  ["outputs that are a text", code({ outputs: "text" })],
  ["a number that is none", code({ execution_count: "many" })],
  ["no source", code({ source: null })],
  ["a stream without a name", code({ outputs: [{ output_type: "stream", text: "words" }] })],
  ["an error without words", code({ outputs: [{ output_type: "error" }, { output_type: "error", traceback: [5, null] }] })],
  ["odd outputs", code({ outputs: [{ output_type: "stream" }, { output_type: "display_data", data: [] }, 5, null] })],
])("a cell with %s is shown", (_name, cell) => {
  const { notebook } = opened([cell, code({ source: "2" })])
  expect(notebook.ncells()).toBe(2)
  expect(notebook.toJSON().cells[1]?.source).toBe("2")
})

test("an output that fails while it is shown is told, kept, and followed by the others", () => {
  const hostile = { output_type: "display_data", metadata: {}, data: {} }
  Object.defineProperty(hostile, "data", { get: () => { throw new Error("no data today") }, enumerable: false })
  const { notebook } = opened([code({ source: "1" })])
  const area = (notebook.get_cell(0) as unknown as { output_area: OutputArea }).output_area
  const complaint = vi.spyOn(console, "error").mockImplementation(() => undefined)
  area.append_output(hostile as unknown as Output)
  area.append_output({ output_type: "stream", name: "stdout", text: "after it" })
  area._open_stream?.view?.flush()
  expect(complaint).toHaveBeenCalledOnce()
  expect(area.element.text()).toContain("no data today")
  expect(area.element.text()).toContain("after it")
  expect(area.outputs).toHaveLength(2)
})
