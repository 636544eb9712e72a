import { describe, expect, test } from "vitest"
import { compare, type ComparedCell } from "../../src/model/comparing"
import { baseOf, outputsMark } from "../../src/model/mergebase"

const cell = (source: string, id?: string): ComparedCell => ({ cell_type: "code", source, ...(id && { id }) })
const said = (mine: ComparedCell[], theirs: ComparedCell[]): unknown[] =>
  compare(mine, theirs).map((row) => [row.mine?.source ?? null, row.theirs?.source ?? null])

describe("compare", () => {
  test("lays cells with one id beside each other", () => {
    expect(said([cell("1", "a"), cell("2", "b")], [cell("1x", "a"), cell("n", "c"), cell("2", "b")])).toEqual([["1", "1x"], [null, "n"], ["2", "2"]])
  })
  test("finds cells without ids by their text", () => {
    expect(said([cell("1"), cell("2"), cell("3")], [cell("2"), cell("3"), cell("4")])).toEqual([["1", null], ["2", "2"], ["3", "3"], [null, "4"]])
  })
  test("takes nothing, and thousands of cells", () => {
    expect(compare([], [])).toEqual([])
    const many = (name: string): ComparedCell[] => Array.from({ length: 5000 }, (_unused, index) => cell(`${name}${index}`, `${name}${index}`))
    expect(compare(many("a"), many("b")).length).toBe(10_000)
  })
})

describe("the base of a merge", () => {
  test("keeps texts, not outputs", () => {
    const outputs = [{ output_type: "display_data", data: { "image/png": "x".repeat(1_000_000) }, metadata: {} }]
    const base = baseOf({ cells: [{ ...cell("1", "a"), metadata: { tags: [] }, outputs, execution_count: 3 }], metadata: {}, nbformat: 4, nbformat_minor: 5 })
    expect(JSON.stringify(base).length).toBeLessThan(500)
    expect([baseOf(null), baseOf({ cells: 1 })]).toEqual([null, null])
  })
  test("sees other outputs by their length, ends or number", () => {
    const printed = (text: string, count = 1): string => outputsMark({ outputs: [{ output_type: "stream", text }], execution_count: count })
    expect(new Set([printed("a"), printed("b"), printed("a", 2), printed("a".repeat(100)), printed("b".repeat(100)), printed("a".repeat(101))]).size).toBe(6)
    expect(printed("a")).toBe(printed("a"))
  })
})
