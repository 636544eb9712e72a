/** What can be done with selected entries: the question, the requests, and what is said when one fails. */
import $ from "jquery"
import { messageOf } from "../../../../model/errors"
import * as dialog from "../../../base/js/dialog"
import * as utils from "../../../base/js/utils"
import { DirectoryNotEmptyError } from "../../../services/contents"
import type { NotebookList } from "../notebooklist"
import { isNotebook } from "./filetypes"
import type { SelectedEntry } from "./selection"
import { _, counted } from "../../../../i18n/words"

/** Say that something did not work, and why. */
export function tellFailure(title: string, what: string, error?: unknown): void {
  const why = error === undefined ? "" : messageOf(error)
  const $body = $<HTMLElement>("<div></div>").append($("<p></p>").text(what))
  if (why) $body.append($("<div class='alert alert-danger'></div>").text(why))
  dialog.modal({ title, body: $body, buttons: { OK: { class: "btn-primary" } } })
}

interface Question {
  title: string
  label: string
  /** Shown before the field. */
  prefix?: JQuery
  value: string
  selectUpTo: number
  button: string
  inputClass?: string
  answered(value: string): void
}

/** A dialog with one text field; Enter answers. */
function askText(question: Question): void {
  const id = "dashboard-question"
  const $input = $<HTMLInputElement>("<input type='text' class='form-control'>").attr("id", id).val(question.value)
  $input.addClass(question.inputClass ?? "")
  const $body = $<HTMLElement>("<div></div>")
    .append($("<label class='rename-message'></label>").attr("for", id).text(question.label))
    .append(question.prefix ?? "", $input)
  const answer = (): void => question.answered(String($input.val()).trim())
  const $modal = dialog.modal({
    title: question.title,
    body: $body,
    focus_button: false,
    buttons: { Cancel: {}, [question.button]: { class: "btn-primary", click: answer } },
    open: () => {
      $input.trigger("focus")
      $input[0]!.setSelectionRange(0, question.selectUpTo)
    },
  })
  $input.on("keydown", (event) => {
    if (event.key !== "Enter" || event.originalEvent?.isComposing) return
    event.preventDefault()
    $modal.find(".modal-footer .btn-primary").trigger("click")
  })
}

/* Whole sentences: in other languages their words depend on each other. */
const RENAMING: Record<string, [title: string, label: string]> = {
  directory: [_("Rename directory"), _("Enter a new directory name:")],
  notebook: [_("Rename notebook"), _("Enter a new notebook name:")],
  file: [_("Rename file"), _("Enter a new file name:")],
}

export function renameSelected(list: NotebookList): void {
  const entry = list.selected[0]
  if (!entry || list.selected.length !== 1) return
  const [title, label] = RENAMING[entry.type] ?? RENAMING["file"]!
  const dot = entry.name.indexOf(".", 1)
  askText({
    title,
    label,
    value: entry.name,
    selectUpTo: dot === -1 ? entry.name.length : dot,
    button: _("Rename"),
    answered: (name) => void rename(list, entry, name),
  })
}

async function rename(list: NotebookList, entry: SelectedEntry, name: string): Promise<void> {
  if (name === "" || name === entry.name) return
  if (name.includes("/")) return tellFailure(_("Rename Failed"), _("\"%s\" is not a name: it contains a slash. Use Move to change the folder.", name))
  const folder = utils.url_path_split(entry.path)[0]
  try {
    await list.contents.rename(entry.path, utils.url_path_join(folder, name))
  } catch (error) {
    tellFailure(_("Rename Failed"), _("\"%1$s\" was not renamed to \"%2$s\".", entry.name, name), error)
  }
  await list.load_list()
}

export function moveSelected(list: NotebookList): void {
  const entries = [...list.selected]
  if (entries.length === 0) return
  const title = counted("Move an Item", "Move %d Items", entries.length)
  const what = entries.length === 1 ? `"${entries[0]!.name}"` : counted("%d item", "%d items", entries.length)
  const cwd = `/${list.notebook_path}`
  askText({
    title,
    label: _("Enter the new folder for %s:", what),
    prefix: $("<span class='server-root'></span>").text(document.body.getAttribute("data-server-root") ?? ""),
    inputClass: "path-input",
    value: cwd,
    selectUpTo: cwd.length,
    button: _("Move"),
    answered: (folder) => void move(list, entries, folder),
  })
}

async function move(list: NotebookList, entries: readonly SelectedEntry[], folder: string): Promise<void> {
  const target = folder.replace(/^\/+|\/+$/g, "")
  for (const entry of entries) {
    const moved = utils.url_path_join(target, entry.name)
    if (moved === entry.path) continue
    try {
      await list.contents.rename(entry.path, moved)
    } catch (error) {
      tellFailure(_("Move Failed"), _("\"%1$s\" was not moved to \"/%2$s\".", entry.name, target), error)
    }
  }
  await list.load_list()
}

function confirm(title: string, text: string, button: string, isDangerous: boolean, confirmed: () => void): void {
  dialog.modal({
    title,
    body: text,
    default_button: "Cancel",
    buttons: { Cancel: {}, [button]: { class: isDangerous ? "btn-danger" : "btn-primary", click: confirmed } },
  })
}

function namesOf(entries: readonly SelectedEntry[]): string {
  return entries.length === 1 ? `"${entries[0]!.name}"` : counted("%d file/folder", "%d files/folders", entries.length)
}

export function duplicateSelected(list: NotebookList): void {
  const entries = [...list.selected]
  const text = _("Make a copy of %s in this folder?", namesOf(entries))
  confirm(_("Duplicate"), text, _("Duplicate"), false, () => void duplicate(list, entries))
}

async function duplicate(list: NotebookList, entries: readonly SelectedEntry[]): Promise<void> {
  for (const entry of entries) {
    try {
      await list.contents.copy(entry.path, list.notebook_path)
    } catch (error) {
      tellFailure(_("Duplicate Failed"), _("\"%s\" was not duplicated.", entry.name), error)
    }
  }
  await list.load_list()
}

export function deleteSelected(list: NotebookList): void {
  const entries = [...list.selected]
  const text = _("Delete %s?", namesOf(entries))
  confirm(_("Delete"), text, _("Delete"), true, () => void deleteAll(list, entries))
}

async function deleteAll(list: NotebookList, entries: readonly SelectedEntry[]): Promise<void> {
  const running = entries.filter((entry) => entry.type === "notebook")
  await Promise.all(running.map((entry) => list.shutdown_notebook(entry.path)))
  for (const entry of entries) {
    try {
      await list.contents.delete(entry.path)
      list.notebook_deleted(entry.path)
    } catch (error) {
      const why = error instanceof DirectoryNotEmptyError ? error : (error as Error)
      tellFailure(_("Delete Failed"), _("\"%s\" was not deleted.", entry.name), why)
    }
  }
  await list.load_list()
}

/** Through a link of its own: several windows at once would be blocked. */
export function download(list: NotebookList, entry: SelectedEntry): void {
  const url = utils.url_path_join(list.base_url, "files", utils.encode_uri_components(entry.path))
  const link = document.createElement("a")
  link.href = `${url}?download=1`
  link.download = isNotebook(entry) || entry.name ? entry.name : ""
  document.body.append(link)
  link.click()
  link.remove()
}
