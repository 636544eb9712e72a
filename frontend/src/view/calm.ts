/** Whether the user is at it: what can wait is done while nobody types, scrolls or points. */

import { nextPaint } from "./slices"

/** So long after the last key or movement the user counts as resting. */
const CALM_MS = 120
/** A browser that never has time to spare is not waited for longer. */
const IDLE_WAIT_MS = 1000

const SCROLLING = ["wheel", "scroll", "touchmove"]
const ACTIONS = [...SCROLLING, "keydown", "pointerdown"]

let isListening = false
let moved_ms = -Infinity
let scrolled_ms = -Infinity
const followers = new Set<() => void>()

function onAction(event: Event): void {
  moved_ms = performance.now()
  if (SCROLLING.includes(event.type)) scrolled_ms = moved_ms
  for (const follow of followers) follow()
}

function listen(): void {
  if (isListening) return
  isListening = true
  for (const action of ACTIONS) document.addEventListener(action, onAction, { capture: true, passive: true })
}

/** Call `follow` whenever the user does something. It must be quick: this is in the middle of a key. */
export function followUser(follow: () => void): void {
  listen()
  followers.add(follow)
}

/** Whether the user has done nothing for `calm_ms`. */
export function isCalm(calm_ms: number = CALM_MS): boolean {
  listen()
  return performance.now() - moved_ms >= calm_ms
}

/** Whether the user is on the way to another place. */
export function isScrolling(): boolean {
  listen()
  return performance.now() - scrolled_ms < CALM_MS
}

const pause = (time_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time_ms))

/** Resolves when the browser has nothing else to do. */
function idle(): Promise<void> {
  if (typeof requestIdleCallback !== "function") return pause(0)
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: IDLE_WAIT_MS }))
}

/** Resolves when the user has done nothing for `calm_ms`, and the browser has nothing to do. */
export async function calm(calm_ms: number = CALM_MS): Promise<void> {
  listen()
  for (;;) {
    const restless_ms = moved_ms + calm_ms - performance.now()
    if (restless_ms > 0) {
      await pause(restless_ms)
      continue
    }
    const before_ms = moved_ms
    await nextPaint() // a slow page tells of the user's scrolling only with its next frame
    await idle()
    if (moved_ms === before_ms) return
  }
}
