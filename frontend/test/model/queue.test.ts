import { expect, test } from "vitest"
import { durationText, outlived, parseQueue, standings, type CellExecution, type Execution, type QueueState } from "../../src/model/queue"

const one = (msg_id: string, more: Partial<Execution> = {}): Execution => ({
  msg_id, cell_id: null, origin: "page", asked_ms: 0, started_ms: null, ended_ms: null, status: null, execution_count: null, reason: null, ...more,
})

test("what runs, waits and is over is told in the page's clock", () => {
  const queue = {
    now_ms: 10_000,
    running: one("r", { started_ms: 7_000 }),
    waiting: [one("a"), one("b")],
    finished: [one("f", { started_ms: 1_000, ended_ms: 4_500, status: "ok" }), one("s", { ended_ms: 2_000, status: "aborted" })],
  }
  const found = standings(queue, 110_000)
  expect(found.get("r")).toEqual({ kind: "running", started_ms: 107_000 })
  expect([found.get("a"), found.get("b")]).toEqual([
    { kind: "waiting", msg_id: "a", place: 1 },
    { kind: "waiting", msg_id: "b", place: 2 },
  ])
  expect(found.get("f")).toEqual({ kind: "finished", took_ms: 3_500, ended_ms: 104_500 })
  expect(found.get("s")).toMatchObject({ kind: "skipped", why: expect.stringContaining("Not run") })
})

test("what ended with more others than the server tells of stops waiting and running", () => {
  const queue = (status: string): QueueState => ({ now_ms: 1, running: null, waiting: [], finished: [one("x", { ended_ms: 1, status })] })
  const waiting: CellExecution = { kind: "waiting", msg_id: "a", place: 3 }
  expect(outlived({ kind: "running", started_ms: 2_000 }, queue("ok"), 5_000, true)).toEqual({ kind: "finished", took_ms: 3_000, ended_ms: 5_000 })
  expect(outlived(waiting, queue("aborted"), 5_000, false)).toMatchObject({ kind: "skipped", why: expect.stringContaining("failed") })
  expect(outlived(waiting, queue("aborted"), 5_000, true)).toEqual({ kind: "none" })
  expect(outlived(waiting, queue("lost"), 5_000, false)).toEqual({ kind: "none" })
  expect(outlived({ kind: "finished", took_ms: 1, ended_ms: 1 }, queue("ok"), 5_000, true)).toBeNull()
})

test("notes that are none are left alone, and what is no execution in them", () => {
  for (const told of [null, 5, "x", [], {}, { now_ms: 1 }, { now_ms: "1", waiting: [], finished: [] }]) expect(parseQueue(told)).toBeNull()
  const queue = parseQueue({ now_ms: 1, running: 7, waiting: [null, { msg_id: "a" }, {}], finished: [[]] })
  expect(queue).toMatchObject({ running: null, waiting: [{ msg_id: "a" }], finished: [] })
})

test.each([
  [0, "0 s", "0.0 s"],
  [-50, "0 s", "0.0 s"],
  [1_260, "1 s", "1.3 s"],
  [59_940, "59 s", "59.9 s"],
  [60_000, "1 min 0 s", "1 min 0 s"],
  [3_599_000, "59 min 59 s", "59 min 59 s"],
  [7_620_000, "2 h 7 min", "2 h 7 min"],
])("%i ms reads %s", (duration_ms, rough, exact) => {
  expect([durationText(duration_ms), durationText(duration_ms, true)]).toEqual([rough, exact])
})
