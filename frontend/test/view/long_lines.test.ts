// @vitest-environment jsdom
import { expect, test } from "vitest"
import { foldedDocument, hasLongLine, LONG_CHARS } from "../../src/view/long_lines"

const LONG = "x".repeat(LONG_CHARS + 1)

test.each([
  ["", false],
  ["short\n".repeat(LONG_CHARS), false],
  [`a\n${LONG}\nb`, true],
  [LONG.slice(1), false],
])("a text has a long line or not", (text, answer) => {
  expect(hasLongLine(text)).toBe(answer)
})

test("the middle of a long line is folded, and nothing of the text is lost", () => {
  const text = `a\n${LONG}\nb`
  const doc = foldedDocument(text, "python")
  const [mark, ...others] = doc.getAllMarks()
  expect(others).toEqual([])
  const { from, to } = mark!.find() as { from: { line: number; ch: number }; to: { line: number; ch: number } }
  expect([from.line, to.line, from.ch, to.ch]).toEqual([1, 1, 2000, LONG.length - 2000])
  expect(doc.getValue() === text).toBe(true)
})

test("a click shows the whole line, which then stays so", () => {
  const doc = foldedDocument(LONG, null)
  const place = (doc.getAllMarks()[0] as unknown as { widgetNode: HTMLElement }).widgetNode
  expect(place.textContent).toContain((LONG_CHARS + 1 - 4000).toLocaleString())
  place.querySelector<HTMLElement>(".fnb-long-line")!.click()
  expect(doc.getAllMarks()).toEqual([])
})
