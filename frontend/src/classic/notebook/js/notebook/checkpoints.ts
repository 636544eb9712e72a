/** Checkpoints: make, list, go back to one. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import { longDate, relativeTime } from "../../../../model/dates"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

export interface Checkpoint {
  id: string
  last_modified: string
}

export const checkpointing = {
  /** Save, then make a checkpoint. */
  async save_checkpoint(this: Notebook): Promise<void> {
    try {
      await this.save_notebook()
    } catch {
      return // told by notebook_save_failed
    }
    await this.create_checkpoint()
  },

  /** Put `checkpoint` into the list; one of the same id is replaced. */
  add_checkpoint(this: Notebook, checkpoint: Checkpoint): void {
    const others = this.checkpoints.filter((known) => known.id !== checkpoint.id)
    this.checkpoints = [...others, checkpoint]
    this.last_checkpoint = checkpoint
  },

  async list_checkpoints(this: Notebook): Promise<void> {
    try {
      this.list_checkpoints_success(await this.contents.list_checkpoints(this.notebook_path))
    } catch (error) {
      this.events.trigger("list_checkpoints_failed.Notebook", error as Error)
    }
  },

  list_checkpoints_success(this: Notebook, data: Checkpoint[]): void {
    this.checkpoints = data
    this.last_checkpoint = data[data.length - 1] ?? null
    this.events.trigger("checkpoints_listed.Notebook", [data])
  },

  async create_checkpoint(this: Notebook): Promise<void> {
    try {
      this.create_checkpoint_success(await this.contents.create_checkpoint(this.notebook_path))
    } catch (error) {
      this.events.trigger("checkpoint_failed.Notebook", error as Error)
    }
  },

  create_checkpoint_success(this: Notebook, data: Checkpoint): void {
    this.add_checkpoint(data)
    this.events.trigger("checkpoint_created.Notebook", data)
  },

  /** Ask, then go back to `checkpoint` (default: the newest). */
  restore_checkpoint_dialog(this: Notebook, checkpoint?: string | Checkpoint | null): void {
    const wanted = typeof checkpoint === "string" ? this.checkpoints.find((known) => known.id === checkpoint) : checkpoint
    const chosen = wanted ?? this.last_checkpoint
    if (!chosen) return
    const date = new Date(chosen.last_modified)
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Revert notebook to checkpoint"),
      body: $("<div/>").append(
        $("<p/>").addClass("p-space").text(_("Go back to this checkpoint? Whatever was changed since then is lost.")),
        $("<p/>").addClass("p-space").append($("<strong/>").text(_("It was made:"))),
        $("<p/>").addClass("p-space").text(longDate(date)),
        $("<p/>").addClass("p-space").text(`(${relativeTime(date, new Date())})`),
      ),
      buttons: { Cancel: {}, Revert: { class: "btn-danger", click: () => void this.restore_checkpoint(chosen.id) } },
      default_button: "Cancel",
    })
  },

  async restore_checkpoint(this: Notebook, checkpoint: string): Promise<void> {
    this.events.trigger("notebook_restoring.Notebook", checkpoint)
    try {
      await this.contents.restore_checkpoint(this.notebook_path, checkpoint)
    } catch (error) {
      this.events.trigger("checkpoint_restore_failed.Notebook", error as Error)
      return
    }
    this.restore_checkpoint_success()
  },

  restore_checkpoint_success(this: Notebook): void {
    this.events.trigger("checkpoint_restored.Notebook")
    this._save_conflict = false
    void this.load_notebook(this.notebook_path)
  },

  async delete_checkpoint(this: Notebook, checkpoint: string): Promise<void> {
    try {
      await this.contents.delete_checkpoint(this.notebook_path, checkpoint)
    } catch (error) {
      this.events.trigger("checkpoint_delete_failed.Notebook", error as Error)
      return
    }
    this.delete_checkpoint_success()
  },

  delete_checkpoint_success(this: Notebook): void {
    this.events.trigger("checkpoint_deleted.Notebook")
    void this.list_checkpoints()
  },
}
