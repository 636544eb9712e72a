/**
 * Tells when an element comes near what the reader sees.
 *
 * Cells have `content-visibility: auto`, so browsers know already which of them are near, and say so. What is in no cell, and
 * every element where browsers or style sheets are different, is watched by one observer: it costs time in each frame.
 */

import { calm, followUser, isScrolling } from "./calm"

type Callback = () => void

interface CalmWatch {
  callback: Callback
  screens: number
}

const CELL = ".cell"
/** What the user scrolls past without reading it is gone sooner: cells tell a screen and a half ahead. */
const STAY_MS = 400
const LOOK_MS = 60
/** The observer tells of what is so many screens away. Cells tell from further off. */
const NEAR_SCREENS = 0.75

const waiting = new Map<Element, Callback>()
/** What waits until the user rests, and which of it is near now. */
const waitingForCalm = new Map<Element, CalmWatch>()
const near = new Set<Element>()
const passing = new Map<Element, { since_ms: number; look: Callback }>()

/** Who tells what is near: known when the first cell has been laid out. */
let teller: "cells" | "observer" | null = null
let undecided: Element[] = []
let isDeciding = false
const shownCells = new WeakSet<Element>()
const watchedIn = new WeakMap<Element, Set<Element>>()
const cellOf = new WeakMap<Element, Element>()
let arrived: Element[] = []

let observer: IntersectionObserver | null = null
let isListening = false
let isCalling = false

const isSupported = (): boolean => typeof IntersectionObserver === "function"
const scroller = (): HTMLElement | null => document.getElementById("site")

function cameNear(element: Element): void {
  if (waitingForCalm.has(element)) {
    near.add(element)
    void callInCalm()
  }
  const callback = waiting.get(element)
  if (callback === undefined) return
  waiting.delete(element)
  stopObserving(element)
  callback()
}

function onCell(event: Event): void {
  const cell = event.target as Element
  if ((event as unknown as { skipped: boolean }).skipped) {
    shownCells.delete(cell)
    for (const element of watchedIn.get(cell) ?? []) near.delete(element)
    return
  }
  shownCells.add(cell)
  for (const element of [...(watchedIn.get(cell) ?? [])]) cameNear(element)
}

function onIntersection(entries: readonly IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) cameNear(target)
    else near.delete(target)
  }
}

function theObserver(): IntersectionObserver {
  // The notebook scrolls inside #site; a margin only counts against the scrolling element itself.
  return (observer ??= new IntersectionObserver(onIntersection, { root: scroller(), rootMargin: `${NEAR_SCREENS * 100}% 0px` }))
}

/* The page's own style sheet makes cells tell; a user's may switch that off. */
function decide(): void {
  isDeciding = false
  const cell = undecided.map((element) => element.closest(CELL)).find((found) => found?.isConnected)
  if (!cell) return
  teller = getComputedStyle(cell).getPropertyValue("content-visibility") === "auto" ? "cells" : "observer"
  const elements = undecided
  undecided = []
  for (const element of elements) if (waiting.has(element) || waitingForCalm.has(element)) observe(element)
}

/* What comes to be in a cell that is near, is near: said in the next frame, as the observer would. */
function arrive(element: Element): void {
  if (arrived.push(element) > 1) return
  requestAnimationFrame(() => {
    const elements = arrived
    arrived = []
    for (const one of elements) cameNear(one)
  })
}

function observe(element: Element): void {
  listen()
  const cell = element.closest(CELL)
  if (!cell || teller === "observer") return theObserver().observe(element)
  if (teller === null) {
    undecided.push(element)
    if (!isDeciding) requestAnimationFrame(decide)
    isDeciding = true
    return
  }
  cellOf.set(element, cell)
  const watched = watchedIn.get(cell) ?? new Set()
  watchedIn.set(cell, watched.add(element))
  if (shownCells.has(cell)) arrive(element)
}

function stopObserving(element: Element): void {
  if (waiting.has(element) || waitingForCalm.has(element)) return
  observer?.unobserve(element)
  const cell = cellOf.get(element)
  if (cell) watchedIn.get(cell)?.delete(element)
}

function listen(): void {
  if (isListening) return
  isListening = true
  followUser(() => void callInCalm())
  if ("ContentVisibilityAutoStateChangeEvent" in window) document.addEventListener("contentvisibilityautostatechange", onCell, true)
  else teller = "observer"
}

function isWithin(element: Element, screens: number): boolean {
  const box = element.getBoundingClientRect()
  if (box.width === 0 && box.height === 0) return false // not shown
  const seen = scroller()?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight }
  const margin_px = screens * (seen.bottom - seen.top)
  return box.bottom >= seen.top - margin_px && box.top <= seen.bottom + margin_px
}

/* One at a time, each when the user rests. What is not near enough is looked at again when the user has done something. */
async function callInCalm(): Promise<void> {
  if (isCalling || near.size === 0) return
  isCalling = true
  try {
    for (await calm(); callNearest(); await calm());
  } finally {
    isCalling = false
  }
}

function callNearest(): boolean {
  const next = [...near].find((element) => isWithin(element, waitingForCalm.get(element)?.screens ?? 0))
  if (!next) return false
  const watch = waitingForCalm.get(next)
  near.delete(next)
  waitingForCalm.delete(next)
  stopObserving(next)
  watch?.callback()
  return near.size > 0
}

/**
 * Call `callback` once, when `element` is near the visible part: within three quarters of a screen, or in a cell that is near.
 * Without IntersectionObserver it is never called: what depends on it must also come when asked for.
 *
 * @returns a function that ends the waiting
 */
export function whenNear(element: Element, callback: Callback): () => void {
  if (!isSupported()) return () => undefined
  waiting.set(element, callback)
  observe(element)
  return () => {
    waiting.delete(element)
    stopObserving(element)
  }
}

/** Whether the browser can tell what is near. */
export function canTellNear(): boolean {
  return isSupported()
}

/** The same, but at once where the browser cannot tell what is near. */
export function whenNearOrNow(element: Element, callback: Callback): () => void {
  if (isSupported()) return whenNear(element, callback)
  callback()
  return () => undefined
}

function isInShownCell(element: Element): boolean {
  const cell = element.closest(CELL)
  return cell !== null && shownCells.has(cell)
}

/* What came near while the user scrolled. When they have come to rest, all of it has stayed. */
function lookAtPassing(): void {
  for (const [element, { since_ms, look }] of passing) {
    if (isScrolling() && performance.now() - since_ms < STAY_MS) continue
    passing.delete(element)
    look()
  }
  if (passing.size > 0) setTimeout(lookAtPassing, LOOK_MS)
}

function passes(element: Element, look: Callback): void {
  if (passing.size === 0) setTimeout(lookAtPassing, LOOK_MS)
  passing.set(element, { since_ms: performance.now(), look })
}

/**
 * The same, but not for what the user only scrolls past: while they scroll, what comes near has to stay for a moment. For what is
 * seen to change, and would hold up the frames of a page that moves.
 */
export function whenNearToStay(element: Element, callback: Callback): () => void {
  if (!isSupported()) return whenNearOrNow(element, callback)
  const isHere = isInShownCell(element)
  const look = (): void => {
    if (isInShownCell(element)) callback()
    else stop = whenNear(element, come)
  }
  const come = (): void => {
    if (isHere || !isScrolling()) callback()
    else passes(element, look)
  }
  let stop = whenNear(element, come)
  return () => {
    passing.delete(element)
    stop()
  }
}

/**
 * The same as `whenNear`, but within `screens` screens (at most three quarters) and not while the user scrolls or types: for
 * what takes longer than a frame may take.
 */
export function whenNearAndCalm(element: Element, callback: Callback, screens: number = NEAR_SCREENS): () => void {
  if (!isSupported()) return () => undefined
  waitingForCalm.set(element, { callback, screens })
  observe(element)
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
