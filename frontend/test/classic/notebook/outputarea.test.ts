// @vitest-environment jsdom
import $ from "jquery"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { OutputArea } from "../../../src/classic/notebook/js/outputarea"
import { messages } from "../../../src/i18n/words"
import type { EventBus } from "../../../src/classic/notebook/js/cell_types"

const stream = (text: string, name = "stdout") => ({ output_type: "stream", name, text })
const display = (data: Record<string, unknown>, display_id?: string, output_type = "display_data") => ({
  output_type, data, metadata: {}, ...(display_id && { transient: { display_id } }),
})
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

let area: OutputArea
let told: [string, unknown][]

function make(config: { data: Record<string, unknown> } = { data: {} }): OutputArea {
  document.body.innerHTML = '<div id="place"></div>'
  const events = $({}) as EventBus
  told = []
  const trigger = events.trigger.bind(events)
  events.trigger = ((name: string, payload: unknown) => {
    told.push([name, payload])
    return trigger(name, payload as never)
  }) as typeof events.trigger
  return new OutputArea({ selector: "#place", config, events, keyboard_manager: { register_events: vi.fn() } })
}

const shown = (): string => {
  area._open_stream?.view?.flush()
  return area.element.find("pre").text()
}

beforeEach(() => {
  vi.useFakeTimers()
  area = make()
})
afterEach(() => {
  vi.runOnlyPendingTimers() // one timer serves all areas, also that of the next test
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test("the page sees the documented elements", () => {
  area.append_output({ ...display({ "text/plain": "1" }, undefined, "execute_result"), execution_count: 7 })
  expect(area.wrapper.is("div.output_wrapper")).toBe(true)
  expect(area.wrapper.children().get().map((element) => element.className)).toEqual([
    "out_prompt_overlay prompt", "output", "btn btn-default output_collapsed",
  ])
  const output = area.element.children("div.output_area")
  expect(output.children("div.run_this_cell")).toHaveLength(1)
  expect(output.find("div.prompt.output_prompt > bdi").text()).toBe("Out[7]:")
  expect(output.children("div.output_subarea.output_text.output_result[dir=auto]").children("pre").text()).toBe("1")
})

describe("streams", () => {
  test("of one name are one output, and the text shows with the next frame", () => {
    for (const text of ["a", "b\n", "c"]) area.append_output(stream(text))
    expect(area.outputs).toEqual([stream("ab\nc")])
    vi.advanceTimersByTime(300)
    expect(area.element.find("div.output_stream.output_stdout > pre").text()).toBe("ab\nc")
  })
  test("of two names keep their order", () => {
    for (const [text, name] of [["a", "stdout"], ["b", "stderr"], ["c", "stdout"]]) area.append_output(stream(text!, name))
    expect(area.outputs.map((output) => (output as { text: string }).text)).toEqual(["a", "b", "c"])
    expect(area.element.find("div.output_stderr")).toHaveLength(1)
  })
  test("twenty thousand small ones arrive whole, in order, within two seconds", () => {
    const begun = performance.now()
    let all = ""
    for (let i = 0; i < 20_000; i++) {
      all += `line ${i}\n`
      area.handle_output({ header: { msg_type: "stream" }, content: { name: "stdout", text: `line ${i}\n` } })
    }
    expect(performance.now() - begun).toBeLessThan(2000)
    expect(area.outputs.map((output) => (output as { text: string }).text).join("")).toBe(all)
    vi.advanceTimersByTime(300)
    expect(area.element.find("pre").text()).toBe(all)
  })
  test("a large one is cut in the page, whole in the notebook, and shown whole on request", () => {
    const text = `${"x".repeat(99)}\n`.repeat(80_000)
    area.append_output(stream(text))
    expect((area.outputs[0] as { text: string }).text).toBe(text)
    expect(area.element.find("pre").text().length).toBeLessThan(300_000)
    area.element.find("button").trigger("click")
    expect(area.element.find("pre").text().length).toBe(text.length)
  })
  test("a return alone draws nothing, the text after it does", () => {
    area.append_output(stream("\r"))
    expect(area.element.children()).toHaveLength(0)
    area.append_output(stream("50%\r"))
    expect(shown()).toBe("50%")
  })
  test("the chunk size is configurable", () => {
    area = make({ data: { OutputArea: { stream_chunk_size: 4 } } })
    for (const text of ["aaaa\nb", "c\n"]) area.append_output(stream(text))
    expect(area.outputs).toEqual([stream("aaaa\n"), stream("bc\n")])
  })
})

describe("trust", () => {
  const bundle = { "application/javascript": "window.hit = 1", "text/html": "<b onclick='x'>h</b><script>document.body.title='hit'</script>", "text/plain": "p" }
  afterEach(() => {
    delete (window as { hit?: number }).hit
    document.body.title = ""
  })
  test("untrusted html is sanitised and its scripts and the javascript beside it do not run", () => {
    area.fromJSON([display(bundle)], {})
    expect((window as { hit?: number }).hit).toBeUndefined()
    expect(document.body.title).toBe("")
    expect(area.element.find("div.output_html").html()).toBe("<b>h</b>")
  })
  test("trusted javascript runs with `element` and `this`", () => {
    area.fromJSON([display({ "application/javascript": "element.text(this.outputs.length + 'x')" })], { trusted: true })
    expect(area.element.find("div.output_javascript").text()).toBe("0x")
  })
  test("a script that throws says so in the output", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined)
    area.append_output(display({ "application/javascript": "throw new Error('boom')" }))
    expect(area.element.find(".js-error").text()).toContain("boom")
  })
  test("trusted html runs its scripts once it is in the page", () => {
    area.append_output(display({ "text/html": "<i id='there'></i><script>document.body.title = document.getElementById('there') ? 'in' : 'out'</script>" }))
    expect(document.body.title).toBe("in")
  })
  test("untrusted markdown and svg are passed over for the next type", () => {
    area.fromJSON([display({ "text/markdown": "*x*", "image/svg+xml": "<svg/>", "text/plain": "p" })], {})
    expect(area.element.find(".output_text").text()).toBe("p")
  })
  test("clearing makes what comes next trusted", () => {
    area.fromJSON([], {})
    expect(area.trusted).toBe(false)
    area.clear_output()
    expect(area.trusted).toBe(true)
  })
})

describe("types", () => {
  test.each([
    ["text/html", "<b>x</b>", ".output_html.rendered_html > b"],
    ["text/markdown", "**x**", ".output_markdown.rendered_html strong"],
    ["text/latex", "$x$", ".output_latex"],
    ["image/png", PIXEL, ".output_png > img[src^='data:image/png;base64,']"],
    ["image/jpeg", PIXEL, ".output_jpeg > img"],
    ["image/gif", PIXEL, ".output_gif > img"],
    ["image/svg+xml", "<?xml version='1.0'?><svg width='10' height='20'><rect/></svg>", ".output_svg svg rect"],
    ["application/pdf", "JVBERg==", ".output_pdf > a[target='_blank']"],
    ["application/json", { a: [1, { b: null }] }, ".output_json details"],
    ["text/plain", "x", ".output_text > pre"],
  ])("%s", (mime, data, selector) => {
    area.append_output(display({ [mime]: data }))
    expect(area.element.find(selector)).toHaveLength(selector.includes("details") ? 2 : 1)
  })
  test("a picture takes its size from the metadata of its type", () => {
    area.append_output({ ...display({ "image/png": PIXEL }), metadata: { width: 1, "image/png": { width: 5, unconfined: true } } })
    expect(area.element.find("img.unconfined").attr("width")).toBe("5")
  })
  test("what cannot be drawn gives way to the next type", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined)
    area.append_output(display({ "image/png": '"><script>', "text/plain": "p" }))
    expect(area.element.find("img")).toHaveLength(0)
    expect(area.element.find(".output_text").text()).toBe("p")
  })
  test("isolated html gets a frame", () => {
    area.append_output({ ...display({ "text/html": "<style>*{color:red}</style>x" }), metadata: { isolated: true } })
    expect(area.element.find("iframe.output_subarea.output_html").attr("srcdoc")).toContain("<style>*{color:red}</style>x")
  })
  test("an unknown output is kept and can be asked about", () => {
    area.append_output({ output_type: "future", x: 1 })
    area.element.find(".output_unrecognized a").trigger("click")
    expect(told.some(([name]) => name === "unrecognized_output.OutputArea")).toBe(true)
    expect(area.toJSON()).toEqual([{ output_type: "future", x: 1 }])
  })
  test("an error shows its traceback, or else its name and value", () => {
    area.append_output({ output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31ma", "b"] })
    area.append_output({ output_type: "error", ename: "E", evalue: "v", traceback: [] })
    expect(area.element.find(".output_error").get().map((element) => element.textContent)).toEqual(["a\nb\n", "E: v\n"])
  })
})

describe("display ids", () => {
  test("an update replaces in place, in the page and in the notebook, everywhere", () => {
    area.append_output(display({ "text/plain": "1" }, "d"))
    area.append_output(stream("between"))
    area.append_output(display({ "text/plain": "1" }, "d"))
    area.append_output(display({ "text/plain": "2" }, "d", "update_display_data"))
    expect(area.element.find("pre").get().map((element) => element.textContent)).toEqual(["2", "between", "2"])
    expect(area.toJSON().map((output) => (output as { data?: unknown }).data)).toEqual([{ "text/plain": "2" }, undefined, { "text/plain": "2" }])
    expect(JSON.stringify(area.toJSON())).not.toContain("transient")
  })
  test("an update for an unknown id does nothing", () => {
    area.append_output(display({ "text/plain": "2" }, "__proto__", "update_display_data"))
    expect(area.outputs).toEqual([])
  })
})

describe("clearing", () => {
  test("waits for the next output when told to", () => {
    area.append_output(stream("a"))
    area.clear_output(true)
    expect(shown()).toBe("a")
    area.append_output(stream("b"))
    expect(area.outputs).toEqual([stream("b")])
    expect(shown()).toBe("b")
  })
  test("tells the element's listeners, and one that throws does no harm", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined)
    const heard: string[] = []
    area.wrapper.on("clearing cleared changed", ".output", (event) => void heard.push(event.type))
    area.element.on("clearing", () => {
      throw new Error("listener")
    })
    area.clear_output()
    expect(heard).toEqual(expect.arrayContaining(["cleared", "changed"]))
  })
})

describe("input()", () => {
  const ask = (password = false) => area.append_raw_input({ content: { prompt: "name: ", password } })
  test("sends what was typed and shows it as output", () => {
    ask()
    area.element.find("input.raw_input").val("Ada").trigger($.Event("keydown", { key: "Enter" }))
    expect(told.find(([name]) => name === "send_input_reply.Kernel")?.[1]).toBe("Ada")
    expect(area.outputs).toEqual([stream("name: Ada\n")])
    expect(area.element.find("input")).toHaveLength(0)
  })
  test("takes Enter for itself, and gives the focus to the selected cell", () => {
    const pressed: string[] = []
    const cell = $('<div tabindex="2"></div>').appendTo(document.body)
    area.keyboard_manager = { register_events: vi.fn(), notebook: { get_selected_cell: () => ({ element: cell }) } }
    const hear = (event: KeyboardEvent): void => void pressed.push(event.key)
    document.addEventListener("keydown", hear)
    ask()
    area.element.find("input.raw_input")[0]!.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }))
    document.removeEventListener("keydown", hear)
    expect([pressed, document.activeElement]).toEqual([[], cell[0]])
  })
  test("never shows a password, nor its length", () => {
    ask(true)
    expect(area.element.find("input").attr("type")).toBe("password")
    area.element.find("input.raw_input").val("secret word").trigger($.Event("keydown", { key: "Enter" }))
    expect(area.outputs).toEqual([stream("name: ········\n")])
  })
  test("a second question replaces the first", () => {
    ask()
    ask()
    expect(area.element.find("input.raw_input")).toHaveLength(1)
  })
})

describe("folding and scrolling", () => {
  test("state comes from and goes to the metadata's words", () => {
    area.fromJSON([stream("a")], { collapsed: true, scrolled: false })
    expect([area.collapsed, area.scroll_state]).toEqual([true, false])
    expect(area.collapse_button.css("display")).not.toBe("none")
  })
  test("new output unfolds", () => {
    area.collapse()
    area.append_output(stream("a"))
    expect(area.collapsed).toBe(false)
  })
  test("long output scrolls by itself, unless the threshold is none", () => {
    const height = vi.spyOn(area.element, "height").mockReturnValue(10_000 as never)
    area.handle_appended()
    vi.advanceTimersByTime(100)
    expect(area.element.hasClass("output_scroll")).toBe(true)
    area.unscroll_area()
    OutputArea.auto_scroll_threshold = -1
    area.scroll_if_long()
    OutputArea.auto_scroll_threshold = 100
    expect(area.scrolled).toBe(false)
    height.mockRestore()
  })
  test.each([[10_000, true], [20, false]])("what was scrolled is so again after another run with %d px of output: %s", (height_px, is_scrolled) => {
    const height = vi.spyOn(area.element, "height").mockReturnValue(10_000 as never)
    area.append_output(stream("a"))
    area.toggle_scroll()
    area.clear_output()
    expect([area.scrolled, area.scroll_state]).toEqual([false, true])
    height.mockReturnValue(height_px as never)
    area.append_output(stream("a"))
    vi.advanceTimersByTime(200)
    expect([area.scrolled, area.scroll_state]).toEqual([is_scrolled, true])
    height.mockRestore()
  })
})

describe("extensions", () => {
  test.each(["append_error", "append_stream", "append_display_data", "append_execute_result", "clear_output", "handle_appended"] as const)(
    "a replaced %s is what a kernel message reaches",
    (name) => {
      const replaced = vi.spyOn(OutputArea.prototype, name).mockImplementation((() => true) as never)
      for (const msg_type of ["stream", "error", "display_data", "execute_result"]) {
        area.handle_output({ header: { msg_type }, content: { data: {}, metadata: {}, name: "stdout", text: "x", traceback: [] } })
      }
      area.handle_clear_output({ content: { wait: false } })
      expect(replaced).toHaveBeenCalled()
    },
  )
  test("what only an extension draws says so, beside its own text", () => {
    const widget = "application/vnd.jupyter.widget-view+json"
    area.append_output(display({ [widget]: { model_id: "a" }, "text/plain": "IntSlider()" }))
    expect(area.element.text()).toContain("IntSlider()")
    expect(area.element.find(".output_needs_extension").text()).toContain("widgetsnbextension")
    area.clear_output()
    area.append_output(display({ "application/vnd.strange+json": {} }))
    expect(area.element.find(".output_needs_extension").text()).toContain("application/vnd.strange+json")
    area.clear_output()
    area.append_output(display({ "text/plain": "only text", "application/vnd.strange+json": {} }))
    area.append_output(display({}))
    expect(area.element.find(".output_needs_extension")).toHaveLength(0)
  })
  test("a registered type is drawn by its function, on the area, before all others", () => {
    const draw = vi.fn(function (this: OutputArea, data: string, _md: unknown, element: JQuery) {
      return $("<u>").text(data).appendTo(element)
    })
    area.register_mime_type("application/vnd.x", draw, { safe: false, index: 0 })
    area.append_output(display({ "application/vnd.x": "X", "text/html": "h" }))
    expect(area.element.find("u").text()).toBe("X")
    expect(draw.mock.contexts[0]).toBe(area)
    expect(area.mime_types()[0]).toBe("application/vnd.x")
    area.register_mime_type("application/vnd.x", draw, { safe: true, index: 0 })
    expect(OutputArea.display_order.filter((mime) => mime === "application/vnd.x")).toHaveLength(1)
  })
  test("a replaced entry of append_map is used", () => {
    const plain = OutputArea.append_map["text/plain"]!
    OutputArea.append_map["text/plain"] = (_data, _md, element) => $("<s>").appendTo(element)
    area.append_output(display({ "text/plain": "x" }))
    OutputArea.append_map["text/plain"] = plain
    expect(area.element.find("s")).toHaveLength(1)
  })
})

test("what the server wrote is shown in the reader's language, and kept as it was written", () => {
  const english = messages.options.locale_data["nbjs"]!
  const notice = "[flasknb] These outputs are too large to be restored.\n"
  messages.options.locale_data["nbjs"] = {
    "": { domain: "nbjs", lang: "de", plural_forms: "nplurals=2; plural=(n != 1);" },
    [notice]: ["[flasknb] Zu groß.\n"],
    "The kernel was shut down.": ["Der Kernel wurde heruntergefahren."],
  }
  try {
    const death = { output_type: "error", ename: "DeadKernelError", evalue: "The kernel was shut down.", traceback: ["The kernel was shut down."] }
    const written = [stream(`first\n${notice}`, "stderr"), stream(notice), death]
    for (const output of written) area.append_output(structuredClone(output))
    expect(area.element.find("pre").get().map((pre) => pre.textContent)).toEqual([
      "first\n[flasknb] Zu groß.\n", notice, "Der Kernel wurde heruntergefahren.\n",
    ])
    expect(area.toJSON()).toEqual(written)
  } finally {
    messages.options.locale_data["nbjs"] = english
  }
})

test("an update of what is shown is told as an update only, with what came", () => {
  area.append_output(display({ "text/plain": "old" }, "d"))
  told.length = 0
  const update = display({ "text/plain": "new" }, "d", "update_display_data")
  area.append_output(update)
  expect(told.filter(([name]) => /output_(added|updated)/.test(name))).toEqual([
    ["output_updated.OutputArea", { output: update, output_area: area }],
  ])
})
