// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest"

type Nearby = typeof import("../../src/view/nearby")

const observed = new Set<Element>()
let nearby: Nearby

class FakeObserver {
  observe(element: Element): void {
    observed.add(element)
  }
  unobserve(element: Element): void {
    observed.delete(element)
  }
}

/* A browser whose cells tell by themselves, as far as the style sheet says so. */
beforeEach(async () => {
  observed.clear()
  document.body.innerHTML = "<div id='site'><div class='cell'><p></p></div><div class='cell'><p></p></div><p id='outside'></p></div>"
  vi.stubGlobal("IntersectionObserver", FakeObserver)
  vi.stubGlobal("ContentVisibilityAutoStateChangeEvent", class {})
  vi.resetModules()
  nearby = await import("../../src/view/nearby")
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const [FIRST, SECOND, OUTSIDE] = [0, 1, 2]
const paragraph = (which: number): HTMLElement => document.querySelectorAll("p")[which]!

/* jsdom knows no such property. */
function styleCells(visibility: string): void {
  vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: () => visibility }))
}

function tell(which: number, skipped: boolean): void {
  const event = Object.assign(new Event("contentvisibilityautostatechange", { bubbles: true }), { skipped })
  paragraph(which).closest(".cell")!.dispatchEvent(event)
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))

test("a cell that tells by itself is not observed, and calls once", async () => {
  styleCells("auto")
  const callback = vi.fn()
  nearby.whenNear(paragraph(FIRST), callback)
  await frame()
  tell(SECOND, false)
  tell(FIRST, true)
  expect([callback.mock.calls.length, observed.size]).toEqual([0, 0])
  tell(FIRST, false)
  tell(FIRST, false)
  expect([callback.mock.calls.length, nearby.watchedCount()]).toEqual([1, 0])
})

test("what comes to be in a cell that was near before is near in the next frame", async () => {
  styleCells("auto")
  nearby.whenNear(paragraph(SECOND), vi.fn())
  await frame()
  tell(FIRST, false)
  const callback = vi.fn()
  nearby.whenNear(paragraph(FIRST), callback)
  expect(callback).not.toHaveBeenCalled()
  await frame()
  expect(callback).toHaveBeenCalledTimes(1)
})

test("what is in no cell is observed; so are cells that a style sheet keeps from telling", async () => {
  styleCells("visible")
  nearby.whenNear(paragraph(OUTSIDE), vi.fn())
  nearby.whenNear(paragraph(FIRST), vi.fn())
  await frame()
  expect([...observed]).toEqual([paragraph(OUTSIDE), paragraph(FIRST)])
})

test("whoever does not want to know any more is not called", async () => {
  styleCells("auto")
  const callback = vi.fn()
  const stop = nearby.whenNear(paragraph(FIRST), callback)
  await frame()
  stop()
  tell(FIRST, false)
  expect(callback).not.toHaveBeenCalled()
})

test("what takes long waits until it is within sight and nobody scrolls", async () => {
  styleCells("auto")
  const callback = vi.fn()
  vi.spyOn(document.getElementById("site")!, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 800, 600))
  const box = vi.spyOn(paragraph(FIRST), "getBoundingClientRect").mockReturnValue(new DOMRect(0, 5000, 100, 100))
  nearby.whenNearAndCalm(paragraph(FIRST), callback, 0.25)
  await frame()
  tell(FIRST, false)
  await vi.waitFor(() => expect(box).toHaveBeenCalled())
  expect(callback).not.toHaveBeenCalled()
  box.mockReturnValue(new DOMRect(0, 10, 100, 100))
  document.getElementById("site")!.dispatchEvent(new Event("scroll"))
  await vi.waitFor(() => expect(callback).toHaveBeenCalledTimes(1), 5000)
})

const scroll = (): boolean => document.getElementById("site")!.dispatchEvent(new Event("scroll"))
const pause = (time_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time_ms))

/* The first cell comes near while the user scrolls. */
async function passBy(callback: () => void): Promise<() => void> {
  styleCells("auto")
  const stop = nearby.whenNearToStay(paragraph(FIRST), callback)
  await frame()
  scroll()
  tell(FIRST, false)
  expect(callback).not.toHaveBeenCalled()
  return stop
}

/* `many` looks at what passes by, each while the user scrolls. */
async function scrollOn(many: number): Promise<void> {
  for (let count = 0; count < many; count++) {
    scroll()
    await pause(60)
  }
}

test("what is only scrolled past waits until it comes near again", async () => {
  const callback = vi.fn()
  await passBy(callback)
  tell(FIRST, true)
  await scrollOn(10)
  expect(callback).not.toHaveBeenCalled()
  await vi.waitFor(() => {
    tell(FIRST, false)
    expect(callback).toHaveBeenCalledTimes(1)
  })
})

test("what stays near is called while the user still scrolls, and once", async () => {
  const callback = vi.fn()
  await passBy(callback)
  await scrollOn(3)
  await vi.waitFor(() => {
    scroll()
    expect(callback).toHaveBeenCalledTimes(1)
  })
  tell(FIRST, false)
  expect(callback).toHaveBeenCalledTimes(1)
})

test("who has come to rest is not made to wait", async () => {
  vi.spyOn(performance, "now").mockReturnValue(0) // what the clock says when they scroll, and when they come by
  const callback = vi.fn()
  await passBy(callback)
  vi.mocked(performance.now).mockReturnValue(130)
  await vi.waitFor(() => expect(callback).toHaveBeenCalledTimes(1))
})

test("what comes to be in a cell that is near is called in the next frame, though the user scrolls", async () => {
  styleCells("auto")
  nearby.whenNear(paragraph(SECOND), vi.fn())
  await frame()
  tell(FIRST, false)
  const callback = vi.fn()
  nearby.whenNearToStay(paragraph(FIRST), callback)
  scroll()
  await frame()
  expect(callback).toHaveBeenCalledTimes(1)
})

test("whoever does not want to know any more is not called after the moment either", async () => {
  const callback = vi.fn()
  const stop = await passBy(callback)
  stop()
  await pause(200)
  tell(FIRST, false)
  expect([callback.mock.calls.length, nearby.watchedCount()]).toEqual([0, 0])
})
