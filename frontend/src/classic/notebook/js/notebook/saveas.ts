/** Save as: another file, from a dialog. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import * as utils from "../../../base/js/utils"
import type { ContentsModel } from "../../../../contents/models"
import type { Notebook } from "../notebook"
import { baseOf } from "../../../../model/mergebase"
import { messageOf, statusOf } from "../../../../model/errors"
import { _ } from "../../../../i18n/words"

const NOT_FOUND = 404

interface SaveAsForm {
  body: JQuery
  input: JQuery<HTMLInputElement>
  say(message: string): void
}

function makeForm(path: string): SaveAsForm {
  const message = $("<p/>").addClass("save-message").text(_("Enter a notebook path relative to the notebook directory"))
  const input = $<HTMLInputElement>("<input type='text'/>")
    .addClass("form-control")
    .attr({ "data-testid": "save-as", "aria-label": _("Path of the notebook"), size: 25 })
    .val(path)
  return { body: $("<div/>").append(message, $("<br/>"), input), input, say: (text) => void message.text(text) }
}

/** Ask a yes-or-no question; resolves with whether the user agreed. */
function confirmed(notebook: Notebook, title: string, body: string, agree: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false
    const modal = dialog.modal({
      notebook,
      keyboard_manager: notebook.keyboard_manager,
      title,
      body,
      buttons: { Cancel: {}, [agree]: { class: "btn-warning", click: () => void (answer = true) } },
    })
    modal.one("hidden.bs.modal", () => resolve(answer))
  })
}

export const savingAs = {
  /** Ask for a path and save there; the page then shows that file. */
  save_notebook_as(this: Notebook): void {
    const parent = utils.url_path_split(this.notebook_path)[0]
    const form = makeForm(parent ? `${parent}/` : "")
    let is_under_way = false
    const save_once = async (): Promise<void> => {
      if (is_under_way) return // a second click would ask the same questions again, or whether to overwrite what the first wrote
      is_under_way = true
      try {
        await this._save_as(String(form.input.val() ?? ""), () => modal.modal("hide"), (text) => form.say(text))
      } finally {
        is_under_way = false
      }
    }
    const modal = dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Save As"),
      body: form.body,
      buttons: {
        Cancel: {},
        Save: {
          class: "btn-primary",
          click: () => {
            void save_once()
            return false // until the save succeeded
          },
        },
      },
      open: () => {
        form.input.on("keydown", (event) => {
          if (event.key !== "Enter") return
          event.preventDefault()
          modal.find(".btn-primary").first().trigger("click")
        })
        form.input.trigger("focus")
      },
    })
  },

  /** Save at the path that the user typed, after the questions it needs. `close` the form, or `say` what is wrong. */
  async _save_as(this: Notebook, typed: string, close: () => void, say: (text: string) => void): Promise<void> {
    const [folder, typed_name] = utils.url_path_split(typed.trim().replace(/^\/+/, ""))
    const name = this.ensure_extension(typed_name || this.notebook_name)
    const path = utils.url_path_join(folder, name)
    if (!this.test_notebook_name(name)) return say(_("“%s” cannot be the name of a notebook: / \\ : are not allowed.", name))
    if (!this._fully_loaded) return say(_("Load failed, save is disabled"))
    try {
      if (!(await this._may_write(path, folder))) return
      say(_("Saving…"))
      await this._between_saves(async () => {
        const changes = this._changes
        const content = this.toJSON()
        this._saved_as(await this._send(path, { type: "notebook", content }), changes)
        this._merge_base = baseOf(content)
      })
      close()
    } catch (error) {
      say(messageOf(error))
    }
  },

  _saved_as(this: Notebook, model: ContentsModel, changes: number): void {
    this._save_conflict = false
    this.content_hash = model.hash ?? null
    this.writable = model.writable
    this._follow_file(model)
    this.set_dirty(this._changes !== changes)
    this._start_autosave(this.minimum_autosave_interval)
    this.events.trigger("notebook_saved.Notebook")
    void this.list_checkpoints()
  },

  /** Whether `path` is free, or the user gives it up; makes its folder where the user wants it. */
  async _may_write(this: Notebook, path: string, folder: string): Promise<boolean> {
    if (await this._exists(path)) {
      return confirmed(this, _("Save As"), _("Notebook with that name exists."), _("Overwrite"))
    }
    if (folder === "" || (await this._exists(folder))) return true
    if (!(await confirmed(this, _("Directory does not exist"), _("Create the directory “%s”?", folder), _("Create")))) return false
    await this._create_folders(folder)
    return true
  },

  async _exists(this: Notebook, path: string): Promise<boolean> {
    try {
      await this.contents.get(path, { content: false, hash: false })
      return true
    } catch (error) {
      if (statusOf(error) === NOT_FOUND) return false
      throw error
    }
  },

  async _create_folders(this: Notebook, folder: string): Promise<void> {
    const segments = folder.split("/")
    for (let depth = 1; depth <= segments.length; depth += 1) {
      const path = segments.slice(0, depth).join("/")
      if (!(await this._exists(path))) await this.contents.save(path, { type: "directory" })
    }
  },
}
