// @vitest-environment jsdom
/** Folded sections never lose a cell; the table of contents follows the notebook. */
import $ from "jquery"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Outline } from "../../../src/classic/notebook/js/outline"
import type { Notebook } from "../../../src/classic/notebook/js/notebook"
import { code, contentsModel, makeNotebook, sources } from "./harness"

let notebook: Notebook

const text = (source: string, metadata = {}): unknown => ({ cell_type: "markdown", id: source.replace(/\W/g, ""), metadata, source })
const settle = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(300))

async function open(cells: unknown[], config: Record<string, unknown> = {}): Promise<void> {
  notebook = makeNotebook(config).notebook
  notebook.outline = new Outline(notebook)
  notebook.load_notebook_success(contentsModel(cells as never) as never)
  await settle()
}

const CELLS = (folded = false): unknown[] => [
  text("# A", folded ? { heading_collapsed: true } : {}), code("a", { id: "a" }), text("## B"), code("b", { id: "b" }), text("# C"), code("c", { id: "c" }),
]

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const seen = (): string => notebook.get_cells().filter((cell) => !cell.element.hasClass("section_hidden")).map((cell) => cell.get_text()).join(" | ")
const toggle = (index: number): JQuery => notebook.get_cell(index)!.element.find(".section_toggle")
const headings = (): string[] => $("#contents_pane li").toArray().map((row) => `${row.getAttribute("aria-level")} ${row.textContent}`)

test("the button of a heading hides and shows its section, and the file remembers", async () => {
  await open(CELLS())
  expect(toggle(0).attr("aria-expanded")).toBe("true")
  expect(toggle(1)).toHaveLength(0)
  toggle(0).trigger("click")
  expect(seen()).toBe("# A | # C | c")
  expect(toggle(0).attr("aria-expanded")).toBe("false")
  expect(toggle(0).attr("aria-label")).toBe("Section “A”, 3 cells hidden")
  expect(notebook.dirty).toBe(true)
  expect(notebook.toJSON().cells[0]?.metadata).toEqual({ heading_collapsed: true })
  expect(notebook.toJSON().cells).toHaveLength(6)
  toggle(0).trigger("click")
  expect(seen()).toBe("# A | a | ## B | b | # C | c")
  expect(notebook.toJSON().cells[0]?.metadata).toEqual({})
})

test("a folded notebook opens folded, unchanged, and its keys pass the hidden cells", async () => {
  await open(CELLS(true))
  expect(seen()).toBe("# A | # C | c")
  expect(notebook.dirty).toBe(false)
  notebook.select(0)
  notebook.select_next()
  expect(notebook.get_selected_index()).toBe(4)
  notebook.select_prev()
  expect(notebook.get_selected_index()).toBe(0)
  notebook.execute_cell_and_select_below()
  expect(notebook.get_selected_index()).toBe(4)
  expect(seen()).toBe("# A | # C | c")
})

test("choosing a hidden cell opens its sections; folding takes the selection to the heading", async () => {
  await open(CELLS(true))
  notebook.get_cell(2)!.metadata["heading_collapsed"] = true
  notebook.select(3)
  expect(seen()).toBe("# A | a | ## B | b | # C | c")
  toggle(0).trigger("click")
  expect(notebook.get_selected_index()).toBe(0)
})

test("left folds, goes up to the heading, right unfolds", async () => {
  await open(CELLS())
  const { sections } = notebook.outline!
  notebook.select(3)
  expect([sections.fold_selected(), notebook.get_selected_index()]).toEqual([true, 2])
  expect(sections.fold_selected()).toBe(true)
  expect(seen()).toBe("# A | a | ## B | # C | c")
  expect([sections.fold_selected(), notebook.get_selected_index()]).toEqual([true, 0])
  notebook.select(2)
  expect([sections.unfold_selected(), sections.unfold_selected()]).toEqual([true, false])
})

test("deleting the heading, or making it code, shows its cells", async () => {
  await open(CELLS(true))
  notebook.delete_cells([0])
  await settle()
  expect(seen()).toBe("a | ## B | b | # C | c")
  notebook.undo_structure()
  await settle()
  expect(seen()).toBe("# A | # C | c")
  notebook.cells_to_code([0])
  await settle()
  expect(seen()).toBe("# A | a | ## B | b | # C | c")
})

test("a folded heading moves with its section, and is passed in one step", async () => {
  await open(CELLS(true))
  toggle(4).trigger("click")
  notebook.select(4)
  notebook.move_selection_up()
  await settle()
  expect(sources(notebook).join()).toBe("# C,c,# A,a,## B,b")
  notebook.move_selection_down()
  await settle()
  expect(sources(notebook).join()).toBe("# A,a,## B,b,# C,c")
  expect(seen()).toBe("# A | # C")
  notebook.select(0)
  notebook.move_selection_down()
  await settle()
  expect(sources(notebook).join()).toBe("# C,c,# A,a,## B,b")
  notebook.undo_structure()
  expect(sources(notebook).join()).toBe("# A,a,## B,b,# C,c")
})

test("a move that puts a cell into a folded section opens it", async () => {
  await open(CELLS(true))
  notebook.select(4)
  notebook.move_selection_up()
  await settle()
  expect(seen()).toBe("# C | # A | a | ## B | b | c")
})

test("a cell inserted below a folded heading and selected is seen", async () => {
  await open(CELLS(true))
  notebook.select(0)
  notebook.insert_cell_below("code")
  notebook.select_next()
  await settle()
  expect(notebook.get_selected_cell()?.element.hasClass("section_hidden")).toBe(false)
})

test("metadata of the wrong shape folds nothing", async () => {
  await open([text("# A", { heading_collapsed: "yes" }), code("a", { id: "a", metadata: { heading_collapsed: true } } as never)])
  expect(seen()).toBe("# A | a")
})

test("the table of contents follows edits and marks where the reader is", async () => {
  await open(CELLS())
  notebook.outline!.contents.toggle()
  expect(headings()).toEqual(["1 A", "2 B", "1 C"])
  notebook.get_cell(2)!.set_text("### B *2*")
  await settle()
  expect(headings()).toEqual(["1 A", "3 B 2", "1 C"])
  notebook.delete_cells([0])
  await settle()
  expect(headings()).toEqual(["3 B 2", "1 C"])
  notebook.delete_cells([0, 1, 2, 3, 4])
  await settle()
  expect($(".contents_empty").css("display")).not.toBe("none")
  notebook.outline!.contents.toggle()
  expect($("#contents_pane").is("[hidden]")).toBe(true)
})

test("arrows walk the tree, Enter goes to the heading and opens what hides it", async () => {
  await open(CELLS(true))
  notebook.select(4)
  notebook.outline!.contents.toggle()
  const press = (key: string): unknown => $(document.activeElement!).trigger($.Event("keydown", { key }))
  $("#contents_pane li").first().trigger("focus")
  for (const key of ["End", "ArrowUp", "ArrowLeft", "ArrowRight"]) press(key)
  expect(document.activeElement?.textContent).toBe("B")
  press("Enter")
  expect(notebook.get_selected_index()).toBe(2)
  expect(seen()).toBe("# A | a | ## B | b | # C | c")
  press("Escape")
  expect(notebook.outline!.contents.is_shown).toBe(false)
})

test("extensions that fold sections or have a table of contents do it alone", async () => {
  await open(CELLS(true), { load_extensions: { "toc2/main": true, "collapsible_headings/main": true } })
  expect(seen()).toBe("# A | a | ## B | b | # C | c")
  expect($(".section_toggle")).toHaveLength(0)
  expect(notebook.outline!.sections.fold_selected()).toBe(false)
  notebook.outline!.contents.toggle()
  expect($("#contents_pane")).toHaveLength(0)
})

test("a disabled extension does not count", async () => {
  await open(CELLS(true), { load_extensions: { "toc2/main": false, "collapsible_headings/main": null } })
  expect(seen()).toBe("# A | # C | c")
})
