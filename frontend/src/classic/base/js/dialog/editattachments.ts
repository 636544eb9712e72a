/** The dialog that shows which files are kept in a cell and lets the user take some out. */
import $ from "jquery"
import type { Attachment, Attachments } from "../../../../model/attachments"
import { modal, type DialogOptions } from "./modal"
import { _ } from "../../../../i18n/words"

export interface EditAttachmentsOptions extends Pick<DialogOptions, "notebook" | "keyboard_manager"> {
  attachments: Attachments
  callback: (attachments: Attachments) => void
  /** "cell" or "notebook". */
  name: string
}

const BASE64_BYTES_OF_4 = 3

function sizeText(base64: string): string {
  const bytes = (base64.length / 4) * BASE64_BYTES_OF_4
  return bytes < 1000 ? `${Math.round(bytes)} B` : bytes < 1e6 ? _("%s kB", Math.round(bytes / 1000)) : _("%s MB", (bytes / 1e6).toFixed(1))
}

function preview(mimetype: string, base64: string): JQuery | string {
  if (!/^image\/[\w.+-]+$/.test(mimetype)) return ""
  return $("<img alt=''/>").attr("src", `data:${mimetype};base64,${base64}`)
}

function entryOf(attachment: Attachment): [string, string] {
  const [mimetype = "", base64 = ""] = Object.entries(attachment ?? {})[0] ?? []
  return [mimetype, typeof base64 === "string" ? base64.replace(/\s+/g, "") : ""]
}

/** One file: how it looks, what it is, and a button that takes it out or back in. */
function rowOf(key: string, attachment: Attachment, deleted: Set<string>): JQuery {
  const [mimetype, base64] = entryOf(attachment)
  const name = $("<span/>").addClass("attachment-name").text(key)
  const button = $("<button type='button'/>").addClass("btn btn-default btn-xs")
  const row = $("<li/>").addClass("attachment").append(
    $("<span/>").addClass("attachment-preview").append(preview(mimetype, base64)),
    $("<span/>").addClass("attachment-text").append(name, $("<span/>").addClass("attachment-type").text(`${mimetype || _("unknown type")}, ${sizeText(base64)}`)),
    button,
  )
  const show = (): void => {
    const is_deleted = deleted.has(key)
    row.toggleClass("deleted", is_deleted)
    button.text(is_deleted ? _("Restore") : _("Delete")).attr("aria-label", is_deleted ? _("Restore %s", key) : _("Delete %s", key))
    button.toggleClass("btn-danger", !is_deleted).toggleClass("btn-success", is_deleted)
  }
  button.on("click", () => {
    if (!deleted.delete(key)) deleted.add(key)
    show()
  })
  show()
  return row
}

function nothingIn(name: string): string {
  if (name === "cell") return _("There are no attachments in this cell.")
  return name === "notebook" ? _("There are no attachments in this notebook.") : _("There are no attachments in this %s.", name)
}

/** Let the user take files out of `attachments`; `callback` gets the rest, after "Apply". */
export function edit_attachments(options: EditAttachmentsOptions): JQuery<HTMLElement> {
  const deleted = new Set<string>()
  const keys = Object.keys(options.attachments)
  const list = $("<ul/>").addClass("list-unstyled attachments-list")
  list.append(keys.map((key) => rowOf(key, options.attachments[key] ?? {}, deleted)))
  const introduction =
    keys.length === 0
      ? nothingIn(options.name)
      : _("These files are kept in the notebook itself. Files that the text does not show are left out when the notebook is saved.")
  return modal({
    title: options.name.toLowerCase() === "notebook" ? _("Edit Notebook Attachments") : _("Edit Cell Attachments"),
    body: $("<div/>").append($("<p/>").text(introduction), list),
    buttons: {
      Apply: {
        class: "btn-primary",
        click: () => {
          if (deleted.size === 0) return
          options.callback(Object.fromEntries(Object.entries(options.attachments).filter(([key]) => !deleted.has(key))))
        },
      },
      Cancel: {},
    },
    notebook: options.notebook,
    keyboard_manager: options.keyboard_manager,
  })
}
