/** Uploads: a row per file in which the name may be changed, then one request, or a sequence of them for a large file. */
import $ from "jquery"
import type { SaveModel } from "../../../../contents/models"
import * as dialog from "../../../base/js/dialog"
import * as utils from "../../../base/js/utils"
import type { Sent, TellSent } from "../../../../page/sending"
import type { NotebookList } from "../notebooklist"
import { tellFailure } from "./operations"
import { part } from "./rows"
import { showProgress } from "./uploadprogress"
import { _ } from "../../../../i18n/words"

export type FileData = string

/** Size of one part of a large upload. */
export const CHUNK_BYTES = 8 * 1024 * 1024

const BYTES_PER_MB = 1024 * 1024

/** Put a row at the top for each chosen or dropped file. */
export function receiveFiles(list: NotebookList, event: JQuery.TriggeredEvent, dropOrForm: "drop" | "form"): void {
  const input = event.target as HTMLInputElement
  const files = dropOrForm === "drop" ? (event.originalEvent as DragEvent).dataTransfer?.files : input.files
  for (const file of [...(files ?? [])]) void receive(list, file)
  // The same file must be choosable again: a reset input reports the next choice as a change.
  if (dropOrForm === "form") input.value = ""
}

async function receive(list: NotebookList, file: File): Promise<void> {
  if (file.size > list._max_upload_size_mb * BYTES_PER_MB) return askLarge(list, file)
  const isNotebook = file.name.toLowerCase().endsWith(".ipynb")
  try {
    const data = isNotebook ? await file.text() : await base64(file)
    const item = list.new_item(0, false)
    item.addClass("new-file")
    list.add_name_input(file.name, item, isNotebook ? "notebook" : "file")
    list.add_file_data(data, item)
    item.data("format", isNotebook ? "text" : "base64")
    list.add_upload_button(item)
  } catch (error) {
    tellFailure(_("Failed to read file"), _("Failed to read file \"%s\". A folder cannot be uploaded.", file.name), error)
  }
}

function askLarge(list: NotebookList, file: File): void {
  dialog.modal({
    title: _("Large file size warning"),
    body: _("The file \"%1$s\" has %2$s MB. Do you still want to upload it?", file.name, Math.round(file.size / BYTES_PER_MB)),
    buttons: { Cancel: {}, Ok: { class: "btn-primary", click: () => list.add_large_file_upload_button(file) } },
  })
}

/** The bytes of `blob` in base64. */
export function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "")
    reader.onerror = () => reject(reader.error ?? new Error(_("unreadable")))
    reader.readAsDataURL(blob)
  })
}

export function addNameInput(name: string, item: JQuery<HTMLElement>, iconClass: string): void {
  const row = item[0]!
  item.data("name", name)
  part(row, "item_icon").classList.add(iconClass)
  part(row, "item_icon").setAttribute("aria-hidden", "true")
  const $input = $("<input type='text' class='filename_input'>").val(name).attr({ size: Math.min(60, name.length + 4), "aria-label": _("Name for %s", name) })
  $(part(row, "item_name")).empty()
  $(part(row, "item_link")).replaceWith($input)
  $input.on("keydown", (event) => {
    if (event.key === "Enter") item.find(".upload_button").trigger("click")
    else if (event.key === "Escape") item.find(".cancel_button").trigger("click")
    else return
    event.preventDefault()
    event.stopPropagation()
  })
}

function addButtons(item: JQuery<HTMLElement>, upload: () => void, cancel: () => void): JQuery {
  const $upload = $("<button type='button' class='btn btn-primary btn-xs upload_button'></button>").text(_("Upload")).on("click", upload)
  const $cancel = $("<button type='button' class='btn btn-default btn-xs cancel_button'></button>").text(_("Cancel")).on("click", cancel)
  item.find(".item_buttons").empty().append($upload, " ", $cancel)
  return $upload
}

export function addUploadButton(list: NotebookList, item: JQuery<HTMLElement>): void {
  const $upload = addButtons(item, () => void start(), () => item.remove())
  const start = async (): Promise<void> => {
    const name = validName(item)
    if (name === null) return
    const model = modelOf(name, item)
    if (model === null || !(await mayReplace(list, name))) return
    $upload.text(_("Uploading")).prop("disabled", true)
    const progress = showProgress(item, $upload, name)
    try {
      await list.contents.save(pathOf(list, name), model, progress.tell)
      item.remove()
      await list.load_list()
    } catch (error) {
      progress.end()
      $upload.text(_("Upload")).prop("disabled", false)
      tellFailure(_("Upload Failed"), _("\"%s\" was not uploaded.", name), error)
    }
  }
}

function pathOf(list: NotebookList, name: string): string {
  return utils.url_path_join(list.notebook_path, name)
}

/** The name in the row's field, or null when it cannot be one. */
function validName(item: JQuery<HTMLElement>): string | null {
  const name = String(item.find(".filename_input").val() ?? "").trim()
  if (name !== "" && !name.startsWith(".") && !name.includes("/")) return name
  dialog.modal({
    title: _("Invalid file name"),
    body: _("File names must not be empty, begin with a dot or contain a slash."),
    buttons: { OK: { class: "btn-primary" } },
  })
  return null
}

/** What to save, or null when a notebook is none. */
function modelOf(name: string, item: JQuery<HTMLElement>): SaveModel | null {
  const data = item.data("filedata") as FileData
  const format = item.data("format") as "text" | "base64" | undefined
  if (format !== "text") return { type: "file", format: "base64", content: data, name }
  if (!name.toLowerCase().endsWith(".ipynb")) return { type: "file", format: "text", content: data, name }
  try {
    const notebook: unknown = JSON.parse(data)
    if (typeof notebook !== "object" || notebook === null || Array.isArray(notebook)) throw new Error(_("It is no JSON object."))
    return { type: "notebook", format: "json", content: notebook, name }
  } catch (error) {
    tellFailure(_("Cannot upload invalid Notebook"), _("\"%s\" is not a notebook, so it was not uploaded. Under another ending it can be uploaded as a file.", name), error)
    return null
  }
}

function mayReplace(list: NotebookList, name: string): Promise<boolean> {
  const exists = list._entry_rows().some((row) => $(row).data("name") === name)
  if (!exists) return Promise.resolve(true)
  return new Promise((resolve) => {
    const $modal = dialog.modal({
      title: _("Replace file"),
      body: _("There is already a file named \"%s\". Do you want to replace it?", name),
      default_button: "Cancel",
      buttons: { Cancel: {}, Overwrite: { class: "btn-danger", click: () => resolve(true) } },
    })
    $modal.on("hidden.bs.modal", () => resolve(false)) // after a click on Overwrite it is settled already
  })
}

/** A row for a file too large for one request: sent in parts, with progress; Cancel stops and removes what arrived. */
export function addLargeUpload(list: NotebookList, file: File): void {
  const item = list.new_item(0, false)
  item.addClass("new-file")
  list.add_name_input(file.name, item, "file")
  let isCancelled = false
  let isRunning = false
  const cancel = (): void => {
    isCancelled = true
    if (!isRunning) item.remove()
  }
  const $upload = addButtons(item, () => void start(), cancel)
  const start = async (): Promise<void> => {
    const name = validName(item)
    if (isRunning || name === null || !(await mayReplace(list, name))) return
    isRunning = true
    $upload.prop("disabled", true)
    const progress = showProgress(item, $upload, name)
    const isWhole = await sendChunks(list, pathOf(list, name), file, () => isCancelled, progress.tell)
    if (isWhole || isCancelled) item.remove()
    else {
      isRunning = false
      $upload.text(_("Upload")).prop("disabled", false)
      progress.end()
    }
    await list.load_list()
  }
}

async function sendChunks(
  list: NotebookList,
  path: string,
  file: File,
  isCancelled: () => boolean,
  tell: TellSent,
): Promise<boolean> {
  const count = Math.ceil(file.size / CHUNK_BYTES)
  const upload = count === 1 ? undefined : crypto.getRandomValues(new Uint32Array(4)).join("-")
  let sent = 0
  try {
    for (; sent < count && !isCancelled(); sent++) {
      const content = await base64(file.slice(sent * CHUNK_BYTES, (sent + 1) * CHUNK_BYTES))
      // A lone last part would be appended to an existing file, so a single part goes as an ordinary save.
      const chunk = count === 1 ? undefined : sent + 1 === count ? -1 : sent + 1
      const part = { type: "file", format: "base64", content, chunk, upload } as const
      await list.contents.save(path, part, (done) => tell(ofWhole(file, sent, done)))
    }
    if (sent === count) return true
  } catch (error) {
    tellFailure(_("Upload Failed"), _("\"%s\" was not uploaded.", file.name), error)
  }
  if (sent > 0) await removePartial(list, path)
  return false
}

/* A slice travels as text, a third longer than its bytes. Only with the last one is the server left alone with it. */
function ofWhole(file: File, index: number, part: Sent): Sent {
  const start = index * CHUNK_BYTES
  const size = Math.min(CHUNK_BYTES, file.size - start)
  return { sentBytes: start + Math.floor((size * part.sentBytes) / part.totalBytes), totalBytes: file.size }
}

async function removePartial(list: NotebookList, path: string): Promise<void> {
  try {
    await list.contents.delete(path)
  } catch (error) {
    tellFailure(_("Upload Failed"), _("The part of \"%s\" that arrived could not be removed.", path), error)
  }
}
