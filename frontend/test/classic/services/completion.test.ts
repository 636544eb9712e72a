import { expect, test } from "vitest"
import { isThenable, together } from "../../../src/classic/services/kernels/kernel/completion"

test.each([
  [undefined, false],
  [null, false],
  ["then", false],
  [{ then: 1 }, false],
  [Promise.resolve(), true],
  [{ then: () => undefined }, true],
])("whether %j is waited for: %s", (value, expected) => {
  expect(isThenable(value)).toBe(expected)
})

test("handlers without a promise make nobody wait", () => {
  expect(together([])).toBeUndefined()
  expect(together([1, undefined])).toBeUndefined()
})

test("one promise among the results makes the rest wait for it", async () => {
  await expect(together([1, Promise.resolve(2)])).resolves.toEqual([1, 2])
})
