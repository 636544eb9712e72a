import { expect, test } from "vitest"
import { matchScore } from "../../src/model/fuzzy"

const ACTIONS = ["run cell and select next", "run all cells", "restart kernel and clear output", "clear cell output", "toggle header"]

function best(query: string): string[] {
  const scored = ACTIONS.map((text) => ({ text, score: matchScore(query, text) })).filter(({ score }) => score > 0)
  return scored.sort((a, b) => b.score - a.score).map(({ text }) => text)
}

test("words in any order, the beginning of the text first", () => {
  expect(best("clear output")).toEqual(["restart kernel and clear output", "clear cell output"])
  expect(best("clear")[0]).toBe("clear cell output")
  expect(best("output clear cell")).toEqual(["clear cell output"])
})

test("first letters of words, and letters in their order", () => {
  expect(best("rac")).toContain("run all cells")
  expect(best("rkco")[0]).toBe("restart kernel and clear output")
  expect(best("tglhdr")).toEqual(["toggle header"])
})

test("nothing typed shows everything, nonsense nothing", () => {
  expect(best("  ")).toHaveLength(ACTIONS.length)
  expect(best("xyzzy")).toEqual([])
})
