// @vitest-environment jsdom
import $ from "jquery"
import { beforeEach, describe, expect, test, vi } from "vitest"
import { Cell, UnrecognizedCell, type CellOptions } from "../../../src/classic/notebook/js/cell"
import type { EventBus } from "../../../src/classic/notebook/js/cell_types"
import { CodeCell, type CellKernel, type ExecuteCallbacks } from "../../../src/classic/notebook/js/codecell"
import { MarkdownCell, RawCell, TextCell } from "../../../src/classic/notebook/js/textcell"
import { watchedCount } from "../../../src/view/nearby"

type Seen = (entries: { target: Element; isIntersecting: boolean }[]) => void
let seen: Seen = () => undefined

/* CodeMirror measures text; jsdom has no layout and nothing that scrolls into view. */
function pretendLayout(): void {
  const nothing = { left: 0, right: 0, top: 0, bottom: 0, width: 0, height: 0, x: 0, y: 0, toJSON: () => ({}) }
  Range.prototype.getBoundingClientRect = () => nothing
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList
  vi.stubGlobal("IntersectionObserver", class {
    constructor(callback: Seen) {
      seen = callback
    }
    observe(): void {}
    unobserve(): void {}
  })
}
pretendLayout()

class FakeKernel implements CellKernel {
  sent: { code: string; callbacks: ExecuteCallbacks; options: Record<string, unknown> }[] = []
  cleared: string[] = []
  execute(code: string, callbacks: unknown, options: Record<string, unknown>): string {
    this.sent.push({ code, callbacks: callbacks as ExecuteCallbacks, options })
    return `msg-${this.sent.length}`
  }
  clear_callbacks_for_msg(msg_id: string): void {
    this.cleared.push(msg_id)
  }
}

let events: EventBus
let told: string[]
let options: CellOptions

beforeEach(() => {
  document.body.innerHTML = '<div id="notebook-container"></div>'
  events = $({}) as EventBus
  told = []
  const trigger = events.trigger.bind(events)
  events.trigger = ((name: string, payload: unknown) => {
    told.push(name)
    return trigger(name, payload as never)
  }) as typeof events.trigger
  const keyboard_manager = { register_events: vi.fn(), edit_shortcuts: { handles: vi.fn(() => false) } }
  options = { events, config: { data: {} }, keyboard_manager, notebook: { nbformat: 4, nbformat_minor: 5, metadata: {} } }
})

function put<C extends Cell>(cell: C): C {
  $("#notebook-container").append(cell.element)
  return cell
}
const code = (source = "", kernel: CellKernel | null = new FakeKernel()): CodeCell => {
  const cell = put(new CodeCell(kernel, options))
  cell.render()
  cell.fromJSON({ cell_type: "code", source, metadata: { trusted: true }, outputs: [], execution_count: null })
  told.length = 0
  return cell
}
const markdown = (source: string, more = {}): MarkdownCell => {
  const cell = put(new MarkdownCell(options))
  cell.fromJSON({ cell_type: "markdown", source, metadata: {}, ...more })
  return cell
}

const COMMON = `create_element init_classes _on_click bind_events handle_codemirror_keyevent typeset select unselect execute render unrender
handle_keyevent at_top at_bottom command_mode edit_mode ensure_focused focus_cell focus_editor refresh get_text set_text toJSON fromJSON is_splittable
is_mergeable is_editable is_deletable get_pre_cursor get_post_cursor get_split_text show_line_numbers toggle_line_numbers force_highlight auto_highlight
_auto_highlight`
const SURFACE: [{ prototype: object }, string][] = [
  [Cell, COMMON],
  [UnrecognizedCell, "is_mergeable is_splittable toJSON fromJSON create_element bind_events"],
  [CodeCell, `create_element bind_events handle_codemirror_keyevent set_kernel execute get_callbacks _open_with_pager _handle_execute_reply
    _handle_set_next_input _handle_input_request select render select_all collapse_output expand_output scroll_output toggle_output
    toggle_output_scroll set_input_prompt clear_input get_text set_text clear_output fromJSON toJSON unselect`],
  [TextCell, "create_element add_attachment select unrender execute get_text set_text get_rendered set_rendered fromJSON toJSON"],
  [MarkdownCell, "set_heading_level select unrender insert_inline_image_from_blob render bind_events"],
  [RawCell, "bind_events render"],
]
test.each(SURFACE.map(([owner, names]) => [(owner as { name?: string }).name, owner, names] as const))(
  "every documented method of %s is its prototype's own and can be replaced",
  (_name, owner, names) => {
    const missing = names.trim().split(/\s+/).filter((name) => {
      const property = Object.getOwnPropertyDescriptor(owner.prototype, name)
      return typeof property?.value !== "function" || !property.writable
    })
    expect(missing).toEqual([])
  },
)

describe("elements", () => {
  test("of a code cell", () => {
    const { element } = code("1")
    expect(element.is("div.cell.code_cell.rendered.unselected[tabindex=2]")).toBe(true)
    expect(element.find("> div.input > div.prompt_container > div.prompt.input_prompt")).toHaveLength(1)
    expect(element.find("> div.input > div.prompt_container > div.run_this_cell[title='Run this cell'] > i.fa-step-forward.fa")).toHaveLength(1)
    expect(element.find("> div.input > div.inner_cell > div.ctb_hideshow > div.celltoolbar")).toHaveLength(1)
    expect(element.find("> div.input > div.inner_cell > div.input_area[aria-label='Edit code here']")).toHaveLength(1)
    expect(element.find("> div.output_wrapper > div.output")).toHaveLength(1)
    expect(element.data("cell")).toBeInstanceOf(CodeCell)
  })
  test("of a text cell", () => {
    const { element } = markdown("x")
    expect(element.is("div.cell.text_cell.rendered")).toBe(true)
    expect(element.find("> div.prompt.input_prompt")).toHaveLength(1)
    expect(element.find("> div.inner_cell > div.input_area[aria-label='Edit Markup Text here']")).toHaveLength(1)
    expect(element.find("> div.inner_cell > div.text_cell_render.rendered_html[tabindex=-1]")).toHaveLength(1)
  })
})

describe("the lazy editor", () => {
  test("is not there until it is near, and its text is", async () => {
    const cell = code("a = 1")
    expect(cell.has_editor()).toBe(false)
    expect(cell.element.find(".CodeMirror")).toHaveLength(0)
    expect(cell.element.find(".input_area").text()).toBe("a = 1")
    expect(cell.get_text()).toBe("a = 1")
    seen([{ target: cell.element.find(".input_area")[0]!, isIntersecting: true }])
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
  test("is waited for once, and not any more when it exists", () => {
    const before = watchedCount()
    const cell = code("x")
    expect(watchedCount()).toBe(before + 1)
    void cell.code_mirror
    expect(watchedCount()).toBe(before)
  })
})

describe("options", () => {
  test("merge class defaults, configuration and what the caller gave", () => {
    const config = { data: { Cell: { cm_config: { indentUnit: 2 } }, CodeCell: { cm_config: { lineWrapping: true } } } }
    const cell = new CodeCell(null, { ...options, config, cm_config: { tabSize: 8 } })
    expect(cell._options.cm_config).toMatchObject({ indentUnit: 2, lineWrapping: true, tabSize: 8, theme: "ipython", matchBrackets: true })
    expect((cell._options.cm_config["extraKeys"] as object)).toMatchObject({ Tab: "indentMore", Backspace: "delSpaceToPrevTabStop" })
    expect(Cell.options_default.cm_config["lineWrapping"]).toBeUndefined()
  })
  test("a default that an extension adds is in the next cell", () => {
    CodeCell.options_default.cm_config["rulers"] = [79]
    expect(new CodeCell(null, options)._options.cm_config["rulers"]).toEqual([79])
    delete CodeCell.options_default.cm_config["rulers"]
  })
})

describe("running", () => {
  test("sends the text with the documented flags, and shows that it waits", () => {
    const kernel = new FakeKernel()
    const cell = code("1+1", kernel)
    cell.execute()
    expect(kernel.sent[0]).toMatchObject({ code: "1+1", options: { silent: false, store_history: true, stop_on_error: true } })
    expect(kernel.sent[0]!.callbacks.cell.id).toBe(cell.id)
    expect(cell.element.find(".input_prompt").text().replace(/\u00a0/g, " ")).toBe("In [*]:")
    expect(cell.element.hasClass("running")).toBe(true)
    expect(CodeCell.msg_cells["msg-1"]).toBe(cell)
    expect(told).toContain("execute.CodeCell")
  })
  test("ends with the reply and the idle status", () => {
    const kernel = new FakeKernel()
    const cell = code("1+1", kernel)
    cell.execute()
    const { callbacks } = kernel.sent[0]!
    callbacks.iopub.output({ header: { msg_type: "execute_result" }, content: { data: { "text/plain": "2" }, metadata: {}, execution_count: 5 } })
    callbacks.shell.reply({ content: { status: "ok", execution_count: 5 } })
    expect(cell.element.find(".input_prompt").text()).toContain("[5]")
    expect(cell.element.hasClass("running")).toBe(false)
    expect(told).not.toContain("finished_execute.CodeCell")
    events.trigger("finished_iopub.Kernel", { msg_id: "other" })
    events.trigger("finished_iopub.Kernel", { msg_id: "msg-1" })
    events.trigger("finished_iopub.Kernel", { msg_id: "msg-1" })
    expect(told.filter((name) => name === "finished_execute.CodeCell")).toHaveLength(1)
    expect(cell.toJSON()).toMatchObject({ execution_count: 5, outputs: [{ output_type: "execute_result", data: { "text/plain": "2" } }], metadata: { trusted: true } })
  })
  test("again forgets the first request", () => {
    const kernel = new FakeKernel()
    const cell = code("1", kernel)
    cell.execute()
    cell.execute()
    expect(kernel.cleared).toEqual(["msg-1"])
    expect(CodeCell.msg_cells["msg-1"]).toBeUndefined()
  })
  test("nothing empties the outputs and asks nothing", () => {
    const kernel = new FakeKernel()
    const cell = code("  \n", kernel)
    cell.output_area.append_output({ output_type: "stream", name: "stdout", text: "old" })
    cell.execute()
    expect([kernel.sent.length, cell.output_area.outputs.length, cell.input_prompt_number]).toEqual([0, 0, null])
  })
  test("with the tag raises-exception does not stop the others", () => {
    const kernel = new FakeKernel()
    const cell = code("1/0", kernel)
    cell.metadata["tags"] = ["raises-exception"]
    cell.execute()
    expect(kernel.sent[0]!.options["stop_on_error"]).toBe(false)
  })
  test("without a kernel changes nothing", () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined)
    const cell = code("1", null)
    cell.execute()
    expect(cell.input_prompt_number).toBe(null)
  })
  test("an aborted reply leaves a blank prompt", () => {
    const kernel = new FakeKernel()
    const cell = code("1", kernel)
    cell.execute()
    kernel.sent[0]!.callbacks.shell.reply({ content: { status: "aborted" } })
    expect(cell.toJSON().execution_count).toBeNull()
  })
  test("payloads become events", () => {
    const { shell } = code("1").get_callbacks()
    shell.payload.page({ data: { "text/plain": "help" } })
    shell.payload.set_next_input({ text: "x", replace: true })
    expect(told).toEqual(["open_with_text.Pager", "set_next_input.Notebook"])
  })
  test.each(["execute", "get_callbacks", "clear_output", "_handle_execute_reply"] as const)("a replaced %s is the one that runs", (name) => {
    const kernel = new FakeKernel()
    const cell = code("1", kernel)
    const given = cell.get_callbacks()
    const replaced = vi.spyOn(CodeCell.prototype, name).mockImplementation((() => given) as never)
    cell.element.find(".run_this_cell").trigger("click")
    given.shell.reply({ content: {} })
    expect(replaced).toHaveBeenCalled()
    replaced.mockRestore()
  })
})

describe("code cells in the file", () => {
  test("metadata is the live object, and only what differs from the usual is saved", () => {
    const cell = code("x")
    const metadata = cell.metadata
    metadata["mine"] = 1
    metadata["deletable"] = true
    metadata["editable"] = false
    expect(cell.toJSON().metadata).toEqual({ mine: 1, editable: false, trusted: true })
    expect(cell.metadata).toBe(metadata)
  })
  test("folding and scrolling are saved when chosen", () => {
    const cell = code("x")
    cell.collapse_output()
    expect(cell.collapsed).toBe(true)
    expect(cell.toJSON().metadata["collapsed"]).toBe(true)
    cell.expand_output()
    cell.output_area.scroll_state = false
    expect(cell.toJSON().metadata).toEqual({ trusted: true, scrolled: false })
  })
  test("ids are saved from nbformat 4.5 on", () => {
    expect(code("x").toJSON().id).toMatch(/^[0-9a-f]{8}$/)
    options.notebook = { nbformat: 4, nbformat_minor: 4 }
    expect(code("x").toJSON().id).toBeUndefined()
  })
  test("a list of lines is a source too", () => {
    const cell = code()
    cell.fromJSON({ cell_type: "code", source: ["a\n", "b"] as unknown as string, metadata: {} })
    expect(cell.get_text()).toBe("a\nb")
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
})

describe("Markdown cells", () => {
  test("render sanitised, with heading links, and tell", () => {
    const cell = markdown("# Foo\n<img src=x onerror=alert(1)>[a](http://x.org)")
    const rendered = cell.element.find(".text_cell_render")
    expect(rendered.find("h1")[0]?.outerHTML).toBe('<h1 id="Foo">Foo<a class="anchor-link" href="#Foo">¶</a></h1>')
    expect(rendered.find("img").attr("onerror")).toBeUndefined()
    expect(rendered.find("a[href='http://x.org']").attr("rel")).toBe("noopener noreferrer")
    expect(told).toContain("rendered.MarkdownCell")
    expect(cell.has_editor()).toBe(false)
  })
  test("show what to type when empty, and save nothing of that", () => {
    const cell = markdown("")
    expect(cell.get_rendered()).toContain("<em>Markdown</em>")
    expect(cell.toJSON().source).toBe("")
  })
  test("open on double click", () => {
    const cell = markdown("x")
    cell.element.trigger("dblclick")
    expect([cell.rendered, cell.element.hasClass("unrendered")]).toEqual([false, true])
  })
  test.each([["Foo", "## Foo"], ["# Foo", "## Foo"], ["####Foo\nbar", "## Foo\nbar"], ["", "## "]])("heading 2 of %j is %j", (text, heading) => {
    const cell = markdown(text)
    cell.set_heading_level(2)
    expect(cell.get_text()).toBe(heading)
  })
  test("keep attachments that the text refers to", () => {
    const cell = markdown("![a](attachment:a.png)", { attachments: { "a.png": { "image/png": "AA==" }, "b.png": { "image/png": "BB==" } } })
    expect(cell.element.find("img").attr("src")).toBe("data:image/png;base64,AA==")
    expect(Object.keys(cell.toJSON(true).attachments ?? {})).toEqual(["a.png"])
    expect(Object.keys(cell.toJSON(false).attachments ?? {})).toEqual(["a.png", "b.png"])
  })
  test("a replaced render is what running reaches", () => {
    const cell = markdown("x")
    const replaced = vi.spyOn(MarkdownCell.prototype, "render").mockImplementation(() => false)
    cell.execute()
    expect(replaced).toHaveBeenCalled()
    replaced.mockRestore()
  })
})

test("raw cells are never rendered", () => {
  const cell = put(new RawCell(options))
  cell.fromJSON({ cell_type: "raw", source: "<b>x</b>", metadata: { raw_mimetype: "text/html" } })
  expect(cell.element.hasClass("rendered")).toBe(false)
  expect(cell.element.find("b")).toHaveLength(0)
  expect(cell.toJSON()).toMatchObject({ cell_type: "raw", source: "<b>x</b>", metadata: { raw_mimetype: "text/html" } })
})

test("a cell of an unknown type is saved as it came", () => {
  const data = { cell_type: "future", source: "x", metadata: { a: 1 }, extra: [1] }
  const cell = put(new UnrecognizedCell(options))
  cell.fromJSON(data)
  expect(cell.toJSON()).toEqual(data)
  expect(cell.element.text()).toContain("Unrecognized cell type: future")
  expect([cell.is_mergeable(), cell.is_splittable()]).toEqual([false, false])
})
