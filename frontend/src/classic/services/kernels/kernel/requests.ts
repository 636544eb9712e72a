/** What a page asks of a kernel: the messages, and who is to get the answers. */
import { asDataView } from "../../../../kernel/codec"
import type { Buffer, KernelMessage, MessageHeader } from "../../../../kernel/messages"
import * as utils from "../../../base/js/utils"
import type { KernelCallbacks, MessageHandler } from "../callbacks"
import type { Kernel } from "../kernel"

/** Version of the messaging protocol that the page speaks. */
const PROTOCOL_VERSION = "5.2"

export interface ExecuteOptions {
  silent?: boolean
  store_history?: boolean
  user_expressions?: Record<string, string>
  allow_stdin?: boolean
  stop_on_error?: boolean
  /** Goes into the message's metadata, not into its content. */
  metadata?: Record<string, unknown>
}

function replyTo(callback?: MessageHandler): KernelCallbacks | undefined {
  return callback && { shell: { reply: callback } }
}

export const requests = {
  _get_msg(this: Kernel, msg_type: string, content: Record<string, unknown>, metadata?: Record<string, unknown>, buffers?: Buffer[]): KernelMessage {
    const header: MessageHeader = {
      msg_id: utils.uuid(),
      username: this.username,
      session: this.session_id,
      msg_type,
      version: PROTOCOL_VERSION,
      date: new Date().toISOString(),
    }
    return {
      channel: "shell",
      header,
      parent_header: {},
      metadata: metadata ?? {},
      content,
      buffers: (buffers ?? []).map(asDataView),
      msg_id: header.msg_id,
      msg_type,
    }
  },

  _send(this: Kernel, msg: KernelMessage): void {
    this.connection.send(msg)
  },

  send_shell_message(
    this: Kernel, msg_type: string,
    content: object,
    callbacks?: KernelCallbacks | null,
    metadata?: Record<string, unknown>,
    buffers?: Buffer[],
  ): string {
    const msg = this._get_msg(msg_type, content as Record<string, unknown>, metadata, buffers)
    msg.channel = "shell"
    this.set_callbacks_for_msg(msg.header.msg_id, callbacks ?? undefined)
    this._send(msg)
    return msg.header.msg_id
  },

  kernel_info(this: Kernel, callback?: MessageHandler): string {
    return this.send_shell_message("kernel_info_request", {}, replyTo(callback))
  },

  comm_info(this: Kernel, target_name?: string | null, callback?: MessageHandler): string {
    return this.send_shell_message("comm_info_request", target_name ? { target_name } : {}, replyTo(callback))
  },

  inspect(this: Kernel, code: string, cursor_pos: number, callback?: MessageHandler): string {
    return this.send_shell_message("inspect_request", { code, cursor_pos, detail_level: 0 }, replyTo(callback))
  },

  complete(this: Kernel, code: string, cursor_pos: number, callback?: MessageHandler): string {
    return this.send_shell_message("complete_request", { code, cursor_pos }, replyTo(callback))
  },

  /** Run `code`. Answers come to `callbacks`; without them the run is silent and leaves no trace in the history. */
  execute(this: Kernel, code: string, callbacks?: KernelCallbacks | null, options: ExecuteOptions = {}): string {
    const { metadata = {}, ...given } = options
    const content = {
      code,
      silent: true,
      store_history: false,
      user_expressions: {},
      allow_stdin: callbacks?.input !== undefined,
      ...given,
    }
    this.events.trigger("execution_request.Kernel", { kernel: this, content })
    const cell_id = callbacks?.cell?.id
    return this.send_shell_message("execute_request", content, callbacks, cell_id ? { cellId: cell_id, ...metadata } : metadata)
  },

  send_input_reply(this: Kernel, input: string): string {
    const content = { value: input }
    this.events.trigger("input_reply.Kernel", { kernel: this, content })
    const msg = this._get_msg("input_reply", content)
    msg.channel = "stdin"
    this._send(msg)
    return msg.header.msg_id
  },
}
