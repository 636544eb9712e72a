/** `edit/js/notificationarea`: what the editor says about saving and loading. */
import { NotificationArea } from "../../base/js/notificationarea"
import { _ } from "../../../i18n/words"

const SAVED_MS = 2000

export class EditorNotificationArea extends NotificationArea {
  init_notification_widgets(): void {
    const widget = this.widget("save")
    this.events.on("file_saving.Editor", () => widget.set_message(_("Saving…")))
    this.show_transfer("file_save_progress.Editor", "file_saved.Editor file_save_failed.Editor")
    this.events.on("file_saved.Editor", () => widget.set_message(_("File saved"), SAVED_MS))
    this.events.on("file_save_failed.Editor", (_evt: unknown, error: Error) => {
      const why = error.message || _("the server refused")
      widget.danger(_("Not saved: %s", why))
    })
    this.events.on("file_load_failed.Editor", (_evt: unknown, error: Error) => {
      const why = error.message || _("the server refused")
      widget.danger(_("Not loaded: %s", why))
    })
  }
}
