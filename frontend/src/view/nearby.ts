/** Tells when an element comes near what the reader sees. One observer serves every element of the page. */

import { nextTurn } from "./slices"

type Callback = () => void

const waiting = new Map<Element, Callback>()
/** What waits until nobody scrolls, and which of it is near now. */
const waitingForCalm = new Map<Element, Callback>()
const near = new Set<Element>()
let observer: IntersectionObserver | null = null
let scrolled_ms = -Infinity
let isCalling = false

/** The reader has stopped scrolling when nothing moved for so long. */
const CALM_MS = 120

function onIntersection(entries: readonly IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    if (waitingForCalm.has(target)) {
      if (isIntersecting) near.add(target)
      else near.delete(target)
    }
    const callback = waiting.get(target)
    if (!isIntersecting || callback === undefined) continue
    waiting.delete(target)
    stopObserving(target)
    callback()
  }
  if (near.size > 0) void callInCalm()
}

function theObserver(): IntersectionObserver | null {
  if (observer === null && typeof IntersectionObserver === "function") {
    // The notebook scrolls inside #site; a margin only counts against the scrolling element itself.
    const root = document.getElementById("site")
    observer = new IntersectionObserver(onIntersection, { root, rootMargin: "75% 0px" })
    root?.addEventListener("scroll", () => (scrolled_ms = performance.now()), { passive: true })
  }
  return observer
}

function stopObserving(element: Element): void {
  if (!waiting.has(element) && !waitingForCalm.has(element)) observer?.unobserve(element)
}

const pause = (time_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time_ms))

/* One at a time, with a turn for the browser after each, and none while the reader scrolls. */
async function callInCalm(): Promise<void> {
  if (isCalling) return
  isCalling = true
  await nextTurn()
  for (let [next] = near; next !== undefined; [next] = near) {
    const restless_ms = scrolled_ms + CALM_MS - performance.now()
    if (restless_ms > 0) {
      await pause(restless_ms)
      continue
    }
    const callback = waitingForCalm.get(next)
    near.delete(next)
    waitingForCalm.delete(next)
    stopObserving(next)
    callback?.()
    await nextTurn()
  }
  isCalling = false
}

/**
 * Call `callback` once, when `element` is within three quarters of a screen of the visible part.
 * Without IntersectionObserver it is never called: what depends on it must also come when asked for.
 *
 * @returns a function that ends the waiting
 */
export function whenNear(element: Element, callback: Callback): () => void {
  const eyes = theObserver()
  if (eyes === null) return () => undefined
  waiting.set(element, callback)
  eyes.observe(element)
  return () => {
    waiting.delete(element)
    stopObserving(element)
  }
}

/** Whether the browser can tell what is near. */
export function canTellNear(): boolean {
  return theObserver() !== null
}

/** The same, but at once where the browser cannot tell what is near. */
export function whenNearOrNow(element: Element, callback: Callback): () => void {
  if (theObserver() !== null) return whenNear(element, callback)
  callback()
  return () => undefined
}

/** The same as `whenNear`, but not while the reader scrolls past: for what takes longer than a frame may take. */
export function whenNearAndCalm(element: Element, callback: Callback): () => void {
  const eyes = theObserver()
  if (eyes === null) return () => undefined
  waitingForCalm.set(element, callback)
  eyes.observe(element)
  return () => {
    waitingForCalm.delete(element)
    near.delete(element)
    stopObserving(element)
  }
}

/** How many elements are being waited for; tests count it. */
export function watchedCount(): number {
  return waiting.size + waitingForCalm.size
}
