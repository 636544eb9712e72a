/** Messages and frames for tests, and a websocket under the test's hand. */
import { encode, type Missing, NUMBERED_PROTOCOL, V1_PROTOCOL } from "../../src/kernel/codec"
import type { Channel, KernelMessage } from "../../src/kernel/messages"

let counter = 0

export function message(
  type: string,
  content: Record<string, unknown>,
  { channel = "iopub", parentId = undefined }: { channel?: Channel; parentId?: string | undefined } = {},
): KernelMessage {
  const id = `m${(counter += 1)}`
  const header = { msg_id: id, msg_type: type, session: "s", username: "u", version: "5.2" }
  return {
    channel,
    header,
    parent_header: parentId === undefined ? {} : { msg_id: parentId },
    metadata: {},
    content,
    buffers: [],
    msg_id: id,
    msg_type: type,
  }
}

export function numbered(seq: number, sent: KernelMessage): ArrayBuffer {
  const payload = new Uint8Array(encode(sent, V1_PROTOCOL) as ArrayBuffer)
  const frame = new Uint8Array(8 + payload.length)
  frame.set(payload, 8)
  const view = new DataView(frame.buffer)
  view.setUint32(0, seq % 2 ** 32, true)
  view.setUint32(4, Math.floor(seq / 2 ** 32), true)
  return frame.buffer
}

export class FakeSocket {
  static all: FakeSocket[] = []
  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1]!
  }

  protocol = ""
  binaryType = "blob"
  readyState = 0
  sent: (string | ArrayBuffer)[] = []
  wasClosedByPage = false
  onopen: ((event: Event) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: (() => void) | null = null

  constructor(
    readonly url: string,
    readonly offered: string[] = [],
  ) {
    FakeSocket.all.push(this)
  }

  send(frame: string | ArrayBuffer): void {
    this.sent.push(frame)
  }

  close(): void {
    this.readyState = 3
    this.wasClosedByPage = true
  }

  accept(protocol: string = NUMBERED_PROTOCOL): this {
    this.protocol = protocol
    this.readyState = 1
    this.onopen?.(new Event("open"))
    return this
  }

  greet(hello: { epoch: string; seq: number; missing?: Missing; confirms?: boolean }): this {
    return this.deliver(JSON.stringify({ missing: null, ...hello }))
  }

  deliver(data: unknown): this {
    this.onmessage?.({ data })
    return this
  }

  drop(code = 1006): void {
    this.readyState = 3
    this.onclose?.({ code, reason: "" })
  }
}
