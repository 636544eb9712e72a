/** What a kernel says about itself: busy, idle, starting, dead. */
import type { KernelMessage } from "../../../../kernel/messages"
import type { Kernel } from "../kernel"
import { saidByServer } from "../../../../i18n/serverwords"

export const statuses = {
  _handle_status_message(this: Kernel, msg: KernelMessage): unknown {
    const parent_id = msg.parent_header.msg_id
    const watched = this.get_callbacks_for_msg(parent_id)?.iopub?.status?.(msg)
    const state = msg.content.execution_state
    if ("culling_in_s" in msg.content) {
      this.events.trigger("kernel_culling.Kernel", { kernel: this, in_s: msg.content.culling_in_s })
      return watched
    }
    if (state === "busy") this.events.trigger("kernel_busy.Kernel", { kernel: this })
    else if (state === "idle") this._handle_idle(parent_id)
    else if (state === "starting") this._handle_starting()
    else if (state === "restarting" || state === "autorestarting") this._handle_autorestart(reasonIn(msg))
    else if (state === "dead") {
      this._kernel_dead()
      this.events.trigger("kernel_dead.Kernel", { kernel: this, reason: reasonIn(msg) })
    }
    return watched
  },

  _handle_idle(this: Kernel, parent_id: string | undefined): void {
    if (parent_id) this._finish_iopub(parent_id)
    this.events.trigger("kernel_idle.Kernel", { kernel: this })
  },

  _handle_starting(this: Kernel): void {
    this.events.trigger("kernel_starting.Kernel", { kernel: this })
    this._ask_ready()
  },

  /** The server replaces a process that died. */
  _handle_autorestart(this: Kernel, reason: string = ""): void {
    this._autorestart_attempt += 1
    this.events.trigger("kernel_restarting.Kernel", { kernel: this })
    this.events.trigger("kernel_autorestarting.Kernel", { kernel: this, attempt: this._autorestart_attempt, reason })
  },
}

/** Why the process ended, as a sentence for the reader; "" where nobody said. */
function reasonIn(msg: KernelMessage): string {
  const { reason } = msg.content
  return typeof reason === "string" ? saidByServer(reason) : ""
}
