/** What the server has: the entries of a folder, asked for when the page shows it and now and then. */
import type { ContentsModel } from "../../../../contents/models"
import { messageOf } from "../../../../model/errors"
import type { NotebookList } from "../notebooklist"
import { showBreadcrumbs, showTitle } from "./location"
import { _ } from "../../../../i18n/words"

export const loading = {
  /** Both: entries and what runs. */
  refresh(this: NotebookList): void {
    this.load_sessions()
    void this.load_list()
  },

  async load_list(this: NotebookList): Promise<void> {
    const number = (this._load_number += 1)
    this._last_refresh_ms = Date.now()
    try {
      const list = await this.contents.list_contents(this.notebook_path)
      if (number === this._load_number) this.draw_notebook_list(list)
    } catch (error) {
      if (number === this._load_number) this.draw_notebook_list({ content: [] } as unknown as ContentsModel, _("Server error: %s", messageOf(error)))
    }
  },

  /** Show another folder in this page. */
  update_location(this: NotebookList, path: string): void {
    this.notebook_path = path
    document.body.setAttribute("data-notebook-path", encodeURIComponent(path))
    showTitle(path)
    showBreadcrumbs(this)
    this.clear_list()
    this.selected = []
    this._selection_changed()
    this.refresh()
  },
}
