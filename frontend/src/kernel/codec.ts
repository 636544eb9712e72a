/** Wire layouts of kernel messages: v1 binary, our numbered v1, and legacy JSON. Knows bytes, not sockets. */
import type { Buffer, Channel, KernelMessage } from "./messages"

export const NUMBERED_PROTOCOL = "seq.v1.kernel.websocket.flasknb"
export const V1_PROTOCOL = "v1.kernel.websocket.jupyter.org"
export const LEGACY_PROTOCOL = ""

/** In the order of our preference; a server that knows none of them speaks legacy JSON. */
export const OFFERED_PROTOCOLS: readonly string[] = [NUMBERED_PROTOCOL, V1_PROTOCOL]

const HEAD_PARTS = 5 // channel, header, parent_header, metadata, content
const UINT64_BYTES = 8
const UINT32_BYTES = 4
const TWO_TO_32 = 0x1_0000_0000

/** A frame that does not follow its layout. The message says where. */
export class BadFrame extends Error {
  override name = "BadFrame"
}

export interface NumberedFrame {
  seq: number
  payload: ArrayBuffer
}

/** First text frame of a numbered connection. `confirms`: notes will say how many of our messages have arrived. */
export interface Hello {
  epoch: string
  seq: number
  missing: Missing
  confirms: boolean
}

/** A later text frame of a numbered connection: what has arrived since it opened, or what got lost. */
export interface Note {
  /** The execution queue, whatever it looks like; undefined when the note does not speak of it. */
  queue?: unknown
  arrived: number | null
  missing: Missing
}

/** First and last number that the server no longer has; "unknown" after its kernel process died and another took over. */
export type Missing = readonly [number, number] | "unknown" | null

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8")

/** One websocket frame for `message`, in the layout of `protocol`. The numbered protocol sends plain v1. */
export function encode(message: KernelMessage, protocol: string): string | ArrayBuffer {
  if (protocol === NUMBERED_PROTOCOL || protocol === V1_PROTOCOL) return encodeV1(message)
  return message.buffers.length > 0 ? encodeLegacyBinary(message) : JSON.stringify(legacyEnvelope(message))
}

/** The message in one frame. `frame` of the numbered protocol comes without its number: see `splitNumbered`. */
export function decode(frame: string | ArrayBuffer, protocol: string): KernelMessage {
  if (typeof frame === "string") return fromLegacyEnvelope(parseObject(frame, "legacy message"), [])
  if (protocol === NUMBERED_PROTOCOL || protocol === V1_PROTOCOL) return decodeV1(frame)
  return decodeLegacyBinary(frame)
}

/** Take the sequence number off a frame of the numbered protocol. */
export function splitNumbered(frame: ArrayBuffer): NumberedFrame {
  if (frame.byteLength < UINT64_BYTES) throw new BadFrame(`a numbered frame has at least 8 bytes, got ${frame.byteLength}`)
  const seq = readUint64(new DataView(frame), 0)
  return { seq, payload: frame.slice(UINT64_BYTES) }
}

export function parseHello(text: string): Hello {
  const hello = parseObject(text, "hello")
  const { epoch, seq, missing = null, confirms } = hello
  if (typeof epoch !== "string" || !Number.isSafeInteger(seq)) {
    throw new BadFrame(`hello needs a string epoch and an integer seq, got ${text.slice(0, 200)}`)
  }
  return { epoch, seq: seq as number, missing: asMissing(missing), confirms: confirms === true }
}

export function parseNote(text: string): Note {
  const { arrived = null, missing = null, queue } = parseObject(text, "note")
  if (arrived !== null && !Number.isSafeInteger(arrived)) throw new BadFrame(`arrived is a number, got ${text.slice(0, 200)}`)
  return { arrived: arrived as number | null, missing: asMissing(missing), queue }
}

function asMissing(missing: unknown): Missing {
  if (missing === null || missing === "unknown") return missing
  if (Array.isArray(missing) && missing.length === 2 && missing.every(Number.isSafeInteger)) {
    return [missing[0] as number, missing[1] as number]
  }
  throw new BadFrame(`missing is a pair of integers, "unknown" or null, got ${JSON.stringify(missing)}`)
}

// v1: uint64 n, n offsets uint64, then the parts, little-endian; the last offset is the frame's length.

function encodeV1(message: KernelMessage): ArrayBuffer {
  const head = [message.header, message.parent_header, message.metadata, message.content]
  const parts = [
    encoder.encode(message.channel),
    ...head.map((part) => encoder.encode(JSON.stringify(part))),
    ...message.buffers.map(asBytes),
  ]
  const first = UINT64_BYTES * (parts.length + 2)
  const total = parts.reduce((sum, part) => sum + part.byteLength, first)
  const frame = new ArrayBuffer(total)
  const view = new DataView(frame)
  const bytes = new Uint8Array(frame)
  writeUint64(view, 0, parts.length + 1)
  let offset = first
  parts.forEach((part, index) => {
    writeUint64(view, UINT64_BYTES * (index + 1), offset)
    bytes.set(part, offset)
    offset += part.byteLength
  })
  writeUint64(view, UINT64_BYTES * (parts.length + 1), total)
  return frame
}

function decodeV1(frame: ArrayBuffer): KernelMessage {
  const offsets = readOffsetsV1(frame)
  const text = (part: number): string =>
    decoder.decode(new Uint8Array(frame, offsets[part]!, offsets[part + 1]! - offsets[part]!))
  const buffers: DataView[] = []
  for (let part = HEAD_PARTS; part + 1 < offsets.length; part++) {
    buffers.push(new DataView(frame, offsets[part]!, offsets[part + 1]! - offsets[part]!))
  }
  const header = parseObject(text(1), "header")
  return {
    channel: asChannel(text(0)),
    header: header as unknown as KernelMessage["header"],
    parent_header: parseObject(text(2), "parent_header"),
    metadata: parseObject(text(3), "metadata"),
    content: parseObject(text(4), "content"),
    buffers,
    msg_id: String(header.msg_id ?? ""),
    msg_type: String(header.msg_type ?? ""),
  }
}

function readOffsetsV1(frame: ArrayBuffer): number[] {
  if (frame.byteLength < UINT64_BYTES) throw new BadFrame(`a v1 frame has at least 8 bytes, got ${frame.byteLength}`)
  const view = new DataView(frame)
  const count = readUint64(view, 0)
  if (count < HEAD_PARTS + 1) throw new BadFrame(`a v1 frame has at least ${HEAD_PARTS + 1} offsets, got ${count}`)
  if (UINT64_BYTES * (count + 1) > frame.byteLength) {
    throw new BadFrame(`${count} offsets do not fit into ${frame.byteLength} bytes`)
  }
  const offsets: number[] = []
  for (let index = 1; index <= count; index++) offsets.push(readUint64(view, UINT64_BYTES * index))
  checkOffsets(offsets, UINT64_BYTES * (count + 1), frame.byteLength)
  if (offsets[offsets.length - 1] !== frame.byteLength) {
    throw new BadFrame(`the last offset is the frame's length ${frame.byteLength}, got ${offsets[offsets.length - 1]}`)
  }
  return offsets
}

function checkOffsets(offsets: readonly number[], first: number, length: number): void {
  let previous = first
  if (offsets[0] !== first) throw new BadFrame(`the first part begins at ${first}, got ${offsets[0]}`)
  for (const offset of offsets) {
    if (offset < previous || offset > length) throw new BadFrame(`offset ${offset} is outside ${previous}…${length}`)
    previous = offset
  }
}

// Legacy: JSON text, or uint32 n, n offsets uint32 (big-endian), part 0 the JSON, then the buffers.

function legacyEnvelope(message: KernelMessage): Record<string, unknown> {
  const { channel, header, parent_header, metadata, content } = message
  return { channel, header, parent_header, metadata, content, buffers: [] }
}

function encodeLegacyBinary(message: KernelMessage): ArrayBuffer {
  const envelope = legacyEnvelope(message)
  delete envelope.buffers
  const parts = [encoder.encode(JSON.stringify(envelope)), ...message.buffers.map(asBytes)]
  const first = UINT32_BYTES * (parts.length + 1)
  const frame = new ArrayBuffer(parts.reduce((sum, part) => sum + part.byteLength, first))
  const view = new DataView(frame)
  view.setUint32(0, parts.length)
  let offset = first
  parts.forEach((part, index) => {
    view.setUint32(UINT32_BYTES * (index + 1), offset)
    new Uint8Array(frame).set(part, offset)
    offset += part.byteLength
  })
  return frame
}

function decodeLegacyBinary(frame: ArrayBuffer): KernelMessage {
  if (frame.byteLength < 2 * UINT32_BYTES) throw new BadFrame(`a legacy frame has at least 8 bytes, got ${frame.byteLength}`)
  const view = new DataView(frame)
  const count = view.getUint32(0)
  const first = UINT32_BYTES * (count + 1)
  if (count < 1 || first > frame.byteLength) throw new BadFrame(`${count} offsets do not fit into ${frame.byteLength} bytes`)
  const offsets: number[] = []
  for (let index = 1; index <= count; index++) offsets.push(view.getUint32(UINT32_BYTES * index))
  checkOffsets(offsets, first, frame.byteLength)
  const ends = [...offsets.slice(1), frame.byteLength]
  const json = decoder.decode(new Uint8Array(frame, offsets[0]!, ends[0]! - offsets[0]!))
  const buffers = offsets.slice(1).map((offset, index) => new DataView(frame, offset, ends[index + 1]! - offset))
  return fromLegacyEnvelope(parseObject(json, "legacy message"), buffers)
}

function fromLegacyEnvelope(envelope: Record<string, unknown>, buffers: DataView[]): KernelMessage {
  const header = asObject(envelope.header, "header")
  return {
    channel: asChannel(String(envelope.channel ?? "shell")),
    header: header as unknown as KernelMessage["header"],
    parent_header: asObject(envelope.parent_header ?? {}, "parent_header"),
    metadata: asObject(envelope.metadata ?? {}, "metadata"),
    content: asObject(envelope.content ?? {}, "content"),
    buffers,
    msg_id: String(header.msg_id ?? envelope.msg_id ?? ""),
    msg_type: String(header.msg_type ?? envelope.msg_type ?? ""),
  }
}

// Small conversions

/** A view on `buffer` without copying it. */
export function asDataView(buffer: Buffer): DataView {
  return buffer instanceof ArrayBuffer
    ? new DataView(buffer)
    : new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

function asBytes(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function asChannel(name: string): Channel {
  if (name === "shell" || name === "iopub" || name === "stdin" || name === "control") return name
  throw new BadFrame(`unknown channel ${JSON.stringify(name.slice(0, 40))}`)
}

function parseObject(json: string, what: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(json), what)
  } catch (error) {
    if (error instanceof BadFrame) throw error
    throw new BadFrame(`${what} is not JSON: ${json.slice(0, 80)}`)
  }
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new BadFrame(`${what} is a JSON object, got ${JSON.stringify(value)?.slice(0, 80)}`)
}

function readUint64(view: DataView, offset: number): number {
  const value = view.getUint32(offset, true) + view.getUint32(offset + UINT32_BYTES, true) * TWO_TO_32
  if (!Number.isSafeInteger(value)) throw new BadFrame(`number at byte ${offset} is larger than 2^53`)
  return value
}

function writeUint64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % TWO_TO_32, true)
  view.setUint32(offset + UINT32_BYTES, Math.floor(value / TWO_TO_32), true)
}
