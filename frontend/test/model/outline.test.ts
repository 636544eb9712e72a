/** Headings of Markdown texts, sections of cells, lines of the table of contents. */
import { expect, test } from "vitest"
import { entriesOf, entryAt, headingsAbove, headingsOf, hiddenCells, parentOf, sectionEnd } from "../../src/model/outline"

test.each([
  ["# One", [[1, "One"]]],
  ["###### Six ##", [[6, "Six"]]],
  ["text\n## Two\n\n### Three", [[2, "Two"], [3, "Three"]]],
  ["Title\n=====\nand\n---", [[1, "Title"], [2, "and"]]],
  ["# **Bold** `code` [link](http://x) ![pic](y) snake_case _it_", [[1, "Bold code link pic snake_case it"]]],
  ["<h2 id='a'>Tag</h2>", [[2, "Tag"]]],
  ["#no space", []],
  ["####### seven", []],
  ["    # code", []],
  ["```\n# comment\n```\n# after", [[1, "after"]]],
  ["````\n```\n# still code\n````", []],
  ["~~~\n# never closed", []],
  ["- item\n---", []],
  ["\n---\ntext", []],
  ["#", [[1, ""]]],
  ["", []],
])("headings of %j", (source, expected) => {
  expect(headingsOf(source).map(({ level, text }) => [level, text])).toEqual(expected)
})

test("hostile texts are read in no time", () => {
  const begin_ms = performance.now()
  for (const text of [`# ${"#".repeat(500_000)}x`, `# ${"[".repeat(500_000)}`, `# ${" ".repeat(500_000)}#x`, `${"a".repeat(500_000)}\n---`, "# a\n".repeat(200_000), `# ${"<a".repeat(200_000)}`]) headingsOf(text)
  expect(performance.now() - begin_ms).toBeLessThan(2_000)
})

const LEVELS = [1, null, 2, null, 3, null, 2, null, 1, null]

test("a section goes up to the next heading of its level or above", () => {
  expect(LEVELS.map((_level, index) => sectionEnd(LEVELS, index))).toEqual([8, 2, 6, 4, 6, 6, 8, 8, 10, 10])
})

test("cells of folded sections are hidden, inner headings included", () => {
  const folded = (...at: number[]): string => hiddenCells(LEVELS, LEVELS.map((_level, index) => at.includes(index))).map((is) => (is ? "x" : ".")).join("")
  expect(folded()).toBe("..........")
  expect(folded(0)).toBe(".xxxxxxx..")
  expect(folded(2)).toBe("...xxx....")
  expect(folded(2, 4)).toBe("...xxx....")
  expect(folded(4, 6, 8)).toBe(".....x.x.x")
  expect(folded(1, 3)).toBe("..........") // no headings
})

test("the headings above a cell", () => {
  expect(headingsAbove(LEVELS, 5)).toEqual([4, 2, 0])
  expect(headingsAbove(LEVELS, 6)).toEqual([0])
  expect(headingsAbove(LEVELS, 8)).toEqual([])
  expect(headingsAbove([null], 0)).toEqual([])
})

test("lines of the table of contents, and where the reader is", () => {
  const entries = entriesOf([[], [{ level: 1, text: "A" }, { level: 2, text: "B" }], [], [{ level: 3, text: "" }, { level: 2, text: "C" }]])
  expect(entries.map(({ cell, nth, text }) => [cell, nth, text])).toEqual([[1, 0, "A"], [1, 1, "B"], [3, 1, "C"]])
  expect([0, 1, 2, 3, 9].map((cell) => entryAt(entries, cell))).toEqual([-1, 0, 1, 2, 2])
  expect([0, 1, 2].map((index) => parentOf(entries, index))).toEqual([-1, 0, 0])
})
