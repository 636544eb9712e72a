// @vitest-environment jsdom
/** What is read ahead is asked for once. */
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { readAhead, requestJson } from "../../src/page/requests"

const asked = vi.fn<(url: string) => Promise<Response>>()
beforeEach(() => {
  vi.useFakeTimers()
  asked.mockReset().mockImplementation(async () => new Response('{"a":1}'))
  vi.stubGlobal("fetch", asked)
})
afterEach(() => vi.useRealTimers())

test("the next GET of the address gets the answer, and the one after it asks again", async () => {
  readAhead("/api/a")
  expect(await requestJson("GET", "/api/a")).toEqual({ a: 1 })
  expect(asked).toHaveBeenCalledTimes(1)
  expect(await requestJson("GET", "/api/a")).toEqual({ a: 1 })
  expect(asked).toHaveBeenCalledTimes(2)
})

test("other addresses and other methods ask for themselves", async () => {
  readAhead("/api/a")
  await requestJson("GET", "/api/b")
  await requestJson("DELETE", "/api/a")
  expect(asked).toHaveBeenCalledTimes(3)
})

test("an answer that nobody asked for in time is forgotten", async () => {
  readAhead("/api/a")
  vi.advanceTimersByTime(10_000)
  await requestJson("GET", "/api/a")
  expect(asked).toHaveBeenCalledTimes(2)
})

test("a failure is told to who asks, in the usual words", async () => {
  asked.mockRejectedValue(new TypeError("no network"))
  readAhead("/api/a")
  await expect(requestJson("GET", "/api/a")).rejects.toThrow("The server cannot be reached. Is it still running?")
})
