/** Which notebooks have a kernel: marked in the list, and shut down from it. */
import $ from "jquery"
import * as utils from "../../../base/js/utils"
import type { NotebookList } from "../notebooklist"
import type { RunningSessions } from "../sessionlist"
import * as operations from "./operations"
import { part } from "./rows"
import type { SelectedEntry } from "./selection"
import { _ } from "../../../../i18n/words"

export const running = {
  load_sessions(this: NotebookList): void {
    this.session_list.load_sessions()
  },

  /** Mark what runs; the rows stay. */
  sessions_loaded(this: NotebookList, data: RunningSessions): void {
    this.sessions = data
    for (const row of this.element.children(".list_item").get()) this._mark_running(row)
    this._selection_changed()
  },

  _is_running(this: NotebookList, path: string): boolean {
    return Object.hasOwn(this.sessions, path)
  },

  _mark_running(this: NotebookList, row: HTMLElement): void {
    const { type, path } = $(row).data() as Partial<SelectedEntry>
    if (type !== "notebook" || path === undefined) return
    const is_running = this._is_running(path)
    const icon = part(row, "item_icon")
    icon.classList.toggle("running_notebook_icon", is_running)
    icon.classList.toggle("notebook_icon", !is_running)
    const indicator = row.querySelector(".running-indicator")
    if (is_running === (indicator !== null)) return
    if (indicator) indicator.remove()
    else $("<div class='running-indicator'></div>").text(_("Running")).appendTo(part(row, "item_buttons"))
  },

  shutdown_selected(this: NotebookList): void {
    for (const entry of this.selected) if (entry.type === "notebook") this.shutdown_notebook(entry.path)
  },

  /** End the kernel of the notebook at `path`. Resolves when the server has answered. */
  async shutdown_notebook(this: NotebookList, path: string): Promise<void> {
    const session = Object.hasOwn(this.sessions, path) ? this.sessions[path] : undefined
    if (!session) return
    try {
      await utils.promising_ajax(utils.url_path_join(this.base_url, "api/sessions", encodeURIComponent(session.id)), { type: "DELETE", cache: false })
    } catch (error) {
      operations.tellFailure(_("Shutdown Failed"), _("The kernel of %s was not shut down.", path), error)
    }
    this.load_sessions()
  },
}
