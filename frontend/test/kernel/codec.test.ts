import { describe, expect, test } from "vitest"
import { BadFrame, decode, encode, LEGACY_PROTOCOL, NUMBERED_PROTOCOL, parseHello, splitNumbered, V1_PROTOCOL } from "../../src/kernel/codec"
import { message, numbered } from "./frames"

const bytesOf = (view: DataView): number[] => [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)]

describe.each([V1_PROTOCOL, LEGACY_PROTOCOL])("protocol %j", (protocol) => {
  test("a message comes back as it went", () => {
    const sent = message("stream", { name: "stdout", text: "gr\u00fc\u00df \u{1f600}\u0000" }, { parentId: "p1" })
    expect(decode(encode(sent, protocol), protocol)).toEqual(sent)
  })

  test("buffers come back with their bytes, empty ones too", () => {
    const backing = new Uint8Array([9, 1, 2, 3, 9]).buffer
    const sent = { ...message("comm_msg", {}), buffers: [new DataView(backing, 1, 3), new DataView(new ArrayBuffer(0))] }
    const received = decode(encode(sent, protocol), protocol)
    expect(received.buffers.map(bytesOf)).toEqual([[1, 2, 3], []])
    expect(received.buffers[0]).toBeInstanceOf(DataView)
  })
})

test("a v1 frame begins with the number of its offsets, then the offsets", () => {
  const view = new DataView(encode(message("status", {}), V1_PROTOCOL) as ArrayBuffer)
  expect(view.getUint32(0, true)).toBe(6)
  expect(view.getUint32(8, true)).toBe(56)
  expect(view.getUint32(48, true)).toBe(view.byteLength)
})

test("a legacy text without optional members is read", () => {
  const read = decode('{"header":{"msg_id":"a","msg_type":"status"}}', LEGACY_PROTOCOL)
  expect(read).toMatchObject({ channel: "shell", msg_type: "status", parent_header: {}, buffers: [] })
})

test("a numbered frame gives its number and a plain v1 payload", () => {
  const { seq, payload } = splitNumbered(numbered(2 ** 33 + 5, message("status", {})))
  expect(seq).toBe(2 ** 33 + 5)
  expect(decode(payload, NUMBERED_PROTOCOL).msg_type).toBe("status")
})

test("hello tells epoch, number and what is missing", () => {
  expect(parseHello('{"epoch":"e","seq":3,"missing":[1,2]}')).toEqual({ confirms: false, epoch: "e", seq: 3, missing: [1, 2] })
  expect(parseHello('{"epoch":"e","seq":3}').missing).toBeNull()
  expect(parseHello('{"epoch":"e","seq":3,"missing":"unknown"}').missing).toBe("unknown")
})

function tampered(change: (view: DataView) => void): ArrayBuffer {
  const frame = encode(message("status", {}), V1_PROTOCOL) as ArrayBuffer
  change(new DataView(frame))
  return frame
}

test.each<[string, () => unknown]>([
  ["an empty frame", () => decode(new ArrayBuffer(0), V1_PROTOCOL)],
  ["too few offsets", () => decode(tampered((view) => view.setUint32(0, 2, true)), V1_PROTOCOL)],
  ["more offsets than bytes", () => decode(tampered((view) => view.setUint32(0, 1_000_000, true)), V1_PROTOCOL)],
  ["a count beyond 2^53", () => decode(tampered((view) => view.setUint32(4, 0xffffffff, true)), V1_PROTOCOL)],
  ["an offset outside the frame", () => decode(tampered((view) => view.setUint32(16, 1 << 30, true)), V1_PROTOCOL)],
  ["offsets that run backwards", () => decode(tampered((view) => view.setUint32(24, 1, true)), V1_PROTOCOL)],
  ["a first part that begins elsewhere", () => decode(tampered((view) => view.setUint32(8, 57, true)), V1_PROTOCOL)],
  ["a cut frame", () => decode(tampered(() => undefined).slice(0, -1), V1_PROTOCOL)],
  ["an unknown channel", () => decode(encode({ ...message("x", {}), channel: "other" as never }, V1_PROTOCOL), V1_PROTOCOL)],
  ["text that is not JSON", () => decode("hello", LEGACY_PROTOCOL)],
  ["JSON that is no object", () => decode("[1]", LEGACY_PROTOCOL)],
  ["a message without header", () => decode("{}", LEGACY_PROTOCOL)],
  ["a short legacy binary", () => decode(new ArrayBuffer(3), LEGACY_PROTOCOL)],
  ["a legacy binary of zeros", () => decode(new ArrayBuffer(64), LEGACY_PROTOCOL)],
  ["a short numbered frame", () => splitNumbered(new ArrayBuffer(7))],
  ["a hello without epoch", () => parseHello('{"seq":1}')],
  ["a hello with a strange gap", () => parseHello('{"epoch":"e","seq":1,"missing":[1]}')],
])("%s is a BadFrame", (_name, read) => {
  expect(read).toThrow(BadFrame)
})
