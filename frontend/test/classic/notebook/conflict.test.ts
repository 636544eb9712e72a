// @vitest-environment jsdom
import $ from "jquery"
import { describe, expect, test, vi } from "vitest"
import type { CellJson } from "../../../src/model/notebook"
import { code, contentsModel, markdown, opened, pressButton, shownDialog, sources } from "./harness"

function conflict(reason = "changed on disk"): Error {
  return Object.assign(new Error("changed"), { status: 409, reason, xhr: { status: 409 } })
}

async function met(cells: CellJson[], reason?: string): Promise<ReturnType<typeof opened>> {
  const setting = opened(cells)
  setting.notebook.set_dirty()
  setting.contents.save.mockRejectedValueOnce(conflict(reason))
  await expect(setting.notebook.save_notebook()).rejects.toThrow("since it was opened")
  return setting
}

function answer(cells: CellJson[], more: Record<string, unknown> = {}): Record<string, unknown> {
  const base = contentsModel([code("theirs")])["content"]
  return { merged: { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, conflicts: [], base, theirs_hash: "h9", ...more }
}

const said = (): string => $(".conflict-message").text()

describe("merging with the file", () => {
  test("sends what both came from without outputs, and this page", async () => {
    const printed = [{ output_type: "stream", name: "stdout", text: "x".repeat(1000) }]
    const { notebook, contents } = await met([code("a", { outputs: printed, execution_count: 1 }), markdown("m")])
    notebook.get_cell(1)!.set_text("changed")
    contents.merge.mockResolvedValueOnce(answer([code("a")]))
    pressButton("Merge")
    await vi.waitFor(() => expect(contents.merge).toHaveBeenCalledTimes(1))
    const [path, base, mine] = contents.merge.mock.calls[0]!
    expect([path, base.cells.map(({ source }: CellJson) => source), mine.cells.map(({ source }: CellJson) => source)]).toEqual(["dir/a.ipynb", ["a", "m"], ["a", "changed"]])
    expect([base.cells[0].outputs, base.cells[0].outputs_mark.length < 300]).toEqual([undefined, true])
    expect(mine.cells[0].outputs_mark).toBe(base.cells[0].outputs_mark)
  })
  test("shows the result as an unsaved change that can be undone, and saves it over that file only", async () => {
    const { notebook, contents } = await met([code("a"), code("b")])
    const kept = notebook.get_cell(1)
    contents.merge.mockResolvedValueOnce(answer([code("a2", { id: "id-a" }), code("b"), code("c")]))
    pressButton("Merge")
    await vi.waitFor(() => expect(sources(notebook)).toEqual(["a2", "b", "c"]))
    expect([notebook.dirty, notebook.content_hash, notebook._save_conflict, contents.save.mock.calls.length]).toEqual([true, "h9", false, 1])
    expect(notebook.get_cell(1)).toBe(kept)
    await notebook.save_notebook()
    expect(contents.save.mock.calls[1]![1].hash).toBe("h9")
    notebook.undo_structure()
    expect(sources(notebook)).toEqual(["a", "b"])
  })
  test("marks both versions until the user has settled them", async () => {
    const { notebook, contents } = await met([code("a"), code("b")])
    const conflicts = [{ index: 0, id: "id-a", version: "mine" }, { index: 1, id: "x", version: "theirs" }]
    contents.merge.mockResolvedValueOnce(answer([code("a"), code("a3", { id: "x" }), code("b")], { conflicts }))
    pressButton("Merge")
    await vi.waitFor(() => expect(sources(notebook)).toEqual(["a", "a3", "b"]))
    const marks = $(".cell .merge-conflict")
    expect(marks.toArray().map((mark) => [mark.dataset["version"], /this page|the file/.exec(mark.textContent ?? "")?.[0]])).toEqual([["mine", "this page"], ["theirs", "the file"]])
    expect(shownDialog().text()).toContain("2 cells are marked")
    marks.first().find("button").trigger("click")
    expect($(".cell .merge-conflict").length).toBe(1)
  })
  test("without ids in the file keeps the cells that say the same", async () => {
    const bare = (source: string): CellJson => ({ cell_type: "code", metadata: {}, source, outputs: [], execution_count: null })
    const { notebook, contents } = await met([bare("a"), bare("b")])
    const kept = notebook.get_cell(1)
    contents.merge.mockResolvedValueOnce(answer([bare("a2"), bare("b")]))
    pressButton("Merge")
    await vi.waitFor(() => expect(sources(notebook)).toEqual(["a2", "b"]))
    expect(notebook.get_cell(1)).toBe(kept)
  })
  test("that fails says why, and the choice is still there", async () => {
    const { notebook, contents } = await met([code("a")])
    contents.merge.mockRejectedValueOnce(new Error("Merging needs nbdime."))
    pressButton("Merge")
    expect([said(), shownDialog().find("button:disabled").length > 0]).toEqual(["Merging…", true])
    await vi.waitFor(() => expect(said()).toBe("Merging needs nbdime."))
    expect([sources(notebook), notebook._save_conflict]).toEqual([["a"], true])
    await vi.waitFor(() => expect(shownDialog().find("button:disabled").length).toBe(0))
  })
  test("is done again when a running cell changed the page meanwhile, and given up when it goes on", async () => {
    const { notebook, contents } = await met([code("a")])
    contents.merge.mockImplementation(async () => {
      notebook.set_dirty(true)
      return answer([code("b")])
    })
    pressButton("Merge")
    await vi.waitFor(() => expect(said()).toContain("keeps changing"))
    expect([contents.merge.mock.calls.length, sources(notebook)]).toEqual([3, ["a"]])
  })
})

describe("comparing with the file", () => {
  test("shows what differs side by side, and comes back to the question", async () => {
    const same = Array.from({ length: 5 }, (_unused, index) => code(`same${index}`))
    const { contents } = await met([code("mine", { id: "x" }), ...same])
    contents.get.mockResolvedValueOnce(contentsModel([code("theirs <b>", { id: "x" }), ...same, code("new")]))
    pressButton("Compare")
    await vi.waitFor(() => expect($(".comparison").length).toBe(1))
    const rows = $(".comparison tbody tr").toArray().map((row) => $(row).find("pre, em, [colspan]").toArray().map((part) => $(part).text()))
    expect(rows).toEqual([["mine", "theirs <b>"], ["same0", "same0"], ["3 cells that are the same"], ["same4", "same4"], ["not there", "new"]])
    expect($(".comparison b").length).toBe(0)
    pressButton("Back")
    await vi.waitFor(() => expect(shownDialog().find(".modal-title").text()).toBe("Notebook changed"))
  })
})

describe("a file that is gone", () => {
  test("can be written again or elsewhere; there is nothing to compare with", async () => {
    await met([code("a")], "deleted on disk")
    expect(shownDialog().find(".modal-footer button").toArray().map((button) => $(button).text())).toEqual(["Save As", "Cancel", "Overwrite"])
  })
})
