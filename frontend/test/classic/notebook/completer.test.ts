// @vitest-environment jsdom
import $ from "jquery"
import { beforeEach, describe, expect, test } from "vitest"
import CodeMirror from "codemirror"
import "codemirror/addon/edit/closebrackets"
import { Completer } from "../../../src/classic/notebook/js/completer"
import { events } from "../../../src/classic/base/js/events"

type Reply = { content: { status: string; matches: string[]; cursor_start: number; cursor_end: number; metadata?: Record<string, unknown> } }

let editor: CodeMirror.Editor
let asked: { code: string; cursor: number; answer: (reply: Reply) => void }[]
let completer: Completer
let kernel_busy = false

function offer(...matches: string[]): Reply {
  const end = [...editor.getValue()].length
  const typed = /\w*$/.exec(editor.getValue())?.[0].length ?? 0
  return { content: { status: "ok", matches, cursor_start: end - typed, cursor_end: end } }
}

function type(text: string): void {
  editor.setValue(text)
  editor.execCommand("goDocEnd")
}

function options(): string[] {
  return $("#complete option").map((_i, option) => $(option).text()).get()
}

function press(key: string, init: KeyboardEventInit = {}): void {
  const list = document.querySelector("#complete select") as HTMLSelectElement
  list.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }))
}

beforeEach(() => {
  window.focus = () => undefined
  const nothing = { left: 0, right: 0, top: 0, bottom: 0, width: 0, height: 0, x: 0, y: 0, toJSON: () => ({}) }
  Range.prototype.getBoundingClientRect = () => nothing
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList
  document.body.innerHTML = ""
  editor = CodeMirror(document.body, { cursorBlinkRate: 0 }) // its timer would outlive the test
  editor.hasFocus = () => !document.activeElement?.matches("#complete select")
  asked = []
  kernel_busy = false
  const kernel = { complete: (code: string, cursor: number, answer: (reply: Reply) => void) => void asked.push({ code, cursor, answer }) }
  completer = new Completer({ code_mirror: editor, kernel, focus_editor: () => editor.focus(), notebook: { get kernel_busy() { return kernel_busy } } } as never, events)
})

describe("the answer of the kernel", () => {
  test("with one match goes in at once the first time", () => {
    type("impor")
    completer.startCompletion()
    asked[0]?.answer(offer("import"))
    expect(editor.getValue()).toBe("import")
    expect(options()).toEqual([])
  })

  test("with several opens the list: the kernel's first, then words of the cell", () => {
    type("pathology = 1\npat")
    completer.startCompletion()
    asked[0]?.answer(offer("path", "pathsep"))
    expect(options()).toEqual(["path", "pathsep", "pathology"])
    expect($("#complete option").map((_i, option) => option.className).get()).toEqual(["introspection", "introspection", "context"])
  })

  test("names what each completion is", () => {
    type("pa")
    completer.startCompletion()
    const reply = offer("path", "pass")
    reply.content.metadata = { _jupyter_types_experimental: [{ text: "path", type: "module" }] }
    asked[0]?.answer(reply)
    expect($("#complete option").map((_i, option) => option.dataset["kind"] ?? "").get()).toEqual(["module", ""])
  })

  test("counts characters, not halves of them", () => {
    type("x='😀😀'; pa")
    completer.startCompletion()
    expect(asked[0]?.cursor).toBe([..."x='😀😀'; pa"].length)
    asked[0]?.answer(offer("path"))
    expect(editor.getValue()).toBe("x='😀😀'; path")
  })

  test("is dropped when something else was typed, the cell was left, or another was asked", () => {
    type("os.")
    completer.startCompletion()
    type("os.x")
    asked[0]?.answer(offer("a", "b"))
    completer.startCompletion()
    completer.close()
    asked[1]?.answer(offer("a", "b"))
    completer.startCompletion()
    completer.startCompletion()
    editor.hasFocus = () => false
    asked[3]?.answer(offer("a", "b"))
    expect(options()).toEqual([])
    expect(editor.getValue()).toBe("os.x")
  })

  test("is not waited for while it is busy", () => {
    kernel_busy = true
    type("abcd = 1\nabce = 2\nabc")
    completer.startCompletion()
    expect(asked).toEqual([])
    expect(options()).toEqual(["abcd", "abce"])
  })

  test("leaves it busy for a moment, in which it can be asked again", () => {
    type("pa")
    completer.startCompletion()
    kernel_busy = true
    asked[0]?.answer(offer("path", "pattern"))
    completer.close()
    type("os")
    completer.startCompletion()
    expect(asked.length).toBe(2)
  })

  test("to the last of several questions counts, which extensions ask at every key", () => {
    for (const text of ["p", "pa", "pat"]) {
      type(text)
      completer.startCompletion()
      kernel_busy = true
    }
    for (const { answer } of asked) answer(offer("path", "pattern"))
    expect(asked.map(({ code }) => code)).toEqual(["p", "pa", "pat"])
    expect(options()).toEqual(["path", "pattern"])
  })

  test("of an error is no completion", () => {
    type("pa")
    completer.startCompletion()
    asked[0]?.answer({ content: { status: "error" } as never })
    expect(options()).toEqual([])
  })
})

describe("in the list", () => {
  beforeEach(() => {
    type("pa")
    completer.startCompletion()
    asked[0]?.answer(offer(...Array.from({ length: 1200 }, (_unused, number) => `path${String(number).padStart(4, "0")}`)))
  })

  test("at most a thousand are shown, ten at a time", () => {
    expect(options().length).toBe(1000)
    expect($("#complete select").attr("size")).toBe("10")
  })

  test("arrows and pages move, Enter takes", () => {
    press("ArrowDown")
    press("PageDown")
    press("ArrowUp")
    press("Enter")
    expect(editor.getValue()).toBe("path0010")
    expect(completer.visible).toBe(false)
  })

  test.each(["Escape", "Backspace", "ArrowLeft", "ArrowRight"])("%s closes and changes nothing", (key) => {
    press(key)
    expect(completer.visible).toBe(false)
    expect(editor.getValue()).toBe("pa")
  })

  test("Tab takes what all begin with, and asks again", () => {
    press("Tab")
    expect(editor.getValue()).toBe("path")
    expect(asked.length).toBe(2)
  })

  test.each([["(", "pa()"], ["t", "pat"], [")", "pa)"]])("%s goes into the text as the editor takes it", (key, text) => {
    editor.setOption("autoCloseBrackets" as never, true as never)
    const list = document.querySelector("#complete select") as HTMLSelectElement
    list.dispatchEvent(new KeyboardEvent("keypress", { key, bubbles: true, cancelable: true }))
    expect([editor.getValue(), editor.getCursor().ch, completer.visible]).toEqual([text, 3, false])
  })

  test("a click on the list beside its options takes nothing", () => {
    $("#complete select").trigger("click")
    expect(editor.getValue()).toBe("pa")
    $("#complete option").eq(2).trigger("click")
    expect(editor.getValue()).toBe("path0002")
  })
})

describe("an answer that comes after more was typed", () => {
  test("is asked for again where the word went on, and shown as a list", () => {
    type("os.pa")
    completer.startCompletion()
    editor.replaceSelection("ths")
    asked[0]?.answer(offer("path", "pathsep"))
    expect(options()).toEqual([])
    expect(asked.map(({ code }) => code)).toEqual(["os.pa", "os.paths"])
    asked[1]?.answer(offer("pathsep"))
    expect(options()).toEqual(["pathsep"])
  })

  test.each([" = 1", "\n", "th "])("is not wanted any more after %j", (typed) => {
    type("os.pa")
    completer.startCompletion()
    editor.replaceSelection(typed)
    asked[0]?.answer(offer("path", "pathsep"))
    expect([options(), asked.length]).toEqual([[], 1])
  })
})
