// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest"
import { inSlices, nextPaint, sliceAfter } from "../../src/view/slices"

afterEach(() => vi.restoreAllMocks())

/* Each item takes `cost_ms` of a clock that stands still otherwise. */
function clock(cost_ms: number): () => void {
  let now_ms = 0
  vi.spyOn(performance, "now").mockImplementation(() => now_ms)
  return () => (now_ms += cost_ms)
}

test("everything is done once, in order", async () => {
  const tick = clock(10)
  const done: number[] = []
  const items = Array.from({ length: 50 }, (_none, index) => index)
  expect(await inSlices(items, (item) => { tick(); done.push(item) })).toBe(true)
  expect(done).toEqual(items)
})

test("the page has a turn between two slices, which grow, and not after each item", async () => {
  const tick = clock(4)
  const begun: number[] = []
  let count = 0
  await inSlices(Array.from({ length: 30 }), () => { tick(); count += 1 }, { isWanted: () => begun.push(count) > 0 })
  expect(begun).toEqual([0, 2, 6, 12, 18, 24]) // 8, 16 and 24 ms
})

test("an item that takes longer than a slice is done all the same", async () => {
  const tick = clock(1000)
  let count = 0
  expect(await inSlices([1, 2, 3], () => { tick(); count += 1 })).toBe(true)
  expect(count).toBe(3)
})

test("what nobody wants any more ends", async () => {
  const tick = clock(30)
  let count = 0
  expect(await inSlices([1, 2, 3, 4], () => { tick(); count += 1 }, { isWanted: () => count < 2 })).toBe(false)
  expect(count).toBe(2)
})

test("what the work throws reaches the caller", async () => {
  await expect(inSlices([1], () => { throw new Error("no") })).rejects.toThrow("no")
})

test("nothing to do is done", async () => {
  expect(await inSlices([], () => { throw new Error("called") })).toBe(true)
})

test("a slice lasts as long as the browser's own turn, within bounds", () => {
  expect([0, 27, 5000].map(sliceAfter)).toEqual([24, 27, 30])
})

test("a page that paints no frames goes on all the same", async () => {
  vi.spyOn(window, "requestAnimationFrame").mockReturnValue(1)
  await nextPaint()
})
