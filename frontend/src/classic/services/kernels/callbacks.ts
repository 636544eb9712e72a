/** Who waits for what: the callbacks of requests that were sent, and when a request is over. */
import type { KernelMessage } from "../../../kernel/messages"

export type MessageHandler = (msg: KernelMessage) => unknown
export type PayloadHandler = (payload: Record<string, unknown>, msg: KernelMessage) => unknown

export interface KernelCallbacks {
  shell?: { reply?: MessageHandler; payload?: Record<string, PayloadHandler> }
  iopub?: { output?: MessageHandler; clear_output?: MessageHandler; status?: MessageHandler } & Record<string, MessageHandler | undefined>
  input?: MessageHandler
  /** Forget the callbacks when reply and idle status arrived. Default true. */
  clear_on_done?: boolean
  /** The cell that asks: its id travels in the request's metadata, so that outputs can find it again. */
  cell?: { id?: string } | null
}

export interface CallbackRecord extends KernelCallbacks {
  clear_on_done: boolean
  shell_done: boolean
  iopub_done: boolean
}

export function makeRecord(callbacks: KernelCallbacks): CallbackRecord {
  const { clear_on_done = true } = callbacks
  return { ...callbacks, clear_on_done, shell_done: false, iopub_done: false }
}

/** Whether nothing more will come for the request of `record`, and nobody asked to keep it. */
export function isDone(record: CallbackRecord): boolean {
  return record.clear_on_done && record.shell_done && record.iopub_done
}
