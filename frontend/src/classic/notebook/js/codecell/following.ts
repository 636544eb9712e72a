/** Requests that this page did not send, or that ran before it came: their outputs in the cell; and how a run stands. */
import type { Output } from "../../../../model/outputs"
import type { CellExecution } from "../../../../model/queue"
import type { RestoredCell } from "../../../../model/restoring"
import { ExecutionStatus } from "../../../../view/execution_status"
import type { CodeCell } from "../codecell"

export const following = {
  /** Show what will come of a request that somebody else sent for this cell. */
  _follow_request(this: CodeCell, msg_id: string): void {
    this.clear_output(false, true)
    this._forget_last_request()
    this.set_input_prompt("*")
    this.element.addClass("running")
    this._show_execution({ kind: "none" })
    this.kernel?.set_callbacks_for_msg?.(msg_id, this.get_callbacks(), false)
    this._await_request(msg_id)
    this.events.trigger("set_dirty.Notebook", { value: true })
  },

  /** Show what has come of a request while no page was there; a running one goes on filling the cell. */
  _restore_execution(this: CodeCell, restored: RestoredCell): void {
    this._follow_request(restored.msg_id)
    for (const output of restored.outputs) this._restore_output(output, restored.msg_id)
    if (restored.clears_next) this.output_area.clear_output(true)
    if (restored.ended_ms !== null) {
      this.set_input_prompt(restored.execution_count)
      this.element.removeClass("running")
    }
    // A question of a running one is asked again by the server when this page joins.
  },

  _restore_output(this: CodeCell, output: Output, msg_id: string): void {
    const display_id = (output as { transient?: { display_id?: string } }).transient?.display_id
    if (display_id) this.kernel?._remember_display?.(display_id, msg_id)
    this.output_area.append_output(output)
  },

  /** Whether the cell shows already what a finished request has put out. */
  _shows_execution(this: CodeCell, restored: RestoredCell): boolean {
    const saved = restored.outputs.map(({ transient: _unsaved, ...output }: Output & { transient?: unknown }) => output)
    const count = restored.execution_count ?? null
    const same_count = (this.toJSON().execution_count ?? null) === count
    return restored.ended_ms !== null && same_count && canonical(this.output_area.toJSON()) === canonical(saved)
  },

  /** How its run stands, in the corner of the cell. */
  _show_execution(this: CodeCell, execution: CellExecution): void {
    this._execution = execution
    if (!this._execution_view && execution.kind === "none") return
    this._render_execution()
  },

  _render_execution(this: CodeCell): void {
    if (!this._execution_view) {
      this._execution_view = new ExecutionStatus({ removeClicked: (msg_id) => this.notebook?._remove_execution?.(msg_id) })
      this._execution_view.start()
      this.input_area?.after(this._execution_view.element)
    }
    this._execution_view.render(this._execution ?? { kind: "none" }, Date.now())
  },
}

/** JSON with sorted names: a file's order of names is not the kernel's. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
