/** The notebook as a file: its name, copies, trust. */
import { Jupyter } from "../../../base/js/namespace"
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import * as utils from "../../../base/js/utils"
import { jsonRequest } from "../../../services/jsonrequest"
import { CodeCell } from "../codecell"
import type { ContentsModel } from "../../../../contents/models"
import { withExtension, withoutExtension } from "../../../../model/notebook"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

export const files = {
  /** The name without `.ipynb`. */
  get_notebook_name(this: Notebook): string {
    return withoutExtension(this.notebook_name)
  },

  /** Set the shown name; the file keeps its own (see `rename`). */
  set_notebook_name(this: Notebook, name: string): void {
    const parent = utils.url_path_split(this.notebook_path)[0]
    this.notebook_name = name
    this.notebook_path = utils.url_path_join(parent, name)
  },

  /** Whether `nbname` may be the name of a notebook: not empty, no `/ \ :`. */
  test_notebook_name(this: Notebook, nbname?: string): boolean {
    return typeof nbname === "string" && nbname !== "" && !this.notebook_name_blacklist_re.test(nbname)
  },

  ensure_extension(this: Notebook, name: string): string {
    return withExtension(name)
  },

  /** Rename the file. Resolves with its new model. */
  rename(this: Notebook, new_name: string): Promise<ContentsModel> {
    return this._between_saves(async () => {
      const parent = utils.url_path_split(this.notebook_path)[0]
      const new_path = utils.url_path_join(parent, this.ensure_extension(new_name))
      const model = await this.contents.rename(this.notebook_path, new_path)
      this._follow_file(model)
      return model
    })
  },

  /** The notebook is another file now: page, session and title follow. */
  _follow_file(this: Notebook, model: ContentsModel): void {
    this.notebook_name = model.name
    this.notebook_path = model.path
    this.last_modified = new Date(model.last_modified)
    if (this.session?.id) this.session.rename_notebook(model.path)
    this.events.trigger("notebook_renamed.Notebook", model)
  },

  /** Somebody else may have renamed the notebook: its session knows. Go on with the file at its new path. → whether it has one. */
  async _follow_session(this: Notebook): Promise<boolean> {
    const { session } = this
    if (!session?.id || this._kernel_is_gone) return false
    try {
      const { path } = (await utils.promising_ajax(session._url(), jsonRequest("GET"))) as { path?: string }
      if (!path || path === this.notebook_path || session !== this.session) return false
      const model = await this.contents.get(path, { type: "notebook", content: false })
      this._follow_file(model)
      this.events.trigger("notebook_moved.Notebook", { path: model.path })
      return true
    } catch {
      return false // no answer, or no such file: nothing is known of a rename
    }
  },

  delete(this: Notebook): Promise<void> {
    return this.contents.delete(this.notebook_path)
  },

  /** Copy the file beside itself and open the copy. Unsaved changes are saved first, so that the copy has them. */
  async copy_notebook(this: Notebook): Promise<void> {
    /* Opened at once: after an answer from the server, browsers take a new window for an advertisement. */
    const opened = window.open("", Jupyter._target)
    const parent = utils.url_path_split(this.notebook_path)[0]
    try {
      if (this.dirty && this.writable) await this.save_notebook()
      const copy = await this.contents.copy(this.notebook_path, parent)
      if (opened) opened.location.href = utils.url_path_join(this.base_url, "notebooks", utils.encode_uri_components(copy.path))
    } catch (error) {
      opened?.close()
      this.events.trigger("notebook_copy_failed", error as Error)
    }
  },

  /** Ask, then mark the notebook as trusted, so that its HTML and JavaScript outputs are shown when it is opened. */
  trust_notebook(this: Notebook, from_notification?: boolean): void {
    if (this.trusted && !from_notification) return
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Trust this notebook?"),
      body: $("<div/>").append(
        $("<p/>").text(
          _("A trusted notebook may run hidden HTML and JavaScript code when it is opened. " +
            "Trust it only if you know where it comes from or have read it."),
        ),
        $("<p/>").text(_("Running a cell yourself makes its own outputs trusted; there is no need to trust the whole notebook for that.")),
      ),
      buttons: { Cancel: {}, Trust: { class: "btn-danger", click: () => void this._trust() } },
    })
  },

  async _trust(this: Notebook): Promise<void> {
    for (const cell of this.get_cells()) if (cell instanceof CodeCell) cell.output_area.trusted = true
    try {
      if (this.dirty && this.writable) await this.save_notebook()
      await this.contents.trust(this.notebook_path)
    } catch (error) {
      this.events.trigger("notebook_save_failed.Notebook", error as Error)
      return
    }
    this.events.trigger("trust_changed.Notebook", true)
    /* A reader of a read-only notebook would lose what the page alone has. */
    if (!this.dirty) window.location.reload()
  },
}
