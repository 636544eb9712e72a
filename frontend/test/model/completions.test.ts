import { expect, test } from "vitest"
import { kindsOf } from "../../src/model/completions"

test("kinds come from the reply's metadata", () => {
  const metadata = { _jupyter_types_experimental: [{ text: "path", type: "module", start: 3, end: 7 }, { text: "x", type: "<unknown>" }] }
  expect([...kindsOf(metadata)]).toEqual([["path", "module"]])
})

test("metadata of another shape has no kinds", () => {
  for (const shape of [undefined, {}, { _jupyter_types_experimental: "no" }, { _jupyter_types_experimental: [null, 1, {}, { text: 1, type: "a" }] }]) {
    expect(kindsOf(shape as never).size).toBe(0)
  }
})
