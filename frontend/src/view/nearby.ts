/** Tells when an element comes near what the reader sees. One observer serves every element of the page. */

type Callback = () => void

const waiting = new Map<Element, Callback>()
let observer: IntersectionObserver | null = null

function onIntersection(entries: readonly IntersectionObserverEntry[]): void {
  for (const entry of entries) {
    const callback = waiting.get(entry.target)
    if (!entry.isIntersecting || callback === undefined) continue
    forget(entry.target)
    callback()
  }
}

function theObserver(): IntersectionObserver | null {
  if (observer === null && typeof IntersectionObserver === "function") {
    // The notebook scrolls inside #site; a margin only counts against the scrolling element itself.
    const root = document.getElementById("site")
    observer = new IntersectionObserver(onIntersection, { root, rootMargin: "75% 0px" })
  }
  return observer
}

function forget(element: Element): void {
  waiting.delete(element)
  observer?.unobserve(element)
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
  return () => forget(element)
}

/** How many elements are being waited for; tests count it. */
export function watchedCount(): number {
  return waiting.size
}
