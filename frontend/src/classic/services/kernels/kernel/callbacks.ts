/** Who gets which answer of a kernel: handlers by type, callbacks by request, and captured output. */
import { isDone, makeRecord, type KernelCallbacks, type MessageHandler } from "../callbacks"
import type { Kernel } from "../kernel"

export const callbacks = {
  register_iopub_handler(this: Kernel, msg_type: string, callback: MessageHandler): void {
    this._iopub_handlers.set(msg_type, callback)
  },

  get_iopub_handler(this: Kernel, msg_type: string): MessageHandler | undefined {
    return this._iopub_handlers.get(msg_type)
  },

  /** The last request's callbacks stay known after it is done. */
  get_callbacks_for_msg(this: Kernel, msg_id: string | undefined): KernelCallbacks | undefined {
    if (msg_id === undefined) return undefined
    return msg_id === this.last_msg_id ? this.last_msg_callbacks : this._msg_callbacks.get(msg_id)
  },

  get_output_callbacks_for_msg(this: Kernel, msg_id: string | undefined): KernelCallbacks | undefined {
    return this.get_callbacks_for_msg(this.get_output_callback_id(msg_id))
  },

  /** Whose callbacks get the output of `msg_id`: normally its own, or those of the innermost capture. */
  get_output_callback_id(this: Kernel, msg_id: string | undefined): string | undefined {
    if (msg_id === undefined) return undefined
    return this._msg_callbacks_overrides.get(msg_id)?.at(-1) ?? msg_id
  },

  clear_callbacks_for_msg(this: Kernel, msg_id: string): void {
    this._msg_callbacks.delete(msg_id)
  },

  set_callbacks_for_msg(this: Kernel, msg_id: string, callbacks?: KernelCallbacks, save = true): void {
    const record = callbacks && makeRecord(callbacks)
    if (record) this._msg_callbacks.set(msg_id, record)
    if (!save) return
    this.last_msg_id = msg_id
    this.last_msg_callbacks = record ?? {}
  },

  output_callback_overrides_push(this: Kernel, msg_id: string, callback_id: string): void {
    const stack = this._msg_callbacks_overrides.get(msg_id)
    if (stack) stack.push(callback_id)
    else this._msg_callbacks_overrides.set(msg_id, [callback_id])
  },

  /** → what `push` put there last; nothing, with a complaint, when it put nothing there. */
  output_callback_overrides_pop(this: Kernel, msg_id: string): string | undefined {
    const stack = this._msg_callbacks_overrides.get(msg_id)
    if (!stack) {
      console.error("output_callback_overrides_pop without a push", msg_id)
      return undefined
    }
    const popped = stack.pop()
    if (stack.length === 0) this._msg_callbacks_overrides.delete(msg_id)
    return popped
  },

  _finish_shell(this: Kernel, msg_id: string): void {
    const record = this._msg_callbacks.get(msg_id)
    if (!record) return
    record.shell_done = true
    if (isDone(record)) this.clear_callbacks_for_msg(msg_id)
  },

  _finish_iopub(this: Kernel, msg_id: string): void {
    const record = this._msg_callbacks.get(msg_id)
    if (record) {
      record.iopub_done = true
      if (isDone(record)) this.clear_callbacks_for_msg(msg_id)
    }
    this.events.trigger("finished_iopub.Kernel", { kernel: this, msg_id })
  },
}
