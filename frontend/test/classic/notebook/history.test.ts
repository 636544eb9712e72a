// @vitest-environment jsdom
/** Every change of the cells can be taken back and done again, and nothing that came between is lost. */
import { beforeEach, expect, test, vi } from "vitest"
import { setup_clipboard_events } from "../../../src/classic/notebook/js/clipboard"
import type { CodeCell } from "../../../src/classic/notebook/js/codecell"
import type { Notebook } from "../../../src/classic/notebook/js/notebook"
import { cellsToClipboard } from "../../../src/model/clipboard"
import { code, contentsModel, makeNotebook, sources } from "./harness"

let notebook: Notebook

const output = { output_type: "stream", name: "stdout", text: "shown\n" }
const markdown = (source: string, id: string): unknown => ({ cell_type: "markdown", id, metadata: {}, source })

function open(minor = 5): void {
  notebook = makeNotebook().notebook
  const cells = [code("a", { id: "a" }), code("b\nc", { id: "b", outputs: [output] as never }), markdown("d", "d")] as never[]
  const content = { cells, metadata: {}, nbformat: 4, nbformat_minor: minor }
  notebook.load_notebook_success(contentsModel([], { content }) as never)
  notebook.set_dirty(false)
}

beforeEach(() => open())

/** Do, undo, redo: what it says after each. */
function thereAndBack(act: () => void): unknown[] {
  const seen = [state()]
  act()
  seen.push(state())
  notebook.undo_structure()
  seen.push(state())
  expect(notebook.dirty).toBe(true)
  notebook.redo_structure()
  seen.push(state())
  notebook.undo_structure()
  expect(state()).toEqual(seen[0])
  return seen
}

function state(): string {
  return notebook
    .get_cells()
    .map((cell) => `${cell.cell_type?.[0]}:${cell.get_text()}${"output_area" in cell ? "/" + (cell as never as { output_area: { outputs: unknown[] } }).output_area.outputs.length : ""}`)
    .join(" | ")
}

const START = "c:a/0 | c:b\nc/1 | m:d"

test.each<[string, () => void, string]>([
  ["move", () => (notebook.select(0), notebook.move_selection_down()), "c:b\nc/1 | c:a/0 | m:d"],
  ["delete", () => (notebook.select(1), notebook.delete_cells()), "c:a/0 | m:d"],
  ["delete all", () => notebook.delete_cells([0, 1, 2]), "c:/0"],
  ["merge", () => notebook.merge_cells([0, 1]), "c:a\n\nb\nc/0 | m:d"],
  ["another type", () => notebook.cells_to_markdown([0, 1]), "m:a | m:b\nc | m:d"],
  ["clear one", () => notebook.clear_output(1), "c:a/0 | c:b\nc/0 | m:d"],
  ["clear all", () => notebook.clear_all_output(), "c:a/0 | c:b\nc/0 | m:d"],
  ["paste", () => (notebook.select(0), notebook.copy_cell(), notebook.paste_cell_below()), "c:a/0 | c:a/0 | c:b\nc/1 | m:d"],
  ["paste and replace", () => (notebook.select(0), notebook.copy_cell(), notebook.select(1), notebook.paste_cell_replace()), "c:a/0 | c:a/0 | m:d"],
  ["cut", () => (notebook.select(2), notebook.cut_cell()), "c:a/0 | c:b\nc/1"],
])("%s", (_name, act, after) => {
  expect(thereAndBack(act)).toEqual([START, after, START, after])
})

test("paste from the system's clipboard", () => {
  setup_clipboard_events(Object.assign(notebook, { keyboard_manager: { ...notebook.keyboard_manager, enabled: true } }))
  const carried = cellsToClipboard([code("x"), code("y")] as never)
  const clipboardData = { getData: (type: string) => (carried as Record<string, string>)[type] ?? "" }
  const after = "c:x/0 | c:y/0 | c:a/0 | c:b\nc/1 | m:d"
  notebook.select(0)
  expect(thereAndBack(() => document.dispatchEvent(Object.assign(new Event("paste"), { clipboardData })))).toEqual([START, after, START, after])
})

test("outputs that are drawn anew, as widgets want them, are no change, and the cell keeps its number", () => {
  const cell = notebook.get_cell(1) as CodeCell
  cell.set_input_prompt(7)
  notebook.set_dirty(false)
  const before = cell.toJSON()
  notebook.render_cell_output(cell)
  expect([cell.toJSON(), cell.element.find(".input_prompt").text(), notebook.dirty]).toEqual([before, expect.stringContaining("7"), false])
})

test("split", () => {
  notebook.select(1)
  vi.spyOn(notebook.get_cell(1)!, "get_split_text").mockReturnValue(["b", "c"])
  const after = "c:a/0 | c:b/0 | c:c/1 | m:d"
  expect(thereAndBack(() => notebook.split_cell())).toEqual([START, after, START, after])
})

test("several, the last first; a file without ids as well", () => {
  open(4)
  notebook.select(0)
  notebook.move_selection_down()
  notebook.delete_cells([2])
  notebook.clear_all_output()
  expect(state()).toBe("c:b\nc/0 | c:a/0")
  for (const wanted of ["c:b\nc/1 | c:a/0", "c:b\nc/1 | c:a/0 | m:d", START, START]) {
    notebook.undo_structure()
    expect(state()).toBe(wanted)
  }
})

test("cells that came or went in between stay as they are", () => {
  notebook.delete_cells([0])
  notebook.insert_cell_at_index("code", 1)!.set_text("new")
  notebook.select(2)
  notebook.move_selection_up()
  expect(sources(notebook)).toEqual(["b\nc", "d", "new"])
  notebook.undo_structure()
  notebook.undo_structure()
  expect(sources(notebook)).toEqual(["a", "b\nc", "new", "d"])
})

test("what was typed after a change comes back with redo", () => {
  notebook.merge_cells([0, 1])
  notebook.get_cell(0)!.set_text("typed since")
  notebook.undo_structure()
  expect(sources(notebook)).toEqual(["a", "b\nc", "d"])
  notebook.redo_structure()
  expect(sources(notebook)).toEqual(["typed since", "d"])
})

test("what changes nothing is nothing to undo", () => {
  notebook.select(0)
  notebook.move_selection_up()
  notebook.clear_output(0)
  notebook.cells_to_code([0])
  expect(notebook.structure_history.last).toBeUndefined()
  expect(document.querySelector("#undelete_cell")!.classList.contains("disabled")).toBe(true)
})

test("a deletion comes back through the method that extensions replace, and through it alone too", () => {
  const replaced = vi.spyOn(notebook, "undelete_cell")
  notebook.delete_cells([0])
  notebook.undo_structure()
  expect([replaced.mock.calls.length, state()]).toEqual([1, START])
  notebook.delete_cells([1])
  notebook.undelete_cell()
  expect([notebook.structure_history.last, state()]).toEqual([undefined, START])
})

test("two cells with one id are told apart", () => {
  notebook.get_cell(1)!.id = "a"
  notebook.select(0)
  notebook.move_selection_down()
  notebook.undo_structure()
  expect(state()).toBe(START)
})
