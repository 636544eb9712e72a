// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from "vitest"
import { CodeCell } from "../../../src/classic/notebook/js/codecell"
import { watchedCount } from "../../../src/view/nearby"
import { code, emptyPage, options, seen, told } from "./cellharness"

beforeEach(emptyPage)

describe("the lazy editor", () => {
  test("is not there until it is near, and its text is", async () => {
    const cell = code("a = 1")
    expect(cell.has_editor()).toBe(false)
    expect(cell.element.find(".CodeMirror")).toHaveLength(0)
    expect(cell.element.find(".input_area").text()).toBe("a = 1")
    expect(cell.get_text()).toBe("a = 1")
    const place = cell.element.find(".input_area")[0]!
    vi.spyOn(place, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 10, 800, 20))
    seen([{ target: place, isIntersecting: true }])
    await vi.waitFor(() => expect(cell.has_editor()).toBe(true))
    expect(cell.element.find(".input_area > .CodeMirror.cm-s-ipython")).toHaveLength(1)
    expect(cell.element.find(".fnb-static-code")).toHaveLength(0)
    expect(cell.get_text()).toBe("a = 1")
  })
  test("is made by whoever asks for code_mirror, with nothing to undo", () => {
    const cell = code("x")
    cell.code_mirror.undo()
    expect(cell.get_text()).toBe("x")
    expect(cell.code_mirror).toBe(cell.code_mirror)
  })
  test("takes options that were set before it was there", () => {
    const cell = code("x")
    cell.show_line_numbers(true)
    cell.set_editor_option("mode", "ipython")
    expect(cell.has_editor()).toBe(false)
    expect([cell.code_mirror.getOption("lineNumbers"), cell.code_mirror.getOption("mode")]).toEqual([true, "ipython"])
    expect(cell.cm_config["lineNumbers"]).toBe(true)
  })
  test("a change of text is told with and without it", () => {
    const cell = code("x")
    cell.set_text("y")
    expect(told).toEqual(["set_dirty.Notebook", "change.Cell"])
    told.length = 0
    cell.code_mirror.setValue("z")
    expect(told).toEqual(["set_dirty.Notebook", "change.Cell"])
    told.length = 0
    cell.set_text("z")
    expect(told).toEqual([])
  })
  test("is waited for, and not any more when it exists", () => {
    const before = watchedCount()
    const cell = code("x")
    expect(watchedCount()).toBeGreaterThan(before)
    void cell.code_mirror
    expect(watchedCount()).toBe(before)
  })
})

describe("keys", () => {
  const press = (cell: CodeCell, key: string, more: Partial<KeyboardEvent> = {}) => {
    const event = { key, preventDefault: vi.fn(), ...more } as unknown as KeyboardEvent & { _ipkmIgnore?: boolean }
    cell.mode = "edit"
    return { handled: cell.handle_codemirror_keyevent(cell.code_mirror, event), event }
  }
  test("arrows within the text are the editor's, at its ends the notebook's", () => {
    const cell = code("a\nb")
    cell.code_mirror.setCursor(0, 0)
    expect(press(cell, "ArrowDown").event._ipkmIgnore).toBe(true)
    expect(press(cell, "ArrowUp").event._ipkmIgnore).toBeUndefined()
    expect(cell.at_top()).toBe(true)
    cell.code_mirror.setCursor(1, 1)
    expect(press(cell, "ArrowDown").event._ipkmIgnore).toBeUndefined()
    expect(cell.at_bottom()).toBe(true)
  })
  test("Tab indents at a line's start, and completes after text", () => {
    const cell = code("  ab")
    const complete = vi.spyOn(cell.completer!, "startCompletion").mockImplementation(() => undefined)
    cell.code_mirror.setCursor(0, 1)
    expect(press(cell, "Tab").handled).toBe(false)
    cell.code_mirror.setCursor(0, 4)
    expect(press(cell, "Tab").handled).toBe(true)
    expect(complete).toHaveBeenCalledOnce()
  })
  test("Shift-Tab after text asks for the tooltip, in an indentation it dedents", () => {
    const tooltip = { request: vi.fn(), remove_and_cancel_tooltip: vi.fn(() => false) }
    options.tooltip = tooltip
    const cell = code("  ab")
    cell.code_mirror.setCursor(0, 2)
    expect(press(cell, "Tab", { shiftKey: true }).handled).toBe(false)
    cell.code_mirror.setCursor(0, 4)
    expect(press(cell, "Tab", { shiftKey: true }).handled).toBe(true)
    expect(tooltip.request).toHaveBeenCalledWith(cell)
  })
  test("Backspace in an indentation goes back to the tab stop", () => {
    const cell = code("      x")
    cell.code_mirror.setCursor(0, 6)
    cell.code_mirror.execCommand("delSpaceToPrevTabStop")
    expect(cell.get_text()).toBe("    x")
    cell.code_mirror.setCursor(0, 5)
    cell.code_mirror.execCommand("delSpaceToPrevTabStop")
    expect(cell.get_text()).toBe("    ")
  })
})

describe("splitting", () => {
  test("at every cursor and around selections, newlines at the cuts trimmed", () => {
    const cell = code("a\n\nb\nc")
    cell.code_mirror.setCursor(2, 0)
    expect(cell.get_split_text()).toEqual(["a", "b\nc"])
    cell.code_mirror.setCursor(0, 0)
    expect(cell.get_split_text()).toEqual(["", "a\n\nb\nc"])
    cell.code_mirror.setSelection({ line: 2, ch: 0 }, { line: 2, ch: 1 })
    expect(cell.get_split_text()).toEqual(["a", "b", "c"])
  })
})

describe("magics", () => {
  test("the first line chooses the language", () => {
    const cell = code("%%javascript\nvar x")
    cell.set_editor_option("mode", "ipython")
    cell.auto_highlight()
    expect(cell.code_mirror.getOption("mode")).toBe("magic_javascript")
    cell.set_text("x")
    cell.auto_highlight()
    expect(cell.code_mirror.getOption("mode")).toBe("ipython")
  })

  test("an extension may add a magic to the class when its cells are there", () => {
    const cell = code("%%mine\nvar x")
    const modes = CodeCell.options_default["highlight_modes"] as Record<string, { reg: RegExp[] }>
    modes["javascript"] = { reg: [/^%%mine/] }
    cell.auto_highlight()
    expect(cell.code_mirror.getOption("mode")).toBe("javascript")
    delete modes["javascript"]
    expect(CodeCell.config_defaults["highlight_modes"]).toBe(modes)
  })
})

test("a selected cell's editor measures itself once the user rests, and not when another one is by then", async () => {
  const [first, second] = [code("a"), code("b")]
  const refreshes = [first, second].map((cell) => vi.spyOn(cell.code_mirror, "refresh"))
  first.select()
  first.unselect()
  second.select()
  expect(refreshes.map((refresh) => refresh.mock.calls.length)).toEqual([0, 0])
  await vi.waitFor(() => expect(refreshes[1]).toHaveBeenCalledTimes(1))
  expect(refreshes[0]).not.toHaveBeenCalled()
})
