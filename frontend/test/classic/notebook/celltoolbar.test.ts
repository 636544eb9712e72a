// @vitest-environment jsdom
import $ from "jquery"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { Cell } from "../../../src/classic/notebook/js/cell"
import { CellToolbar } from "../../../src/classic/notebook/js/celltoolbar"
import * as attachmentsPreset from "../../../src/classic/notebook/js/celltoolbarpresets/attachments"
import * as defaultPreset from "../../../src/classic/notebook/js/celltoolbarpresets/default"
import * as examplePreset from "../../../src/classic/notebook/js/celltoolbarpresets/example"
import * as rawPreset from "../../../src/classic/notebook/js/celltoolbarpresets/rawcell"
import * as slideshowPreset from "../../../src/classic/notebook/js/celltoolbarpresets/slideshow"
import * as tagsPreset from "../../../src/classic/notebook/js/celltoolbarpresets/tags"
import type { Notebook } from "../../../src/classic/notebook/js/notebook"
import { code, markdown, opened, pressButton, shownDialog } from "./harness"

let notebook: Notebook

function at(index: number): Cell {
  return notebook.get_cell(index) as Cell
}

function bar(index: number): JQuery {
  return at(index).element.find(".celltoolbar")
}

function choose(index: number, label: string): void {
  const select = bar(index).find("select")
  select.val(String(select.find("option").filter((_i, option) => $(option).text() === label).val())).trigger("change")
}

function show(preset: string): void {
  notebook._choose_celltoolbar(preset)
  notebook.set_dirty(false)
}

beforeEach(() => {
  const raw = { cell_type: "raw", id: "raw", metadata: {}, source: "raw" }
  notebook = opened([code("1", { metadata: { tags: ["one"] } }), markdown("two", { metadata: { editable: false, tags: ["kept"] } }), raw]).notebook
  CellToolbar._presets = {}
  for (const preset of [defaultPreset, rawPreset, slideshowPreset, attachmentsPreset, tagsPreset, examplePreset]) preset.register(notebook)
})
afterEach(() => {
  $(".modal:visible .close").trigger("click")
  CellToolbar._ui_controls_list = []
})

test("the presets have the classic names, in the classic order", () => {
  expect(CellToolbar.list_presets()).toEqual(["Edit Metadata", "Raw Cell Format", "Slideshow", "Attachments", "Tags", "Example"])
})

test("the notebook remembers the choice, and None removes it", () => {
  show("Tags")
  expect(notebook.metadata["celltoolbar"]).toBe("Tags")
  expect(document.body.classList.contains("ctb_global_show")).toBe(true)
  show("")
  expect("celltoolbar" in notebook.metadata).toBe(false)
  expect(document.body.classList.contains("ctb_global_show")).toBe(false)
})

test("a preset that comes after the notebook is shown when the notebook asks for it", () => {
  notebook.metadata["celltoolbar"] = "Late"
  CellToolbar.register_callback("late.control", (div) => void div.append("<b>late</b>"))
  CellToolbar.register_preset("Late", ["late.control"], notebook)
  expect(bar(0).text()).toBe("late")
})

describe("raw cell format", () => {
  test("is for raw cells, is kept as raw_mimetype, and - removes it", () => {
    show("Raw Cell Format")
    expect(bar(0).children().length).toBe(0)
    choose(2, "reST")
    expect(at(2).metadata["raw_mimetype"]).toBe("text/restructuredtext")
    expect(notebook.dirty).toBe(true)
    choose(2, "None")
    expect("raw_mimetype" in at(2).metadata).toBe(false)
  })

  test("takes another type from a dialog, and shows what is set after Cancel", () => {
    show("Raw Cell Format")
    choose(2, "Custom")
    expect(shownDialog().find(".modal-title").text()).toBe("Raw Cell MIME Type")
    shownDialog().find("input").val("text/x-own")
    pressButton("OK")
    expect(at(2).metadata["raw_mimetype"]).toBe("text/x-own")
    choose(2, "Custom")
    pressButton("Cancel")
    expect(bar(2).find("option:selected").text()).toBe("text/x-own")
  })
})

describe("slide type", () => {
  test("is kept in metadata.slideshow beside what else is there", () => {
    at(0).metadata["slideshow"] = { other: 1 }
    show("Slideshow")
    choose(0, "Sub-Slide")
    expect(at(0).metadata["slideshow"]).toEqual({ other: 1, slide_type: "subslide" })
  })

  test("survives metadata of the wrong shape, and cannot be changed in a read-only cell", () => {
    at(0).metadata["slideshow"] = "no object"
    show("Slideshow")
    expect(bar(0).find("option:selected").text()).toBe("-")
    choose(0, "Skip")
    expect(at(0).metadata["slideshow"]).toEqual({ slide_type: "skip" })
    expect(bar(1).find("select").prop("disabled")).toBe(true)
  })
})

describe("tags", () => {
  function add(index: number, text: string): void {
    bar(index).find(".tags-input input").val(text)
    bar(index).find(".tags-input button").last().trigger("click")
  }

  test("are added once each, and the key goes with the last one", () => {
    show("Tags")
    add(0, "two, one three")
    expect(at(0).metadata["tags"]).toEqual(["one", "two", "three"])
    for (let left = 3; left > 0; left -= 1) bar(0).find(".remove-tag-btn").first().trigger("click")
    expect("tags" in at(0).metadata).toBe(false)
    expect(notebook.dirty).toBe(true)
  })

  test("are edited as one text", () => {
    show("Tags")
    bar(0).find(".tags-dialog-btn").trigger("click")
    expect(shownDialog().find("textarea").val()).toBe("one")
    shownDialog().find("textarea").val("a,b\nc a")
    pressButton("Edit")
    expect(at(0).metadata["tags"]).toEqual(["a", "b", "c"])
  })

  test("of a read-only cell can only be read", () => {
    show("Tags")
    expect(bar(1).find(".cell-tag").text()).toBe("kept")
    expect(bar(1).find("input, button, .remove-tag-btn").length).toBe(0)
  })

  test("that are no list of texts are left alone", () => {
    at(0).metadata["tags"] = "no list"
    show("Tags")
    expect(bar(0).find(".cell-tag, input").length).toBe(0)
  })
})

describe("metadata", () => {
  test("is replaced by what was typed, and its button has the focus again", () => {
    show("Edit Metadata")
    bar(0).find("button").trigger("click")
    expect(shownDialog().find(".modal-title").text()).toBe("Edit Cell Metadata")
    shownDialog().find("textarea").val('{"mine": 1}')
    pressButton("Edit")
    expect(at(0).metadata).toEqual({ mine: 1 })
    expect(document.activeElement).toBe(bar(0).find("button")[0])
  })
})

describe("attachments", () => {
  test("are taken out after Apply, and can be put back before", () => {
    at(2).attachments = { "a.png": { "image/png": "AA==" }, "b.txt": { "text/plain": "QQ==" }, odd: null as never }
    show("Attachments")
    expect(bar(1).find("button").prop("disabled")).toBe(true)
    bar(2).find("button").trigger("click")
    const rows = shownDialog().find(".attachment")
    expect(rows.map((_i, row) => $(row).find(".attachment-name").text()).get()).toEqual(["a.png", "b.txt", "odd"])
    rows.eq(0).find("button").trigger("click")
    rows.eq(1).find("button").trigger("click")
    rows.eq(1).find("button").trigger("click")
    pressButton("Apply")
    expect(Object.keys(at(2).attachments)).toEqual(["b.txt", "odd"])
    expect(notebook.dirty).toBe(true)
  })
})

test("keys pressed in a control stay there; saving and leaving do not", () => {
  show("Tags")
  const input = bar(0).find(".tags-input input")[0] as HTMLInputElement
  const reached: string[] = []
  const listen = (event: KeyboardEvent): void => void reached.push(event.key)
  document.addEventListener("keydown", listen)
  for (const [key, ctrlKey] of [["x", false], ["Enter", false], ["a", true], ["s", true]] as const) {
    input.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true }))
  }
  document.removeEventListener("keydown", listen)
  expect(reached).toEqual(["s"])
})

test("the example preset keeps its values in its own place", () => {
  show("Example")
  bar(0).find("input[type=checkbox]").prop("checked", true).trigger("change")
  bar(0).find("input[type=text]").val("words").trigger("change")
  expect(at(0).metadata["example"]).toEqual({ checked: true, note: "words" })
})
