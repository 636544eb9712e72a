/** Modules that few pages need: each is fetched when something first requires its id, so that a first visit does not pay for it. */
import { handOut } from "./registry"

/** AMD id → how to get what `require` gives. */
export type LazyModules = Readonly<Record<string, () => Promise<unknown>>>

const PLUGIN = "flasknb/lazy"

type Define = (id: string, needs: readonly string[], make: (...needs: never[]) => unknown) => void

interface OnLoad {
  (module: unknown): void
  error(reason: unknown): void
}

const loaders: Record<string, () => Promise<unknown>> = Object.create(null) as Record<string, () => Promise<unknown>>

/* requirejs waits for a module that is still on its way only when a loader plugin brings it. */
const plugin = {
  load(id: string, _require: unknown, onload: OnLoad): void {
    const load = loaders[id]
    if (!load) return onload.error(new Error(`No module is known as “${id}”`))
    load().then((module) => onload(handOut(module)), (reason: unknown) => onload.error(reason))
  },
}

/** Define each id without loading it. */
export function registerLazyModules(modules: LazyModules): void {
  const define = (window as unknown as { define: Define }).define
  define(PLUGIN, [], () => plugin)
  for (const [id, load] of Object.entries(modules)) {
    loaders[id] = load
    define(id, [`${PLUGIN}!${id}`], (module: never) => module)
  }
}
