/** The page's event bus: a jQuery wrapper around one plain object. Knows no event names. */
import $ from "jquery"
import { Jupyter } from "./namespace"

/** The object that carries the page's events. */
export class Events {}

type Handler = ((this: unknown, ...args: unknown[]) => unknown) & { guid?: number }

/* jQuery stops at the first handler that throws; one broken extension would silence all that registered after it. */
function guarded(handler: Handler): Handler {
  const safe: Handler = function (this: unknown, ...args: unknown[]): unknown {
    try {
      return handler.apply(this, args)
    } catch (error) {
      console.error("Exception in event handler for", (args[0] as JQuery.Event | undefined)?.type, error)
      return undefined
    }
  }
  const counter = $ as unknown as { guid: number }
  safe.guid = handler.guid = handler.guid ?? counter.guid++ // `off(name, handler)` finds the wrapper by its guid
  return safe
}

function guardArguments(args: unknown[]): unknown[] {
  return args.map((arg, position) => {
    if (typeof arg === "function") return guarded(arg as Handler)
    if (position !== 0 || typeof arg !== "object" || arg === null) return arg
    return Object.fromEntries(Object.entries(arg).map(([name, fn]) => [name, guarded(fn as Handler)]))
  })
}

/* Extensions pass any payload. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type EventBus = JQuery<any>

function makeBus(): EventBus {
  const holder = window as unknown as { _events?: Events }
  holder._events ??= new Events()
  Jupyter.Events = Events
  Jupyter.events = holder._events
  const bus = $([holder._events] as unknown as HTMLElement[]) as EventBus
  const plain = { on: bus.on, one: bus.one } as unknown as Record<"on" | "one", (...args: unknown[]) => EventBus>
  bus.on = ((...args: unknown[]) => plain.on.apply(bus, guardArguments(args))) as typeof bus.on
  bus.one = ((...args: unknown[]) => plain.one.apply(bus, guardArguments(args))) as typeof bus.one
  return bus
}

/** `events.on("notebook_loaded.Notebook", fn)`; a handler that throws is logged and harms nobody else. */
export const events: EventBus = makeBus()
