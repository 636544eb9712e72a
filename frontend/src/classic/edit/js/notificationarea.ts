/** `edit/js/notificationarea`: what the editor says about saving and loading. */
import { NotificationArea } from "../../base/js/notificationarea"

const SAVED_MS = 2000

export class EditorNotificationArea extends NotificationArea {
  init_notification_widgets(): void {
    const widget = this.widget("save")
    this.events.on("file_saving.Editor", () => widget.set_message("Saving…"))
    this.show_transfer("file_save_progress.Editor", "file_saved.Editor file_save_failed.Editor")
    this.events.on("file_saved.Editor", () => widget.set_message("File saved", SAVED_MS))
    this.events.on("file_save_failed.Editor", (_evt: unknown, error: Error) => {
      widget.danger(`Not saved: ${error.message || "the server refused"}`)
    })
    this.events.on("file_load_failed.Editor", (_evt: unknown, error: Error) => {
      widget.danger(`Not loaded: ${error.message || "the server refused"}`)
    })
  }
}
