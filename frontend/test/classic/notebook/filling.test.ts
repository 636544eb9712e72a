// @vitest-environment jsdom
/** A long notebook comes in part by part; what is done meanwhile is kept. */
import { expect, test } from "vitest"
import { code, contentsModel, makeNotebook, sources } from "./harness"

const CELLS = 100
const long = Array.from({ length: CELLS }, (_none, index) => code(`line ${index}`))
const wanted = long.map((cell) => cell.source)

test("a long notebook shows its beginning at once and the rest soon", async () => {
  const { notebook } = makeNotebook()
  const loading = notebook.load_notebook_success(contentsModel(long) as never)
  expect(notebook.ncells()).toBeLessThan(CELLS)
  expect(notebook._fully_loaded).toBe(false)
  await loading
  expect(sources(notebook)).toEqual(wanted)
  expect([notebook._fully_loaded, notebook.dirty, notebook._filling]).toEqual([true, false, null])
})

test("a cell inserted meanwhile stays where it is, and a save waits for the rest", async () => {
  const { notebook, contents } = makeNotebook()
  void notebook.load_notebook_success(contentsModel(long) as never)
  notebook.insert_cell_at_index("code", 1)?.set_text("mine")
  await notebook.save_notebook()
  const saved = contents.save.mock.calls[0]![1].content.cells as { source: string }[]
  expect(saved.map((cell) => cell.source)).toEqual([wanted[0], "mine", ...wanted.slice(1)])
})

test("a notebook that is opened meanwhile is not mixed with the first", async () => {
  const { notebook } = makeNotebook()
  const first = notebook.load_notebook_success(contentsModel(long) as never)
  notebook.load_notebook_success(contentsModel([code("other")]) as never)
  await first
  expect(sources(notebook)).toEqual(["other"])
})
