// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest"

type Hub = { Queue(...jobs: unknown[]): void; Typeset(element: Element): Promise<void> }
type Api = { Hub: Hub; typesetPromise?: (elements: Element[]) => Promise<void> }
const page = window as unknown as { MathJax: Api }

let typeset: string[]

/* Each test has its own module: it loads MathJax once. */
async function fresh(): Promise<typeof import("../../src/view/math")> {
  vi.resetModules()
  return import("../../src/view/math")
}

/* What the script tag would do: put the loaded MathJax in the place of its configuration. */
function loaded(): void {
  page.MathJax = {
    startup: { promise: Promise.resolve() },
    typesetPromise: async (elements: Element[]) => {
      typeset.push(...elements.map((element) => element.textContent ?? ""))
    },
  } as unknown as Api
  document.head.querySelector("script")!.dispatchEvent(new Event("load"))
}

function formula(text: string): Element {
  const element = document.createElement("p")
  element.textContent = text
  document.body.append(element)
  return element
}

beforeEach(() => {
  typeset = []
  document.head.innerHTML = ""
  document.body.innerHTML = ""
  document.body.dataset["mathjaxUrl"] = "/static/mathjax.js"
  delete (window as { MathJax?: unknown }).MathJax
})
afterEach(() => vi.restoreAllMocks())

test("nothing is loaded for text without formulas", async () => {
  const math = await fresh()
  await math.typesetMath(formula("costs $5"))
  expect(document.head.querySelector("script")).toBeNull()
})

test("where the server wants no MathJax the TeX stays, without a word", async () => {
  document.body.dataset["mathjaxUrl"] = ""
  const math = await fresh()
  const element = formula("$a$")
  await math.typesetMath(element)
  expect(document.head.querySelector("script")).toBeNull()
  expect(element.textContent).toBe("$a$")
})

test("the first formula loads MathJax from the page's own address, once", async () => {
  const math = await fresh()
  const done = [math.typesetMath(formula("$a$")), math.typesetMath(formula("$b$"))]
  await vi.waitFor(() => expect(document.head.querySelectorAll("script")).toHaveLength(1))
  expect(document.head.querySelector("script")!.getAttribute("src")).toBe("/static/mathjax.js")
  loaded()
  await Promise.all(done)
  expect(typeset).toEqual(["$a$", "$b$"])
})

test("formulas queued through the hub while it loads are set too", async () => {
  const math = await fresh()
  math.installHub()
  const queue = (element: Element): void => page.MathJax.Hub.Queue(["Typeset", page.MathJax.Hub, element])
  queue(formula("$a$"))
  await vi.waitFor(() => expect(document.head.querySelector("script")).not.toBeNull())
  queue(formula("$b$"))
  loaded()
  await vi.waitFor(() => expect(typeset).toEqual(["$a$", "$b$"]))
})

test("where MathJax cannot be loaded the TeX stays, with a word about it", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined)
  const math = await fresh()
  const element = formula("$a$")
  const done = math.typesetMath(element)
  await vi.waitFor(() => expect(document.head.querySelector("script")).not.toBeNull())
  document.head.querySelector("script")!.dispatchEvent(new Event("error"))
  await done
  expect(element.textContent).toContain("$a$")
  expect(element.querySelector(".fnb-math-failed")).not.toBeNull()
})

test("links in formulas cannot run script and cannot reach back", async () => {
  const math = await fresh()
  const element = formula("$a$")
  const done = math.typesetMath(element)
  await vi.waitFor(() => expect(document.head.querySelector("script")).not.toBeNull())
  page.MathJax = {
    startup: { promise: Promise.resolve() },
    typesetPromise: async () => {
      element.innerHTML = '<mjx-container><a href="java\tscript:alert(1)">x</a><a href="https://x.org">y</a></mjx-container>'
    },
  } as unknown as Api
  document.head.querySelector("script")!.dispatchEvent(new Event("load"))
  await done
  expect(element.innerHTML).toBe(
    '<mjx-container><a>x</a><a href="https://x.org" target="_blank" rel="noopener noreferrer">y</a></mjx-container>',
  )
})

test("a failing job does not stop those after it", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined)
  const math = await fresh()
  math.installHub()
  const after = vi.fn()
  page.MathJax.Hub.Queue(() => {
    throw new Error("job")
  }, ["Nothing", {}], after)
  await vi.waitFor(() => expect(after).toHaveBeenCalled())
})

test("between long formulas the page gets to do other work", async () => {
  const math = await fresh()
  const order: string[] = []
  const done = ["$a$", "$b$"].map((text) => math.typesetMath(formula(text)))
  await vi.waitFor(() => expect(document.head.querySelector("script")).not.toBeNull())
  loaded()
  page.MathJax.typesetPromise = async ([element]) => {
    const end_ms = performance.now() + 40
    while (performance.now() < end_ms) {} // MathJax works without pausing
    setTimeout(() => order.push("other work"))
    order.push(element!.textContent!)
  }
  await Promise.all(done)
  expect(order).toEqual(["$a$", "other work", "$b$"])
})

/* How many frames were waited for while three formulas were set, each longer than a frame has for it. */
async function framesFor(before: () => void): Promise<number> {
  document.head.innerHTML = ""
  delete (window as { MathJax?: unknown }).MathJax
  const math = await fresh()
  const first = math.typesetMath(formula("$a$"))
  await vi.waitFor(() => expect(document.head.querySelector("script")).not.toBeNull())
  loaded()
  await first
  page.MathJax.typesetPromise = async () => {
    for (const end_ms = performance.now() + 5; performance.now() < end_ms; );
  }
  const frames = vi.spyOn(window, "requestAnimationFrame")
  const done = ["$b$", "$c$", "$d$"].map((text) => math.typesetMath(formula(text)))
  before()
  await Promise.all(done)
  const count = frames.mock.calls.length
  frames.mockRestore()
  return count
}

test("while the user is at it each frame sets the formulas of one cell, else they are set in one go", async () => {
  expect(await framesFor(() => undefined)).toBe(0)
  const press = (): void => void document.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }))
  expect(await framesFor(press)).toBeGreaterThanOrEqual(2)
})
