/** `edit/js/savewidget`: the file's name, whether it has unsaved changes, and when it was saved last. */
import $ from "jquery"
import * as dialog from "../../base/js/dialog"
import type { EventBus } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import type { Editor } from "./editor"
import { checkpointAge, shortDate } from "../../../model/dates"
import { _ } from "../../../i18n/words"

export interface SaveWidgetOptions {
  events: EventBus
  editor: Editor
  keyboard_manager?: unknown
}

export class SaveWidget {
  editor: Editor
  selector: string
  element: JQuery<HTMLElement>
  events: EventBus
  _last_modified: Date | null
  _render_timeout: ReturnType<typeof setTimeout> | undefined

  constructor(selector: string, options: SaveWidgetOptions) {
    this.editor = options.editor
    this.selector = selector
    this.events = options.events
    this.element = $<HTMLElement>(selector)
    this._last_modified = null
    this._render_timeout = undefined
    this.bind_events()
  }

  bind_events(): void {
    const $name = this.element.find("span.filename")
    $name.on("click", () => this.rename())
    $name.on("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault()
        this.rename()
      }
    })
    this.events.on("save_status_clean.Editor", () => this._show_dirty(false))
    this.events.on("save_status_dirty.Editor", () => this._show_dirty(true))
    this.events.on("file_loaded.Editor", (_evt, model) => this._show_model(model))
    this.events.on("file_saved.Editor", (_evt, model) => this._show_model(model))
    this.events.on("file_renamed.Editor", (_evt, model) => {
      this._show_model(model)
      this.update_address_bar(model.path)
    })
    this.events.on("file_load_failed.Editor", () => this.update_filename(this.editor.get_filename()))
  }

  _show_model(model: { name: string; last_modified: string }): void {
    this.update_filename(model.name)
    this.update_document_title(model.name)
    this.update_last_modified(model.last_modified)
  }

  _show_dirty(is_dirty: boolean): void {
    const $dot = this.element.find(".dirty-indicator-dirty, .dirty-indicator-clean")
    $dot.attr({ class: is_dirty ? "dirty-indicator-dirty" : "dirty-indicator-clean" })
    const title = is_dirty ? _("Unsaved changes") : _("No changes to save")
    $dot.attr({ title, "aria-label": title })
    this.update_document_title(this.editor.get_filename(), is_dirty)
  }

  rename(options: { editor?: Editor } = {}): void {
    const editor = options.editor ?? this.editor
    const name = editor.get_filename()
    const $input = $<HTMLInputElement>("<input type='text' class='form-control' id='rename-file-input'>").val(name)
    const $status = $("<p class='rename-status' role='alert'></p>")
    const $body = $<HTMLElement>("<div></div>").append(
      $("<label class='rename-message' for='rename-file-input'></label>").text(_("Enter a new filename:")),
      $input,
      $status,
    )
    const $modal = dialog.modal({
      title: _("Rename File"),
      body: $body,
      focus_button: false,
      buttons: { Cancel: {}, OK: { class: "btn-primary", click: () => this._rename_to(editor, String($input.val()).trim(), $status, $modal) } },
      open: () => {
        $input.trigger("focus")
        $input[0]!.setSelectionRange(0, utils.splitext(name)[0].length)
      },
    })
    $input.on("keydown", (event) => {
      if (event.key !== "Enter" || event.originalEvent?.isComposing) return
      event.preventDefault()
      $modal.find(".modal-footer .btn-primary").trigger("click")
    })
  }

  /** Keeps the dialog open until the server has agreed, so that a refusal can be corrected in place. */
  _rename_to(editor: Editor, name: string, $status: JQuery, $modal: JQuery): boolean {
    if (name === editor.get_filename()) return true
    if (name === "" || name.includes("/")) {
      $status.text(_("A name must not be empty or contain a slash."))
      return false
    }
    $status.text(_("Renaming…"))
    editor.rename(name).then(
      () => $modal.modal("hide"),
      (error: Error) => $status.text(error.message || _("The file was not renamed.")),
    )
    return false
  }

  update_filename(filename: string): void {
    this.element.find("span.filename").text(filename)
  }

  update_document_title(filename: string, dirty = !this.editor.clean): void {
    document.title = (dirty ? "*" : "") + _("%s - Jupyter Text Editor", filename)
  }

  update_address_bar(path: string): void {
    const url = utils.url_path_join(this.editor.base_url, "edit", utils.encode_uri_components(path))
    history.replaceState({ path }, "", url)
  }

  update_last_modified(last_modified: string | Date | null): void {
    this._last_modified = last_modified ? new Date(last_modified) : null
    this._render_last_modified()
  }

  _render_last_modified(): void {
    const $text = this.element.find("span.last_modified")
    if (!this._last_modified) {
      $text.text("").attr("title", _("never saved"))
      return
    }
    $text.text(checkpointAge(this._last_modified, new Date())).attr("title", shortDate(this._last_modified))
    this._schedule_render_last_modified()
  }

  /** A text such as "2 minutes ago" is written again when it is no longer true. */
  _schedule_render_last_modified(): void {
    clearTimeout(this._render_timeout)
    if (!this._last_modified) return
    const delay_ms = utils.time.timeout_from_dt(Date.now() - this._last_modified.getTime())
    this._render_timeout = setTimeout(() => this._render_last_modified(), delay_ms)
  }
}
