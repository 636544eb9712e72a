// @vitest-environment jsdom
import { expect, test } from "vitest"
import { _humanize_sequence, humanize_sequence, humanize_shortcut } from "../../../src/classic/notebook/js/quickhelp"

test("shortcuts are told as extensions expect them: one and several as elements, for a palette as text", () => {
  expect(humanize_shortcut("alt-enter")).toBe("<kbd>Alt-Enter</kbd>")
  expect(humanize_sequence("d,d")).toBe("<kbd>D</kbd>,<kbd>D</kbd>")
  expect(_humanize_sequence("d,d")).toBe("D,D")
})
