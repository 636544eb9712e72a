/**
 * `services/kernels/kernel`: one kernel as a notebook sees it. Sends requests, hands each answer to who asked, and tells
 * the page's event bus how the kernel and its connection are. State and wiring here; its methods, by subject, in `kernel/`.
 */
import { KernelConnection, RETRY_DELAYS_MS, type WebSocketConstructor } from "../../../kernel/connection"
import type { KernelMessage } from "../../../kernel/messages"
import { events, type EventBus } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import type { CallbackRecord, KernelCallbacks, MessageHandler } from "./callbacks"
import { CommManager } from "./comm"
import { answers } from "./kernel/answers"
import { callbacks } from "./kernel/callbacks"
import { channels, connectionDelegate, socketMaker, type KernelPosition } from "./kernel/channels"
import { lifecycle } from "./kernel/lifecycle"
import { outputs } from "./kernel/outputs"
import { requests } from "./kernel/requests"
import { statuses } from "./kernel/statuses"

export type { KernelCallbacks } from "./callbacks"
export type { AjaxError, AjaxSuccess, KernelModel } from "./kernel/lifecycle"
export type { ExecuteOptions } from "./kernel/requests"

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
  /** Counts what changes whose kernel this is: answers to what was asked before count no more. */
  _turn: number
  _incoming: KernelMessage[]
  _is_handling: boolean
  _is_checking_alive: boolean
  _ready_question: string | null
  /** Shows what the kernel did before this page joined it, and says from where on the page wants to hear. */
  _catch_up: (() => Promise<KernelPosition | null>) | null

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
    this._turn = 0
    this._incoming = []
    this._is_handling = false
    this._is_checking_alive = false
    this._ready_question = null
    this._catch_up = null
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
}

/* Every part becomes ordinary methods of the prototype. Extensions replace them: all are called by name. */
Object.assign(Kernel.prototype, answers, callbacks, channels, lifecycle, outputs, requests, statuses)

type Parts = typeof answers & typeof callbacks & typeof channels & typeof lifecycle & typeof outputs & typeof requests & typeof statuses

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface Kernel extends Parts {}
