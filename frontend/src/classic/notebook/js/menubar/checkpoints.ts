/** File → Revert to Checkpoint. */
import $ from "jquery"
import type { Checkpoint } from "../notebook/checkpoints"
import type { MenuBar } from "../menubar"
import { longDate } from "../../../../model/dates"
import { _ } from "../../../../i18n/words"

export const checkpointItems = {
  /** Fill the list with the checkpoints' dates. */
  update_restore_checkpoint(this: MenuBar, checkpoints: readonly Checkpoint[] | null | undefined): void {
    const $list = this.element.find("#restore_checkpoint > ul").empty()
    if (checkpoints?.length) for (const checkpoint of checkpoints) $list.append(this._checkpoint_item(checkpoint))
    else $list.append($("<li class='disabled'><a href='#'></a></li>").children().text(_("No checkpoints")).end())
    this.element.trigger("items_changed")
  },

  _checkpoint_item(this: MenuBar, checkpoint: Checkpoint): JQuery {
    const $link = $("<a href='#'></a>").text(longDate(new Date(checkpoint.last_modified)))
    $link.on("click", (event) => {
      event.preventDefault()
      this.notebook.restore_checkpoint_dialog(checkpoint)
    })
    return $("<li></li>").append($link)
  },
}
