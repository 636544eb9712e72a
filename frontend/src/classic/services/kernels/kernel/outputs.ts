/** What a kernel puts out, brought to every request that shows it. */
import type { KernelMessage } from "../../../../kernel/messages"
import type { Kernel } from "../kernel"
import { together } from "./completion"

export const outputs = {
  _handle_output_message(this: Kernel, msg: KernelMessage): unknown {
    const parent_id = msg.parent_header.msg_id
    const updated = this._update_displays(msg, parent_id)
    if (msg.msg_type === "update_display_data" && updated !== null) return together(updated)
    const callbacks = this.get_output_callbacks_for_msg(parent_id)
    if (!callbacks?.iopub?.output) {
      this.events.trigger("received_unsolicited_message.Kernel", msg)
      return undefined
    }
    return together([...(updated ?? []), callbacks.iopub.output(msg)])
  },

  _handle_clear_output(this: Kernel, msg: KernelMessage): unknown {
    return this.get_output_callbacks_for_msg(msg.parent_header.msg_id)?.iopub?.clear_output?.(msg)
  },

  /** Bring a display id's new data to every request that showed it. Null when `msg` has no display id known so far. */
  _update_displays(this: Kernel, msg: KernelMessage, parent_id: string | undefined): unknown[] | null {
    const transient = msg.content.transient as { display_id?: string } | undefined
    const display_id = transient?.display_id
    if (!display_id || !parent_id) return null
    const parents = this._display_id_to_parent_ids.get(display_id)
    const is_update = msg.msg_type === "update_display_data"
    if (!is_update) this._remember_display(display_id, this.get_output_callback_id(parent_id)!)
    if (!parents) return null
    const others = parents.filter((id) => is_update || id !== this.get_output_callback_id(parent_id))
    const update: KernelMessage = is_update
      ? msg
      : { ...msg, header: { ...msg.header, msg_type: "update_display_data" }, msg_type: "update_display_data" }
    return others.map((id) => {
      return this.get_callbacks_for_msg(id)?.iopub?.output?.({ ...update, parent_header: { ...msg.parent_header, msg_id: id } })
    })
  },

  _remember_display(this: Kernel, display_id: string, parent_id: string): void {
    const parents = this._display_id_to_parent_ids.get(display_id) ?? []
    if (!parents.includes(parent_id)) this._display_id_to_parent_ids.set(display_id, [...parents, parent_id])
  },

  /** `execute_input`: of interest only when somebody else asked. */
  _handle_input_message(this: Kernel, msg: KernelMessage): void {
    if (!this.get_callbacks_for_msg(msg.parent_header.msg_id)) this.events.trigger("received_unsolicited_message.Kernel", msg)
  },

  /** `shutdown_reply` on iopub: a status message with more to say follows it. */
  _handle_shutdown_message(this: Kernel, _msg: KernelMessage): void {},
}
