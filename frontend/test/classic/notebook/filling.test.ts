// @vitest-environment jsdom
/** A long notebook comes in part by part; what is done meanwhile is kept. */
import { expect, test, vi } from "vitest"
import type { Cell } from "../../../src/classic/notebook/js/cell"
import type { CodeCell } from "../../../src/classic/notebook/js/codecell"
import type { Notebook } from "../../../src/classic/notebook/js/notebook"
import { MarkdownCell } from "../../../src/classic/notebook/js/textcell"
import type { CellJson } from "../../../src/model/notebook"
import { code, contentsModel, makeNotebook, markdown, sources } from "./harness"

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

function longWith(last: CellJson): CellJson[] {
  return [...long.slice(1), last]
}

const STREAM = { output_type: "stream", name: "stdout", text: "printed\n" }

/** Opens a notebook whose last cell is `last`, and holds what cells draw back. */
async function comingIn(last: CellJson): Promise<{ notebook: Notebook; cell: Cell; goOn: () => Promise<void> }> {
  const { notebook } = makeNotebook()
  let draw: () => void = () => undefined
  const held = new Promise<void>((resolve) => (draw = resolve))
  const draw_cells = notebook._draw_cells
  const all_there = new Promise<void>((resolve) => {
    notebook._draw_cells = function (is_wanted) {
      resolve()
      return held.then(() => draw_cells.call(this, is_wanted))
    }
  })
  const loading = notebook.load_notebook_success(contentsModel(longWith(last)) as never)
  await all_there
  const goOn = async (): Promise<void> => (draw(), await loading)
  return { notebook, cell: notebook.get_cell(CELLS - 1)!, goOn }
}

test("a text far below shows its words at first, and is rendered before the notebook is called loaded", async () => {
  const render = vi.spyOn(MarkdownCell.prototype, "render")
  const { notebook, cell, goOn } = await comingIn(markdown("some **words**"))
  expect([cell.rendered, cell.element.find(".text_cell_render").text(), notebook._fully_loaded]).toEqual([true, "some **words**", false])
  expect(render.mock.contexts).toContain(cell) // a replaced one is still called
  await goOn()
  expect(cell.element.find(".text_cell_render strong").text()).toBe("words")
  expect(cell.element.find(".fnb-undrawn")).toHaveLength(0)
})

test("a text that waits is rendered for who asks for it, and not over one that is being edited", async () => {
  const { cell, goOn } = await comingIn(markdown("*asked*"))
  expect((cell as MarkdownCell).get_rendered()).toContain("<em>asked</em>")
  await goOn()
  const other = await comingIn(markdown("*edited*"))
  other.cell.unrender()
  const drawn = vi.spyOn(other.cell as MarkdownCell, "_show_rendered")
  await other.goOn()
  expect([other.cell.rendered, drawn.mock.calls.length]).toEqual([false, 0])
})

test("outputs far below are whole at once, for a save, and drawn before the notebook is called loaded", async () => {
  const { cell, goOn } = await comingIn(code("last", { outputs: [STREAM] }))
  const { output_area } = cell as CodeCell
  expect([output_area.toJSON(), output_area.element.children().length]).toEqual([[STREAM], 0])
  await goOn()
  expect([output_area.element.text(), output_area.outputs.length]).toEqual(["printed\n", 1])
})

test("what a kernel sends meanwhile comes behind the outputs of the file; cleared ones stay away", async () => {
  const { cell, goOn } = await comingIn(code("last", { outputs: [STREAM] }))
  const { output_area } = cell as CodeCell
  output_area.append_output({ output_type: "stream", name: "stderr", text: "more\n" })
  expect(output_area.element.find("pre").map((_index, pre) => pre.textContent).get()).toEqual(["printed\n", "more\n"])
  output_area.clear_output()
  await goOn()
  expect([output_area.outputs, output_area.element.children().length]).toEqual([[], 0])
})

test("outputs that the file has folded keep the button that unfolds them", async () => {
  const { cell, goOn } = await comingIn(code("last", { outputs: [STREAM], metadata: { collapsed: true } }))
  await goOn()
  const { output_area } = cell as CodeCell
  expect([output_area.collapsed, output_area.collapse_button.css("display") !== "none", output_area.element.css("display")]).toEqual([true, true, "none"])
  expect(output_area.element.text()).toBe("printed\n")
})

test("high cells fill the first screen sooner", () => {
  const { notebook } = makeNotebook()
  const high = long.map((cell, index) => ({ ...cell, source: `${index}${"\n".repeat(40)}` }))
  void notebook.load_notebook_success(contentsModel(high) as never)
  const few = notebook.ncells()
  void notebook.load_notebook_success(contentsModel(long) as never)
  expect(few).toBeLessThan(notebook.ncells())
  expect(few).toBeGreaterThan(0)
})

test("cells that are still to come let a kernel say its first words, and do not wait for one that is silent", async () => {
  const { notebook } = makeNotebook()
  notebook.kernel = { info_reply: {} } as never
  const listen = vi.spyOn(notebook.events, "on")
  const loading = notebook.load_notebook_success(contentsModel(long) as never)
  await vi.waitFor(() => expect(listen).toHaveBeenCalledWith("kernel_ready.Kernel", expect.anything()))
  const before = notebook.ncells()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect([notebook.ncells(), before < CELLS]).toEqual([before, true])
  notebook.events.trigger("kernel_ready.Kernel", { kernel: notebook.kernel } as never)
  await loading
  expect(sources(notebook)).toEqual(wanted)
  const silent = makeNotebook().notebook
  silent.kernel = { info_reply: {} } as never
  await silent.load_notebook_success(contentsModel(long) as never)
  expect(sources(silent)).toEqual(wanted)
})
