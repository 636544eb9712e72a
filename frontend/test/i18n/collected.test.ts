/** Every text that a user sees goes through `_`, `counted` or `mark`, and the catalogue's template has it. */
import { readFileSync, readdirSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import gettext from "gettext-parser"
import { parseSync } from "vite"
import { expect, test } from "vitest"
import { BUTTONS, TOOLBARS } from "../../src/i18n/labels"

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..", "src")
const TEMPLATE = resolve(SRC, "..", "..", "flasknb", "locale", "nbjs.pot")
const ASK = ["_", "counted", "mark"]

interface Node {
  type: string
  start: number
  end: number
  [member: string]: unknown
}

interface Said {
  file: string
  code: string
  node: Node
  parents: readonly Node[]
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return path.endsWith(".ts") && !path.endsWith(".d.ts") ? [path] : []
  })
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string"

function* nodesOf(file: string): Generator<Said> {
  const code = readFileSync(file, "utf8")
  const visit = function* (node: Node, parents: readonly Node[]): Generator<Said> {
    yield { file: relative(SRC, file), code, node, parents }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* visit(child, [...parents, node])
    }
  }
  yield* visit(parseSync(file, code, { lang: "ts" }).program as unknown as Node, [])
}

const NODES = sourceFiles(SRC).filter((file) => !/\/i18n\/(?!labels)/.test(file)).flatMap((file) => [...nodesOf(file)])

const nameOf = (callee: Node): string => (callee.type === "Identifier" ? (callee["name"] as string) : isNode(callee["property"]) ? ((callee["property"]["name"] as string) ?? "") : "")
const isAsking = (node: Node): boolean => node.type === "CallExpression" && (node["callee"] as Node).type === "Identifier" && ASK.includes(nameOf(node["callee"] as Node))

/** The text of a literal, or of literals that are added up. */
function textOf(node: Node | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node["value"] === "string") return node["value"]
  if (node?.type !== "BinaryExpression" || node["operator"] !== "+") return undefined
  const [left, right] = [textOf(node["left"] as Node), textOf(node["right"] as Node)]
  return left === undefined || right === undefined ? undefined : left + right
}

test("the template has every text that the sources ask for; else run `make messages`", () => {
  const known = gettext.po.parse(readFileSync(TEMPLATE)).translations[""] ?? {}
  const asked = NODES.filter(({ node }) => isAsking(node)).map(({ node }) => node["arguments"] as Node[])
  const texts = asked.map(([first]) => textOf(first)).filter((text) => text !== undefined)
  expect(texts.length).toBeGreaterThan(500)
  expect(texts.filter((text) => !(text in known))).toEqual([])
  const plurals = asked.map(([one, many]) => [textOf(one) ?? "", textOf(many)]).filter(([one]) => known[one ?? ""]?.msgid_plural)
  expect(plurals.filter(([one, many]) => known[one ?? ""]?.msgid_plural !== many)).toEqual([])
})

test("buttons of dialogs are named by texts that the template has", () => {
  const known = gettext.po.parse(readFileSync(TEMPLATE)).translations[""] ?? {}
  const isButtons = ({ node }: Said): boolean => node.type === "Property" && (node["key"] as Node)["name"] === "buttons" && (node["value"] as Node).type === "ObjectExpression"
  const keys = NODES.filter(isButtons).flatMap(({ node }) => ((node["value"] as Node)["properties"] as Node[]).filter((one) => one.type === "Property" && !one["computed"]).map((one) => one["key"] as Node))
  const labels = keys.map((key) => (key["name"] ?? key["value"]) as string)
  expect(labels.length).toBeGreaterThan(20)
  expect([...new Set(labels)].filter((label) => !(label in known))).toEqual([])
})

/* What begins like a sentence; and anything that is given to these. */
const SENTENCE = /^[“"(«]?[A-Z][a-z]+('[a-z]+)? .*[a-z]{2}/s
const LABELS = /^(title|aria-label|placeholder|alt)$/
const MARKUP = /(title|aria-label|placeholder|alt)=['"][A-Za-z]{2}/
/* For developers, in the console; and what is looked up by a name, or is one. */
const CONSOLE = /^(warn|error|info|debug|log)$/
const NOT_SHOWN = [...BUTTONS, ...TOOLBARS, "Plain Text", "flasknb X", "Python X", "Out[X]:"] as readonly string[]

function isElsewhere(parents: readonly Node[]): boolean {
  return parents.some((node) => {
    if (isAsking(node)) return true
    if (node.type === "CallExpression") return CONSOLE.test(nameOf(node["callee"] as Node))
    if (node.type === "NewExpression") return /Error|Exception/.test(nameOf(node["callee"] as Node))
    return /^(Import|ExportAll|TS\w+(Type|Declaration)$)/.test(node.type)
  })
}

function isLabel({ node, parents }: Said): boolean {
  const call = parents[parents.length - 1]
  if (call?.type !== "CallExpression") return false
  const [name, args] = [nameOf(call["callee"] as Node), call["arguments"] as Node[]]
  const first = textOf(args[0]) ?? ""
  return (name === "text" && args[0] === node) || (/^(attr|setAttribute)$/.test(name) && args[1] === node && LABELS.test(first))
}

test("no text is shown as it stands in the sources", () => {
  const bare = NODES.filter(({ node, parents }) => !isElsewhere(parents) && (node.type === "TemplateLiteral" || typeof textOf(node) === "string"))
  const found = bare.filter((one) => {
    const text = textOf(one.node) ?? ((one.node["quasis"] as Node[]) ?? []).map((part) => (part["value"] as { cooked: string }).cooked).join("X")
    return !NOT_SHOWN.includes(text) && (SENTENCE.test(text) || MARKUP.test(text) || (isLabel(one) && /[A-Za-z]{2}/.test(text)))
  })
  expect(found.map(({ file, code, node }) => `${file}: ${code.slice(node.start, node.end).slice(0, 100)}`)).toEqual([])
})

test("style sheets say nothing", () => {
  const folder = join(SRC, "styles")
  const sheets = readdirSync(folder).filter((name) => name.endsWith(".css"))
  const saying = sheets.flatMap((name) => [...readFileSync(join(folder, name), "utf8").matchAll(/content:\s*"([^"\\]*[A-Za-z]{2}[^"]*)"/g)].map((found) => `${name}: ${found[1]}`))
  expect(saying).toEqual([])
})
