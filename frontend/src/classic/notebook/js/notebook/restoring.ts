/** Cells that ran while no page was there: their outputs, once the notebook's kernel is known. */
import * as utils from "../../../base/js/utils"
import { jsonRequest } from "../../../services/jsonrequest"
import type { KernelPosition } from "../../../services/kernels/kernel/channels"
import type { Session } from "../../../services/sessions/session"
import { matchCells, type CellsAnswer } from "../../../../model/restoring"
import { FIRST_MINOR_WITH_IDS } from "../../../../model/notebook"
import { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"

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
    const query = `?session_id=${encodeURIComponent(session.id ?? "")}&ended_after_ms=${Math.max(0, Math.floor(saved_ms))}`
    const answer = (await utils.ajax(utils.url_path_join(kernel._url(), "cells") + query, jsonRequest("GET"))) as CellsAnswer
    if (answer.cells.length > 0) await this._filling // a long notebook's last cells may still come in
    this._show_restored(answer, session)
    return { epoch: answer.epoch, seq: answer.seq }
  },

  /** Put each cell's newest outputs in its place. A page that has more to say is dirty, and saves as usual. */
  _show_restored(this: Notebook, answer: CellsAnswer, session: Session): void {
    const cells = this.get_cells()
    const known = cells.map((cell) => ({ id: cell.id, source: cell instanceof CodeCell ? cell.get_text() : "" }))
    const have_ids = this.nbformat > 4 || this.nbformat_minor >= FIRST_MINOR_WITH_IDS
    let count = 0
    for (const [index, restored] of matchCells(known, answer.cells, have_ids)) {
      const cell = cells[index]
      const never_ran = restored.started_ms === null && restored.ended_ms !== null
      if (!(cell instanceof CodeCell) || never_ran || cell._shows_execution(restored)) continue
      cell.set_kernel(session.kernel)
      cell._restore_execution(restored)
      count += 1
    }
    if (count === 0) return
    this.set_dirty(true)
    this.events.trigger("outputs_restored.Notebook", { count })
  },

  /** Tell the server which bytes of the file this page knows: it adds outputs to no others when the page is gone. */
  _tell_document(this: Notebook): void {
    const session_id = this.session?.id
    const kernel_url = this.kernel?.id ? this.kernel._url() : null
    if (!session_id || !kernel_url || !this.content_hash) return
    const body = { session_id, hash: this.content_hash }
    utils.ajax(utils.url_path_join(kernel_url, "document"), { ...jsonRequest("PUT", body), dataType: "text" as never })
  },
}
