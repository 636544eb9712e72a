import { expect, test } from "vitest"
import { matchCells, sourceKey, type RestoredCell } from "../../src/model/restoring"

const restored = (cell_id: string, document: RestoredCell["document"] = null): RestoredCell =>
  ({ msg_id: cell_id, cell_id, document, outputs: [] }) as unknown as RestoredCell
const positions = (found: Map<number, RestoredCell>): [number, string | null][] => [...found].map(([index, one]) => [index, one.cell_id])

test("sources are named by length and CRC-32, as the server does", () => {
  expect(sourceKey("")).toBe("0-00000000")
  expect(sourceKey("123456789")).toBe("9-cbf43926")
  expect(sourceKey("ü = 1")).toBe("6-" + sourceKey("ü = 1").split("-")[1])
})

test("cells with ids are found by them, wherever they are now", () => {
  const cells = [{ id: "a", source: "1" }, { id: "b", source: "2" }]
  expect(positions(matchCells(cells, [restored("b"), restored("gone"), restored("a")], true))).toEqual([[1, "b"], [0, "a"]])
})

test("without ids the nearest cell of the same source counts, each once", () => {
  const cells = ["x", "same", "y", "same", "same"].map((source) => ({ id: "new", source }))
  const of = (index: number, source = "same"): RestoredCell => restored(String(index), { index, source: sourceKey(source) })
  expect(positions(matchCells(cells, [of(3), of(4), of(0)], false))).toEqual([[3, "3"], [4, "4"], [1, "0"]])
  expect(positions(matchCells(cells, [of(1, "edited"), restored("no place")], false))).toEqual([])
})
