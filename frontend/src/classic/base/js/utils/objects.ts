/** Options, promises, errors and elements: the rest of the documented functions. */
import $ from "jquery"

export { changeFavicon as change_favicon } from "../../../../page/favicon"

type Options = Record<string, unknown>

/* A class with defaults; extensions edit `options_default` in place. */
interface WithDefaults {
  options_default?: object
}

/** `options_default` of the class, under `options`, under `overwrite`; merged deeply into a new object. */
export function mergeopt(cls: WithDefaults, options?: object, overwrite?: object): Options {
  return $.extend(true, {}, cls.options_default ?? {}, options, overwrite) as Options
}

/** An error that keeps the errors that led to it. */
export class WrappedError extends Error {
  error_stack: unknown[]

  constructor(message: string, error?: unknown) {
    super(message)
    this.name = "WrappedError"
    const before = error instanceof WrappedError ? error.error_stack : error === undefined ? [] : [error]
    this.error_stack = [...before, this]
  }
}

/** A rejection handler that wraps the error in `message`, logs it where asked, and stays rejected. */
export function reject(message: string, log = false): (error: unknown) => Promise<never> {
  return (error) => {
    const wrapped = new WrappedError(message, error)
    if (log) console.error(wrapped, error)
    return Promise.reject(wrapped)
  }
}

/** An object of promises → a promise of an object. */
export async function resolve_promises_dict<T>(promises: Record<string, T | Promise<T>>): Promise<Record<string, T>> {
  const entries = Object.entries(promises).map(async ([key, promise]) => [key, await promise] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** A function that constructs `ctor` whether called with `new` or without. */
export function always_new<A extends unknown[], T>(ctor: new (...args: A) => T): (...args: A) => T {
  return (...args) => new ctor(...args)
}

/** Whether `$a` is `$b` or contains it. */
export function is_or_has($a: JQuery, $b: JQuery): boolean {
  return $a.has($b[0] as Element).length !== 0 || $a.is($b)
}

/** Whether the element, or one inside it, has the focus. */
export function is_focused(element: JQuery | Element): boolean {
  const node = $(element as Element)[0]
  return node !== undefined && node.contains(document.activeElement)
}

/** `fn` called at most once per `interval_ms`, the last call included. */
export function throttle<A extends unknown[]>(fn: (...args: A) => void, interval_ms = 100): (...args: A) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last_ms = 0
  return function (this: unknown, ...args: A) {
    clearTimeout(timer)
    const wait_ms = Math.max(0, last_ms + interval_ms - Date.now())
    const run = (): void => {
      last_ms = Date.now()
      fn.apply(this, args)
    }
    if (wait_ms === 0) run()
    else timer = setTimeout(run, wait_ms)
  }
}

/** Whether a drag carries files. */
export function dnd_contain_file(event: { dataTransfer?: DataTransfer | null; originalEvent?: Event }): boolean {
  const transfer = event.dataTransfer ?? (event.originalEvent as DragEvent | undefined)?.dataTransfer
  return Array.from(transfer?.types ?? []).includes("Files")
}
