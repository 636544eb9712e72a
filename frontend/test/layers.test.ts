/** The layers of the browser side, as a table: who may import whom, and that nobody imports in a circle. */
import { readFileSync, readdirSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), "..", "src")

const LAYERS = ["entry", "amd", "classic", "view", "kernel", "contents", "model", "page", "i18n"] as const

/** Layer → layers that its files may import besides their own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  entry: LAYERS,
  amd: ["classic", "view", "kernel", "contents", "model", "page", "i18n"],
  classic: ["view", "kernel", "contents", "model", "page", "i18n"],
  view: ["model", "i18n"],
  kernel: ["model", "contents", "page", "i18n"],
  contents: ["model", "kernel", "page", "i18n"],
  model: ["kernel", "contents", "i18n"],
  page: ["i18n"],
  i18n: [],
}

/** Between these, only types may cross. */
const TYPES_ONLY: readonly string[] = ["kernel→model", "kernel→contents", "contents→model", "contents→kernel", "model→kernel", "model→contents"]

/** Layer → packages that it never imports. */
const FORBIDDEN_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  model: ["jquery", "codemirror"],
  kernel: ["jquery", "codemirror"],
  contents: ["jquery", "codemirror"],
  page: ["jquery", "codemirror"],
  view: ["jquery"],
}

/** Layers that do not know the document. */
const WITHOUT_DOM = ["model", "kernel", "contents"]
const DOM_NAMES = /\b(document|window)\s*\.|\bHTML\w*Element\b|\b(localStorage|sessionStorage)\b/

interface Import {
  from: string
  to: string
  isPackage: boolean
  isTypeOnly: boolean
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return path.endsWith(".ts") && !path.endsWith(".d.ts") ? [path] : []
  })
}

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?([^"']*?\sfrom\s+)?["']([^"']+)["']/gm
const DYNAMIC_IMPORT = /\bimport\(\s*["']([^"']+)["']\s*\)/g

/** `import { type A, type B } from` imports types only, too. */
function bindsOnlyTypes(clause: string | undefined): boolean {
  const names = /\{([^}]*)\}/.exec(clause ?? "")?.[1]?.split(",").map((name) => name.trim()).filter(Boolean) ?? []
  return names.length > 0 && names.every((name) => name.startsWith("type ")) && !/\w\s*,\s*\{/.test(clause ?? "")
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "")
}

function importsOf(file: string): Import[] {
  const code = withoutComments(readFileSync(file, "utf8"))
  const written = [...code.matchAll(IMPORT)].map((found) => ({
    target: found[3] ?? "",
    isTypeOnly: found[1] !== undefined || bindsOnlyTypes(found[2]),
  }))
  const dynamic = [...code.matchAll(DYNAMIC_IMPORT)].map((found) => ({ target: found[1] ?? "", isTypeOnly: false }))
  return [...written, ...dynamic].map(({ target, isTypeOnly }) => {
    const isPackage = !target.startsWith(".")
    const to = isPackage ? target : relative(SRC, resolve(dirname(file), target))
    return { from: relative(SRC, file), to, isPackage, isTypeOnly }
  })
}

const FILES = sourceFiles(SRC)
const IMPORTS = FILES.flatMap(importsOf)

const layerOf = (path: string): string => path.split("/")[0] ?? ""
const told = (found: Import): string => `${found.from} imports ${found.to}`

test("the table is not about nothing", () => {
  expect(FILES.length).toBeGreaterThan(50)
  expect(IMPORTS.length).toBeGreaterThan(FILES.length)
})

test("every folder of the sources is a layer", () => {
  const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "styles")
  expect(folders.map((entry) => entry.name).filter((name) => !(LAYERS as readonly string[]).includes(name))).toEqual([])
})

test("a layer imports only the layers below it", () => {
  const wrong = IMPORTS.filter((found) => {
    const [from, to] = [layerOf(found.from), layerOf(found.to)]
    return !found.isPackage && from !== to && !MAY_IMPORT[from]?.includes(to)
  })
  expect(wrong.map(told)).toEqual([])
})

test("between model, kernel and contents only types cross", () => {
  const wrong = IMPORTS.filter((found) => {
    const crossing = `${layerOf(found.from)}→${layerOf(found.to)}`
    return !found.isPackage && !found.isTypeOnly && TYPES_ONLY.includes(crossing)
  })
  expect(wrong.map(told)).toEqual([])
})

test("only entry and amd import classic", () => {
  const wrong = IMPORTS.filter((found) => layerOf(found.to) === "classic" && !["entry", "amd", "classic"].includes(layerOf(found.from)))
  expect(wrong.map(told)).toEqual([])
})

test("jQuery and CodeMirror stay where they belong", () => {
  const wrong = IMPORTS.filter((found) => found.isPackage && FORBIDDEN_PACKAGES[layerOf(found.from)]?.includes(found.to.split("/")[0] ?? ""))
  expect(wrong.map(told)).toEqual([])
})

test("model, kernel and contents know no document", () => {
  const wrong = FILES.filter((file) => {
    const isPure = WITHOUT_DOM.includes(layerOf(relative(SRC, file)))
    return isPure && DOM_NAMES.test(withoutComments(readFileSync(file, "utf8")))
  })
  expect(wrong.map((file) => relative(SRC, file))).toEqual([])
})

/** The files that `file` needs in order to run; a type is gone by then. */
function neededBy(file: string): string[] {
  return IMPORTS.filter((found) => found.from === file && !found.isPackage && !found.isTypeOnly).map((found) => {
    const known = FILES.map((path) => relative(SRC, path))
    return [`${found.to}.ts`, `${found.to}/index.ts`, found.to].find((path) => known.includes(path)) ?? found.to
  })
}

function circleFrom(file: string, trail: readonly string[], done: Set<string>): string[] | null {
  if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file]
  if (done.has(file)) return null
  for (const next of neededBy(file)) {
    const circle = circleFrom(next, [...trail, file], done)
    if (circle) return circle
  }
  done.add(file)
  return null
}

test("no file imports itself in a circle", () => {
  const done = new Set<string>()
  const circles = FILES.map((file) => circleFrom(relative(SRC, file), [], done)).filter((circle) => circle !== null)
  expect(circles.map((circle) => circle.join(" → "))).toEqual([])
})
