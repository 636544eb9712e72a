// @vitest-environment jsdom
import CodeMirror from "codemirror"
import { describe, expect, test } from "vitest"
import { endOf, hasWordsBefore, isAtEnd, isAtStart, textAfterCursor, textBeforeCursor, textsBetweenCursors } from "../../src/view/cursor"

function textWithCursor(text: string, line: number, ch: number): CodeMirror.Doc {
  const doc = new CodeMirror.Doc(text)
  doc.setCursor({ line, ch })
  return doc
}

describe("the ends of a text", () => {
  test.each([
    ["", 0, 0],
    ["a", 0, 1],
    ["a\nbcd", 1, 3],
    ["a\n", 1, 0],
  ])("%j ends at line %i, column %i", (text, line, ch) => {
    expect(endOf(new CodeMirror.Doc(text))).toEqual({ line, ch })
  })

  test.each([
    ["", 0, 0, true, true],
    ["ab", 0, 0, true, false],
    ["ab", 0, 1, false, false],
    ["ab", 0, 2, false, true],
    ["ab\ncd", 0, 2, false, false],
    ["ab\ncd", 1, 0, false, false],
    ["ab\ncd", 1, 2, false, true],
  ])("the cursor of %j at %i:%i: start %s, end %s", (text, line, ch, start, end) => {
    const doc = textWithCursor(text, line, ch)
    expect([isAtStart(doc), isAtEnd(doc)]).toEqual([start, end])
  })
})

test.each([
  ["print", 0, 5, true],
  ["    x", 0, 4, false],
  ["", 0, 0, false],
  ["x\n", 1, 0, false],
])("whether words stand before the cursor of %j at %i:%i: %s", (text, line, ch, expected) => {
  expect(hasWordsBefore(textWithCursor(text, line, ch))).toBe(expected)
})

describe("the text around the cursor", () => {
  test("comes without the empty lines at the cut, but with its indentation", () => {
    const doc = textWithCursor("a\n\n\n  b\n", 2, 0)
    expect(textBeforeCursor(doc)).toBe("a")
    expect(textAfterCursor(doc)).toBe("  b")
  })

  test("is cut at each of several cursors", () => {
    const doc = new CodeMirror.Doc("one\ntwo\nthree")
    doc.setSelections([1, 2].map((line) => ({ anchor: { line, ch: 0 }, head: { line, ch: 0 } })))
    expect(textsBetweenCursors(doc)).toEqual(["one", "two", "three"])
  })

  test("is cut around a selection", () => {
    const doc = new CodeMirror.Doc("one\ntwo\nthree")
    doc.setSelection({ line: 1, ch: 0 }, { line: 1, ch: 3 })
    expect(textsBetweenCursors(doc)).toEqual(["one", "two", "three"])
  })
})
