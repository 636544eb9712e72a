// @vitest-environment jsdom
import { readFileSync } from "node:fs"
import { join } from "node:path"
import $ from "jquery"
import { beforeEach, expect, test, vi } from "vitest"
import type { ContentsModel, EntryType } from "../../../src/contents/models"
import { events } from "../../../src/classic/base/js/events"
import { NotebookList, type NotebookListOptions } from "../../../src/classic/tree/js/notebooklist"
import { KernelList } from "../../../src/classic/tree/js/kernellist"
import { folderOfLink } from "../../../src/classic/tree/js/notebooklist/location"

const TEMPLATE = readFileSync(join(import.meta.dirname, "../../../../flasknb/templates/tree.html"), "utf8")

function entry(name: string, type: EntryType, extra: Partial<ContentsModel> = {}): ContentsModel {
  return {
    name,
    path: extra.path ?? name,
    type,
    writable: true,
    created: "2026-01-01T00:00:00Z",
    last_modified: "2026-01-01T00:00:00Z",
    size: type === "directory" ? null : 1,
    mimetype: null,
    format: null,
    content: null,
    ...extra,
  }
}

function folder(path: string, content: ContentsModel[]): ContentsModel {
  return { ...entry(path, "directory"), path, content }
}

const ENTRIES = [
  entry("b.txt", "file", { size: 10, last_modified: "2026-03-01T00:00:00Z" }),
  entry("a10.txt", "file", { size: 30, last_modified: "2026-01-01T00:00:00Z" }),
  entry("a9.txt", "file", { size: 20, last_modified: "2026-02-01T00:00:00Z" }),
  entry("nb.ipynb", "notebook"),
  entry("z", "directory"),
]

let list: NotebookList
let list_contents: ReturnType<typeof vi.fn>

function options(notebook_path: string): NotebookListOptions {
  return {
    base_url: "/a@b/",
    notebook_path,
    contents: { list_contents } as never,
    session_list: { load_sessions: vi.fn() } as never,
  }
}

function build(path = "", content: ContentsModel[] = ENTRIES): NotebookList {
  list_contents = vi.fn(async () => folder(path, content))
  return new NotebookList("#notebook_list", options(path))
}

const names = (): string[] => $("#notebook_list .item_name").get().map((span) => span.textContent ?? "")
const row = (name: string): JQuery => $("#notebook_list .list_item").filter((_i, one) => $(one).data("name") === name)
const visible = (): string[] =>
  ["duplicate", "rename", "move", "download", "shutdown", "view", "edit", "delete"].filter((name) => $(`.${name}-button`).css("display") !== "none")

function check(...wanted: string[]): void {
  for (const name of wanted) row(name).find("input[type=checkbox]").prop("checked", true).trigger("change")
}

beforeEach(async () => {
  const site = TEMPLATE.slice(TEMPLATE.indexOf("{% block site %}") + 16, TEMPLATE.lastIndexOf("{% endblock %}"))
  const buttons = site.replace(/\{\{ action\("(\w+)".*?\}\}/g, '<button class="$1-button" style="display: none"></button>')
  const sorts = buttons.replace(/\{\{ sort_button\("\w+", "([\w-]+)".*?\}\}/g, '<button class="sort-action" id="$1"></button>')
  const picks = sorts.replace(/\{\{ pick\("([\w-]+)".*?\}\}/g, '<li><a id="$1" href="#"></a></li>')
  document.body.innerHTML = picks.replace(/\{[{%].*?[}%]\}/g, "")
  $(document).off()
  $(window).off()
  events.off(".Dashboard")
  NotebookList._bound_singletons = {}
  history.replaceState(null, "", "/a@b/tree")
  list = build()
  await list.load_list()
})

test("names keep the order folders, notebooks, files, and numbers count as numbers", () => {
  expect(names()).toEqual(["z", "nb.ipynb", "a9.txt", "a10.txt", "b.txt"])
})

test("a second click on Name reverses within the groups", () => {
  $("#sort-name").trigger("click")
  expect(names()).toEqual(["z", "nb.ipynb", "b.txt", "a10.txt", "a9.txt"])
})

test("sorting by date or size mixes types and begins with the oldest or largest", () => {
  $("#last-modified").trigger("click")
  expect(names().slice(-2)).toEqual(["a9.txt", "b.txt"])
  $("#last-modified").trigger("click")
  expect(names().slice(0, 2)).toEqual(["b.txt", "a9.txt"])
  $("#file-size").trigger("click")
  expect(names().slice(0, 3)).toEqual(["a10.txt", "a9.txt", "b.txt"])
  $("#file-size").trigger("click")
  expect(names().at(-1)).toBe("a10.txt")
})

test("a reload keeps the chosen order", async () => {
  list.sort_list("file-size", 1)
  list_contents.mockResolvedValue(folder("", [...ENTRIES, entry("big", "file", { size: 999 })]))
  await list.load_list()
  expect(names()[0]).toBe("big")
})

test.each<[string, ContentsModel, string]>([
  ["a folder", entry("d e", "directory"), "/a@b/tree/d%20e"],
  ["a notebook", entry("n.ipynb", "notebook"), "/a@b/notebooks/n.ipynb"],
  ["an image", entry("i.PNG", "file"), "/a@b/view/i.PNG"],
  ["a pdf", entry("p.pdf", "file"), "/a@b/files/p.pdf"],
  ["a text", entry("t#?.py", "file"), "/a@b/edit/t%23%3F.py"],
  ["a notebook typed as file", entry("old.ipynb", "file"), "/a@b/notebooks/old.ipynb"],
])("%s leads to its page", async (_what, model, href) => {
  list_contents.mockResolvedValue(folder("", [model]))
  await list.load_list()
  expect(row(model.name).find("a").attr("href")).toBe(href)
})

test("a hostile name is text", async () => {
  list_contents.mockResolvedValue(folder("", [entry("<img src=x onerror=alert(1)>.txt", "file")]))
  await list.load_list()
  expect($("#notebook_list img")).toHaveLength(0)
  expect(names()).toEqual(["<img src=x onerror=alert(1)>.txt"])
})

test.each([
  [["nb.ipynb"], ["duplicate", "rename", "move", "download", "view", "edit", "delete"]],
  [["nb.ipynb", "b.txt"], ["duplicate", "move", "download", "view", "edit", "delete"]],
  [["z"], ["rename", "move", "delete"]],
  [[], []],
])("with %j selected the buttons are %j", (selected, buttons) => {
  check(...selected)
  expect(visible()).toEqual(buttons)
})

test("a running notebook is marked, and can be shut down but not renamed", () => {
  events.trigger("sessions_loaded.Dashboard", { "nb.ipynb": { id: "s", kernel: { name: "python3" } } } as never)
  expect(row("nb.ipynb").find(".running-indicator").text()).toBe("Running")
  expect(row("nb.ipynb").find(".running_notebook_icon")).toHaveLength(1)
  check("nb.ipynb")
  expect(visible()).toEqual(["duplicate", "shutdown", "view", "edit", "delete"])
  events.trigger("sessions_loaded.Dashboard", {} as never)
  expect(row("nb.ipynb").find(".running-indicator")).toHaveLength(0)
})

test("the select-all box shows three states", () => {
  const box = $<HTMLInputElement>("#select-all")[0]!
  check("z")
  expect([box.checked, box.indeterminate, $("#button-select-all").attr("aria-checked")]).toEqual([false, true, "mixed"])
  list.select("select-all")
  expect([box.checked, box.indeterminate, $("#button-select-all").attr("aria-checked")]).toEqual([true, false, "true"])
  list.select("select-none")
  expect([box.checked, box.indeterminate, $("#button-select-all").attr("aria-checked")]).toEqual([false, false, "false"])
})

test.each([
  ["select-folders", ["z"]],
  ["select-notebooks", ["nb.ipynb"]],
  ["select-files", ["a9.txt", "a10.txt", "b.txt"]],
])("%s selects those and no others", (id, wanted) => {
  check("z", "b.txt")
  $(`#${id}`).trigger("click")
  expect(list.selected.map((one) => one.name)).toEqual(wanted)
})

test("a click on the row outside its name selects it", () => {
  row("b.txt").find(".item_modified").trigger("click")
  expect(list.selected.map((one) => one.path)).toEqual(["b.txt"])
})

test("the selection survives a reload, without what is gone", async () => {
  check("b.txt", "z")
  list_contents.mockResolvedValue(folder("", ENTRIES.slice(0, 4)))
  await list.load_list()
  expect(list.selected.map((one) => one.name)).toEqual(["b.txt"])
})

test("an unchanged folder is not drawn again", async () => {
  const before = row("b.txt")[0]
  await list.load_list()
  expect(row("b.txt")[0]).toBe(before)
})

test("a folder opens in the page, with history, and Back returns", async () => {
  list_contents.mockImplementation(async (path: string) => folder(path, path ? [entry("inner.txt", "file")] : ENTRIES))
  row("z").find("a").trigger("click")
  await vi.waitFor(() => expect(names()).toEqual(["..", "inner.txt"]))
  expect(location.pathname).toBe("/a@b/tree/z")
  expect(document.title).toBe("z/")
  expect($("#project_name li").last().text()).toBe("z")
  window.dispatchEvent(new PopStateEvent("popstate", { state: { path: "" } }))
  await vi.waitFor(() => expect(names()).toContain("nb.ipynb"))
  expect(document.title).toBe("Home")
})

test("a click with Shift is the browser's", () => {
  const event = $.Event("click", { shiftKey: true })
  row("z").find("a").on("click", (click) => click.preventDefault()) // jsdom cannot navigate
  row("z").find("a").trigger(event)
  expect(list.notebook_path).toBe("")
})

test("an answer for the folder that was left is not shown", async () => {
  let answerSlowly: (model: ContentsModel) => void = () => undefined
  list_contents.mockImplementationOnce(() => new Promise((resolve) => (answerSlowly = resolve)))
  const slow = list.load_list()
  list_contents.mockResolvedValue(folder("z", [entry("here", "file")]))
  list.update_location("z")
  await vi.waitFor(() => expect(names()).toContain("here"))
  answerSlowly(folder("", ENTRIES))
  await slow
  expect(names()).toEqual(["..", "here"])
})

test("an empty folder and a failure say so", async () => {
  list_contents.mockResolvedValue(folder("", []))
  await list.load_list()
  expect($("#notebook_list .list_placeholder").text()).toBe("The notebook list is empty.")
  list_contents.mockRejectedValue(new Error("no such folder"))
  await list.load_list()
  expect($("#notebook_list .list_placeholder").text()).toBe("Server error: no such folder")
})

test("add_link replaced on the prototype is used for every row", async () => {
  const seen: string[] = []
  const original = NotebookList.prototype.add_link
  NotebookList.prototype.add_link = function (model, item) {
    seen.push(model.name)
    return original.call(this, model, item)
  }
  try {
    list_contents.mockResolvedValue(folder("", [entry("x", "file")]))
    await list.load_list()
  } finally {
    NotebookList.prototype.add_link = original
  }
  expect(seen).toEqual(["x"])
})

test("a folder comes into the page in one piece, however many entries it has", () => {
  const observer = new MutationObserver(() => undefined)
  observer.observe(list.element[0]!, { childList: true })
  const many = Array.from({ length: 300 }, (_, n) => entry(`file${n}.txt`, "file"))
  list.draw_notebook_list(folder("", many))
  const insertions = observer.takeRecords().filter((record) => record.addedNodes.length > 0)
  expect(insertions.map((record) => record.addedNodes.length)).toEqual([300])
})

test("the running tab lists notebooks with their kernels", () => {
  const running = new KernelList("#running_list", options(""))
  events.trigger("kernelspecs_loaded.KernelSpec", { python3: { spec: { display_name: "Python 3" } } } as never)
  running.sessions_loaded({ "d/b.ipynb": { id: "1", kernel: { name: "python3" } } })
  expect($("#running_list .item_name").text()).toBe("d/b.ipynb")
  expect($("#running_list .kernel-name").text()).toBe("Python 3")
  expect($("#running_list button").text()).toBe("Shutdown")
  expect($("#running_list_placeholder").css("display")).toBe("none")
  running.sessions_loaded({})
  expect($("#running_list .list_item")).toHaveLength(0)
  expect($("#running_list_placeholder").css("display")).not.toBe("none")
})

test.each([
  ["/a@b/tree", ""],
  ["/a@b/tree/", ""],
  ["/a@b/tree/d%20e/f", "d e/f"],
  ["/a@b/treehouse", null],
  ["/a@b/notebooks/x.ipynb", null],
  ["https://elsewhere/a@b/tree", null],
])("the link %s is the folder %j", (href, path) => {
  expect(folderOfLink(list, href)).toBe(path)
})
