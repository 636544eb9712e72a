// @vitest-environment jsdom
import CodeMirror from "codemirror"
import { beforeAll, expect, test } from "vitest"
import { defineTabStopCommand } from "../../src/view/tab_stop"

const commands = CodeMirror.commands as unknown as Record<string, (editor: CodeMirror.Editor) => void>

beforeAll(() => {
  // jsdom lays nothing out; the editor only wants numbers.
  document.createRange = () => Object.assign(new Range(), { getClientRects: () => [], getBoundingClientRect: () => new DOMRect() }) as Range
  defineTabStopCommand()
})

function backspaced(value: string, ...heads: [number, number][]): string {
  const editor = CodeMirror(document.createElement("div"), { value, indentUnit: 4 })
  editor.setSelections(heads.map(([line, ch]) => ({ anchor: { line, ch }, head: { line, ch } })))
  commands["delSpaceToPrevTabStop"]!(editor)
  return editor.getValue()
}

test.each([
  ["        x", 8, "    x"],
  ["      x", 6, "    x"],
  ["   x", 3, "x"],
  ["ab    ", 6, "ab   "],
  ["abc", 3, "ab"],
  ["abc", 0, "abc"],
])("backspace in %j at column %i leaves %j", (value, ch, expected) => {
  expect(backspaced(value, [0, ch])).toBe(expected)
})

test("every cursor goes back to its own tab stop", () => {
  expect(backspaced("        a\n      b", [0, 8], [1, 6])).toBe("    a\n    b")
})

test("what is selected goes, and nothing more", () => {
  const editor = CodeMirror(document.createElement("div"), { value: "        x", indentUnit: 4 })
  editor.setSelection({ line: 0, ch: 4 }, { line: 0, ch: 6 })
  commands["delSpaceToPrevTabStop"]!(editor)
  expect(editor.getValue()).toBe("      x")
})

test("a command of that name that somebody else made stays", () => {
  const mine = (): void => undefined
  commands["delSpaceToPrevTabStop"] = mine
  defineTabStopCommand()
  expect(commands["delSpaceToPrevTabStop"]).toBe(mine)
})
