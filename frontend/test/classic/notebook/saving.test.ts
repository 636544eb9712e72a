// @vitest-environment jsdom
import $ from "jquery"
import { afterEach, describe, expect, test, vi } from "vitest"
import { SaveWidget } from "../../../src/classic/notebook/js/savewidget"
import { code, contentsModel, makeNotebook, opened, pressButton, SAVED_AT, settled, shownDialog, sources } from "./harness"

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function conflict(): Error {
  return Object.assign(new Error("changed"), { status: 409, xhr: { status: 409 } })
}

const names = (told: [string, unknown][]): string[] => told.map(([name]) => name)

describe("saving", () => {
  test("sends the hash that was read, and the next time the one that was answered", async () => {
    const { notebook, contents, told } = opened([code("a")])
    notebook.set_dirty()
    await notebook.save_notebook()
    await notebook.save_notebook()
    expect(contents.save.mock.calls.map(([path, model]) => [path, model.hash])).toEqual([["dir/a.ipynb", "h1"], ["dir/a.ipynb", "h2"]])
    expect(contents.save.mock.calls[0]![1].content.cells[0].source).toBe("a")
    expect([notebook.dirty, names(told)]).toEqual([false, expect.arrayContaining(["before_save.Notebook", "notebook_saved.Notebook"])])
  })
  test("is refused before the notebook is loaded, and for a read-only one", async () => {
    const { notebook } = makeNotebook()
    await expect(notebook.save_notebook()).rejects.toThrow("Load failed, save is disabled")
    notebook.load_notebook_success(contentsModel([], { writable: false }) as never)
    await expect(notebook.save_notebook()).rejects.toThrow("Notebook is read-only")
  })
  test("leaves what was typed meanwhile unsaved", async () => {
    const { notebook, contents } = opened([code("a")])
    notebook.set_dirty()
    contents.save.mockImplementationOnce(async () => {
      notebook.get_cell(0)!.set_text("b")
      return contentsModel([])
    })
    await notebook.save_notebook()
    expect(notebook.dirty).toBe(true)
  })
  test("never overlaps: three at once are two, one after the other", async () => {
    const { notebook, contents } = opened([code("a")])
    let finish = (): void => undefined
    contents.save.mockImplementationOnce(() => new Promise((resolve) => (finish = () => resolve(contentsModel([], { hash: "h9" })))))
    const all = [notebook.save_notebook(), notebook.save_notebook(), notebook.save_notebook()]
    await settled()
    expect(contents.save).toHaveBeenCalledTimes(1)
    finish()
    await Promise.all(all)
    expect(contents.save.mock.calls.map(([, model]) => model.hash)).toEqual(["h1", "h9"])
  })
  test("that fails is told and keeps the notebook dirty", async () => {
    const { notebook, contents, told } = opened([code("a")])
    notebook.set_dirty()
    contents.save.mockRejectedValueOnce(new Error("No space left on device"))
    await expect(notebook.save_notebook()).rejects.toThrow("No space left")
    expect([notebook.dirty, names(told)]).toEqual([true, expect.arrayContaining(["notebook_save_failed.Notebook"])])
    await notebook.save_notebook()
    expect(notebook.dirty).toBe(false)
  })
  test("of an invalid notebook says so", async () => {
    const { notebook, contents } = opened([code("a")])
    contents.save.mockResolvedValueOnce(contentsModel([], { message: "Notebook validation failed: x" }))
    await notebook.save_notebook()
    expect(shownDialog().find(".validation-error pre").text()).toContain("x")
  })
})

describe("a file that changed on disk", () => {
  async function met(): Promise<ReturnType<typeof opened>> {
    const setting = opened([code("mine")])
    setting.notebook.set_dirty()
    setting.contents.save.mockRejectedValueOnce(conflict())
    await expect(setting.notebook.save_notebook()).rejects.toThrow("changed on disk")
    return setting
  }
  test("is asked about, with the dangerous answer marked", async () => {
    await met()
    const buttons = shownDialog().find(".modal-footer button")
    expect(buttons.toArray().map((button) => $(button).text())).toEqual(["Compare", "Merge", "Reload", "Save As", "Cancel", "Overwrite"])
    expect([buttons.eq(2).hasClass("btn-warning"), buttons.eq(5).hasClass("btn-danger"), buttons.eq(5).hasClass("save-confirm-btn")]).toEqual([true, true, true])
  })
  test("parks autosave until the user decides", async () => {
    const { notebook, contents } = await met()
    pressButton("Cancel")
    notebook._autosave()
    expect([contents.save.mock.calls.length, notebook.dirty]).toEqual([1, true])
  })
  test("is overwritten without a precondition when the user wants it", async () => {
    const { notebook, contents } = await met()
    pressButton("Overwrite")
    await settled()
    expect(contents.save.mock.calls[1]![1]).not.toHaveProperty("hash")
    expect([notebook.dirty, notebook._save_conflict, notebook.content_hash]).toEqual([false, false, "h2"])
  })
  test("is shown when the user wants to reload", async () => {
    const { notebook, contents } = await met()
    contents.get.mockResolvedValueOnce(contentsModel([code("theirs")], { hash: "h7" }))
    pressButton("Reload")
    await settled()
    expect([sources(notebook), notebook.content_hash, notebook._save_conflict]).toEqual([["theirs"], "h7", false])
  })
  test("is found by its date where the contents service knows no hashes", async () => {
    const { notebook, contents } = opened([code("a")], { hash: undefined })
    contents.get.mockResolvedValueOnce(contentsModel([], { last_modified: "2026-11-22T10:00:09Z" }))
    await expect(notebook.save_notebook()).rejects.toThrow("changed on disk")
    contents.get.mockResolvedValueOnce(contentsModel([], { last_modified: SAVED_AT }))
    notebook.content_hash = null
    await notebook.save_notebook()
    expect(contents.save).toHaveBeenCalledTimes(1)
  })
})

describe("autosave", () => {
  test("saves only what is dirty, at its interval", async () => {
    vi.useFakeTimers()
    const { notebook, contents } = opened([code("a")])
    expect(notebook.autosave_interval).toBe(120_000)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(contents.save).not.toHaveBeenCalled()
    notebook.set_dirty()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(contents.save).toHaveBeenCalledTimes(1)
    notebook.set_autosave_interval(0)
  })
  test("is off for a read-only notebook and when set to nothing", () => {
    const { notebook, told } = opened([code("a")], { writable: false })
    expect(notebook.autosave_interval).toBe(0)
    notebook.set_autosave_interval(0)
    expect(names(told)).toContain("autosave_disabled.Notebook")
  })
  test("slows down for slow saves and never gets quicker than the minimum", () => {
    const { notebook } = opened([code("a")])
    notebook._update_autosave_interval(Date.now() - 13_000)
    expect(notebook.autosave_interval).toBeGreaterThanOrEqual(130_000)
    notebook._update_autosave_interval(Date.now())
    expect(notebook.autosave_interval).toBe(120_000)
    notebook.set_autosave_interval(0)
  })
})

describe("leaving the page", () => {
  test("asks only when something can be lost", () => {
    const { notebook } = opened([code("a")])
    expect(notebook._before_unload()).toBeUndefined()
    notebook.kernel_busy = true
    expect(notebook._before_unload()).toContain("busy")
    notebook.set_dirty()
    expect(notebook._before_unload()).toContain("Saving is still under way")
    notebook.set_autosave_interval(0)
    expect(notebook._before_unload()).toContain("Unsaved changes")
  })
})

describe("names", () => {
  test("a renamed notebook is another file for page, session and address bar", async () => {
    const { notebook, told } = opened([code("a")])
    const rename_notebook = vi.fn()
    notebook.session = { id: "s", rename_notebook } as never
    await notebook.rename("b")
    expect([notebook.notebook_path, notebook.get_notebook_name()]).toEqual(["dir/b.ipynb", "b"])
    expect(rename_notebook).toHaveBeenCalledWith("dir/b.ipynb")
    expect(names(told)).toContain("notebook_renamed.Notebook")
  })
  test("may not be empty or hold a path", () => {
    const { notebook } = opened([])
    expect(["", "a/b", "a\\b", "a:b", "a b", "ä"].map((name) => notebook.test_notebook_name(name))).toEqual([false, false, false, false, true, true])
  })
  test("a copy has the unsaved changes", async () => {
    const { notebook, contents } = opened([code("a")])
    const place = { location: { href: "" } }
    vi.spyOn(window, "open").mockReturnValue(place as never)
    notebook.set_dirty()
    await notebook.copy_notebook()
    expect(contents.save.mock.invocationCallOrder[0]).toBeLessThan(contents.copy.mock.invocationCallOrder[0]!)
    expect(place.location.href).toBe("/nb/notebooks/dir/a-Copy1.ipynb")
  })
  test("saving as another file overwrites only when asked to", async () => {
    const { notebook, contents } = opened([code("a")])
    notebook.save_notebook_as()
    shownDialog().find("input").val("dir/other")
    pressButton("Save")
    await settled()
    expect(contents.save).not.toHaveBeenCalled()
    pressButton("Overwrite")
    await vi.waitFor(() => expect(contents.save).toHaveBeenCalledTimes(1))
    await settled()
    expect([notebook.notebook_path, notebook.content_hash]).toEqual(["dir/other.ipynb", "h2"])
  })
})

describe("saving as another file", () => {
  test("asks and saves once, however often the button is pressed", async () => {
    const { notebook, contents } = opened([code("a")])
    notebook.save_notebook_as()
    shownDialog().find("input").val("dir/other")
    for (let press = 0; press < 3; press += 1) pressButton("Save")
    await settled()
    const questions = (): number => $(".modal-footer button").filter((_index, button) => $(button).text() === "Overwrite").length
    expect(questions()).toBe(1)
    pressButton("Overwrite")
    await vi.waitFor(() => expect(contents.save).toHaveBeenCalledTimes(1))
    await settled()
    expect([questions(), contents.save.mock.calls.length]).toEqual([0, 1])
  })
})

describe("checkpoints", () => {
  test("are made after a save and only after one that succeeded", async () => {
    const { notebook, contents, told } = opened([code("a")])
    await notebook.save_checkpoint()
    expect([contents.create_checkpoint.mock.calls.length, notebook.last_checkpoint?.id]).toEqual([1, "checkpoint"])
    expect(names(told)).toContain("checkpoint_created.Notebook")
    contents.save.mockRejectedValueOnce(new Error("no"))
    await notebook.save_checkpoint()
    expect(contents.create_checkpoint).toHaveBeenCalledTimes(1)
  })
  test("are restored after a question, and the page shows them", async () => {
    const { notebook, contents } = opened([code("new")])
    notebook.add_checkpoint({ id: "c", last_modified: SAVED_AT })
    contents.get.mockResolvedValueOnce(contentsModel([code("old")]))
    notebook.restore_checkpoint_dialog()
    expect(contents.restore_checkpoint).not.toHaveBeenCalled()
    pressButton("Revert")
    await settled()
    expect([contents.restore_checkpoint.mock.calls[0], sources(notebook)]).toEqual([["dir/a.ipynb", "c"], ["old"]])
  })
})

describe("the save widget", () => {
  function withWidget(cells = [code("a")]): { notebook: ReturnType<typeof opened>["notebook"]; status(): string; widget: SaveWidget } {
    const setting = makeNotebook()
    const widget = new SaveWidget("span#save_widget", { events: setting.notebook.events, notebook: setting.notebook, base_url: "/nb/" })
    setting.notebook.load_notebook_success(contentsModel(cells) as never)
    return { notebook: setting.notebook, widget, status: () => $(".autosave_status").text() }
  }
  test("shows the name, whether it is saved, and the title", async () => {
    const { notebook, status } = withWidget()
    expect([$("#notebook_name").text(), document.title]).toEqual(["a", "a - Jupyter Notebook"])
    notebook.set_dirty()
    expect(status()).toBe("(unsaved changes)")
    await notebook.save_notebook()
    expect(status()).toBe("(autosaved)")
  })
  test("shows the name of a long notebook before all of it is there, and calls nothing unsaved because cells come in", async () => {
    const setting = makeNotebook()
    const widget = new SaveWidget("span#save_widget", { events: setting.notebook.events, notebook: setting.notebook, base_url: "/nb/" })
    setting.notebook.save_widget = widget
    const said = vi.spyOn(widget, "set_save_status")
    const cells = Array.from({ length: 100 }, (_none, index) => code(`line ${index}`))
    const loading = setting.notebook.load_notebook_success(contentsModel(cells) as never)
    expect([$("#notebook_name").text(), setting.notebook._fully_loaded]).toEqual(["a", false])
    await loading
    expect(new Set(said.mock.calls.flat())).toEqual(new Set(["(autosaved)"]))
  })
  test("renames through its dialog and shows the server's refusal", async () => {
    const { notebook } = withWidget()
    $("#notebook_name").trigger("click")
    const dialog = shownDialog()
    dialog.find("input").val("a/b")
    dialog.find(".btn-primary").trigger("click")
    expect(dialog.find(".rename-message").text()).toContain("needs at least one character")
    vi.mocked(notebook.contents.rename).mockRejectedValueOnce(new Error("File already exists: dir/b.ipynb"))
    dialog.find("input").val("b")
    dialog.find(".btn-primary").trigger("click")
    await settled()
    expect(dialog.find(".rename-message").text()).toBe("File already exists: dir/b.ipynb")
    dialog.find(".btn-primary").trigger("click")
    await settled()
    expect([notebook.notebook_name, location.pathname]).toEqual(["b.ipynb", "/nb/notebooks/dir/b.ipynb"])
  })
})

describe("renaming while a save is under way", () => {
  test("waits for the save, and a save asked meanwhile goes to the new file", async () => {
    const { notebook, contents } = opened([code("1")])
    const order: string[] = []
    let finish = (): void => undefined
    const save = contents.save.getMockImplementation() as (path: string) => Promise<unknown>
    contents.save.mockImplementation(async (path: string) => {
      order.push(`save ${path}`)
      if (order.length === 1) await new Promise<void>((resolve) => (finish = resolve))
      return save(path)
    })
    contents.rename.mockImplementation(async (_old: string, path: string) => {
      order.push(`rename ${path}`)
      return save(path)
    })
    const first = notebook.save_notebook()
    await settled()
    const second = notebook.save_notebook()
    const renamed = notebook.rename("b")
    await settled()
    expect(order).toEqual(["save dir/a.ipynb"])
    finish()
    await Promise.all([first, second, renamed])
    expect(order[0]).toBe("save dir/a.ipynb")
    expect(order.slice(1).sort()).toEqual(["rename dir/b.ipynb", expect.stringMatching(/^save dir/)])
    expect(notebook.notebook_path).toBe("dir/b.ipynb")
    await notebook.save_notebook()
    expect(order[order.length - 1]).toBe("save dir/b.ipynb")
  })

  test("a rename that failed does not keep later saves waiting", async () => {
    const { notebook, contents } = opened([code("1")])
    contents.rename.mockRejectedValueOnce(new Error("no"))
    await expect(notebook.rename("b")).rejects.toThrow("no")
    await notebook.save_notebook()
    expect(contents.save).toHaveBeenCalledTimes(1)
  })
})
