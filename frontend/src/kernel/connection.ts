/**
 * One kernel's websocket: opens it, comes back with growing patience, keeps what was sent meanwhile, sends again what did
 * not arrive, and resumes after the last message seen. Knows frames and time; what a message means is its delegate's business.
 */
import { decode, encode, type Hello, type Missing, NUMBERED_PROTOCOL, OFFERED_PROTOCOLS, parseHello, parseNote, splitNumbered } from "./codec"
import type { KernelMessage } from "./messages"

/** Waits before the 1st, 2nd, … attempt. The first ones are short: a killed worker has a living neighbour. */
export const RETRY_DELAYS_MS: readonly number[] = [100, 400, 1_000, 1_500, 4_000, 16_000, 64_000]
/** The server answers the upgrade after the kernel's first sign of life, for which it waits up to 60 s. */
export const OPEN_TIMEOUT_MS = 75_000
/** A connection that lived this long was a success: the next loss starts with the short waits again. */
export const STABLE_AFTER_MS = 1_000

const READY_STATE_OPEN = 1

export type ConnectionState = "closed" | "connecting" | "open" | "waiting"

export interface Loss {
  /** False when the connection never opened. */
  wasOpen: boolean
  openForMs: number
  code: number
  reason: string
}

/**
 * Output that is lost, or may be, to this page. Times are this page's: when the connection was lost and when it was back.
 * `requests` were sent and may never have arrived.
 */
export interface Gap {
  first: number | null
  last: number | null
  fromMs: number | null
  toMs: number
  requests: readonly KernelMessage[]
}

export interface ConnectionDelegate {
  /** The socket is open. Send what must go first, then call `flush`. */
  connectionOpened(event: Event): void
  /** The socket is gone, and not by `close`. Call `retry` to come back. */
  connectionLost(loss: Loss): void
  /** The wait of `retry` is over. Call `open`. */
  retryDue(attempt: number): void
  messageReceived(message: KernelMessage): void
  /** The server no longer had these numbers, or cannot know (no numbers): that output is lost to this page. */
  messagesMissing(gap: Gap): void
  /** The server told how the execution queue is. */
  queueTold?(queue: unknown): void
  /** A frame that cannot be read was skipped. */
  badFrame(error: unknown): void
}

export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => WebSocket

export class KernelConnection {
  state: ConnectionState = "closed"
  /** Attempts since the last connection that lasted. */
  attempt = 0
  /** Messages sent while there was no open socket, oldest first. */
  readonly pending: KernelMessage[] = []
  /** Messages sent, oldest first, that the server has not said to have. It drops what comes a second time. */
  readonly unconfirmed: KernelMessage[] = []
  socket: WebSocket | null = null

  private timer: ReturnType<typeof setTimeout> | undefined
  private openedAtMs = 0
  private epoch: string | null = null
  /** Highest number that reached the delegate in this epoch; 0 when none did. */
  private seenSeq = 0
  /** Where the stream of this epoch began for us. */
  private startSeq = 0
  private url = ""
  private lostAtMs: number | null = null
  /** Messages of this socket that were confirmed. */
  private arrived = 0
  /** Whether the server tells what has arrived; until its first greeting we hope so. */
  private isConfirmed = true
  /** Until the greeting says that what was sent before may be sent again, nothing goes out. */
  private awaitsGreeting = false

  constructor(
    private readonly delegate: ConnectionDelegate,
    private readonly webSocket: WebSocketConstructor,
  ) {}

  /**
   * Connect to `url`, dropping the present socket. Resumes where the last one ended if the server numbers its messages;
   * another address is another kernel, of which nothing has been seen.
   */
  open(url: string): void {
    this.close()
    if (url !== this.url) this.forget()
    this.url = url
    const socket = new this.webSocket(this.resumeUrl(url), [...OFFERED_PROTOCOLS])
    socket.binaryType = "arraybuffer"
    this.socket = socket
    this.state = "connecting"
    let helloSeen = false
    socket.onopen = (event) => this.opened(socket, event)
    socket.onclose = (event) => this.lost(socket, event.code, event.reason)
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      const isHello = !helloSeen
      helloSeen = true
      if (typeof event.data === "string" && socket.protocol === NUMBERED_PROTOCOL) this.told(event.data, isHello)
      else this.received(event.data, socket.protocol)
    }
    this.timer = setTimeout(() => this.lost(socket, 0, "no answer to the websocket request"), OPEN_TIMEOUT_MS)
  }

  /** Open with what came after `seq` of `epoch`: what was before is known from elsewhere. */
  openAfter(url: string, epoch: string, seq: number): void {
    this.close()
    this.forget()
    this.url = url
    this.epoch = epoch
    this.startSeq = seq
    this.open(url)
  }

  /** The newest message that was handed on, in numbers of this epoch; null where the server numbers none. */
  get position(): number | null {
    return this.epoch === null ? null : Math.max(this.seenSeq, this.startSeq)
  }

  /** Leave quietly: no loss is reported, nothing is retried. */
  close(): void {
    clearTimeout(this.timer)
    const socket = this.socket
    this.socket = null
    this.state = "closed"
    if (socket) detachAndClose(socket)
  }

  /** Send now, or as soon as there is a connection. */
  send(message: KernelMessage): void {
    if (!this.canSend() || !this.socket) {
      this.pending.push(message)
      return
    }
    this.socket.send(encode(message, this.socket.protocol))
    if (this.isConfirmed && this.socket.protocol === NUMBERED_PROTOCOL) this.unconfirmed.push(message)
  }

  /** What was asked of the kernel's old process is nothing for the new one. */
  forgetRequests(): void {
    this.arrived += this.unconfirmed.length // what is confirmed from here on came after them
    this.unconfirmed.length = this.pending.length = 0
  }

  /** A socket that is closing swallows what it is given, before its close event comes. */
  private canSend(): boolean {
    return this.state === "open" && !this.awaitsGreeting && this.socket?.readyState === READY_STATE_OPEN
  }

  /** Send what waited, in order. */
  flush(): void {
    while (this.pending.length > 0 && this.canSend()) this.send(this.pending.shift()!)
  }

  /** Plan the next attempt. Returns the wait in milliseconds, or null when `limit` attempts were used up. */
  retry(limit: number): number | null {
    if (this.attempt >= limit) return null
    const delayMs = RETRY_DELAYS_MS[Math.min(this.attempt, RETRY_DELAYS_MS.length - 1)]!
    this.attempt += 1
    this.state = "waiting"
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.delegate.retryDue(this.attempt), delayMs)
    return delayMs
  }

  private forget(): void {
    this.epoch = null
    this.seenSeq = this.startSeq = 0
    this.lostAtMs = null
    this.unconfirmed.length = 0
  }

  private resumeUrl(url: string): string {
    if (this.epoch === null) return url
    const separator = url.includes("?") ? "&" : "?"
    return `${url}${separator}since=${this.seenSeq || this.startSeq}&epoch=${encodeURIComponent(this.epoch)}`
  }

  private opened(socket: WebSocket, event: Event): void {
    if (socket !== this.socket) return
    clearTimeout(this.timer)
    this.state = "open"
    this.openedAtMs = Date.now()
    this.arrived = 0
    this.awaitsGreeting = socket.protocol === NUMBERED_PROTOCOL && this.unconfirmed.length > 0
    this.delegate.connectionOpened(event)
  }

  private lost(socket: WebSocket, code: number, reason: string): void {
    if (socket !== this.socket) return
    const wasOpen = this.state === "open"
    const openForMs = wasOpen ? Date.now() - this.openedAtMs : 0
    this.close()
    if (wasOpen) this.lostAtMs = Date.now()
    if (openForMs >= STABLE_AFTER_MS) this.attempt = 0
    this.delegate.connectionLost({ wasOpen, openForMs, code, reason })
  }

  private told(text: string, isHello: boolean): void {
    try {
      if (isHello) this.greeted(parseHello(text))
      else this.noted(text)
    } catch (error) {
      this.delegate.badFrame(error)
    }
  }

  private noted(text: string): void {
    const { arrived, missing, queue } = parseNote(text)
    if (arrived !== null && arrived > this.arrived) {
      this.unconfirmed.splice(0, arrived - this.arrived)
      this.arrived = arrived
    }
    if (missing !== null) this.reportGap(missing, [])
    if (queue !== undefined) this.delegate.queueTold?.(queue)
  }

  private received(frame: string | ArrayBuffer, protocol: string): void {
    let message: KernelMessage | null
    try {
      message = this.readFrame(frame, protocol)
    } catch (error) {
      this.delegate.badFrame(error)
      return
    }
    if (message) this.delegate.messageReceived(message)
  }

  private greeted(hello: Hello): void {
    const isSameRun = this.epoch === null || hello.epoch === this.epoch
    if (hello.epoch !== this.epoch) {
      this.epoch = hello.epoch
      this.seenSeq = 0
      this.startSeq = hello.seq
    }
    const lost = this.resend(isSameRun && hello.confirms)
    this.isConfirmed = hello.confirms
    if (!hello.confirms) this.unconfirmed.length = 0
    if (hello.missing !== null || lost.length > 0) this.reportGap(hello.missing ?? "unknown", lost)
    this.lostAtMs = null
  }

  /**
   * Send again what the last socket may have swallowed, then what waited. Where the server does not know which requests
   * it has had, sending again could run a cell twice: those are returned.
   */
  private resend(isSafe: boolean): KernelMessage[] {
    if (!this.awaitsGreeting) return []
    this.awaitsGreeting = false
    const old = this.unconfirmed.splice(0)
    if (isSafe) this.pending.unshift(...old)
    this.flush()
    return isSafe ? [] : old
  }

  private reportGap(missing: Exclude<Missing, null>, requests: readonly KernelMessage[]): void {
    const [first, last] = missing === "unknown" ? [null, null] : missing
    this.delegate.messagesMissing({ first, last, fromMs: this.lostAtMs, toMs: Date.now(), requests })
  }

  /** The message of `frame`, or null when it was seen before. */
  private readFrame(frame: string | ArrayBuffer, protocol: string): KernelMessage | null {
    if (protocol !== NUMBERED_PROTOCOL || typeof frame === "string") return decode(frame, protocol)
    const { seq, payload } = splitNumbered(frame)
    if (seq > 0 && seq <= this.seenSeq) return null
    this.seenSeq = Math.max(seq, this.seenSeq)
    return decode(payload, protocol)
  }
}

function detachAndClose(socket: WebSocket): void {
  socket.onopen = socket.onclose = socket.onmessage = socket.onerror = null
  socket.close()
}
