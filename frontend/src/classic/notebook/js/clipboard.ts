/** `notebook/js/clipboard`: cells on the system's clipboard, from one notebook to another. */
import $ from "jquery"
import { cellsFromClipboard, cellsToClipboard } from "../../../model/clipboard"
import type { CellJson } from "../../../model/notebook"
import * as dialog from "../../base/js/dialog"
import { Jupyter } from "../../base/js/namespace"
import { browser, platform } from "../../base/js/utils/platform"
import type { Notebook } from "./notebook"
import { _ } from "../../../i18n/words"

const TYPING_PLACES = "input, textarea, select, [contenteditable=''], [contenteditable='true']"
const PASTE_KEY = "cmdtrl-v"

function hasSelectedText(): boolean {
  return document.getSelection()?.type === "Range"
}

/* A cell's editor keeps its own text area, which has the focus only in edit mode. */
function isTyping(): boolean {
  return $(document.activeElement ?? document.body).is(TYPING_PLACES)
}

function isForCells(notebook: Notebook): boolean {
  return notebook.mode === "command" && notebook.keyboard_manager.enabled && !isTyping()
}

function copyCells(notebook: Notebook, event: ClipboardEvent): void {
  if (!isForCells(notebook) || hasSelectedText() || !event.clipboardData) return
  const cells = notebook.get_selected_cells().map((cell) => cell.toJSON() as unknown as CellJson)
  if (cells.length === 0) return
  event.preventDefault()
  for (const [type, text] of Object.entries(cellsToClipboard(cells))) event.clipboardData.setData(type, text)
}

/* Above the selected cell, as one group. */
function insertCells(notebook: Notebook, transfer: DataTransfer | null): boolean {
  const cells = transfer ? cellsFromClipboard((type) => transfer.getData(type)) : null
  if (!cells) return false
  const index = notebook.get_selected_cells_indices()[0] ?? 0
  notebook._undoable(_("paste cells"), [], () => cells.forEach((json, offset) => notebook._insert_json(json, index + offset)))
  notebook.select(index)
  notebook.focus_cell()
  notebook._tell_trust()
  return true
}

function pasteCells(notebook: Notebook, event: ClipboardEvent): void {
  if (isForCells(notebook) && insertCells(notebook, event.clipboardData)) event.preventDefault()
}

/* Firefox gives the clipboard only to a place where one can type. */
function showPasteDialog(notebook: Notebook): void {
  const $field = $("<textarea class='paste-target'></textarea>").attr("aria-label", _("Paste here")).css({ opacity: 0, position: "absolute" })
  const $modal = dialog.modal({
    notebook,
    keyboard_manager: notebook.keyboard_manager,
    title: platform === "MacOS" ? _("Cmd-V to paste") : _("Ctrl-V to paste"),
    body: $("<div></div>").append($("<p></p>").text(_("Press the keys once more to paste the cells.")), $field),
    buttons: { Cancel: {} },
    focus_button: false,
    open: () => void $field.trigger("focus"),
  })
  $field.on("paste", (event) => {
    event.preventDefault()
    insertCells(notebook, (event.originalEvent as ClipboardEvent).clipboardData)
    $modal.modal("hide")
  })
}

function bindPasteDialog(notebook: Notebook): void {
  const { actions, command_shortcuts } = notebook.keyboard_manager
  const action = { help: _("paste cells from the system's clipboard"), icon: "fa-clipboard", help_index: "zz", handler: () => {
    showPasteDialog(notebook)
    return false
  } }
  command_shortcuts._add_default_shortcuts({ [PASTE_KEY]: actions.register(action, "paste-dialog", "system-clipboard") })
}

/** Listen for the page's copy and paste; once per page. */
export function setup_clipboard_events(notebook: Notebook = Jupyter["notebook"] as Notebook): void {
  document.addEventListener("copy", (event) => copyCells(notebook, event))
  document.addEventListener("paste", (event) => pasteCells(notebook, event))
  if (browser[0] === "Firefox") bindPasteDialog(notebook)
}
