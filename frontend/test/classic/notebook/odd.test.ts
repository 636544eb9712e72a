// @vitest-environment jsdom
import { expect, test } from "vitest"
import { opened } from "./harness"
import type { CellJson } from "../../../src/model/notebook"

const code = (fields: Record<string, unknown>): CellJson =>
  ({ cell_type: "code", metadata: {}, source: "1", outputs: [], execution_count: null, ...fields }) as unknown as CellJson

test.each([
  ["metadata that is a list", code({ metadata: [] })],
  ["metadata that is a text", code({ metadata: "x" })],
  ["metadata with odd entries", code({ metadata: { tags: "no", collapsed: "yes", scrolled: 7, jupyter: 3, editable: "no" } })],
  ["outputs that are a text", code({ outputs: "text" })],
  ["a number that is none", code({ execution_count: "many" })],
  ["no source", code({ source: null })],
  ["odd outputs", code({ outputs: [{ output_type: "stream" }, { output_type: "display_data", data: [] }, 5, null] })],
])("a cell with %s is shown", (_name, cell) => {
  const { notebook } = opened([cell, code({ source: "2" })])
  expect(notebook.ncells()).toBe(2)
  expect(notebook.toJSON().cells[1]?.source).toBe("2")
})
