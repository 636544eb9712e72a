/** Hands our modules to the page's AMD loader under their documented ids. */

/** AMD id → what `require` gives. */
export type AmdModules = Readonly<Record<string, unknown>>

/* A module's namespace object cannot be written to; extensions add to what they get, and get the same object each time. */
const given = new WeakMap<object, unknown>()

/** What `require` gives for a module. Classes stay the same objects. */
export function handOut(exported: unknown): unknown {
  const isNamespace = Object.prototype.toString.call(exported) === "[object Module]"
  if (!isNamespace) return exported
  const copy = given.get(exported as object) ?? { ...(exported as object) }
  given.set(exported as object, copy)
  return copy
}

/** Define every module, and have them loaded so that `require("id")` answers at once. */
export function registerModules(modules: AmdModules): void {
  const define = (window as unknown as { define: RequireDefine }).define
  for (const [id, exported] of Object.entries(modules)) {
    const module = handOut(exported)
    define(id, [], () => module)
  }
  window.requirejs(Object.keys(modules))
}

/** Show old names on `Jupyter`, each with a warning that says where to find the thing now. A page's own member wins. */
export function showDeprecated(jupyter: Record<string, unknown>, members: Readonly<Record<string, readonly [string, unknown]>>): void {
  for (const [name, [id, value]] of Object.entries(members)) {
    if (name in jupyter) continue
    Object.defineProperty(jupyter, name, {
      configurable: true,
      enumerable: true,
      get() {
        console.warn(`Jupyter.${name} is deprecated; require "${id}" instead`)
        return value
      },
      set(own: unknown) {
        Object.defineProperty(jupyter, name, { configurable: true, enumerable: true, writable: true, value: own })
      },
    })
  }
}
