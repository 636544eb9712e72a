/** Where an entry leads: the page that opens it, by its type. */
import { Jupyter } from "../../../base/js/namespace"
import * as utils from "../../../base/js/utils"
import type { NotebookList } from "../notebooklist"
import { isEditable, isNotebook, isPdf, isViewable, type Entry } from "./filetypes"

export const links = {
  _link_of(this: NotebookList, model: Entry): string {
    const prefix = this._uri_prefix(model)
    return utils.url_path_join(this.base_url, prefix, utils.encode_uri_components(model.path))
  },

  _uri_prefix(this: NotebookList, model: Entry): string {
    if (model.type !== "file") return this._class().uri_prefixes[model.type] ?? "edit"
    if (this._is_notebook(model)) return "notebooks"
    if (this._is_pdflike(model)) return "files"
    return this._is_viewable(model) ? "view" : "edit"
  },

  _is_notebook(this: NotebookList, model: Entry): boolean {
    return isNotebook(model)
  },

  _is_editable(this: NotebookList, model: Entry): boolean {
    return isEditable(model)
  },

  _is_viewable(this: NotebookList, model: Entry): boolean {
    return isViewable(model)
  },

  _is_pdflike(this: NotebookList, model: Entry): boolean {
    return isPdf(model)
  },

  view_selected(this: NotebookList): void {
    for (const entry of this.selected) {
      const prefix = this._is_notebook(entry) ? "notebooks" : this._is_pdflike(entry) || !this._is_viewable(entry) ? "files" : "view"
      this._open_page(prefix, entry.path)
    }
  },

  edit_selected(this: NotebookList): void {
    for (const entry of this.selected) this._open_page("edit", entry.path)
  },

  _open_page(this: NotebookList, prefix: string, path: string): void {
    window.open(utils.url_path_join(this.base_url, prefix, utils.encode_uri_components(path)), Jupyter._target)
  },
}
