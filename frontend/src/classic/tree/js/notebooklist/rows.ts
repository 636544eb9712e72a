/** The DOM of one row of a list. Rows are cloned: a folder may have ten thousand. */
import * as utils from "../../../base/js/utils"
import { _ } from "../../../../i18n/words"

const ROW = `
<div class="list_item row">
  <div class="col-md-12">
    <i class="item_icon icon-fixed-width" role="img"></i>
    <a class="item_link"><span class="item_name"></span></a>
    <div class="pull-right">
      <div class="item_buttons pull-left"></div>
      <div class="pull-right">
        <span class="item_modified pull-left"></span>
        <span class="file_size pull-right"></span>
      </div>
    </div>
  </div>
</div>`

const templates = new Map<boolean, HTMLElement>()

function templateFor(selectable: boolean): HTMLElement {
  const known = templates.get(selectable)
  if (known) return known
  const holder = document.createElement("template")
  holder.innerHTML = ROW.replace(/>\s+</g, "><").trim()
  const row = holder.content.firstElementChild as HTMLElement
  if (selectable) {
    const box = document.createElement("input")
    box.type = "checkbox"
    box.title = _("Select to rename, move, delete and more")
    row.firstElementChild!.prepend(box)
  }
  templates.set(selectable, row)
  return row
}

export function makeRow(selectable: boolean): HTMLElement {
  return templateFor(selectable).cloneNode(true) as HTMLElement
}

/** The element of `row` with this class; every row has one. */
export function part(row: Element, className: string): HTMLElement {
  return row.getElementsByClassName(className)[0] as HTMLElement
}

const LABELS: Record<string, string> = { directory: _("Folder"), notebook: _("Notebook"), file: _("File") }

export function typeLabel(type: string): string {
  return LABELS[type] ?? _("File")
}

const two = (value: number): string => String(value).padStart(2, "0")

/** `2026-11-22 09:05`, in the viewer's time zone. */
export function fullDate(when: string): string {
  const date = new Date(when)
  if (Number.isNaN(date.getTime())) return ""
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

export function showModified(row: Element, modified: string): void {
  const element = part(row, "item_modified")
  const text = utils.format_datetime(modified)
  if (element.textContent !== text) element.textContent = text
  element.title = fullDate(modified)
}
