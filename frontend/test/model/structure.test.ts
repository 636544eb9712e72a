import { expect, test } from "vitest"
import { orderAfterUndo, StructureHistory, type StructureChange } from "../../src/model/structure"
import type { CellJson } from "../../src/model/notebook"

function change(order: string, more: { took?: string; added?: string } = {}): StructureChange {
  const before = new Map([...(more.took ?? "")].map((id) => [id, { cell_type: "raw", id, metadata: {}, source: id } as CellJson]))
  return { name: "x", order: [...order], before, added: new Set(more.added ?? ""), deletions: [] }
}

test.each([
  ["moved", change("abc"), "bac", "abc"],
  ["deleted", change("abc", { took: "b" }), "ac", "abc"],
  ["pasted", change("ab", { added: "x" }), "axb", "ab"],
  ["merged", change("abc", { took: "ab" }), "bc", "abc"],
  ["all deleted, a filler came", change("ab", { took: "ab", added: "x" }), "x", "ab"],
  ["another cell came later", change("abc", { took: "b" }), "anc", "anbc"],
  ["another cell came later, at the beginning", change("ab", { took: "a" }), "nb", "nab"],
  ["another cell was deleted later", change("abc", { took: "b" }), "c", "bc"],
])("order after undo: %s", (_name, undone, now, wanted) => {
  expect(orderAfterUndo(undone, [...now]).join("")).toBe(wanted)
})

test("a new change ends what could be done again; old ones are forgotten", () => {
  const history = new StructureHistory()
  history.remember(change("a"))
  history.tookBack(change("b"))
  expect([history.last, history.next?.order]).toEqual([undefined, ["b"]])
  history.didAgain(change("c"))
  expect([history.last?.order, history.next]).toEqual([["c"], undefined])
  history.tookBack(change("d"))
  history.remember(change("e"))
  expect(history.next).toBeUndefined()
  for (let count = 0; count < 200; count++) history.remember(change("f"))
  let kept = 0
  for (; history.last; kept++) history.tookBack(history.last)
  expect(kept).toBe(100)
})
