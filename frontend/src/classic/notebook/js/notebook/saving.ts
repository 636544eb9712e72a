/** Saving; never over what somebody else wrote meanwhile. */
import type { ContentsModel, SaveModel } from "../../../../contents/models"
import { statusOf } from "../../../../model/errors"
import { baseOf } from "../../../../model/mergebase"
import type { Notebook } from "../notebook"
import { isGone } from "./conflict"
import { _ } from "../../../../i18n/words"

/** Seconds by which the file may be newer than our copy, where the contents service knows no hashes. */
const DEFAULT_MARGIN_S = 0.5

export const saving = {
  set_dirty(this: Notebook, value: boolean = true): void {
    if (value) this._changes += 1
    if (this.dirty !== value) this.events.trigger("set_dirty.Notebook", { value })
  },

  /**
   * Save. With `check_last_modified` a file that changed on disk since it was read is not overwritten: the user is asked.
   * Saves never overlap: a second one waits for the first, a third is the second. Resolves with the contents model.
   */
  save_notebook(this: Notebook, check_last_modified: boolean = true): Promise<ContentsModel | undefined> {
    if (this._filling) return this._filling.then(() => this.save_notebook(check_last_modified))
    const refusal = this._why_not_save()
    if (refusal) return this._save_failed(new Error(refusal))
    if (!this._saving) return this._track_save(this._save_now(check_last_modified))
    this._queued_save ??= this._saving
      .catch(() => undefined) // the first save told its own failure
      .then(() => {
        this._queued_save = null
        return this.save_notebook(check_last_modified)
      })
    return this._queued_save as Promise<ContentsModel | undefined>
  },

  /** Do what must not overlap with a save: one that ends after a rename would write the old file again. */
  async _between_saves<T>(this: Notebook, act: () => Promise<T>): Promise<T> {
    while (this._saving) await this._saving.catch(() => undefined) // a failed save told by itself
    return this._track_save(act())
  },

  _track_save<T>(this: Notebook, save: Promise<T>): Promise<T> {
    const done = (): void => {
      if (this._saving === save) this._saving = null
    }
    this._saving = save
    save.then(done, done)
    return save
  },

  _why_not_save(this: Notebook): string | null {
    if (!this._fully_loaded) return _("Load failed, save is disabled")
    return this.writable ? null : _("Notebook is read-only")
  },

  async _save_now(this: Notebook, check: boolean): Promise<ContentsModel | undefined> {
    this.events.trigger("before_save.Notebook")
    if (check && (await this._is_newer_on_disk())) return this._save_failed(this._ask_about_conflict())
    const start = Date.now()
    const changes = this._changes
    this._saved_position = this._kernel_position()
    const precondition = check && this.content_hash ? { hash: this.content_hash } : {}
    try {
      const content = this._content_to_save()
      const model = await this._send(this.notebook_path, { type: "notebook", content, ...precondition })
      this._merge_base = baseOf(content)
      this._save_conflict = false
      this.save_notebook_success(start, model)
      /* What was typed while the save was under way is not in the file. */
      if (this._changes !== changes) this.set_dirty(true)
      return model
    } catch (error) {
      if (check && isGone(error) && (await this._follow_session())) return this._save_now(check)
      return this._save_failed(check && statusOf(error) === 409 ? this._ask_about_conflict(error) : error)
    }
  },

  /** Give `model` to the server. Events tell how far a large one is (`notebook_save_progress`), and that it has ended (`notebook_sent`). */
  async _send(this: Notebook, path: string, model: SaveModel): Promise<ContentsModel> {
    try {
      return await this.contents.save(path, model, (sent) => this.events.trigger("notebook_save_progress.Notebook", sent))
    } finally {
      this.events.trigger("notebook_sent.Notebook")
    }
  },

  _save_failed(this: Notebook, error: unknown): Promise<never> {
    this.events.trigger("notebook_save_failed.Notebook", error as Error)
    return Promise.reject(error)
  },

  save_notebook_success(this: Notebook, start: number, data: ContentsModel): void {
    this.content_hash = data.hash ?? null
    this.last_modified = new Date(data.last_modified)
    this.set_dirty(false)
    if (data.message) this._show_validation_failure("saved", data.message)
    this.events.trigger("notebook_saved.Notebook")
    this._update_autosave_interval(start)
  },

  /** For a contents service without hashes: whether the file is newer than our copy. One that cannot tell lets us save. */
  async _is_newer_on_disk(this: Notebook): Promise<boolean> {
    if (this.content_hash || !this.last_modified) return false
    const margin_s = Number(this.config.data["last_modified_check_margin"] ?? DEFAULT_MARGIN_S)
    try {
      const model = await this.contents.get(this.notebook_path, { type: "notebook", content: false })
      return new Date(model.last_modified).getTime() - this.last_modified.getTime() > margin_s * 1000
    } catch {
      return false
    }
  },
}
