/** What the server's queue says of the notebook's cells: shown in each, and waiting ones taken out. */
import * as utils from "../../../base/js/utils"
import { jsonRequest } from "../../../services/jsonrequest"
import { outlived, standings, type Execution, type QueueState } from "../../../../model/queue"
import { sourceKey, type CellPlace } from "../../../../model/restoring"
import { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"

const TICK_MS = 1000

export const executions = {
  /** Show the queue in the cells that it is about. */
  _show_queue(this: Notebook, queue: QueueState): void {
    for (const one of [queue.running, ...queue.waiting]) if (one?.origin === "http") this._follow_foreign(one)
    const now_ms = Date.now()
    const told = standings(queue, now_ms)
    for (const [msg_id, cell] of Object.entries(CodeCell.msg_cells)) {
      if (cell.last_msg_id !== msg_id) continue
      const standing = told.get(msg_id) ?? outlived(cell._execution ?? { kind: "none" }, queue, now_ms, cell.input_prompt_number != null)
      if (standing) cell._show_execution(standing)
    }
    this._tick_executions()
  },

  /** Code that came over HTTP runs for a cell of this notebook: it is shown here as if the cell had been run. */
  _follow_foreign(this: Notebook, one: Execution): void {
    if (one.cell_id === null || CodeCell.msg_cells[one.msg_id]) return
    const cell = this.get_cells().find((known) => known.id === one.cell_id)
    if (cell instanceof CodeCell) cell._follow_request(one.msg_id)
  },

  /** Once a second while a cell runs. */
  _tick_executions(this: Notebook): void {
    window.clearTimeout(this._execution_timer)
    const running = Object.values(CodeCell.msg_cells).filter((cell) => cell._execution?.kind === "running")
    for (const cell of running) cell._render_execution()
    if (running.length > 0) this._execution_timer = window.setTimeout(() => this._tick_executions(), TICK_MS)
  },

  /** Take a waiting cell out. When its turn came meanwhile nothing happens, and the cell shows that it runs. */
  _remove_execution(this: Notebook, msg_id: string): void {
    const kernel_url = this.kernel?._url()
    if (!kernel_url) return
    const url = utils.url_path_join(kernel_url, "queue", encodeURIComponent(msg_id))
    utils.ajax(url, { ...jsonRequest("DELETE"), dataType: "text" as never })
  },

  /** Where a cell is, for outputs that come when this page is gone. */
  _place_of(this: Notebook, cell: CodeCell): CellPlace {
    const session = this.session?.id
    return { ...(session ? { session } : {}), index: this.find_cell_index(cell) ?? 0, source: sourceKey(cell.get_text()) }
  },
}
