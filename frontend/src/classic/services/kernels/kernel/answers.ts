/** Messages from a kernel, strictly one after the other, by the channel they come on. */
import type { KernelMessage } from "../../../../kernel/messages"
import type { PayloadHandler } from "../callbacks"
import type { Kernel } from "../kernel"
import { isThenable, together } from "./completion"

type Payload = Record<string, unknown> & { source: string }

export const answers = {
  /** Take one message. They are handled strictly in order, at once unless an earlier handler is still at work. */
  _handle_ws_message(this: Kernel, e: { data: KernelMessage }): void {
    this._incoming.push(e.data)
    if (!this._is_handling) this._handle_incoming()
  },

  /** No promise per message: only a handler that returns one makes the rest wait. */
  _handle_incoming(this: Kernel): void {
    for (let msg = this._incoming.shift(); msg; msg = this._incoming.shift()) {
      const work = this._finish_ws_message(msg)
      if (!isThenable(work)) continue
      this._is_handling = true
      const resume = (): void => {
        this._is_handling = false
        this._handle_incoming()
      }
      work.then(resume, (error: unknown) => {
        console.error("Couldn't process kernel message", error)
        resume()
      })
      return
    }
  },

  /** Returns a promise where a handler does. One that throws is logged and stops nothing. */
  _finish_ws_message(this: Kernel, msg: KernelMessage): unknown {
    try {
      switch (msg.channel) {
        case "shell":
          return this._handle_shell_reply(msg)
        case "iopub":
          return this._handle_iopub_message(msg)
        case "stdin":
          return this._handle_input_request(msg)
        default:
          return undefined // control replies: nobody here waits for one
      }
    } catch (error) {
      console.error(`Couldn't process ${msg.msg_type}`, error, msg)
      return undefined
    }
  },

  _handle_shell_reply(this: Kernel, reply: KernelMessage): unknown {
    this.events.trigger("shell_reply.Kernel", { kernel: this, reply })
    const parent_id = reply.parent_header.msg_id
    const callbacks = this.get_callbacks_for_msg(parent_id)
    if (!parent_id || !callbacks) return undefined
    this._finish_shell(parent_id)
    const answered = callbacks.shell?.reply?.(reply)
    const payloads = reply.content.payload
    if (!callbacks.shell?.payload || !Array.isArray(payloads)) return answered
    return together([answered, this._handle_payloads(payloads as Payload[], callbacks.shell.payload, reply)])
  },

  _handle_payloads(this: Kernel, payloads: Payload[], payload_callbacks: Record<string, PayloadHandler>, msg: KernelMessage): unknown {
    const known = payloads.filter((payload) => payload && Object.hasOwn(payload_callbacks, payload.source))
    return together(known.map((payload) => payload_callbacks[payload.source]?.(payload, msg)))
  },

  _handle_iopub_message(this: Kernel, msg: KernelMessage): unknown {
    return this.get_iopub_handler(msg.msg_type)?.(msg)
  },

  _handle_input_request(this: Kernel, request: KernelMessage): unknown {
    if (request.msg_type !== "input_request") {
      console.log("Invalid input request", request)
      return undefined
    }
    return this.get_callbacks_for_msg(request.parent_header.msg_id)?.input?.(request)
  },
}
