/** The file on disk is not the one that was opened: the user decides which one stays. */
import $ from "jquery"
import * as dialog from "../../base/js/dialog"
import type { Editor } from "./editor"
import { _ } from "../../../i18n/words"

const CONFLICT = 409

export function isConflict(error: unknown): boolean {
  return (error as { status?: number } | null)?.status === CONFLICT
}

export function resolveConflict(editor: Editor): void {
  const $body = $<HTMLElement>("<div></div>").append(
    $("<p></p>").text(_("\"%s\" changed on disk since it was last opened or saved here.", editor.get_filename())),
    $("<p></p>").text(_("Overwrite the file on disk with this text, or open the version on disk and lose the changes made here?")),
  )
  dialog.modal({
    title: _("File changed"),
    body: $body,
    default_button: "Cancel",
    buttons: {
      Reload: { class: "btn-warning", click: () => void editor.load() },
      Cancel: {},
      Overwrite: { class: "btn-danger save-confirm-btn", click: () => void editor.save(false) },
    },
  })
}
