/** `notebook/js/savewidget`: the notebook's name, its last checkpoint and whether it is saved, in the header. */
import $ from "jquery"
import type { EventBus } from "../../base/js/events"
import * as dialog from "../../base/js/dialog"
import * as utils from "../../base/js/utils"
import { checkpointAge, redrawDelay_ms, shortDate } from "../../../model/dates"
import type { KeyboardManager } from "./keyboardmanager"
import type { Notebook } from "./notebook"
import type { Checkpoint } from "./notebook/checkpoints"
import { messageOf } from "../../../model/errors"
import { _ } from "../../../i18n/words"

export interface SaveWidgetOptions {
  events: EventBus
  keyboard_manager?: KeyboardManager
  notebook?: Notebook
  base_url?: string
}

interface RenameOptions {
  notebook?: Notebook
}

const RENAME_PROMPT = _("Enter a new notebook name:")

export class SaveWidget {
  element: JQuery
  events: EventBus
  keyboard_manager: KeyboardManager | undefined
  notebook: Notebook | undefined
  base_url: string
  _checkpoint_date: Date | null
  _checkpoint_timer: number | null
  _read_only: boolean

  constructor(selector: string, options: SaveWidgetOptions) {
    this.element = $(selector)
    this.events = options.events
    this.keyboard_manager = options.keyboard_manager
    this.notebook = options.notebook
    this.base_url = options.base_url ?? utils.get_body_data("baseUrl") ?? "/"
    this._checkpoint_date = null
    this._checkpoint_timer = null
    this._read_only = false
    this.bind_events()
  }

  bind_events(): void {
    const name = this.element.find("span.filename").attr({ role: "button", tabindex: "0" })
    name.on("click", () => this.rename_notebook({ notebook: this.notebook }))
    name.on("keydown", (event) => {
      if (event.key === "Enter") this.rename_notebook({ notebook: this.notebook })
    })
    this.events.on("notebook_loaded.Notebook", () => {
      this._read_only = !this.notebook?.writable
      this.update_notebook_name()
      this.update_document_title()
      this.set_autosaved(this.notebook?.dirty ?? false)
    })
    this.events.on("notebook_saved.Notebook", () => {
      this._read_only = false
      this.update_notebook_name()
      this.update_document_title()
      this.set_autosaved(this.notebook?.dirty ?? false)
    })
    this.events.on("notebook_renamed.Notebook", () => {
      this.update_notebook_name()
      this.update_document_title()
      this.update_address_bar()
    })
    this.events.on("notebook_save_failed.Notebook", () => this.set_save_status(_("Autosave Failed!")))
    this.events.on("notebook_read_only.Notebook", () => {
      this._read_only = true
      this.set_save_status(_("(read only)"))
    })
    this.events.on("checkpoints_listed.Notebook", (_event: unknown, checkpoints: Checkpoint[]) => {
      this._set_last_checkpoint(checkpoints[checkpoints.length - 1])
    })
    this.events.on("checkpoint_created.Notebook", (_event: unknown, checkpoint: Checkpoint) => this._set_last_checkpoint(checkpoint))
    this.events.on("set_dirty.Notebook", (_event: unknown, change: { value: boolean }) => {
      /* While the cells of a long notebook come in, each says that something changed. */
      if (this.notebook?._fully_loaded !== false) this.set_autosaved(change.value)
    })
  }

  /** Ask for a new name and rename the file. */
  rename_notebook(options: RenameOptions = {}): void {
    const notebook = options.notebook ?? this.notebook
    if (!notebook) return
    const message = $("<p/>").addClass("rename-message").text(RENAME_PROMPT)
    const input = $("<input type='text' size='25'/>")
      .addClass("form-control")
      .attr("aria-label", RENAME_PROMPT)
      .val(notebook.get_notebook_name())
    const modal = dialog.modal({
      title: _("Rename Notebook"),
      body: $("<div/>").append(message, $("<br/>"), input),
      default_button: "Cancel",
      buttons: {
        Cancel: {},
        Rename: {
          class: "btn-primary",
          click: () => {
            void this._rename(notebook, String(input.val() ?? ""), message, modal)
            return false // until the server agreed
          },
        },
      },
      notebook,
      keyboard_manager: this.keyboard_manager,
      open: () => {
        input.on("keydown", (event) => {
          if (event.key !== "Enter") return
          event.preventDefault()
          modal.find(".btn-primary").first().trigger("click")
        })
        input.trigger("focus").trigger("select")
      },
    })
  }

  async _rename(notebook: Notebook, typed: string, message: JQuery, modal: JQuery): Promise<void> {
    const name = typed.trim()
    if (!notebook.test_notebook_name(name)) {
      message.text(_("A notebook's name needs at least one character, and none of / \\ and : may be in it."))
      return
    }
    message.text(_("Renaming..."))
    const buttons = modal.find(".modal-footer button").prop("disabled", true)
    try {
      await notebook.rename(name)
      modal.modal("hide")
    } catch (error) {
      message.text(messageOf(error) || _("Unknown error"))
      modal.find("input[type='text']").trigger("focus").trigger("select")
    } finally {
      buttons.prop("disabled", false)
    }
  }

  update_notebook_name(): void {
    this.element.find("span.filename").text(this.notebook?.get_notebook_name() ?? "")
  }

  update_document_title(): void {
    document.title = _("%s - Jupyter Notebook", this.notebook?.get_notebook_name() ?? "")
  }

  /** Let the address bar name the file that the page shows, so that a reload finds it. */
  update_address_bar(): void {
    if (!this.notebook) return
    const path = utils.encode_uri_components(this.notebook.notebook_path)
    const state = { path: utils.url_path_join(this.base_url, "notebooks", path) }
    window.history.replaceState(state, "", state.path)
  }

  set_save_status(msg: string): void {
    const status = this.element.find("span.autosave_status")
    /* Each key tells that the notebook is dirty: the same words again would be laid out, and read aloud, again. */
    if (status.text() !== msg) status.text(msg)
  }

  _set_last_checkpoint(checkpoint?: Checkpoint | null): void {
    this._checkpoint_date = checkpoint ? new Date(checkpoint.last_modified) : null
    this._render_checkpoint()
  }

  _render_checkpoint(): void {
    this._schedule_render_checkpoint()
    const status = this.element.find("span.checkpoint_status")
    if (!this._checkpoint_date) {
      status.text("").attr("title", _("no checkpoint"))
      return
    }
    status.text(_("Last Checkpoint: %s", checkpointAge(this._checkpoint_date, new Date()))).attr("title", shortDate(this._checkpoint_date))
  }

  _schedule_render_checkpoint(): void {
    if (this._checkpoint_timer !== null) window.clearTimeout(this._checkpoint_timer)
    this._checkpoint_timer = null
    if (!this._checkpoint_date) return
    const delay_ms = redrawDelay_ms(this._checkpoint_date, new Date())
    this._checkpoint_timer = window.setTimeout(() => this._render_checkpoint(), delay_ms)
  }

  /** "(unsaved changes)" or "(autosaved)"; what cannot be saved stays "(read only)". */
  set_autosaved(dirty: boolean): void {
    if (this._read_only) this.set_save_status(_("(read only)"))
    else this.set_save_status(dirty ? _("(unsaved changes)") : _("(autosaved)"))
  }
}
