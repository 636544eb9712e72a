/** The renderers that OutputArea starts with, by mime type. Each appends to `element` and returns what it appended. */
import $ from "jquery"
import { metadataFor, type Metadata } from "../../../model/outputs"
import { IsolatedFrame } from "../../../view/isolated"
import { imageElement, jsonTree, pdfLink, svgElement, toggleConfinement } from "../../../view/media_output"
import { TextOutput } from "../../../view/text_output"
import * as markdown from "../../base/js/markdown"
import * as security from "../../base/js/security"
import type { OutputArea } from "./outputarea"

/** What draws one mime type; `this` is the OutputArea. */
export type AppendFunction = (
  this: OutputArea,
  // Extensions declare whatever their mime type carries.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any,
  metadata: Metadata,
  element: JQuery,
  handle_inserted?: () => void,
) => JQuery | null | undefined

export const display_order: string[] = [
  "application/javascript",
  "text/html",
  "text/markdown",
  "text/latex",
  "image/svg+xml",
  "image/png",
  "image/jpeg",
  "image/gif",
  "application/pdf",
  "application/json",
  "text/plain",
]

export const output_types: string[] = [...display_order]

/** What may be shown of an output that nobody vouches for. */
export const safe_outputs: Record<string, boolean> = {
  "text/plain": true,
  "text/latex": true,
  "image/png": true,
  "image/jpeg": true,
  "image/gif": true,
  "application/json": true,
}

/* A frame in place of the div; what is appended becomes the frame's content. */
function isolated_subarea(classes: string): JQuery {
  const frame = new IsolatedFrame()
  const subarea = $(frame.element as HTMLElement).addClass(`output_subarea ${classes}`)
  const append = (...contents: unknown[]): JQuery => {
    const html = (content: unknown): string => $("<div/>").append($.parseHTML("")).append(content as HTMLElement).html()
    for (const content of contents) frame.append(typeof content === "string" ? content : html(content))
    return subarea
  }
  subarea.append = append as typeof subarea.append
  return subarea
}

export function create_output_subarea(md: Metadata, classes: string, mime: string): JQuery {
  const is_isolated = mime !== "text/plain" && metadataFor(md, mime)["isolated"] === true
  if (is_isolated) return isolated_subarea(classes)
  return $("<div/>").addClass(`output_subarea ${classes}`).attr("dir", "auto")
}

function append_html(this: OutputArea, html: string, md: Metadata, element: JQuery): JQuery {
  const subarea = this.create_output_subarea(md, "output_html rendered_html", "text/html")
  this.keyboard_manager?.register_events(subarea)
  if (this.trusted) subarea.append(html)
  else subarea.append(security.sanitize_html_and_parse(html, true) as HTMLElement[])
  subarea.find("img").on("dblclick", (event) => toggleConfinement(event.currentTarget as Element))
  element.append(subarea)
  return subarea
}

function append_markdown(this: OutputArea, text: string, md: Metadata, element: JQuery): JQuery {
  const subarea = this.create_output_subarea(md, "output_markdown rendered_html", "text/markdown")
  markdown.render(text, { with_math: true, clean_tables: true, sanitize: !this.trusted }, (error, rendered) => {
    if (error) throw error
    subarea.append(rendered)
  })
  subarea.find("img").on("dblclick", (event) => toggleConfinement(event.currentTarget as Element))
  element.append(subarea)
  return subarea
}

function append_javascript(this: OutputArea, code: string, md: Metadata, element: JQuery): JQuery {
  const subarea = this.create_output_subarea(md, "output_javascript rendered_html", "application/javascript")
  this.keyboard_manager?.register_events(subarea)
  element.append(subarea)
  try {
    // Only reached when the output is trusted; `element` and `this` are what the documented contract names.
    new Function("element", code).call(this, subarea)
  } catch (err) {
    this._append_javascript_error(err, subarea)
  }
  return subarea
}

function append_text(this: OutputArea, text: string, md: Metadata, element: JQuery): JQuery {
  const subarea = this.create_output_subarea(md, "output_text", "text/plain")
  const view = new TextOutput()
  view.render(text)
  subarea.append(view.element)
  element.append(subarea)
  return subarea
}

function append_svg(this: OutputArea, svg: string, md: Metadata, element: JQuery): JQuery {
  const drawing = svgElement(svg, this.trusted, metadataFor(md, "image/svg+xml"))
  const subarea = this.create_output_subarea(md, "output_svg", "image/svg+xml").append(drawing)
  element.append(subarea)
  return subarea
}

/** One picture; `handle_inserted` is called when its size is known. */
export function append_image(
  area: OutputArea, src: string, md: Metadata, element: JQuery, handle_inserted: (() => void) | undefined, mime: string,
  classes: string,
): JQuery {
  const image = imageElement(src, mime, metadataFor(md, mime))
  if (handle_inserted) $(image).one("load", () => handle_inserted())
  const subarea = area.create_output_subarea(md, classes, mime).append(image)
  element.append(subarea)
  return subarea
}

function append_png(this: OutputArea, png: string, md: Metadata, element: JQuery, handle_inserted?: () => void): JQuery {
  return this._append_img(png, md, element, handle_inserted, "image/png", "output_png")
}

function append_jpeg(this: OutputArea, jpeg: string, md: Metadata, element: JQuery, handle_inserted?: () => void): JQuery {
  return this._append_img(jpeg, md, element, handle_inserted, "image/jpeg", "output_jpeg")
}

function append_gif(this: OutputArea, gif: string, md: Metadata, element: JQuery, handle_inserted?: () => void): JQuery {
  return this._append_img(gif, md, element, handle_inserted, "image/gif", "output_gif")
}

function append_pdf(this: OutputArea, pdf: string, md: Metadata, element: JQuery): JQuery {
  const subarea = this.create_output_subarea(md, "output_pdf", "application/pdf").append(pdfLink(pdf))
  element.append(subarea)
  return subarea
}

function append_latex(this: OutputArea, latex: string, md: Metadata, element: JQuery): JQuery {
  const subarea = this.create_output_subarea(md, "output_latex", "text/latex")
  // As text: the formula's own "<" must not open an element.
  subarea.append(document.createTextNode(latex))
  element.append(subarea)
  return subarea
}

function append_json(this: OutputArea, value: unknown, md: Metadata, element: JQuery): JQuery {
  const subarea = this.create_output_subarea(md, "output_json", "application/json").append(jsonTree(value))
  element.append(subarea)
  return subarea
}

export const append_map: Record<string, AppendFunction> = {
  "text/plain": append_text,
  "text/html": append_html,
  "text/markdown": append_markdown,
  "text/latex": append_latex,
  "image/svg+xml": append_svg,
  "image/png": append_png,
  "image/jpeg": append_jpeg,
  "image/gif": append_gif,
  "application/javascript": append_javascript,
  "application/pdf": append_pdf,
  "application/json": append_json,
}

