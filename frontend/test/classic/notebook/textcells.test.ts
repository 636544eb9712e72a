// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from "vitest"
import { MarkdownCell, RawCell } from "../../../src/classic/notebook/js/textcell"
import { emptyPage, markdown, options, put, told } from "./cellharness"

beforeEach(emptyPage)

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
  expect([cell.rendered, cell.element.hasClass("rendered"), cell.render(), cell.rendered]).toEqual([false, false, true, false])
  expect(cell.element.find("b")).toHaveLength(0)
  expect(cell.toJSON()).toMatchObject({ cell_type: "raw", source: "<b>x</b>", metadata: { raw_mimetype: "text/html" } })
})
