/** Saving on its own, and what is asked when the page is left. */
import type { Notebook } from "../notebook"
import { autosaveInterval_ms } from "../../../../model/autosave"
import { _ } from "../../../../i18n/words"

/** After "stay on the page", the unsaved changes are saved this soon. */
const SAVE_AFTER_STAYING_MS = 1000

export const autosave = {
  /** Save every `interval` ms when there is something to save; 0 never. It is also the least that slow saves stretch. */
  set_autosave_interval(this: Notebook, interval: number): void {
    this.minimum_autosave_interval = interval
    this._start_autosave(interval)
  },

  _start_autosave(this: Notebook, interval: number): void {
    if (this.autosave_timer !== null) window.clearInterval(this.autosave_timer)
    this.autosave_timer = null
    this.autosave_interval = this.writable ? interval : 0
    if (this.autosave_interval <= 0) {
      this.events.trigger("autosave_disabled.Notebook")
      return
    }
    this.autosave_timer = window.setInterval(() => this._autosave(), this.autosave_interval)
    this.events.trigger("autosave_enabled.Notebook", this.autosave_interval)
  },

  _autosave(this: Notebook): void {
    /* While a conflict waits for the user's decision, saving again would only ask again. */
    if (!this.dirty || this._save_conflict || this._saving) return
    this.save_notebook().catch(() => undefined) // told by notebook_save_failed
  },

  /** Save less often where saving is slow. `start`: when the save began, in ms since the epoch. */
  _update_autosave_interval(this: Notebook, start: number): void {
    if (this.autosave_interval <= 0) return
    const interval = autosaveInterval_ms(Date.now() - start, this.minimum_autosave_interval)
    if (interval !== this.autosave_interval) this._start_autosave(interval)
  },

  /** The reader has left: end the kernel where the configuration wants that. Who was asked and stays, keeps it. */
  _page_left(this: Notebook): void {
    if (this.class_config.get_sync("kill_kernel") === true) this.session?._delete_while_leaving()
  },

  /** The question for a reader who leaves the page, or undefined where nothing can be lost. */
  _before_unload(this: Notebook): string | undefined {
    if (this.dirty && this._fully_loaded) {
      if (this.autosave_interval <= 0 || this._save_conflict) return _("Unsaved changes will be lost.")
      window.setTimeout(() => this._autosave(), SAVE_AFTER_STAYING_MS)
      return _("Saving is still under way; the last changes may be lost.")
    }
    return this.kernel_busy ? _("The Kernel is busy, outputs may be lost.") : undefined
  },
}
