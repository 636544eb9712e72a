/** Whether handlers are done at once, or when promises resolve. Pure. */

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function"
}

/** A promise for all of `results` when one of them is a promise, else undefined. */
export function together(results: readonly unknown[]): unknown {
  return results.some(isThenable) ? Promise.all(results) : undefined
}
