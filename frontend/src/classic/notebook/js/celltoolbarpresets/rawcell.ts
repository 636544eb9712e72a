/** `notebook/js/celltoolbarpresets/rawcell`: into which formats nbconvert puts a raw cell. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import { CellToolbar, type ToolbarCell } from "../celltoolbar"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

const ANY = "-"
const ASK = "dialog"
const FORMATS: [string, string][] = [
  [_("None"), ANY],
  ["LaTeX", "text/latex"],
  ["reST", "text/restructuredtext"],
  ["HTML", "text/html"],
  [_("Markdown"), "text/markdown"],
  ["Python", "text/x-python"],
]

function format_of(cell: ToolbarCell): string {
  const mimetype = cell.metadata["raw_mimetype"]
  return typeof mimetype === "string" && mimetype !== "" ? mimetype : ANY
}

function set_format(notebook: Notebook, cell: ToolbarCell, mimetype: string): void {
  if (mimetype === ANY || mimetype === "") delete cell.metadata["raw_mimetype"]
  else cell.metadata["raw_mimetype"] = mimetype
  notebook.set_dirty(true)
}

/** Ask for a MIME type that is not in the list. */
function ask_format(notebook: Notebook, cell: ToolbarCell, toolbar: CellToolbar): void {
  const current = format_of(cell)
  const input = $("<input type='text' size='25'/>")
    .addClass("form-control")
    .attr({ "aria-label": _("MIME type"), placeholder: "text/x-something" })
    .val(current === ANY ? "" : current)
  const modal = dialog.modal({
    title: _("Raw Cell MIME Type"),
    body: $("<div/>").append(
      $("<p/>").text(_("Conversions to this type get the cell's text as it is; others leave the cell out.")),
      $("<form/>").append(input).on("submit", (event) => {
        event.preventDefault()
        modal.find(".btn-primary").trigger("click")
      }),
    ),
    buttons: {
      Cancel: {},
      OK: { class: "btn-primary", click: () => set_format(notebook, cell, String(input.val() ?? "").trim()) },
    },
    open: () => void input.trigger("focus").trigger("select"),
    notebook,
    keyboard_manager: notebook.keyboard_manager,
  })
  modal.on("hidden.bs.modal", () => {
    toolbar.rebuild() // the choice shows what is set, also after "Cancel"
    toolbar.element.find("select").trigger("focus")
  })
}

function add_choice(notebook: Notebook, div: JQuery, cell: ToolbarCell, toolbar: CellToolbar): void {
  const current = format_of(cell)
  const own: [string, string][] = FORMATS.some(([, value]) => value === current) ? [] : [[current, current]]
  const choose = (chosen: unknown): void => {
    if (chosen === ASK) ask_format(notebook, cell, toolbar)
    else set_format(notebook, cell, String(chosen))
  }
  const list: [string, unknown][] = [...FORMATS, ...own, [_("Custom"), ASK]]
  CellToolbar.utils.select_ui_generator(list, (_cell, chosen) => choose(chosen), format_of, _("Raw NBConvert Format"))(div, cell, toolbar)
}

/** Offer the preset "Raw Cell Format". */
export function register(notebook: Notebook): void {
  CellToolbar.register_callback("raw_cell.select", (div, cell, toolbar) => add_choice(notebook, div, cell, toolbar), ["raw"])
  CellToolbar.register_preset("Raw Cell Format", ["raw_cell.select"], notebook)
}
