// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { isNews, megabytes, percentOf } from "../../src/model/transfer"
import { SHOWN_AFTER_MS, TransferView } from "../../src/view/transfer"

const MB = 1_000_000
const at = (sent: number, total = 50): { sentBytes: number; totalBytes: number } => ({ sentBytes: sent * MB, totalBytes: total * MB })
const view = (): TransferView => new TransferView((transfer) => `${megabytes(transfer.sentBytes)} MB`, "Saving")
const shown = (one: TransferView): boolean => !one.element.querySelector<HTMLElement>(".transfer_shown")!.hidden
const spoken = (one: TransferView): string => one.element.querySelector("[role=status]")!.textContent ?? ""
const bar = (one: TransferView): Element => one.element.querySelector("[role=progressbar]")!

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test.each([
  [0, 50, 0],
  [49.9, 50, 99],
  [50, 50, 100],
  [60, 50, 100],
  [0, 0, 100],
])("%d of %d MB are %d percent", (sent, total, percent) => {
  expect(percentOf(at(sent, total))).toBe(percent)
})

test("a screen reader hears the beginning, each quarter, and that the server works", () => {
  expect(isNews(at(1), null)).toBe(true)
  expect(isNews(at(12), at(1))).toBe(false)
  expect(isNews(at(13), at(1))).toBe(true)
  expect(isNews(at(49.9), at(38))).toBe(false)
  expect(isNews(at(50), at(49.9))).toBe(true)
  expect(isNews(at(50), at(50))).toBe(false)
})

test("what is over soon is never shown", () => {
  const one = view()
  one.update(at(50))
  vi.advanceTimersByTime(SHOWN_AFTER_MS - 1)
  one.end()
  vi.advanceTimersByTime(SHOWN_AFTER_MS * 2)
  expect(shown(one)).toBe(false)
  expect(spoken(one)).toBe("")
})

test("what takes longer shows the newest figure, also where nothing new is told", () => {
  const one = view()
  one.update(at(1))
  one.update(at(50))
  vi.advanceTimersByTime(SHOWN_AFTER_MS)
  expect(shown(one)).toBe(true)
  expect(bar(one).getAttribute("aria-valuenow")).toBe("100")
  expect(bar(one).getAttribute("aria-label")).toBe("Saving")
  expect(spoken(one)).toBe("50.0 MB")
})

test("each transfer begins anew", () => {
  const one = view()
  one.update(at(40))
  vi.advanceTimersByTime(SHOWN_AFTER_MS)
  one.update(at(45))
  expect(bar(one).getAttribute("aria-valuetext")).toBe("45.0 MB")
  expect(spoken(one)).toBe("40.0 MB")
  one.end()
  expect(shown(one)).toBe(false)
  one.update(at(2))
  expect(shown(one)).toBe(false)
  vi.advanceTimersByTime(SHOWN_AFTER_MS)
  expect(spoken(one)).toBe("2.0 MB")
})
