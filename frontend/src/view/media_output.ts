/** Pictures, drawings, JSON and PDF links as elements. Values in, one element out; nothing here asks for trust. */

import { sanitizeSvg } from "./sanitize"
import { _ } from "../i18n/words"

/** What output metadata may say about a picture. Pixels. */
export interface ImageSize {
  width?: unknown
  height?: unknown
  unconfined?: unknown
}

const BASE64 = /^[A-Za-z0-9+/=\s]*$/

function sizeAttribute(value: unknown): string | null {
  const text = String(value)
  return (typeof value === "number" || typeof value === "string") && /^\d+(\.\d+)?(%|px)?$/.test(text) ? text : null
}

/** Fit the picture into the page, or show it at its own size; double click changes over. */
export function toggleConfinement(picture: Element): void {
  picture.classList.toggle("unconfined")
}

/** An image from base64 text. Raises RangeError when the text is none. */
export function imageElement(base64: string, mime: string, size: ImageSize): HTMLImageElement {
  if (!BASE64.test(base64)) throw new RangeError(_("The %s output is not base64 text, so there is no picture to show", mime))
  const image = document.createElement("img")
  image.decoding = "async"
  image.src = `data:${mime};base64,${base64.replace(/\s+/g, "")}`
  image.alt = _("Output image")
  const width = sizeAttribute(size.width)
  const height = sizeAttribute(size.height)
  if (width !== null) image.setAttribute("width", width)
  if (height !== null) image.setAttribute("height", height)
  if (size.unconfined === true) image.classList.add("unconfined")
  image.addEventListener("dblclick", () => toggleConfinement(image))
  return image
}

/** The first drawing in `svg`, in a box of its own size. Raises RangeError when there is none. */
export function svgElement(svg: string, isTrusted: boolean, size: ImageSize): HTMLElement {
  const holder = document.createElement("template")
  if (isTrusted) holder.innerHTML = svg
  else holder.content.append(sanitizeSvg(svg))
  const drawing = holder.content.querySelector("svg")
  if (drawing === null) throw new RangeError(_("The image/svg+xml output holds no <svg> element"))
  const box = document.createElement("div")
  box.className = "fnb-svg-box"
  const width = sizeAttribute(size.width ?? drawing.getAttribute("width"))
  const height = sizeAttribute(size.height ?? drawing.getAttribute("height"))
  if (width !== null && height !== null) {
    box.style.width = /\d$/.test(width) ? `${width}px` : width
    box.style.height = /\d$/.test(height) ? `${height}px` : height
    drawing.setAttribute("width", "100%")
    drawing.setAttribute("height", "100%")
  }
  if (size.unconfined === true) box.classList.add("unconfined")
  box.append(document.importNode(drawing, true))
  return box
}

/** A link that opens the document in a new tab. Raises RangeError when the text is not base64. */
export function pdfLink(base64: string): HTMLAnchorElement {
  if (!BASE64.test(base64)) throw new RangeError(_("The application/pdf output is not base64 text"))
  const link = document.createElement("a")
  link.href = `data:application/pdf;base64,${base64.replace(/\s+/g, "")}`
  link.target = "_blank"
  link.rel = "noopener noreferrer"
  link.textContent = _("View PDF")
  return link
}

const MAX_OPEN_CHILDREN = 200

function leaf(value: unknown): HTMLElement {
  const span = document.createElement("span")
  span.className = `fnb-json-${value === null ? "null" : typeof value}`
  span.textContent = JSON.stringify(value) ?? "undefined"
  return span
}

function labelled(key: string | null, content: HTMLElement): HTMLElement {
  const line = document.createElement("div")
  if (key !== null) {
    const name = document.createElement("span")
    name.className = "fnb-json-key"
    name.textContent = `${key}: `
    line.append(name)
  }
  line.append(content)
  return line
}

/** A branch fills itself when it is first opened, so a large value costs only what is looked at. */
function branch(key: string | null, value: object, isOpen: boolean): HTMLElement {
  const details = document.createElement("details")
  const summary = document.createElement("summary")
  const entries = Object.entries(value)
  const kind = Array.isArray(value) ? `[…] ${entries.length} items` : `{…} ${entries.length} keys`
  summary.textContent = key === null ? kind : `${key}: ${kind}`
  details.append(summary)
  let shown = 0
  const fill = (): void => {
    for (const [name, child] of entries.slice(shown, shown + MAX_OPEN_CHILDREN)) details.append(jsonNode(name, child, false))
    shown = Math.min(entries.length, shown + MAX_OPEN_CHILDREN)
    if (shown < entries.length) details.append(moreButton(entries.length - shown, fill))
  }
  details.addEventListener("toggle", () => {
    if (details.open && shown === 0) fill()
  })
  if (isOpen) {
    fill()
    details.open = true
  }
  return details
}

function moreButton(left: number, fill: () => void): HTMLElement {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "btn btn-default btn-xs"
  button.textContent = _("Show more (%s left)", left)
  button.addEventListener("click", () => {
    button.remove()
    fill()
  })
  return button
}

function jsonNode(key: string | null, value: unknown, isOpen: boolean): HTMLElement {
  if (value !== null && typeof value === "object") return branch(key, value, isOpen)
  return labelled(key, leaf(value))
}

/** A JSON value as a tree to open and close. */
export function jsonTree(value: unknown): HTMLElement {
  const tree = document.createElement("div")
  tree.className = "fnb-json"
  tree.append(jsonNode(null, value, true))
  return tree
}
