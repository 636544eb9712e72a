/**
 * `services/kernels/kernel`: one kernel as a notebook sees it. Sends requests, hands each answer to who asked, and tells
 * the page's event bus how the kernel and its connection are. Extensions replace its methods: all are called by name.
 */
import type { Buffer, KernelMessage, MessageHeader } from "../../../kernel/messages"
import { asDataView } from "../../../kernel/codec"
import { KernelConnection, RETRY_DELAYS_MS, type ConnectionDelegate, type Loss, type WebSocketConstructor } from "../../../kernel/connection"
import { events, type EventBus } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import { isDone, makeRecord, type CallbackRecord, type KernelCallbacks, type MessageHandler, type PayloadHandler } from "./callbacks"
import { CommManager } from "./comm"

export type { KernelCallbacks } from "./callbacks"

/** Version of the messaging protocol that the page speaks. */
const PROTOCOL_VERSION = "5.2"
/** A websocket closed sooner than this was refused by the server, rather than lost on the way. */
const EARLY_CLOSE_MS = 1_000

export interface ExecuteOptions {
  silent?: boolean
  store_history?: boolean
  user_expressions?: Record<string, string>
  allow_stdin?: boolean
  stop_on_error?: boolean
  /** Goes into the message's metadata, not into its content. */
  metadata?: Record<string, unknown>
}

export interface KernelModel {
  id: string
  name: string
}

export type AjaxSuccess = (data: unknown, status: string, xhr: JQuery.jqXHR) => void
export type AjaxError = (xhr: JQuery.jqXHR, status: string, error: string) => void

export class Kernel {
  events: EventBus
  id: string | null
  name: string
  kernel_service_url: string
  kernel_url: string | null
  ws_url: string
  username: string
  session_id: string
  info_reply: Record<string, unknown>
  WebSocket: WebSocketConstructor
  comm_manager: CommManager
  connection: KernelConnection
  /** Attempts before `kernel_connection_dead`. */
  reconnect_limit: number
  last_msg_id: string | null
  last_msg_callbacks: KernelCallbacks
  _msg_callbacks: Map<string, CallbackRecord>
  _msg_callbacks_overrides: Map<string, string[]>
  _display_id_to_parent_ids: Map<string, string[]>
  _iopub_handlers: Map<string, MessageHandler>
  _autorestart_attempt: number
  _incoming: KernelMessage[]
  _is_handling: boolean
  _is_checking_alive: boolean
  _ready_question: string | null

  constructor(kernel_service_url: string, ws_url: string, name: string) {
    this.events = events
    this.id = null
    this.name = name
    this.kernel_service_url = kernel_service_url
    this.kernel_url = null
    this.ws_url = ws_url || location.origin.replace(/^http/, "ws")
    this.username = "username"
    this.session_id = utils.uuid()
    this.info_reply = {}
    this.WebSocket = window.WebSocket
    this.reconnect_limit = RETRY_DELAYS_MS.length
    this.last_msg_id = null
    this.last_msg_callbacks = {}
    this._msg_callbacks = new Map()
    this._msg_callbacks_overrides = new Map()
    this._display_id_to_parent_ids = new Map()
    this._iopub_handlers = new Map()
    this._autorestart_attempt = 0
    this._incoming = []
    this._is_handling = false
    this._is_checking_alive = false
    this._ready_question = null
    this.connection = new KernelConnection(connectionDelegate(this), socketMaker(this))
    this.bind_events()
    this.init_iopub_handlers()
    this.comm_manager = new CommManager(this)
  }

  get ws(): WebSocket | null {
    return this.connection.socket
  }

  get _reconnect_attempt(): number {
    return this.connection.attempt
  }

  set _reconnect_attempt(attempt: number) {
    this.connection.attempt = attempt
  }

  get _pending_messages(): KernelMessage[] {
    return this.connection.pending
  }

  _get_msg(msg_type: string, content: Record<string, unknown>, metadata?: Record<string, unknown>, buffers?: Buffer[]): KernelMessage {
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
  }

  bind_events(): void {
    this.events.on("send_input_reply.Kernel", (_evt, value: string) => this.send_input_reply(value))
    // A page that is leaving must not report a lost connection; one that comes back from the browser's cache needs it again.
    window.addEventListener("pagehide", () => this.stop_channels())
    window.addEventListener("pageshow", (evt) => {
      if (evt.persisted && this.kernel_url) this.reconnect()
    })
    window.addEventListener("online", () => {
      if (this.kernel_url && this.connection.state === "waiting") this.reconnect()
    })
  }

  init_iopub_handlers(): void {
    for (const msg_type of ["stream", "display_data", "execute_result", "update_display_data", "error"]) {
      this.register_iopub_handler(msg_type, (msg) => this._handle_output_message(msg))
    }
    this.register_iopub_handler("status", (msg) => this._handle_status_message(msg))
    this.register_iopub_handler("clear_output", (msg) => this._handle_clear_output(msg))
    this.register_iopub_handler("execute_input", (msg) => this._handle_input_message(msg))
    this.register_iopub_handler("shutdown_reply", (msg) => this._handle_shutdown_message(msg))
  }

  // REST: the kernel's life

  list(success?: AjaxSuccess, error?: AjaxError): JQuery.jqXHR {
    return utils.ajax(this.kernel_service_url, { ...jsonRequest("GET"), success, error: this._on_error(error) })
  }

  start(params?: Record<string, unknown>, success?: AjaxSuccess, error?: AjaxError): string {
    const body = { name: this.name, ...params }
    const on_success: AjaxSuccess = (data, status, xhr) => {
      this.events.trigger("kernel_created.Kernel", { kernel: this })
      this._kernel_created(data as KernelModel)
      success?.(data, status, xhr)
    }
    this.events.trigger("kernel_starting.Kernel", { kernel: this })
    utils.ajax(this.kernel_service_url, { ...jsonRequest("POST", body), success: this._on_success(on_success), error: this._on_error(error) })
    return this.kernel_service_url
  }

  get_info(success?: AjaxSuccess, error?: AjaxError): JQuery.jqXHR {
    return utils.ajax(this._url(), { ...jsonRequest("GET"), success: this._on_success(success), error: this._on_error(error) })
  }

  kill(success?: AjaxSuccess, error?: AjaxError): void {
    this.events.trigger("kernel_killed.Kernel", { kernel: this })
    this._kernel_dead()
    utils.ajax(this._url(), { ...jsonRequest("DELETE"), success: this._on_success(success), error: this._on_error(error) })
  }

  interrupt(success?: AjaxSuccess, error?: AjaxError): void {
    this.events.trigger("kernel_interrupting.Kernel", { kernel: this })
    const on_success: AjaxSuccess = (data, status, xhr) => {
      this.kernel_info() // its idle status says that the interrupt took effect
      success?.(data, status, xhr)
    }
    utils.ajax(this._url("interrupt"), { ...jsonRequest("POST"), success: this._on_success(on_success), error: this._on_error(error) })
  }

  restart(success?: AjaxSuccess, error?: AjaxError): void {
    this.events.trigger("kernel_restarting.Kernel", { kernel: this })
    this.stop_channels()
    this._forget_requests()
    const on_success: AjaxSuccess = (data, status, xhr) => {
      this.events.trigger("kernel_created.Kernel", { kernel: this })
      this._kernel_created(data as KernelModel)
      success?.(data, status, xhr)
    }
    const on_error: AjaxError = (xhr, status, reason) => {
      this.events.trigger("kernel_failed_restart.Kernel", { kernel: this })
      this._kernel_dead()
      error?.(xhr, status, reason)
    }
    utils.ajax(this._url("restart"), { ...jsonRequest("POST"), success: this._on_success(on_success), error: this._on_error(on_error) })
  }

  /** Connect now, whatever wait was planned. */
  reconnect(): void {
    if (this.is_connected()) return
    const is_by_hand = this._reconnect_attempt === 0 || this._reconnect_attempt >= this.reconnect_limit
    if (is_by_hand && this.connection.state !== "waiting") this._reconnect_attempt = 1 // a new series
    this.events.trigger("kernel_reconnecting.Kernel", { kernel: this, attempt: this._reconnect_attempt })
    this.start_channels()
  }

  _on_success(success?: AjaxSuccess): AjaxSuccess {
    return (data, status, xhr) => {
      const model = data as Partial<KernelModel> | undefined
      if (model?.id) {
        this.id = model.id
        this.name = model.name ?? this.name
        this.kernel_url = utils.url_path_join(this.kernel_service_url, this.id)
      }
      success?.(data, status, xhr)
    }
  }

  _on_error(error?: AjaxError): AjaxError {
    return (xhr, status, reason) => {
      utils.log_ajax_error(xhr, status, reason)
      error?.(xhr, status, reason)
    }
  }

  _kernel_created(data: KernelModel): void {
    this.id = data.id
    this.kernel_url = utils.url_path_join(this.kernel_service_url, data.id)
    this._reconnect_attempt = 0
    this.start_channels()
  }

  _kernel_connected(): void {
    this.events.trigger("kernel_connected.Kernel", { kernel: this })
  }

  _kernel_dead(): void {
    this.stop_channels()
  }

  _url(action?: string): string {
    const url = this.kernel_url ?? utils.url_path_join(this.kernel_service_url, this.id ?? "")
    return action ? utils.url_path_join(url, action) : url
  }

  /** What was asked of the old process will never be answered. */
  _forget_requests(): void {
    this._msg_callbacks.clear()
    this._msg_callbacks_overrides.clear()
    this._display_id_to_parent_ids.clear()
    this._pending_messages.length = 0
  }

  // Websocket

  _channels_url(): string {
    const host_url = /^wss?:/.test(this._url()) ? "" : this.ws_url
    const url = host_url ? host_url.replace(/\/$/, "") + this._url("channels") : this._url("channels")
    return `${url}?session_id=${encodeURIComponent(this.session_id)}`
  }

  start_channels(): void {
    this.stop_channels()
    try {
      this.connection.open(this._channels_url())
    } catch (error) {
      console.error(`No websocket can be opened at ${this._channels_url()}`, error)
      this._ws_closed(this._channels_url(), error)
    }
  }

  /** The kernel's first answer says that it is ready; requests that waited go out behind that question. */
  _ws_opened(_evt?: Event): void {
    this._ask_ready()
    this.connection.flush()
    this._kernel_connected()
  }

  /** A kernel that starts while the question is under way may answer twice, or lose the first: the last one counts. */
  _ask_ready(): void {
    const asked = this.kernel_info((reply: KernelMessage) => {
      if (asked !== this._ready_question) return
      this.info_reply = reply.content
      this._autorestart_attempt = 0
      this.events.trigger("kernel_ready.Kernel", { kernel: this })
    })
    this._ready_question = asked
  }

  /** `error` is false for a lost connection, and says what was wrong with one that never came to be. */
  _ws_closed(ws_url: string, error: unknown): void {
    this.events.trigger("kernel_disconnected.Kernel", { kernel: this })
    if (!error) return this._schedule_reconnect()
    console.log(`WebSocket connection failed: ${ws_url}: ${String(error)}`)
    this.events.trigger("kernel_connection_failed.Kernel", { kernel: this, ws_url, attempt: this._reconnect_attempt, error })
    this._schedule_reconnect()
    this._check_alive()
  }

  /** A refused websocket does not tell why, but the REST API does. */
  _check_alive(): void {
    if (this._is_checking_alive) return
    this._is_checking_alive = true
    this.get_info(() => (this._is_checking_alive = false), (xhr) => {
      this._is_checking_alive = false
      if (xhr.status !== 404) return
      this._kernel_dead()
      this.events.trigger("kernel_dead.Kernel", { kernel: this })
    })
  }

  _schedule_reconnect(): void {
    if (this.connection.retry(this.reconnect_limit) !== null) return
    console.log(`No connection to the kernel after ${this._reconnect_attempt} attempts.`)
    this.events.trigger("kernel_connection_dead.Kernel", { kernel: this, reconnect_attempt: this._reconnect_attempt })
  }

  stop_channels(): void {
    this.connection.close()
  }

  is_connected(): boolean {
    return this.connection.state === "open"
  }

  is_fully_disconnected(): boolean {
    return this.connection.state === "closed" || this.connection.state === "waiting"
  }

  // Requests

  _send(msg: KernelMessage): void {
    this.connection.send(msg)
  }

  send_shell_message(
    msg_type: string,
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
  }

  kernel_info(callback?: MessageHandler): string {
    return this.send_shell_message("kernel_info_request", {}, replyTo(callback))
  }

  comm_info(target_name?: string | null, callback?: MessageHandler): string {
    return this.send_shell_message("comm_info_request", target_name ? { target_name } : {}, replyTo(callback))
  }

  inspect(code: string, cursor_pos: number, callback?: MessageHandler): string {
    return this.send_shell_message("inspect_request", { code, cursor_pos, detail_level: 0 }, replyTo(callback))
  }

  complete(code: string, cursor_pos: number, callback?: MessageHandler): string {
    return this.send_shell_message("complete_request", { code, cursor_pos }, replyTo(callback))
  }

  /** Run `code`. Answers come to `callbacks`; without them the run is silent and leaves no trace in the history. */
  execute(code: string, callbacks?: KernelCallbacks | null, options: ExecuteOptions = {}): string {
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
  }

  send_input_reply(input: string): string {
    const content = { value: input }
    this.events.trigger("input_reply.Kernel", { kernel: this, content })
    const msg = this._get_msg("input_reply", content)
    msg.channel = "stdin"
    this._send(msg)
    return msg.header.msg_id
  }

  // Who waits for what

  register_iopub_handler(msg_type: string, callback: MessageHandler): void {
    this._iopub_handlers.set(msg_type, callback)
  }

  get_iopub_handler(msg_type: string): MessageHandler | undefined {
    return this._iopub_handlers.get(msg_type)
  }

  /** The last request's callbacks stay known after it is done. */
  get_callbacks_for_msg(msg_id: string | undefined): KernelCallbacks | undefined {
    if (msg_id === undefined) return undefined
    return msg_id === this.last_msg_id ? this.last_msg_callbacks : this._msg_callbacks.get(msg_id)
  }

  get_output_callbacks_for_msg(msg_id: string | undefined): KernelCallbacks | undefined {
    return this.get_callbacks_for_msg(this.get_output_callback_id(msg_id))
  }

  /** Whose callbacks get the output of `msg_id`: normally its own, or those of the innermost capture. */
  get_output_callback_id(msg_id: string | undefined): string | undefined {
    if (msg_id === undefined) return undefined
    return this._msg_callbacks_overrides.get(msg_id)?.at(-1) ?? msg_id
  }

  clear_callbacks_for_msg(msg_id: string): void {
    this._msg_callbacks.delete(msg_id)
  }

  set_callbacks_for_msg(msg_id: string, callbacks?: KernelCallbacks, save = true): void {
    const record = callbacks && makeRecord(callbacks)
    if (record) this._msg_callbacks.set(msg_id, record)
    if (!save) return
    this.last_msg_id = msg_id
    this.last_msg_callbacks = record ?? {}
  }

  output_callback_overrides_push(msg_id: string, callback_id: string): void {
    const stack = this._msg_callbacks_overrides.get(msg_id)
    if (stack) stack.push(callback_id)
    else this._msg_callbacks_overrides.set(msg_id, [callback_id])
  }

  output_callback_overrides_pop(msg_id: string): void {
    const stack = this._msg_callbacks_overrides.get(msg_id)
    if (!stack) return console.error("output_callback_overrides_pop without a push", msg_id)
    stack.pop()
    if (stack.length === 0) this._msg_callbacks_overrides.delete(msg_id)
  }

  _finish_shell(msg_id: string): void {
    const record = this._msg_callbacks.get(msg_id)
    if (!record) return
    record.shell_done = true
    if (isDone(record)) this.clear_callbacks_for_msg(msg_id)
  }

  _finish_iopub(msg_id: string): void {
    const record = this._msg_callbacks.get(msg_id)
    if (record) {
      record.iopub_done = true
      if (isDone(record)) this.clear_callbacks_for_msg(msg_id)
    }
    this.events.trigger("finished_iopub.Kernel", { kernel: this, msg_id })
  }

  // Answers

  /** Take one message. They are handled strictly in order, at once unless an earlier handler is still at work. */
  _handle_ws_message(e: { data: KernelMessage }): void {
    this._incoming.push(e.data)
    if (!this._is_handling) this._handle_incoming()
  }

  /** No promise per message: only a handler that returns one makes the rest wait. */
  _handle_incoming(): void {
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
  }

  /** Returns a promise where a handler does. One that throws is logged and stops nothing. */
  _finish_ws_message(msg: KernelMessage): unknown {
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
  }

  _handle_shell_reply(reply: KernelMessage): unknown {
    this.events.trigger("shell_reply.Kernel", { kernel: this, reply })
    const parent_id = reply.parent_header.msg_id
    const callbacks = this.get_callbacks_for_msg(parent_id)
    if (!parent_id || !callbacks) return undefined
    this._finish_shell(parent_id)
    const answered = callbacks.shell?.reply?.(reply)
    const payloads = reply.content.payload
    if (!callbacks.shell?.payload || !Array.isArray(payloads)) return answered
    return together([answered, this._handle_payloads(payloads as Payload[], callbacks.shell.payload, reply)])
  }

  _handle_payloads(payloads: Payload[], payload_callbacks: Record<string, PayloadHandler>, msg: KernelMessage): unknown {
    return together(payloads.map((payload) => payload_callbacks[payload.source]?.(payload, msg)))
  }

  _handle_status_message(msg: KernelMessage): unknown {
    const parent_id = msg.parent_header.msg_id
    const watched = this.get_callbacks_for_msg(parent_id)?.iopub?.status?.(msg)
    const state = msg.content.execution_state
    if (state === "busy") this.events.trigger("kernel_busy.Kernel", { kernel: this })
    else if (state === "idle") this._handle_idle(parent_id)
    else if (state === "starting") this._handle_starting()
    else if (state === "restarting" || state === "autorestarting") this._handle_autorestart()
    else if (state === "dead") {
      this._kernel_dead()
      this.events.trigger("kernel_dead.Kernel", { kernel: this })
    }
    return watched
  }

  _handle_idle(parent_id: string | undefined): void {
    if (parent_id) this._finish_iopub(parent_id)
    this.events.trigger("kernel_idle.Kernel", { kernel: this })
  }

  _handle_starting(): void {
    this.events.trigger("kernel_starting.Kernel", { kernel: this })
    this._ask_ready()
  }

  /** The server replaces a process that died. */
  _handle_autorestart(): void {
    this._autorestart_attempt += 1
    this.events.trigger("kernel_restarting.Kernel", { kernel: this })
    this.events.trigger("kernel_autorestarting.Kernel", { kernel: this, attempt: this._autorestart_attempt })
  }

  _handle_clear_output(msg: KernelMessage): unknown {
    return this.get_output_callbacks_for_msg(msg.parent_header.msg_id)?.iopub?.clear_output?.(msg)
  }

  _handle_output_message(msg: KernelMessage): unknown {
    const parent_id = msg.parent_header.msg_id
    const updated = this._update_displays(msg, parent_id)
    if (msg.msg_type === "update_display_data" && updated !== null) return together(updated)
    const callbacks = this.get_output_callbacks_for_msg(parent_id)
    if (!callbacks?.iopub?.output) {
      this.events.trigger("received_unsolicited_message.Kernel", msg)
      return undefined
    }
    return together([...(updated ?? []), callbacks.iopub.output(msg)])
  }

  /** Bring a display id's new data to every request that showed it. Null when `msg` has no display id known so far. */
  _update_displays(msg: KernelMessage, parent_id: string | undefined): unknown[] | null {
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
  }

  _remember_display(display_id: string, parent_id: string): void {
    const parents = this._display_id_to_parent_ids.get(display_id) ?? []
    if (!parents.includes(parent_id)) this._display_id_to_parent_ids.set(display_id, [...parents, parent_id])
  }

  /** `execute_input`: of interest only when somebody else asked. */
  _handle_input_message(msg: KernelMessage): void {
    if (!this.get_callbacks_for_msg(msg.parent_header.msg_id)) this.events.trigger("received_unsolicited_message.Kernel", msg)
  }

  /** `shutdown_reply` on iopub: a status message with more to say follows it. */
  _handle_shutdown_message(_msg: KernelMessage): void {}

  _handle_iopub_message(msg: KernelMessage): unknown {
    return this.get_iopub_handler(msg.msg_type)?.(msg)
  }

  _handle_input_request(request: KernelMessage): unknown {
    if (request.msg_type !== "input_request") {
      console.log("Invalid input request", request)
      return undefined
    }
    return this.get_callbacks_for_msg(request.parent_header.msg_id)?.input?.(request)
  }
}

type Payload = Record<string, unknown> & { source: string }

/** What the connection reports goes through the kernel's methods, found by name when it happens. */
function connectionDelegate(kernel: Kernel): ConnectionDelegate {
  return {
    connectionOpened: (event) => kernel._ws_opened(event),
    connectionLost: (loss) => kernel._ws_closed(kernel._channels_url(), lossError(loss)),
    retryDue: () => kernel.reconnect(),
    messageReceived: (message) => kernel._handle_ws_message({ data: message }),
    messagesMissing: ({ first, last, fromMs, toMs }) => {
      kernel.events.trigger("messages_missing.Kernel", { kernel, first, last, from_ms: fromMs, to_ms: toMs })
    },
    badFrame: (error) => console.error("A kernel message could not be read and was skipped.", error),
  }
}

function lossError(loss: Loss): Error | false {
  if (loss.wasOpen && loss.openForMs >= EARLY_CLOSE_MS) return false
  const when = loss.wasOpen ? `closed after ${loss.openForMs} ms` : "refused"
  return new Error(`websocket ${when}, code ${loss.code}${loss.reason ? `: ${loss.reason}` : ""}`)
}

/** `kernel.WebSocket` may be replaced until a socket is made. */
function socketMaker(kernel: Kernel): WebSocketConstructor {
  return function (url: string, protocols?: string | string[]) {
    return new kernel.WebSocket(url, protocols)
  } as unknown as WebSocketConstructor
}

function replyTo(callback?: MessageHandler): KernelCallbacks | undefined {
  return callback && { shell: { reply: callback } }
}

function jsonRequest(type: string, body?: unknown): JQuery.AjaxSettings {
  const settings: JQuery.AjaxSettings = { type, cache: false, processData: false, dataType: "json" }
  return body === undefined ? settings : { ...settings, data: JSON.stringify(body), contentType: "application/json" }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function"
}

/** A promise for all of `results` when one of them is a promise, else undefined. */
function together(results: readonly unknown[]): unknown {
  return results.some(isThenable) ? Promise.all(results) : undefined
}
