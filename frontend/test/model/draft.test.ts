import { expect, test } from "vitest"
import { differences, withOutputs, type Draft } from "../../src/model/draft"
import type { CellJson } from "../../src/model/notebook"

const cell = (source: string, more: Partial<CellJson> = {}): CellJson => ({ cell_type: "code", metadata: {}, source, ...more })
const draftOf = (...cells: CellJson[]): Draft => ({ path: "a.ipynb", base: null, at_ms: 0, metadata: {}, cells })

test("changed, added, removed and moved cells are told apart from equal ones", () => {
  const cells = [cell("a"), cell("b"), cell("c")]
  expect(differences(draftOf(...cells), cells)).toBe(0)
  expect(differences(draftOf(cell("a"), cell("B"), cell("c")), cells)).toBe(1)
  expect(differences(draftOf(cell("a")), cells)).toBe(2)
  expect(differences(draftOf(...cells, cell("d")), cells)).toBe(1)
  expect(differences(draftOf(cell("a"), cell("b", { cell_type: "raw" }), cell("c")), cells)).toBe(1)
  expect(differences(draftOf(cell("a", { attachments: { p: { "image/png": "x" } } }), cell("b"), cell("c")), cells)).toBe(1)
})

test("outputs come from the notebook, by id, or by place and text where there are no ids", () => {
  const outputs = [{ output_type: "stream", name: "stdout", text: "1" }]
  const run = { outputs, execution_count: 3 }
  const moved = withOutputs(draftOf(cell("new", { id: "n" }), cell("edited", { id: "a" })), [cell("old", { id: "a", ...run })])
  expect(moved).toEqual([cell("new", { id: "n", outputs: [], execution_count: null }), cell("edited", { id: "a", ...run })])
  expect(withOutputs(draftOf(cell("x"), cell("z")), [cell("x", run), cell("y", run)])).toEqual([cell("x", run), cell("z", { outputs: [], execution_count: null })])
  expect(withOutputs(draftOf(cell("# a", { cell_type: "markdown" })), [cell("# a", run)])).toEqual([cell("# a", { cell_type: "markdown" })])
})
