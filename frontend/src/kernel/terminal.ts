/**
 * One terminal's websocket: opens it, comes back with growing patience, and says how far the output has been shown, so
 * that the server never sends more than fits. Knows messages and time; no DOM.
 */

/** Waits before the 1st, 2nd, … attempt. The first ones are short: a killed worker has a living neighbour. */
export const RETRY_DELAYS_MS: readonly number[] = [100, 400, 1_000, 2_000, 4_000, 8_000, 15_000]
/** A connection that lived this long was a success: the next loss starts with the short waits again. */
export const STABLE_AFTER_MS = 1_000
export const OPEN_TIMEOUT_MS = 20_000
/** The server lets us be 512 Ki characters behind; an answer every so often keeps it sending. */
export const ACK_EVERY_CHARS = 64 * 1024

/** `ended`: the program is over, or the terminal is gone. `refused`: the login has ended. Both are final. */
export type TerminalState = "connecting" | "open" | "waiting" | "ended" | "refused"

/** What stands in the way of a websocket that does not open. */
export type Obstacle = "none" | "gone" | "refused"

export interface TerminalDelegate {
  /** Here is what was shown lately, next: start with an empty screen. */
  beginsAnew(): void
  outputReceived(text: string): void
  stateChanged(state: TerminalState): void
  /** Asked after a loss; false for a page that is no longer there. */
  findObstacle(): Promise<Obstacle>
}

export type OpenSocket = (url: string) => WebSocket

export class TerminalConnection {
  state: TerminalState = "connecting"
  socket: WebSocket | null = null

  private attempt = 0
  private openedAtMs = 0
  private size: readonly number[] | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private shownChars = 0
  private toldChars = 0

  constructor(
    private readonly url: string,
    private readonly delegate: TerminalDelegate,
    private readonly openSocket: OpenSocket,
  ) {}

  /** Connect, or connect at once instead of later. */
  open(): void {
    this.drop()
    this.change("connecting")
    const socket = this.openSocket(this.url)
    this.socket = socket
    socket.onopen = () => this.opened(socket)
    socket.onmessage = (event: MessageEvent<string>) => this.received(socket, event.data)
    socket.onclose = () => void this.lost(socket)
    this.timer = setTimeout(() => void this.lost(socket), OPEN_TIMEOUT_MS)
  }

  /** Leave for good. */
  close(): void {
    this.drop()
  }

  type(text: string): void {
    this.send(["stdin", text])
  }

  /** Tell the size now, and again after every return. */
  resize(rows: number, columns: number, height: number, width: number): void {
    this.size = [rows, columns, height, width]
    this.send(["set_size", ...this.size])
  }

  /** So many more characters are on the screen. */
  shown(chars: number): void {
    this.shownChars += chars
    if (this.shownChars - this.toldChars < ACK_EVERY_CHARS) return
    this.toldChars = this.shownChars
    this.send(["ack", this.shownChars])
  }

  private send(message: readonly unknown[]): void {
    if (this.state === "open" && this.socket?.readyState === 1) this.socket.send(JSON.stringify(message))
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return
    clearTimeout(this.timer)
    this.openedAtMs = Date.now()
    this.shownChars = this.toldChars = 0
    this.delegate.beginsAnew()
    this.change("open")
    if (this.size) this.send(["set_size", ...this.size])
    this.send(["ack", 0]) // from now on the server waits for us
  }

  private received(socket: WebSocket, frame: string): void {
    if (socket !== this.socket) return
    const [name, value] = JSON.parse(frame) as [string, unknown]
    if (name === "stdout") this.delegate.outputReceived(String(value))
    else if (name === "disconnect") this.finish("ended")
  }

  private async lost(socket: WebSocket): Promise<void> {
    if (socket !== this.socket) return
    this.drop()
    if (this.openedAtMs > 0 && Date.now() - this.openedAtMs > STABLE_AFTER_MS) this.attempt = 0
    this.openedAtMs = 0
    this.change("waiting")
    const delayMs = RETRY_DELAYS_MS[Math.min(this.attempt, RETRY_DELAYS_MS.length - 1)]!
    this.attempt += 1
    this.timer = setTimeout(() => void this.tryAgain(), delayMs)
  }

  private async tryAgain(): Promise<void> {
    const obstacle = await this.delegate.findObstacle()
    if (this.state !== "waiting") return // somebody was quicker
    if (obstacle === "none") this.open()
    else this.finish(obstacle === "gone" ? "ended" : "refused")
  }

  private finish(state: "ended" | "refused"): void {
    this.drop()
    this.change(state)
  }

  private change(state: TerminalState): void {
    if (state === this.state && state !== "connecting") return
    this.state = state
    this.delegate.stateChanged(state)
  }

  private drop(): void {
    clearTimeout(this.timer)
    const socket = this.socket
    this.socket = null
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}
