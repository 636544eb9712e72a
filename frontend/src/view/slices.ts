/** Long work in short slices, between which the page paints and answers its user. */

/** So long one slice may last: well within the time after which a page feels stuck, even on a slow machine. */
const SLICE_MS = 24
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

/**
 * Call `work` for each of `items`, in order, with pauses. `isWanted` is asked before each slice.
 *
 * @returns whether all of them were done
 */
export async function inSlices<T>(items: readonly T[], work: (item: T) => void, isWanted: () => boolean = () => true): Promise<boolean> {
  let next = 0
  while (next < items.length) {
    if (!isWanted()) return false
    const end_ms = performance.now() + SLICE_MS
    do work(items[next++] as T)
    while (next < items.length && performance.now() < end_ms)
    if (next < items.length) await nextTurn()
  }
  return true
}
