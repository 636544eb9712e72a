// @vitest-environment jsdom
/** Every class that extensions know has the documented methods, taking the documented parameters in their order. */
import { describe, expect, test } from "vitest"
import { EDIT_MODULES } from "../../src/amd/edit"
import { NOTEBOOK_MODULES } from "../../src/amd/notebook"
import { SHARED_MODULES } from "../../src/amd/shared"
import { TREE_MODULES } from "../../src/amd/tree"
import prototypes from "./prototypes.json"

type Class = { prototype: Record<string, unknown> }

const MODULES: Readonly<Record<string, unknown>> = { ...SHARED_MODULES, ...NOTEBOOK_MODULES, ...TREE_MODULES, ...EDIT_MODULES }

/** Where the class is exported under another name than its own. */
const EXPORTED_AS: Readonly<Record<string, string>> = { ActionHandler: "init", NotebookTour: "Tour" }

/** Parts of the parameter list at its top level: what stands between commas outside of brackets. */
function parameters(source: string): string[] {
  const parts = [""]
  let depth = 0
  for (const char of source.slice(source.indexOf("(") + 1)) {
    if (")]}".includes(char)) depth -= 1
    if (depth < 0) break
    if ("([{".includes(char)) depth += 1
    if (char === "," && depth === 0) parts.push("")
    else parts[parts.length - 1] += char
  }
  return parts.filter((part) => part.trim() !== "")
}

/** The name alone: no default, no dots, no mark of a parameter that is not read. */
const bare = (parameter: string): string => (parameter.split("=")[0] ?? "").trim().replace(/^(\.\.\.|_)/, "")

/** Documented under a name that says something else than what it is. */
const RENAMED: Readonly<Record<string, readonly string[]>> = { set_quickhelp: ["quick_help"] }

function classOf(id: string, name: string): Class | undefined {
  return (MODULES[id] as Record<string, Class> | undefined)?.[EXPORTED_AS[name] ?? name]
}

interface Method {
  name: string
  parameters: string[]
}

function methodFrom(signature: string): Method {
  const name = signature.slice(0, signature.indexOf("("))
  return { name, parameters: RENAMED[name]?.slice() ?? parameters(signature).map(bare) }
}

const CLASSES = Object.entries(prototypes).flatMap(([id, classes]) => {
  return Object.entries(classes).map(([name, signatures]) => [id, name, (signatures as string[]).map(methodFrom)] as const)
})

describe.each(CLASSES)("%s: %s", (id, name, methods) => {
  test("has every method", () => {
    const found = classOf(id, name)
    expect(found, `${id} exports ${name}`).toBeDefined()
    expect(methods.filter((method) => typeof found?.prototype[method.name] !== "function")).toEqual([])
  })

  test("takes the parameters in the documented order; further ones come after them", () => {
    const prototype = classOf(id, name)?.prototype ?? {}
    const known = methods.filter((method) => typeof prototype[method.name] === "function")
    const ours = known.map((method) => ({
      name: method.name,
      parameters: parameters(String(prototype[method.name])).map(bare).slice(0, method.parameters.length),
    }))
    expect(ours).toEqual(known)
  })

  test("has them where they can be replaced", () => {
    const prototype = classOf(id, name)?.prototype ?? {}
    const fixed = methods.filter((method) => {
      const property = Object.getOwnPropertyDescriptor(prototype, method.name)
      return property !== undefined && !(property.writable && property.configurable)
    })
    expect(fixed).toEqual([])
  })
})
