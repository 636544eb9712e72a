// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from "vitest"
import { Cell, UnrecognizedCell } from "../../../src/classic/notebook/js/cell"
import { CodeCell } from "../../../src/classic/notebook/js/codecell"
import { MarkdownCell, RawCell, TextCell } from "../../../src/classic/notebook/js/textcell"
import { code, emptyPage, markdown, options, put } from "./cellharness"

beforeEach(emptyPage)

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

test("a cell of an unknown type is saved as it came", () => {
  const data = { cell_type: "future", source: "x", metadata: { a: 1 }, extra: [1] }
  const cell = put(new UnrecognizedCell(options))
  cell.fromJSON(data)
  expect(cell.toJSON()).toEqual(data)
  expect(cell.element.text()).toContain("Unrecognized cell type: future")
  expect([cell.is_mergeable(), cell.is_splittable()]).toEqual([false, false])
})
