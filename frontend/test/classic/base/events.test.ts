// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest"
import { events } from "../../../src/classic/base/js/events"

afterEach(() => {
  events.off()
  vi.restoreAllMocks()
})

test("a handler that throws is logged and the others still run", () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined)
  const after = vi.fn()
  events.on("some.Thing", () => {
    throw new Error("broken extension")
  })
  events.on("some.Thing", after)
  events.trigger("some.Thing", { value: 1 })
  expect(after).toHaveBeenCalledWith(expect.anything(), { value: 1 })
  expect(logged).toHaveBeenCalled()
})

test("a handler can be taken off by the function it was put on with", () => {
  const handler = vi.fn()
  events.on("some.Thing", handler)
  events.off("some.Thing", handler)
  events.trigger("some.Thing")
  expect(handler).not.toHaveBeenCalled()
})

test("one runs once", () => {
  const handler = vi.fn()
  events.one("some.Thing", handler)
  events.trigger("some.Thing")
  events.trigger("some.Thing")
  expect(handler).toHaveBeenCalledTimes(1)
})

test("several handlers can be given as an object", () => {
  const [first, second] = [vi.fn(), vi.fn()]
  events.on({ "a.X": first, "b.X": second })
  events.trigger("b.X")
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1])
})
