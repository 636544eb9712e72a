/** What the server tells of a kernel's execution queue, and how it is said to people. No DOM, no clock. */

import { _ } from "../i18n/words"

export interface Execution {
  msg_id: string
  cell_id: string | null
  origin: string
  asked_ms: number
  started_ms: number | null
  ended_ms: number | null
  status: string | null
  execution_count: number | null
  reason: string | null
}

/** Times are the server's clock in milliseconds; `now_ms` is when it said all this. */
export interface QueueState {
  now_ms: number
  running: Execution | null
  waiting: readonly Execution[]
  finished: readonly Execution[]
}

/** How one cell stands with its kernel. `started_ms` in the page's clock. */
export type CellExecution =
  | { kind: "none" }
  | { kind: "waiting"; msg_id: string; place: number }
  | { kind: "running"; started_ms: number }
  | { kind: "finished"; took_ms: number; ended_ms: number }
  | { kind: "skipped"; why: string }

const asRecord = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** The queue in a note of the server, or null when `told` is none. */
export function parseQueue(told: unknown): QueueState | null {
  const { now_ms, running, waiting, finished } = asRecord(told)
  if (typeof now_ms !== "number" || !Array.isArray(waiting) || !Array.isArray(finished)) return null
  const known = (one: unknown): one is Execution => typeof asRecord(one)["msg_id"] === "string"
  return { now_ms, running: known(running) ? running : null, waiting: waiting.filter(known), finished: finished.filter(known) }
}

/** Every execution that the server told of with how its cell stands; `page_now_ms` is the page's clock at that moment. */
export function standings(queue: QueueState, page_now_ms: number): Map<string, CellExecution> {
  const shift_ms = page_now_ms - queue.now_ms
  const found = new Map<string, CellExecution>()
  for (const one of queue.finished) found.set(one.msg_id, ended(one, shift_ms))
  queue.waiting.forEach((one, index) => found.set(one.msg_id, { kind: "waiting", msg_id: one.msg_id, place: index + 1 }))
  const { running } = queue
  if (running) found.set(running.msg_id, { kind: "running", started_ms: (running.started_ms ?? queue.now_ms) + shift_ms })
  return found
}

const SKIPPED: Readonly<Record<string, string>> = {
  aborted: _("Not run: a cell before it failed"),
  removed: _("Taken out of the queue"),
  lost: _("Not run: the kernel ended"),
}

function ended(one: Execution, shift_ms: number): CellExecution {
  if (one.ended_ms === null) return { kind: "none" }
  if (one.started_ms !== null) return { kind: "finished", took_ms: one.ended_ms - one.started_ms, ended_ms: one.ended_ms + shift_ms }
  const why = SKIPPED[one.status ?? ""]
  return why ? { kind: "skipped", why } : { kind: "none" }
}

/**
 * How a cell stands that ran or waited when it was last told of, and is not in `queue` any more: it has ended, with more others
 * at once than the server remembers. `has_number` is whether it ran to its end. Null where there is nothing to change.
 */
export function outlived(shown: CellExecution, queue: QueueState, page_now_ms: number, has_number: boolean): CellExecution | null {
  if (shown.kind === "running") return { kind: "finished", took_ms: page_now_ms - shown.started_ms, ended_ms: page_now_ms }
  if (shown.kind !== "waiting") return null
  const why = queue.finished.some(({ status }) => status === "aborted") ? SKIPPED["aborted"] : undefined
  return why && !has_number ? { kind: "skipped", why } : { kind: "none" }
}

/** A duration as people read it: `0.2 s`, `12 s`, `3 min 5 s`, `2 h 7 min`. `exact` gives seconds a decimal below a minute. */
export function durationText(duration_ms: number, exact = false): string {
  const seconds = Math.max(0, duration_ms) / 1000
  if (seconds < 60) return exact ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return _("%1$s min %2$s s", minutes, Math.floor(seconds % 60))
  return _("%1$s h %2$s min", Math.floor(minutes / 60), minutes % 60)
}
