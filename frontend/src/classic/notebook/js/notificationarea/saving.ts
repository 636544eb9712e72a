/** What loading, saving and checkpoints tell the user. */
import { clockWithSeconds } from "../../../../model/dates"
import type { NotebookNotificationArea } from "../notificationarea"
import type { Checkpoint } from "../notebook/checkpoints"
import { messageOf } from "../../../../model/errors"
import { _, counted } from "../../../../i18n/words"

const SHORT_MS = 500
const MIDDLE_MS = 1000
const LONG_MS = 2000
const RESTORED_MS = 6000

/** Something that can be taken back for a while, with one click. */
interface UndoOffer {
  text: string
  undo: () => void
  timeout_ms: number
}

export function listenToNotebook(area: NotebookNotificationArea): void {
  const { events } = area
  const widget = area.widget("notebook")
  const say = (names: string, text: string, duration_ms: number): void => {
    events.on(names, () => void widget.set_message(text, duration_ms))
  }
  const warn = (names: string, otherwise: string): void => {
    events.on(names, (_event: unknown, error: unknown) => void widget.warning(error ? messageOf(error) || otherwise : otherwise))
  }
  say("notebook_loading.Notebook", _("Loading notebook"), SHORT_MS)
  say("notebook_loaded.Notebook", _("Notebook loaded"), SHORT_MS)
  events.on("outputs_restored.Notebook", (_event: unknown, { count }: { count: number }) => {
    widget.set_message(counted("A cell's outputs came while the page was closed", "Outputs of %d cells came while the page was closed", count), RESTORED_MS)
  })
  events.on("outputs_homeless.Notebook", (_event: unknown, { count }: { count: number }) => {
    widget.warning(counted("The outputs of a cell that is no longer here are left out", "The outputs of %d cells that are no longer here are left out", count))
  })
  events.on("notebook_moved.Notebook", (_event: unknown, { path }: { path: string }) => {
    area.widget("moved").warning(_("This notebook was renamed or moved. It is now: %s", path))
  })
  say("notebook_saving.Notebook", _("Saving notebook"), SHORT_MS)
  say("notebook_saved.Notebook", _("Notebook saved"), LONG_MS)
  area.show_transfer("notebook_save_progress.Notebook", "notebook_sent.Notebook")
  warn("notebook_save_failed.Notebook", _("Notebook save failed"))
  warn("notebook_copy_failed.Notebook", _("Notebook copy failed"))
  events.on("checkpoint_created.Notebook", (_event: unknown, checkpoint?: Checkpoint) => {
    const at = checkpoint && clockWithSeconds(new Date(checkpoint.last_modified))
    widget.set_message(at ? _("Checkpoint created: %s", at) : _("Checkpoint created"), LONG_MS)
  })
  events.on("checkpoint_failed.Notebook", () => void widget.warning(_("Checkpoint failed")))
  say("checkpoint_deleted.Notebook", _("Checkpoint deleted"), SHORT_MS)
  events.on("checkpoint_delete_failed.Notebook", () => void widget.warning(_("Checkpoint delete failed")))
  say("notebook_restoring.Notebook checkpoint_restoring.Notebook", _("Restoring to checkpoint..."), SHORT_MS)
  events.on("checkpoint_restore_failed.Notebook", () => void widget.warning(_("Checkpoint restore failed")))
  say("autosave_disabled.Notebook", _("Autosave disabled"), LONG_MS)
  events.on("undo_offered.Notebook", (_event: unknown, offer: UndoOffer) => widget.info(offer.text, offer.timeout_ms, offer.undo))
  events.on("autosave_enabled.Notebook", (_event: unknown, interval_ms: number) => {
    widget.set_message(_("Saving every %s sec.", Math.round(interval_ms / 1000)), MIDDLE_MS)
  })
}
