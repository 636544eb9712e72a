// @vitest-environment jsdom
import $ from "jquery"
import { afterEach, describe, expect, test, vi } from "vitest"
import { CodeCell } from "../../../src/classic/notebook/js/codecell"
import { KernelSelector } from "../../../src/classic/notebook/js/kernelselector"
import { NotebookNotificationArea } from "../../../src/classic/notebook/js/notificationarea"
import { code, contentsModel, makeNotebook, markdown, opened, pressButton, settled, shownDialog } from "./harness"

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const SPECS = {
  default: "python3",
  kernelspecs: {
    python3: { name: "python3", spec: { display_name: "Python 3", language: "python" }, resources: { "logo-64x64": "/nb/kernelspecs/python3/logo.png" } },
    ir: { name: "ir", spec: { display_name: "R", language: "R" }, resources: {} },
  },
}

function selecting(): { notebook: ReturnType<typeof makeNotebook>["notebook"]; told: [string, unknown][]; selector: KernelSelector } {
  const setting = makeNotebook()
  const selector = new KernelSelector("#kernel_logo_widget", setting.notebook)
  selector._got_kernelspecs(SPECS)
  setting.notebook.writable = true
  setting.notebook._fully_loaded = true
  return { ...setting, selector }
}

function running(notebook: ReturnType<typeof makeNotebook>["notebook"], connected = true): { restart: ReturnType<typeof vi.fn> } {
  const kernel = { is_connected: () => connected, restart: vi.fn(), interrupt: vi.fn() }
  notebook.kernel = kernel as never
  return kernel
}

describe("restarting", () => {
  test("asks first, and does nothing after a no", () => {
    const { notebook } = opened([code("a")])
    const kernel = running(notebook)
    void notebook.restart_kernel()
    expect(shownDialog().find(".modal-title").text()).toBe("Restart kernel?")
    pressButton("Continue Running")
    expect(kernel.restart).not.toHaveBeenCalled()
    void notebook.restart_kernel()
    pressButton("Restart")
    expect(kernel.restart).toHaveBeenCalledTimes(1)
  })
  test("asks nothing where it was told so, or where no kernel answers", () => {
    const { notebook } = opened([code("a")])
    const kernel = running(notebook)
    void notebook.restart_kernel({ confirm: false })
    running(notebook, false)
    void notebook.restart_kernel()
    expect([kernel.restart.mock.calls.length, $(".modal").length]).toEqual([1, 0])
  })
  test("starts a session where the kernel is gone", () => {
    const { notebook } = opened([code("a")])
    running(notebook)
    vi.mocked(notebook.start_session).mockClear()
    notebook.events.trigger("kernel_killed.Session", { kernel: notebook.kernel })
    void notebook.restart_kernel()
    expect(notebook.start_session).toHaveBeenCalledTimes(1)
  })
  test("runs everything when the new kernel is ready, not before", async () => {
    const { notebook } = opened([code("a")])
    running(notebook)
    notebook.execute_all_cells = vi.fn()
    void notebook.restart_run_all({ confirm: false })
    await settled()
    expect(notebook.execute_all_cells).not.toHaveBeenCalled()
    notebook.events.trigger("kernel_ready.Kernel", { kernel: {} })
    await settled()
    expect(notebook.execute_all_cells).toHaveBeenCalledTimes(1)
  })
  test("twice runs everything once, and not at all where a plain restart came last", async () => {
    const { notebook } = opened([code("a")])
    running(notebook)
    const run = (notebook.execute_all_cells = vi.fn())
    const clear = (notebook.clear_all_output = vi.fn())
    const ready = async (): Promise<void> => {
      notebook.events.trigger("kernel_ready.Kernel", { kernel: {} })
      await settled()
    }
    void notebook.restart_run_all({ confirm: false })
    void notebook.restart_run_all({ confirm: false })
    await ready()
    expect(run).toHaveBeenCalledTimes(1)
    void notebook.restart_run_all({ confirm: false })
    void notebook.restart_clear_output({ confirm: false })
    void notebook.restart_kernel({ confirm: false })
    await ready()
    expect([run.mock.calls.length, clear.mock.calls.length]).toEqual([1, 1])
  })
  test("blanks the prompts that wait for the old kernel", () => {
    const { notebook } = opened([code("a"), code("b", { execution_count: 2 })])
    const [waiting, done] = notebook.get_cells() as CodeCell[]
    waiting!.set_input_prompt("*")
    waiting!.element.addClass("running")
    notebook.events.trigger("kernel_restarting.Kernel", { kernel: {} })
    expect([waiting!.input_prompt_number ?? null, waiting!.element.hasClass("running"), done!.input_prompt_number]).toEqual([null, false, 2])
  })
})

describe("running", () => {
  test("reaches every cell in order through the cell's own method", () => {
    const { notebook } = opened([code("a"), markdown("b"), code("c")])
    const ran: (string | null)[] = []
    for (const cell of notebook.get_cells()) cell.execute = () => void ran.push(cell.get_text())
    notebook.execute_all_cells()
    notebook.select(1)
    notebook.execute_cells_above()
    notebook.select(1)
    notebook.execute_cells_below()
    expect(ran).toEqual(["a", "b", "c", "a", "b", "c"])
    expect([notebook.mode, notebook.dirty]).toEqual(["command", true])
  })
  test("the last cell and selecting below opens a new one", () => {
    const { notebook } = opened([code("a")])
    notebook.get_cell(0)!.execute = vi.fn()
    notebook.execute_cell_and_select_below()
    expect([notebook.ncells(), notebook.get_selected_index(), notebook.mode]).toEqual([2, 1, "edit"])
  })
  test("inserts below the selection and edits there", () => {
    const { notebook } = opened([code("a"), code("b")])
    for (const cell of notebook.get_cells()) cell.execute = vi.fn()
    notebook.select(0)
    notebook.execute_cell_and_insert_below()
    expect([notebook.ncells(), notebook.get_selected_index(), notebook.mode]).toEqual([3, 1, "edit"])
  })
})

describe("a replaced method is reached", () => {
  test("from every command that uses it", () => {
    const { notebook } = opened([code("a"), code("b")])
    const prototype = Object.getPrototypeOf(notebook) as typeof notebook
    const select = vi.spyOn(prototype, "select")
    const range = vi.spyOn(prototype, "execute_cell_range").mockReturnValue()
    const remove = vi.spyOn(prototype, "delete_cells").mockReturnValue(notebook)
    notebook.select_next()
    notebook.events.trigger("select.Cell", { cell: notebook.get_cell(0) })
    notebook.execute_all_cells()
    notebook.execute_cells_above()
    notebook.execute_cells_below()
    notebook.delete_cell()
    expect([select.mock.calls.length >= 2, range.mock.calls.length, remove.mock.calls.length]).toEqual([true, 3, 1])
  })
  test("from saving and from events", async () => {
    const { notebook } = opened([code("a")])
    const prototype = Object.getPrototypeOf(notebook) as typeof notebook
    const success = vi.spyOn(prototype, "save_notebook_success")
    const warn = vi.spyOn(prototype, "warn_nbformat_minor").mockReturnValue()
    await notebook.save_notebook()
    notebook.events.trigger("unrecognized_cell.Cell", {})
    expect([success.mock.calls.length, warn.mock.calls.length]).toEqual([1, 1])
  })
})

describe("choosing a kernel", () => {
  test("starts the one that the notebook names, shows its logo and name", async () => {
    const { notebook, selector } = selecting()
    new NotebookNotificationArea("#notification_area", { events: notebook.events, notebook, save_widget: notebook.save_widget, keyboard_manager: notebook.keyboard_manager }).init_notification_widgets()
    selector.set_kernel({ name: "python3" })
    await settled()
    expect(notebook.start_session).toHaveBeenCalledWith("python3")
    expect(notebook.metadata["kernelspec"]).toEqual({ name: "python3", display_name: "Python 3", language: "python" })
    expect([$("img.current_kernel_logo").attr("src"), $(".kernel_indicator_name").text()]).toEqual(["/nb/kernelspecs/python3/logo.png", "Python 3"])
    expect($("#menu-new-notebook-submenu > li").first().attr("id")).toBe("new-notebook-submenu-python3")
  })
  test("starts it before the cells are shown, once, and tells the page of it after", async () => {
    const { notebook, selector, told } = selecting()
    let cells_then = -1
    notebook.start_session = vi.fn(() => {
      cells_then = notebook.ncells()
      notebook._session_starting = true
    })
    const kernelspec = { name: "python3", display_name: "as in the file", language: "python" }
    vi.spyOn(notebook.contents, "get").mockResolvedValue(contentsModel([], { content: { cells: [code("1"), code("2")], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 } }) as never)
    await notebook.load_notebook("dir/a.ipynb")
    await settled()
    expect([cells_then, vi.mocked(notebook.start_session).mock.calls]).toEqual([0, [["python3"]]])
    expect([selector.current_selection, notebook.ncells(), notebook.dirty]).toEqual(["python3", 2, false])
    expect(told.filter(([name]) => name === "spec_changed.Kernel")).toHaveLength(1)
  })
  test("lists the kernels in both menus", () => {
    const { selector } = selecting()
    const set = vi.spyOn(selector, "set_kernel").mockReturnValue()
    $("#kernel-submenu-ir a").trigger("click")
    expect([set.mock.calls[0], $("#menu-new-notebook-submenu li").length]).toEqual([["ir"], 2])
  })
  test("puts the present one first in the New Notebook menu, parted from others if there are any", () => {
    const { selector } = selecting()
    const listed = (): (string | undefined)[] => $("#menu-new-notebook-submenu li").get().map((item) => item.id || item.className)
    selector.current_selection = "ir"
    selector._show_current_first()
    expect(listed()).toEqual(["new-notebook-submenu-ir", "divider", "new-notebook-submenu-python3"])
    $("#new-notebook-submenu-python3").remove()
    selector._show_current_first()
    expect(listed()).toEqual(["new-notebook-submenu-ir"])
  })
  test("falls back to the only kernel of the language and says so", async () => {
    const { notebook, selector, told } = selecting()
    selector.set_kernel({ name: "python2", language: "Python" })
    await settled()
    expect(told.map(([name]) => name)).toContain("spec_match_found.Kernel")
    expect(notebook.start_session).toHaveBeenCalledWith("python3")
  })
  test("asks where none fits, and takes the answer", async () => {
    const { notebook, selector, told } = selecting()
    const selected = { name: "julia", language: "julia", display_name: "Julia 9" }
    selector.set_kernel(selected)
    await settled()
    expect(told).toContainEqual(["spec_not_found.Kernel", { selected, matches: [], available: ["python3", "ir"] }])
    expect([shownDialog().find(".modal-title").text(), shownDialog().find("p").first().text()]).toEqual(["Kernel not found", expect.stringContaining("Julia 9")])
    shownDialog().find("select").val("ir")
    pressButton("Set Kernel")
    await settled()
    expect(notebook.start_session).toHaveBeenCalledWith("ir")
  })
  test("can be left out", async () => {
    const { selector, notebook, told } = selecting()
    selector.set_kernel("julia")
    await settled()
    pressButton("Continue Without Kernel")
    expect(told.map(([name]) => name)).toContain("no_kernel.Kernel")
    expect(notebook.start_session).not.toHaveBeenCalled()
  })
})

describe("notifications", () => {
  function area(): { notebook: ReturnType<typeof makeNotebook>["notebook"]; text(): string; trigger(name: string, payload?: unknown): void } {
    const { notebook } = makeNotebook()
    const shown = new NotebookNotificationArea("#notification_area", {
      events: notebook.events, notebook, save_widget: notebook.save_widget, keyboard_manager: notebook.keyboard_manager,
    })
    shown.init_notification_widgets()
    return { notebook, text: () => shown.widget("kernel").get_message(), trigger: (name, payload) => void notebook.events.trigger(name, payload as never) }
  }
  test("count down to the end of an idle kernel, and a click keeps it", () => {
    vi.useFakeTimers()
    const { notebook, trigger } = area()
    const execute = vi.fn()
    notebook.kernel = { execute } as never
    const told = (): string => $("#notification_culling").filter(":visible").text() || $("#notification_culling").css("display")
    trigger("kernel_culling.Kernel", { in_s: 45 })
    expect($("#notification_culling").text()).toContain("ends in 45 s")
    vi.advanceTimersByTime(3000)
    expect($("#notification_culling").text()).toContain("ends in 42 s")
    $("#notification_culling").trigger("click")
    expect(execute).toHaveBeenCalledWith("", undefined, { silent: true, store_history: false, allow_stdin: false })
    expect(told()).toBe("none")
    trigger("kernel_culling.Kernel", { in_s: 20 })
    trigger("kernel_busy.Kernel", {})
    vi.advanceTimersByTime(3000)
    expect(told()).toBe("none")
  })
  test("say that the page is reconnecting, until it is connected", () => {
    const { text, trigger } = area()
    trigger("kernel_reconnecting.Kernel", { attempt: 1 })
    expect([text(), $("#kernel_indicator_icon").attr("title")]).toEqual(["Connecting to kernel", "No Connection to Kernel"])
    trigger("kernel_connection_failed.Kernel", { attempt: 1, ws_url: "", error: null })
    expect($(".modal.kernel-modal .modal-title").text()).toBe("Connection failed")
    trigger("kernel_connected.Kernel", {})
    trigger("kernel_idle.Kernel", {})
    expect([text(), $("#kernel_indicator_icon").attr("class")]).toEqual(["Connected", "kernel_idle_icon"])
  })
  test("say which output may be incomplete until that is read", () => {
    const { trigger } = area()
    const [from_ms, to_ms] = [new Date(2026, 0, 31, 10, 31, 5), new Date(2026, 0, 31, 10, 31, 9)].map(Number)
    const said = () => $("#notification_output").text().replace(/\d+:(\d+:\d+)( [AP]M)?/g, "$1")
    trigger("messages_missing.Kernel", { first: null, last: null, from_ms, to_ms })
    trigger("kernel_ready.Kernel", {})
    expect(said()).toBe("The kernel's output between 31:05 and 31:09 may be incomplete")
    trigger("messages_missing.Kernel", { first: 3, last: 5, from_ms: null, to_ms })
    expect(said()).toBe("The kernel's output before 31:09 is incomplete")
    $("#notification_output").trigger("click")
    expect($("#notification_output").css("display")).toBe("none")
  })
  test("open the dialog only at the first automatic restart", () => {
    const { text, trigger } = area()
    trigger("kernel_autorestarting.Kernel", { attempt: 1 })
    trigger("kernel_autorestarting.Kernel", { attempt: 2 })
    expect([text(), $(".modal-title").toArray().map((title) => $(title).text())]).toEqual(["Dead kernel", ["Kernel Restarting"]])
  })
  test("offer to restart a dead kernel", () => {
    const { notebook, trigger } = area()
    trigger("kernel_dead.Kernel", {})
    pressButton("Try Restarting Now")
    expect(notebook.start_session).toHaveBeenCalledTimes(1)
  })
  test("show why a kernel did not start, in the server's words", () => {
    const { text, trigger } = area()
    trigger("kernel_dead.Session", { xhr: { responseJSON: { message: "no <b>such</b> kernel", short_message: "No such kernel", traceback: "Trace" } } })
    expect([text(), shownDialog().text().includes("no <b>such</b> kernel"), shownDialog().find("pre").text()]).toEqual(["No such kernel", true, "Trace"])
  })
  test("show trust, and lead to the question about it", () => {
    const { notebook, trigger } = area()
    notebook.trust_notebook = vi.fn()
    trigger("trust_changed.Notebook", false)
    $("#notification_trusted").trigger("click")
    expect([$("#notification_trusted").text(), vi.mocked(notebook.trust_notebook).mock.calls.length]).toEqual(["Not Trusted", 1])
    trigger("trust_changed.Notebook", true)
    expect($("#notification_trusted").text()).toBe("Trusted")
  })
  test("tell the favicon only after a second of work", () => {
    vi.useFakeTimers()
    const { trigger } = area()
    const icon = (): string => $("link[rel~='icon']").attr("href") ?? ""
    trigger("kernel_idle.Kernel", {})
    trigger("kernel_busy.Kernel", {})
    vi.advanceTimersByTime(900)
    expect(icon()).toContain("favicon-notebook.ico")
    vi.advanceTimersByTime(200)
    expect(icon()).toContain("favicon-busy-1.ico")
    trigger("kernel_idle.Kernel", {})
    expect(icon()).toContain("favicon-notebook.ico")
  })
})

describe("opening", () => {
  test("a notebook that the server cannot read shows its words and offers the text", async () => {
    const { notebook, contents, told } = makeNotebook()
    contents.get.mockRejectedValueOnce(Object.assign(new Error("Unreadable Notebook: dir/a.ipynb NotJSONError"), { status: 400 }))
    const open = vi.spyOn(window, "open").mockReturnValue(null)
    await notebook.load_notebook("dir/a.ipynb")
    expect(shownDialog().find("pre").text()).toContain("NotJSONError")
    pressButton("Open as Text")
    expect(open).toHaveBeenCalledWith("/nb/edit/dir/a.ipynb", expect.anything())
    expect([told.map(([name]) => name), notebook._fully_loaded]).toEqual([expect.arrayContaining(["notebook_load_failed.Notebook"]), false])
  })
  test("a model without cells is refused and saving stays off", () => {
    const { notebook } = makeNotebook()
    vi.spyOn(console, "error").mockReturnValue()
    notebook.load_notebook_success({ ...contentsModel([]), content: { nbformat: 4 } } as never)
    expect([shownDialog().find(".modal-title").text(), notebook._fully_loaded]).toEqual(["Notebook failed to load", false])
  })
  test("an empty notebook gets a cell and is not dirty", () => {
    const { notebook } = opened([])
    expect([notebook.ncells(), notebook.dirty, notebook._fully_loaded]).toEqual([1, false, true])
  })
  test("keeps what it does not know", () => {
    const strange = { cell_type: "video", metadata: { a: 1 }, source: "x", extra: [1] }
    const { notebook } = opened([strange as never, code("b")], { content: { cells: [strange, code("b")], metadata: { x: { y: 1 } }, nbformat: 4, nbformat_minor: 7 } })
    expect(notebook.toJSON()).toMatchObject({ cells: [strange, { id: "id-b" }], metadata: { x: { y: 1 } }, nbformat: 4, nbformat_minor: 7 })
  })
  test("tells of an older format", () => {
    opened([], { content: { cells: [], metadata: { orig_nbformat: 3 }, nbformat: 4, nbformat_minor: 5 } })
    expect(shownDialog().find(".modal-title").text()).toBe("Notebook converted")
  })
  test("metadata is the live object", () => {
    const { notebook } = opened([code("a")])
    const { metadata } = notebook.get_cell(0)!
    metadata["x"] = 1
    expect(notebook.toJSON().cells[0]!.metadata).toMatchObject({ x: 1 })
  })
})
