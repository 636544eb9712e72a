/** Long work in short slices, between which the page paints and answers its user. */

/**
 * So long one slice may last: half of what counts as a long task, so that the last item, a collection of garbage in the midst of it,
 * or a busy processor does not make it one.
 */
const SLICE_MS = 24
/** So long the first one, and each twice as long as the one before: what was shown just now is to reach the screen. */
const FIRST_SLICE_MS = 8
/** And so long where the browser needs as much for its own turn: with thousands of cells in the page, each frame is dear. */
const MAX_SLICE_MS = 30
/** A hidden page paints no frames. */
const NO_FRAME_MS = 200

/** Resolves when the browser has had a turn: for input, messages, and a frame where one is due. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => {
      channel.port1.close()
      resolve()
    }
    channel.port2.postMessage(null)
  })
}

/** Resolves when what is in the page now has been painted; on a hidden page, soon. */
export function nextPaint(): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, NO_FRAME_MS)
    requestAnimationFrame(() => {
      clearTimeout(timer)
      resolve(nextTurn())
    })
  })
}

/** How long the next slice may last after a turn of the browser of `turn_ms`: about half of the time is for the work. */
export function sliceAfter(turn_ms: number): number {
  return Math.min(MAX_SLICE_MS, Math.max(SLICE_MS, turn_ms))
}

/** When there are slices, beyond the time that they may take. */
export interface SlicePlan {
  /** Asked before each slice: false ends the work. */
  isWanted?(): boolean
  /** Asked after each pause: what the next slice waits for. */
  whatGoesFirst?(): Promise<unknown> | null
}

/**
 * Call `work` for each of `items`, in order, with pauses.
 *
 * @returns whether all of them were done
 */
export async function inSlices<T>(items: readonly T[], work: (item: T) => void, plan: SlicePlan = {}): Promise<boolean> {
  let next = 0
  let slice_ms = FIRST_SLICE_MS
  while (next < items.length) {
    if (plan.isWanted?.() === false) return false
    const end_ms = performance.now() + slice_ms
    do work(items[next++] as T)
    while (next < items.length && performance.now() < end_ms)
    if (next >= items.length) break
    const paused_ms = performance.now()
    await nextTurn()
    slice_ms = Math.min(2 * slice_ms, sliceAfter(performance.now() - paused_ms))
    await plan.whatGoesFirst?.()
  }
  return true
}
