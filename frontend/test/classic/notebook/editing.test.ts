// @vitest-environment jsdom
import $ from "jquery"
import { afterEach, describe, expect, test, vi } from "vitest"
import { code, markdown, opened, sources, types } from "./harness"

afterEach(() => vi.restoreAllMocks())

describe("access", () => {
  test("cells are found from both ends, and nowhere outside", () => {
    const { notebook } = opened([code("a"), code("b")])
    const texts = [0, -1, null, undefined, 5].map((index) => notebook.get_cell(index)?.get_text() ?? null)
    expect(texts).toEqual(["a", "b", "a", null, null])
    expect(notebook.get_cell_element(7)).toBeNull()
  })
  test("a cell drawn inside another one is not a cell of the notebook", () => {
    const { notebook } = opened([code("a")])
    notebook.get_cell(0)!.element.append('<div class="cell"></div>')
    expect(notebook.ncells()).toBe(1)
  })
  test("a cell is found after others moved it, removed it or put something around it", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    const [a, b] = notebook.get_cells()
    b!.element.insertBefore(a!.element)
    expect(sources(notebook)).toEqual(["b", "a", "c"])
    a!.element.detach()
    expect([notebook.ncells(), notebook.find_cell_index(a!)]).toEqual([2, null])
    expect(notebook.find_cell_index({} as never)).toBeNull()
    b!.element.wrap("<section></section>")
    notebook.insert_cell_at_index("raw", 1)
    expect(types(notebook)).toEqual(["code", "raw", "code"])
    $("section").append(a!.element)
    expect(sources(notebook)).toEqual(["b", "a", "", "c"])
  })
  test("neighbours end at the ends", () => {
    const { notebook } = opened([code("a"), code("b")])
    const [a, b] = notebook.get_cells()
    expect([notebook.get_next_cell(a!), notebook.get_next_cell(b!), notebook.get_prev_cell(a!)]).toEqual([b, null, null])
  })
  test("the instance hangs on its element", () => {
    const { notebook } = opened([])
    expect($("div#notebook").data("notebook")).toBe(notebook)
  })
})

describe("selection", () => {
  test("grows from the anchor and is marked", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select(1)
    notebook.extend_selection_by(1)
    expect([notebook.get_anchor_index(), notebook.get_selected_index(), notebook.get_selected_cells_indices()]).toEqual([1, 2, [1, 2]])
    expect(notebook.element.find(".jupyter-soft-selected").length).toBe(2)
    notebook.extend_selection_by(1)
    expect(notebook.get_selected_index()).toBe(2)
  })
  test("of everything has the focus on the selected cell", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select_all()
    expect(document.activeElement).toBe(notebook.get_cell(2)!.element[0])
  })
  test("exactly one cell is selected", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select(2)
    expect(notebook.element.find(".selected").length).toBe(1)
    expect(notebook.element.find(".unselected").length).toBe(2)
    notebook.select_prev()
    notebook.select_prev()
    notebook.select_prev()
    expect(notebook.get_selected_index()).toBe(0)
  })
  test("contracts to the cell that was clicked, and grows with shift", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select_all()
    expect(notebook.get_selected_cells_indices()).toEqual([0, 1, 2])
    notebook.get_cell(1)!.element.trigger("click")
    expect(notebook.get_selected_cells_indices()).toEqual([1])
    notebook.get_cell(2)!.element.trigger($.Event("click", { shiftKey: true }))
    expect(notebook.get_selected_cells_indices()).toEqual([1, 2])
  })
  test("tells the type of the selected cell", () => {
    const { notebook, told } = opened([code("a"), markdown("b")])
    notebook.select(1)
    expect(told).toContainEqual(["selected_cell_type_changed.Notebook", { cell_type: "markdown", editable: true }])
  })
})

describe("modes", () => {
  test("a double click on code or its output, which selects a word, opens no editor", () => {
    const { notebook } = opened([code("a"), code("b")])
    notebook.get_cell(1)!.element.trigger("dblclick")
    expect([notebook.mode, notebook.get_cell(1)!.rendered, notebook.get_selected_index()]).toEqual(["command", true, 1])
  })
  test("editing shows on the body and on the notebook", () => {
    const { notebook } = opened([code("a"), code("b")])
    notebook.edit_mode()
    expect([notebook.mode, notebook.get_edit_index(), document.body.className]).toEqual(["edit", 0, "edit_mode"])
    notebook.command_mode()
    expect([notebook.mode, notebook.get_edit_index(), document.body.className]).toEqual(["command", null, "command_mode"])
  })
  test("selecting another cell leaves the editor", () => {
    const { notebook } = opened([code("a"), code("b")])
    notebook.edit_mode()
    notebook.select(1)
    expect([notebook.mode, notebook.get_selected_index()]).toEqual(["command", 1])
  })
})

describe("inserting", () => {
  test("goes above or below the whole selection", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select(1)
    notebook.extend_selection_by(1)
    notebook.insert_cell_above("raw")
    notebook.insert_cell_below("markdown")
    expect(types(notebook)).toEqual(["code", "raw", "code", "code", "markdown"])
  })
  test("tells, clamps and makes the notebook dirty", () => {
    const { notebook, told } = opened([code("a")])
    const cell = notebook.insert_cell_at_index("code", 99)
    expect(told).toContainEqual(["create.Cell", { cell, index: 1 }])
    expect([notebook.find_cell_index(cell), notebook.dirty]).toEqual([1, true])
  })
  test("of a type that does not exist inserts nothing", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue()
    const { notebook } = opened([code("a")])
    expect([notebook.insert_cell_below("video"), notebook.ncells(), warn.mock.calls.length]).toEqual([null, 1, 1])
  })
  test("without a type follows the configured default", () => {
    const { notebook } = opened([markdown("a")])
    notebook.config.data["Notebook"] = { default_cell_type: "selected" }
    expect(notebook.insert_cell_below()!.cell_type).toBe("markdown")
  })
})

describe("deleting", () => {
  test("comes back whole, with ids and outputs, where it was", () => {
    const outputs = [{ output_type: "stream", name: "stdout", text: "x" }]
    const { notebook } = opened([code("a"), code("b", { outputs, execution_count: 3 }), code("c"), code("d")])
    notebook.select(1)
    notebook.extend_selection_by(1)
    notebook.delete_cells()
    expect([sources(notebook), notebook.get_selected_index()]).toEqual([["a", "d"], 1])
    expect($("#undelete_cell").hasClass("disabled")).toBe(false)
    notebook.undelete_cell()
    expect(sources(notebook)).toEqual(["a", "b", "c", "d"])
    expect(notebook.toJSON().cells[1]).toMatchObject({ id: "id-b", outputs, execution_count: 3 })
    expect($("#undelete_cell").hasClass("disabled")).toBe(true)
  })
  test("several times comes back in reverse order, also after insertions above", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.delete_cell(1)
    notebook.delete_cell(1)
    notebook.insert_cell_at_index("raw", 0)
    notebook.undelete_cell()
    notebook.undelete_cell()
    expect(sources(notebook)).toEqual(["", "a", "b", "c"])
  })
  test("never leaves a notebook without cells", () => {
    const { notebook } = opened([markdown("a")])
    notebook.delete_cells()
    expect([types(notebook), notebook.get_selected_index()]).toEqual([["code"], 0])
  })
  test("stops at a protected cell", () => {
    const { notebook } = opened([code("a"), code("b", { metadata: { deletable: false } })])
    notebook.select_all()
    notebook.delete_cells()
    expect(sources(notebook)).toEqual(["a", "b"])
  })
  test("is told for each cell", () => {
    const { notebook, told } = opened([code("a"), code("b")])
    notebook.delete_cells([0, 1])
    expect(told.filter(([name]) => name === "delete.Cell").length).toBe(2)
  })
})

describe("moving", () => {
  test("takes the whole selection by one and stops at the ends", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select(1)
    notebook.extend_selection_by(1)
    notebook.move_selection_up()
    notebook.move_selection_up()
    expect([sources(notebook), notebook.dirty, notebook.get_selected_cells_indices()]).toEqual([["b", "c", "a"], true, [0, 1]])
    notebook.move_selection_down()
    expect(sources(notebook)).toEqual(["a", "b", "c"])
  })
})

describe("clipboard", () => {
  test("pastes copies with ids of their own, as often as wanted", () => {
    const { notebook } = opened([code("a", { metadata: { deletable: false, tags: ["t"] } }), code("b")])
    notebook.copy_cell()
    notebook.paste_cell_below()
    notebook.paste_cell_below()
    expect(sources(notebook)).toEqual(["a", "a", "a", "b"])
    const { cells } = notebook.toJSON()
    expect(new Set(cells.map((cell) => cell.id)).size).toBe(4)
    expect(cells[1]!.metadata).toEqual({ tags: ["t"], trusted: false })
  })
  test("cuts and pastes above, in order", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select(0)
    notebook.extend_selection_by(1)
    notebook.cut_cell()
    notebook.paste_cell_above()
    expect([sources(notebook), notebook.get_selected_index()]).toEqual([["a", "b", "c"], 0])
  })
  test("pastes group after group below, in order, and selects the last cell", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select(0)
    notebook.extend_selection_by(1)
    notebook.copy_cell()
    notebook.paste_cell_below()
    expect(notebook.get_selected_cells_indices()).toEqual([3])
    notebook.paste_cell_below()
    expect([sources(notebook), notebook.get_selected_index()]).toEqual([["a", "b", "a", "b", "a", "b", "c"], 5])
  })
  test("replaces the selection, also when it is the whole notebook", () => {
    const { notebook } = opened([code("a"), code("b")])
    notebook.select(0)
    notebook.copy_cell()
    notebook.select_all()
    notebook.paste_cell_replace()
    expect(sources(notebook)).toEqual(["a"])
  })
  test("pastes nothing before something was copied", () => {
    const { notebook } = opened([code("a")])
    notebook.paste_cell_below()
    expect(notebook.ncells()).toBe(1)
  })
})

describe("splitting and merging", () => {
  test("splits at the cursor and keeps type and metadata", () => {
    const { notebook } = opened([code("ab\ncd", { metadata: { tags: ["t"] } })])
    notebook.get_cell(0)!.code_mirror.setCursor(1, 0)
    notebook.split_cell()
    expect(sources(notebook)).toEqual(["ab", "cd"])
    expect(notebook.get_cells().map((cell) => cell.metadata)).toEqual([{ tags: ["t"] }, { tags: ["t"] }])
    expect(notebook.get_cell(0)!.metadata).not.toBe(notebook.get_cell(1)!.metadata)
  })
  test("merges the selection into its first cell", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select_all()
    notebook.merge_selected_cells()
    expect(sources(notebook)).toEqual(["a\n\nb\n\nc"])
  })
  test("merges with the cell above into the lower one, whose type stays", () => {
    const { notebook } = opened([markdown("a"), code("b")])
    notebook.select(1)
    notebook.merge_cell_above()
    expect([sources(notebook), types(notebook)]).toEqual([["a\n\nb"], ["code"]])
  })
  test("does not merge a protected cell, or past the end", () => {
    const { notebook } = opened([code("a"), code("b", { metadata: { editable: false } })])
    notebook.select(0)
    notebook.merge_cell_below()
    notebook.select(1)
    notebook.merge_cell_below()
    expect(sources(notebook)).toEqual(["a", "b"])
  })
})

describe("types", () => {
  test("text, metadata and id survive a change of type", () => {
    const { notebook } = opened([code("a", { metadata: { tags: ["t"] } })])
    const { metadata } = notebook.get_cell(0)!
    notebook.cells_to_markdown()
    notebook.cells_to_raw()
    notebook.cells_to_code()
    expect(notebook.toJSON().cells[0]).toMatchObject({ cell_type: "code", id: "id-a", source: "a", metadata: { tags: ["t"] } })
    expect(notebook.get_cell(0)!.metadata).toBe(metadata)
  })
  test("code counts as rendered, what it was and with what it was merged", () => {
    const { notebook } = opened([markdown("a"), code("b"), code("c")])
    notebook.to_code(0)
    notebook.merge_cells([1, 2])
    expect(notebook.get_cells().map((cell) => [cell.rendered, cell.element.hasClass("unrendered")])).toEqual([[true, false], [true, false]])
  })
  test("the range stays selected", () => {
    const { notebook } = opened([code("a"), code("b"), code("c")])
    notebook.select(0)
    notebook.extend_selection_by(1)
    notebook.cells_to_markdown()
    expect([types(notebook), notebook.get_selected_cells_indices()]).toEqual([["markdown", "markdown", "code"], [0, 1]])
  })
  test("a heading replaces the hashes that are there", () => {
    const { notebook } = opened([code("# a")])
    notebook.to_heading(0, 3)
    expect([sources(notebook), types(notebook)]).toEqual([["### a"], ["markdown"]])
  })
  test("a cell that may not be edited keeps its type", () => {
    const { notebook } = opened([code("a", { metadata: { editable: false } })])
    notebook.cells_to_markdown()
    expect(types(notebook)).toEqual(["code"])
  })
})
