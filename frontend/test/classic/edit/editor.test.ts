// @vitest-environment jsdom
import $ from "jquery"
import { beforeEach, expect, test, vi } from "vitest"
import { events } from "../../../src/classic/base/js/events"
import * as dialog from "../../../src/classic/base/js/dialog"
import { Editor } from "../../../src/classic/edit/js/editor"
import { SaveWidget } from "../../../src/classic/edit/js/savewidget"
import { ConfigSection } from "../../../src/classic/services/config"

vi.mock("../../../src/classic/base/js/dialog", () => ({ modal: vi.fn(() => $("<div></div>")) }))

// CodeMirror measures text; jsdom has no layout.
const NOWHERE = { left: 0, right: 0, top: 0, bottom: 0, width: 0, height: 0, x: 0, y: 0, toJSON: () => ({}) }
Range.prototype.getBoundingClientRect = () => NOWHERE
Range.prototype.getClientRects = () => [] as unknown as DOMRectList

const get = vi.fn()
const save = vi.fn()
const rename = vi.fn()
let editor: Editor

function file(content: string, extra: object = {}): object {
  return { name: "a.txt", path: "d/a.txt", type: "file", writable: true, last_modified: "2026-01-01T00:00:00Z", mimetype: "text/plain", content, hash: "h1", ...extra }
}

function conflict(): Error {
  return Object.assign(new Error("changed on disk"), { status: 409 })
}

beforeEach(async () => {
  events.off(".Editor")
  vi.stubGlobal("requirejs", Object.assign(vi.fn(), { defined: () => false })) // languages are loaded by the page's AMD loader
  document.body.innerHTML = `<span id="save_widget"><span class="filename"></span><span class="dirty-indicator-clean"></span>
    <span class="last_modified"></span></span><div id="editor"></div>`
  for (const mock of [get, save, rename]) mock.mockReset()
  vi.mocked(dialog.modal).mockClear()
  const config = new ConfigSection("edit", { base_url: "/" })
  config._load_done()
  editor = new Editor("#editor", { contents: { get, save, rename } as never, base_url: "/", file_path: "d/a.txt", config })
  new SaveWidget("#save_widget", { editor, events })
  get.mockResolvedValue(file("one\ntwo\n"))
  save.mockResolvedValue({ ...file(""), hash: "h2" })
  await editor.load()
})

test("an opened file is clean, editing marks it, undoing cleans it", () => {
  expect(editor.clean).toBe(true)
  expect(document.title).toBe("a.txt - Jupyter Text Editor")
  editor.codemirror.replaceRange("x", { line: 0, ch: 0 })
  expect(editor.clean).toBe(false)
  expect(document.title).toBe("*a.txt - Jupyter Text Editor")
  expect($(".dirty-indicator-dirty")).toHaveLength(1)
  editor.codemirror.undo()
  expect(editor.clean).toBe(true)
})

test("a save sends the text with the hash that was read, and the next one with the new hash", async () => {
  editor.codemirror.setValue("new")
  await editor.save()
  expect(save).toHaveBeenLastCalledWith("d/a.txt", expect.objectContaining({ type: "file", format: "text", content: "new", hash: "h1" }), expect.anything())
  expect(editor.clean).toBe(true)
  await editor.save()
  expect(save).toHaveBeenLastCalledWith("d/a.txt", expect.objectContaining({ hash: "h2" }), expect.anything())
})

test("what is typed while a save is under way stays unsaved", async () => {
  save.mockImplementation(async () => {
    editor.codemirror.replaceRange("later", { line: 0, ch: 0 })
    return { ...file(""), hash: "h2" }
  })
  editor.codemirror.setValue("first")
  await editor.save()
  expect(editor.clean).toBe(false)
})

test("two saves at once go one after the other", async () => {
  await Promise.all([editor.save(), editor.save()])
  expect(save.mock.calls.map(([, model]) => (model as { hash: string }).hash)).toEqual(["h1", "h2"])
})

test("a file that changed on disk asks, and Overwrite sends no precondition", async () => {
  save.mockRejectedValueOnce(conflict())
  vi.spyOn(console, "error").mockImplementationOnce(() => undefined)
  editor.codemirror.setValue("mine")
  await editor.save()
  expect(editor.clean).toBe(false)
  const asked = vi.mocked(dialog.modal).mock.calls[0]![0]!
  expect(asked.title).toBe("File changed")
  expect(Object.keys(asked.buttons!)).toEqual(["Reload", "Cancel", "Overwrite"])
  asked.buttons!.Overwrite!.click!.call($(), {} as never)
  await vi.waitFor(() => expect(editor.clean).toBe(true))
  expect(save.mock.calls.at(-1)![1]).not.toHaveProperty("hash")
})

test("a save that fails is told and nothing is lost", async () => {
  const log: string[] = []
  events.on("file_save_failed.Editor", (_evt, error: Error) => log.push(error.message))
  vi.spyOn(console, "error").mockImplementationOnce(() => undefined)
  save.mockRejectedValueOnce(new Error("disk full"))
  editor.codemirror.setValue("mine")
  await editor.save()
  expect(log).toEqual(["disk full"])
  expect([editor.clean, editor.codemirror.getValue()]).toEqual([false, "mine"])
})

test("a file that cannot be read is shown as an error that cannot be saved", async () => {
  vi.spyOn(console, "error").mockImplementationOnce(() => undefined)
  get.mockRejectedValue(new Error("a.bin is not UTF-8 encoded"))
  await editor.load()
  expect(editor.codemirror.getValue()).toBe("Error! a.bin is not UTF-8 encoded\nSaving disabled.\nSee Console for more details.")
  expect(editor.codemirror.getOption("readOnly")).toBe(true)
  await editor.save()
  expect(save).not.toHaveBeenCalled()
})

test.each([
  ["Windows", "a\r\nb\r\n"],
  ["Unix", "a\nb\n"],
  ["mixed", "a\r\nb\nc\rd"],
  ["no", ""],
])("%s line ends are kept", async (_kind, text) => {
  get.mockResolvedValue(file(text))
  await editor.load()
  await editor.save()
  expect(save.mock.calls.at(-1)![1]).toMatchObject({ content: text })
})

test("a renamed file has its new name and address", async () => {
  rename.mockResolvedValue({ ...file(""), name: "b.md", path: "d/b.md" })
  await editor.rename("b.md")
  expect(rename).toHaveBeenCalledWith("d/a.txt", "d/b.md")
  expect([editor.file_path, location.pathname, $(".filename").text()]).toEqual(["d/b.md", "/edit/d/b.md", "b.md"])
})

test("a save replaced on the prototype is used", () => {
  const original = Editor.prototype.save
  const replaced = vi.fn(async () => undefined)
  Editor.prototype.save = replaced
  try {
    void editor.save()
  } finally {
    Editor.prototype.save = original
  }
  expect(replaced).toHaveBeenCalledOnce()
})
