/** Opening a notebook, and what is said when that fails. */
import $ from "jquery"
import { Jupyter } from "../../../base/js/namespace"
import * as dialog from "../../../base/js/dialog"
import * as utils from "../../../base/js/utils"
import { CellToolbar } from "../celltoolbar"
import type { ContentsModel } from "../../../../contents/models"
import { baseOf } from "../../../../model/mergebase"
import { kernelOfMetadata } from "../../../../model/kernelchoice"
import { asRecord, type CellJson, type NotebookJson } from "../../../../model/notebook"
import type { KernelSelector } from "../kernelselector"
import type { Notebook } from "../notebook"
import { messageOf, statusOf } from "../../../../model/errors"
import { _ } from "../../../../i18n/words"

const NOT_FOUND = 404

export const loading = {
  set_kernelselector(this: Notebook, k_selector: KernelSelector): void {
    this.kernel_selector = k_selector
  },

  /** Read the notebook at `notebook_path` into the page. Resolves when that succeeded or its failure was shown. */
  async load_notebook(this: Notebook, notebook_path: string): Promise<void> {
    this.notebook_path = notebook_path
    this.notebook_name = utils.url_path_split(notebook_path)[1]
    this.events.trigger("notebook_loading.Notebook")
    try {
      const model = await this.contents.get(notebook_path, { type: "notebook", hash: true })
      this._begin_kernel(model)
      await this.load_notebook_success(model)
    } catch (error) {
      this.load_notebook_error(error)
    }
  },

  /** Show the notebook that was read. A long one is shown in slices: then this answers with a promise. */
  load_notebook_success(this: Notebook, data: ContentsModel): void | Promise<void> {
    /* While cells come in, a save would write half a notebook. */
    this._fully_loaded = false
    let rest: CellJson[]
    try {
      rest = this._show_beginning(data)
    } catch (error) {
      this._show_unreadable(error)
      return
    }
    this.writable = data.writable
    this.last_modified = new Date(data.last_modified)
    this.content_hash = data.hash ?? null
    this._merge_base = baseOf(data.content)
    this._show_first_cell()
    this._tell_conversion()
    this._restore_celltoolbar()
    this._choose_kernel()
    this._loaded_changes = this._changes
    if (rest.length > 0) return this._fill(rest)
    this._finish_loading()
  },

  /** Every cell is there. */
  _finish_loading(this: Notebook): void {
    this._fully_loaded = true
    this._tell_trust()
    this.set_dirty(this._changes !== this._loaded_changes)
    this._start_autosave(this.minimum_autosave_interval)
    if (!this.writable) this.events.trigger("notebook_read_only.Notebook")
    this.events.trigger("notebook_loaded.Notebook")
    void this.list_checkpoints()
  },

  _show_first_cell(this: Notebook): void {
    if (this.ncells() === 0) {
      this._first_cell = this.insert_cell_at_bottom("code")
      this.select(0)
      this.edit_mode()
      return
    }
    this.handle_command_mode(this.get_cell(0))
    this.select(0)
    this.focus_cell()
    this.scroll_to_top()
  },

  _restore_celltoolbar(this: Notebook): void {
    const preset = this.metadata["celltoolbar"]
    if (typeof preset !== "string" || preset === "") {
      CellToolbar.global_hide()
      return
    }
    CellToolbar.global_show()
    CellToolbar.activate_preset(preset)
  },

  /** Show this preset of the cell toolbar above the cells; "" shows none. The notebook remembers the choice. */
  _choose_celltoolbar(this: Notebook, preset: string): void {
    if (preset === "") delete this.metadata["celltoolbar"]
    else this.metadata["celltoolbar"] = preset
    this._restore_celltoolbar()
    this.set_dirty(true)
    this.focus_cell()
  },

  /** Start the kernel that the address, the metadata or the server's default asks for. A reload keeps its kernel. */
  _choose_kernel(this: Notebook): void {
    if (this.session && !this.kernel_selector?._begun) {
      for (const cell of this.get_cells()) if ("set_kernel" in cell) (cell as { set_kernel(kernel: unknown): void }).set_kernel(this.kernel)
      return
    }
    const from_address = utils.get_url_param("kernel_name")
    const wanted = kernelOfMetadata(this.metadata)
    this._is_kernel_chosen_by_opening = !from_address
    if (from_address) this.kernel_selector?.set_kernel(from_address)
    else if (wanted) {
      this.kernel_selector?.set_kernel(wanted)
      if (wanted.name === undefined) delete this.metadata["language"]
    } else this.start_session()
  },

  /* A kernel takes longer to start than the cells to be shown: where it is sure which one, its start goes first. */
  _begin_kernel(this: Notebook, data: ContentsModel): void {
    const content = data.content as Partial<NotebookJson> | null
    if (this.session || !Array.isArray(content?.cells)) return
    const from_address = utils.get_url_param("kernel_name")
    const wanted = from_address ? { name: from_address } : kernelOfMetadata(asRecord(content.metadata))
    if (wanted) this.kernel_selector?._begin_kernel(wanted)
  },

  /** Say that the notebook came from an older format: it is written in the new one when it is saved. */
  _tell_conversion(this: Notebook): void {
    const original = this.metadata["orig_nbformat"]
    if (original === undefined || original === this.nbformat) return
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Notebook converted"),
      body:
        _("This notebook was written in version %1$s of the notebook format and has been converted to version %2$s. " +
          "The next time it is saved, the file will be in the newer format; older programs may not read it.", original, this.nbformat),
      buttons: { OK: { class: "btn-primary" } },
    })
  },

  load_notebook_error(this: Notebook, error: unknown): void {
    this.events.trigger("notebook_load_failed.Notebook", error as Error)
    const is_missing = statusOf(error) === NOT_FOUND
    const body = $("<div/>").append(
      $("<p/>").text(_("“%s” could not be opened as a notebook.", this.notebook_path)),
      $("<div/>").addClass("load-error").append($("<pre/>").text(messageOf(error))),
    )
    if (!is_missing) body.append($("<p/>").text(_("The file was not changed. You can look at it, and repair it, as text.")))
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Error loading notebook"),
      body,
      buttons: {
        ...(is_missing ? {} : { "Open as Text": { class: "btn-primary", click: () => this._open_as_text() } }),
        Close: { class: "btn-danger", click: () => window.close() },
      },
    })
  },

  _open_as_text(this: Notebook): false {
    const url = utils.url_path_join(this.base_url, "edit", utils.encode_uri_components(this.notebook_path))
    window.open(url, Jupyter._target)
    return false // the dialog stays: there is still no notebook behind it
  },

  /** The file was read but could not be shown. Saving stays off, or it would write an incomplete notebook. */
  _show_unreadable(this: Notebook, error: unknown): void {
    console.error("The notebook could not be shown:", error)
    this.events.trigger("notebook_load_failed.Notebook", error as Error)
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Notebook failed to load"),
      body: $("<div/>").append(
        $("<p/>").text(_("The notebook could not be shown. The file was not changed, and saving is switched off.")),
        $("<pre/>").addClass("js-error").text(messageOf(error)),
      ),
      buttons: { "Open as Text": { click: () => this._open_as_text() }, OK: { class: "btn-primary" } },
    })
  },
}
