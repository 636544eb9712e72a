/** A kernel's websocket: opened, lost, opened again; and what the page is told about it. */
import type { ConnectionDelegate, Loss, WebSocketConstructor } from "../../../../kernel/connection"
import type { KernelMessage } from "../../../../kernel/messages"
import { parseQueue } from "../../../../model/queue"
import type { Kernel } from "../kernel"

/** A place in what a kernel has said. */
export interface KernelPosition {
  epoch: string
  seq: number
}

/** A websocket closed sooner than this was refused by the server, rather than lost on the way. */
const EARLY_CLOSE_MS = 1_000

export const channels = {
  _channels_url(this: Kernel): string {
    const host_url = /^wss?:/.test(this._url()) ? "" : this.ws_url
    const url = host_url ? host_url.replace(/\/$/, "") + this._url("channels") : this._url("channels")
    return `${url}?session_id=${encodeURIComponent(this.session_id)}`
  },

  start_channels(this: Kernel): void {
    this.stop_channels()
    try {
      this.connection.open(this._channels_url())
    } catch (error) {
      console.error(`No websocket can be opened at ${this._channels_url()}`, error)
      this._ws_closed(this._channels_url(), error)
    }
  },

  /** The first channels of a kernel that may have been at work before this page came. */
  _first_channels(this: Kernel): void {
    const catch_up = this._catch_up
    this._catch_up = null
    if (!catch_up) return this.start_channels()
    const asked_id = this.id
    const begin = (position: KernelPosition | null): void => {
      if (this.id !== asked_id || this.connection.state !== "closed") return // another kernel, or opened meanwhile
      if (position) this.connection.openAfter(this._channels_url(), position.epoch, position.seq)
      else this.start_channels()
    }
    catch_up().then(begin, (error: unknown) => {
      console.error("What the kernel did before cannot be shown:", error)
      begin(null)
    })
  },

  stop_channels(this: Kernel): void {
    this.connection.close()
  },

  /** Connect now, whatever wait was planned; also instead of a connection that is there, which may be so in name only. */
  reconnect(this: Kernel): void {
    const is_by_hand = this._reconnect_attempt === 0 || this._reconnect_attempt >= this.reconnect_limit
    if (is_by_hand && this.connection.state !== "waiting") this._reconnect_attempt = 1 // a new series
    this.events.trigger("kernel_reconnecting.Kernel", { kernel: this, attempt: this._reconnect_attempt })
    this.start_channels()
  },

  is_connected(this: Kernel): boolean {
    return this.connection.state === "open"
  },

  is_fully_disconnected(this: Kernel): boolean {
    return this.connection.state === "closed" || this.connection.state === "waiting"
  },

  /** The kernel's first answer says that it is ready; requests that waited go out behind that question. */
  _ws_opened(this: Kernel, _evt?: Event): void {
    this._ask_ready()
    this.connection.flush()
    this._kernel_connected()
  },

  /** A kernel that starts while the question is under way may answer twice, or lose the first: the last one counts. */
  _ask_ready(this: Kernel): void {
    const asked = this.kernel_info((reply: KernelMessage) => {
      if (asked !== this._ready_question) return
      this.info_reply = reply.content
      this._autorestart_attempt = 0
      this.events.trigger("kernel_ready.Kernel", { kernel: this })
    })
    this._ready_question = asked
  },

  _kernel_connected(this: Kernel): void {
    this.events.trigger("kernel_connected.Kernel", { kernel: this })
  },

  /** `error` is false for a lost connection, and says what was wrong with one that never came to be. */
  _ws_closed(this: Kernel, ws_url: string, error: unknown): void {
    this.events.trigger("kernel_disconnected.Kernel", { kernel: this })
    if (!error) return this._schedule_reconnect()
    console.log(`WebSocket connection failed: ${ws_url}: ${String(error)}`)
    this.events.trigger("kernel_connection_failed.Kernel", { kernel: this, ws_url, attempt: this._reconnect_attempt, error })
    this._schedule_reconnect()
    this._check_alive()
  },

  /** A refused websocket does not tell why, but the REST API does. */
  _check_alive(this: Kernel): void {
    if (this._is_checking_alive) return
    this._is_checking_alive = true
    const turn = this._turn
    this.get_info(() => (this._is_checking_alive = false), (xhr) => {
      this._is_checking_alive = false
      if (xhr.status !== 404 || turn !== this._turn) return
      this._kernel_dead()
      this.events.trigger("kernel_dead.Kernel", { kernel: this })
    })
  },

  _schedule_reconnect(this: Kernel): void {
    const delay_ms = this.connection.retry(this.reconnect_limit)
    if (delay_ms !== null) return void this.events.trigger("kernel_reconnect_planned.Kernel", { kernel: this, delay_ms })
    console.log(`No connection to the kernel after ${this._reconnect_attempt} attempts.`)
    this.events.trigger("kernel_connection_dead.Kernel", { kernel: this, reconnect_attempt: this._reconnect_attempt })
  },
}

/** What the connection reports goes through the kernel's methods, found by name when it happens. */
export function connectionDelegate(kernel: Kernel): ConnectionDelegate {
  return {
    connectionOpened: (event) => kernel._ws_opened(event),
    connectionLost: (loss) => kernel._ws_closed(kernel._channels_url(), lossError(loss)),
    retryDue: () => kernel.reconnect(),
    messageReceived: (message) => kernel._handle_ws_message({ data: message }),
    messagesMissing: ({ first, last, fromMs, toMs, requests }) => {
      const gap = { kernel, first, last, from_ms: fromMs, to_ms: toMs, requests: requests.length }
      kernel.events.trigger("messages_missing.Kernel", gap)
    },
    queueTold: (told) => {
      const queue = parseQueue(told)
      if (queue) kernel.events.trigger("execution_queue.Kernel", { kernel, queue })
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
export function socketMaker(kernel: Kernel): WebSocketConstructor {
  return function (url: string, protocols?: string | string[]) {
    return new kernel.WebSocket(url, protocols)
  } as unknown as WebSocketConstructor
}
