/** Cells that ran while no page was there: their outputs, once the notebook's kernel is known. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import * as utils from "../../../base/js/utils"
import { jsonRequest } from "../../../services/jsonrequest"
import type { KernelPosition } from "../../../services/kernels/kernel/channels"
import type { Kernel } from "../../../services/kernels/kernel"
import type { Session } from "../../../services/sessions/session"
import { matchCells, type CellsAnswer, type RestoredCell } from "../../../../model/restoring"
import { FIRST_MINOR_WITH_IDS } from "../../../../model/notebook"
import { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"
import { _, counted } from "../../../../i18n/words"

export const restoring = {
  /** Before the session's kernel is listened to: show what it did, and listen from there on. */
  _catch_up_with(this: Notebook, session: Session): void {
    const { kernel } = session
    if (kernel) kernel._catch_up = () => this._restore_cells(session)
  },

  async _restore_cells(this: Notebook, session: Session): Promise<KernelPosition | null> {
    const { kernel } = session
    if (!kernel) return null
    const saved_ms = this.last_modified?.getTime() ?? 0
    const hash = this.content_hash ? `&hash=${encodeURIComponent(this.content_hash)}` : ""
    const which = `session_id=${encodeURIComponent(session.id ?? "")}&path=${encodeURIComponent(this.notebook_path)}`
    const query = `?${which}&ended_after_ms=${Math.max(0, Math.floor(saved_ms))}${hash}`
    const answer = (await utils.ajax(utils.url_path_join(kernel._url(), "cells") + query, jsonRequest("GET"))) as CellsAnswer
    if (answer.cells.length > 0) await this._filling // a long notebook's last cells may still come in
    const offered = answer.has_kept ? await this._kept_to_offer() : []
    const asked = new Set(offered.map(({ msg_id }) => msg_id))
    const homeless = this._show_restored(answer.cells.filter(({ msg_id }) => !asked.has(msg_id)), session.kernel)
    if (homeless > 0) this.events.trigger("outputs_homeless.Notebook", { count: homeless })
    if (offered.length > 0) this._offer_kept(offered)
    return { epoch: answer.epoch, seq: answer.seq }
  },

  /** Put each cell's newest outputs in its place. A page that has more to say is dirty, and saves as usual. → how many have no place. */
  _show_restored(this: Notebook, restored_cells: readonly RestoredCell[], kernel: Kernel | null): number {
    const cells = this.get_cells()
    let count = 0
    const places = this._places_of(restored_cells)
    for (const [index, restored] of places) {
      const cell = cells[index]
      const never_ran = restored.started_ms === null && restored.ended_ms !== null
      if (!(cell instanceof CodeCell) || never_ran || cell._shows_execution(restored)) continue
      cell.set_kernel(kernel)
      cell._restore_execution(restored)
      count += 1
    }
    if (count > 0) {
      this.set_dirty(true)
      this.events.trigger("outputs_restored.Notebook", { count })
    }
    return restored_cells.length - places.size
  },

  /** Position among the cells → what belongs there. */
  _places_of(this: Notebook, restored_cells: readonly RestoredCell[]): Map<number, RestoredCell> {
    const known = this.get_cells().map((cell) => ({ id: cell.id, source: cell instanceof CodeCell ? cell.get_text() : "" }))
    const have_ids = this.nbformat > 4 || this.nbformat_minor >= FIRST_MINOR_WITH_IDS
    return matchCells(known, restored_cells, have_ids)
  },

  /** Those that no cell of this page shows. */
  _not_shown(this: Notebook, restored_cells: readonly RestoredCell[]): RestoredCell[] {
    const cells = this.get_cells()
    const shown = [...this._places_of(restored_cells)].filter(([index, restored]) => {
      const cell = cells[index]
      return cell instanceof CodeCell && cell._shows_execution(restored)
    })
    const those = new Set(shown.map(([, restored]) => restored))
    return restored_cells.filter((restored) => !those.has(restored))
  },

  _kept_url(this: Notebook): string {
    return utils.url_path_join(this.base_url, "api/kept-outputs", utils.encode_uri_components(this.notebook_path))
  },

  _forget_kept(this: Notebook): void {
    utils.ajax(this._kept_url(), { ...jsonRequest("DELETE"), dataType: "text" as never })
  },

  /** What was kept of the time before this page; what it saw itself it only has to save. */
  async _kept_to_offer(this: Notebook): Promise<RestoredCell[]> {
    const kept = ((await utils.ajax(this._kept_url(), jsonRequest("GET"))) as { cells: RestoredCell[] }).cells
    const was_closed = ({ ended_ms }: RestoredCell): boolean => ended_ms === null || ended_ms < performance.timeOrigin
    const offered = this._not_shown(kept).filter(was_closed)
    if (kept.length > 0 && offered.length === 0) this.events.one("notebook_saved.Notebook", () => this._forget_kept())
    return offered
  },

  /** Outputs came while the notebook was closed, and its file was changed by others: the user decides. */
  _offer_kept(this: Notebook, cells: RestoredCell[]): void {
    const has_place = this._places_of(cells).size > 0
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Outputs from while you were away"),
      body: $("<div/>").append(
        $("<p/>").text(counted(
            "The outputs of a cell came while this notebook was closed. Its file had been changed by another program, so they were not written into it.",
            "The outputs of %d cells came while this notebook was closed. Its file had been changed by another program, so they were not written into it.",
            cells.length,
          )),
        $("<p/>").text(has_place ? _("“Show” puts them into their cells here; nothing is written before you save. “Discard” forgets them. “Later” asks again when the notebook is opened.")
          : _("The cells that they belong to are no longer in this notebook, so they cannot be shown. “Discard” forgets them. “Later” asks again when the notebook is opened.")),
      ),
      default_button: "Later",
      buttons: {
        ...(has_place && { Show: { class: "btn-primary", click: () => this._show_kept(cells) } }),
        Discard: { class: "btn-danger", click: () => this._forget_kept() },
        Later: {},
      },
    })
  },

  /** Shown outputs are forgotten by the server once the notebook is saved with them. */
  _show_kept(this: Notebook, cells: RestoredCell[]): void {
    const homeless = this._show_restored(cells, this.kernel)
    if (homeless > 0) this.events.trigger("outputs_homeless.Notebook", { count: homeless })
    if (homeless < cells.length) this.events.one("notebook_saved.Notebook", () => this._forget_kept())
  },

  /** The newest message of the kernel whose effect is in the page; null when that is not known. */
  _kernel_position(this: Notebook): number | null {
    const { kernel } = this
    return kernel && kernel._incoming.length === 0 && !kernel._is_handling ? kernel.connection.position : null
  },

  /**
   * Tell the server which bytes of the file this page knows: it adds outputs to no others when the page is gone. After a
   * save, `_saved_position` is the newest message that is in them.
   */
  _tell_document(this: Notebook, was_saved: boolean): void {
    const session_id = this.session?.id
    const kernel_url = this.kernel?.id ? this.kernel._url() : null
    if (!session_id || !kernel_url || !this.content_hash) return
    const body = {
      session_id,
      hash: this.content_hash,
      saved_ms: this.last_modified?.getTime() ?? 0,
      ...(was_saved && this._saved_position !== null ? { seq: this._saved_position } : {}),
    }
    utils.ajax(utils.url_path_join(kernel_url, "document"), { ...jsonRequest("PUT", body), dataType: "text" as never })
  },
}
