import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { ACK_EVERY_CHARS, RETRY_DELAYS_MS, TerminalConnection, type Obstacle, type TerminalState } from "../../src/kernel/terminal"

class FakeSocket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null
  readyState = 0
  sent: unknown[] = []

  send(message: string): void {
    this.sent.push(JSON.parse(message))
  }

  close(): void {
    this.readyState = 3
  }

  open(): void {
    this.readyState = 1
    this.onopen?.()
  }

  tell(...message: unknown[]): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }

  lose(): void {
    this.readyState = 3
    this.onclose?.()
  }
}

let sockets: FakeSocket[]
let states: TerminalState[]
let shown: string[]
let obstacle: Obstacle
let connection: TerminalConnection
const last = (): FakeSocket => sockets[sockets.length - 1]!

beforeEach(() => {
  vi.useFakeTimers()
  sockets = []
  states = []
  shown = []
  obstacle = "none"
  const delegate = {
    beginsAnew: () => void shown.push("<reset>"),
    outputReceived: (text: string) => void shown.push(text),
    stateChanged: (state: TerminalState) => void states.push(state),
    findObstacle: async () => obstacle,
  }
  connection = new TerminalConnection("ws://here/terminals/websocket/1", delegate, () => {
    sockets.push(new FakeSocket())
    return last() as unknown as WebSocket
  })
  connection.open()
})

afterEach(() => {
  connection.close()
  vi.useRealTimers()
})

test("output begins on an empty screen, and again after a return", async () => {
  last().open()
  last().tell("setup", {})
  last().tell("stdout", "$ ")
  last().lose()
  await vi.advanceTimersByTimeAsync(RETRY_DELAYS_MS[0]!)
  last().open()
  last().tell("stdout", "$ ls")
  expect(shown).toEqual(["<reset>", "$ ", "<reset>", "$ ls"])
  expect(states).toEqual(["connecting", "open", "waiting", "connecting", "open"])
})

test("the size is told at once, and after every return", async () => {
  connection.resize(24, 80, 400, 800)
  last().open()
  expect(last().sent).toEqual([["set_size", 24, 80, 400, 800], ["ack", 0]])
  last().lose()
  await vi.advanceTimersByTimeAsync(RETRY_DELAYS_MS[0]!)
  last().open()
  expect(last().sent[0]).toEqual(["set_size", 24, 80, 400, 800])
})

test("what is typed while there is no connection is not kept: the shell may be elsewhere by then", () => {
  connection.type("rm -r x\r")
  last().open()
  connection.type("ls\r")
  expect(last().sent).toEqual([["ack", 0], ["stdin", "ls\r"]])
})

test("what was shown is told now and then, counted from the last opening", async () => {
  last().open()
  connection.shown(ACK_EVERY_CHARS - 1)
  expect(last().sent).toEqual([["ack", 0]])
  connection.shown(1)
  connection.shown(5)
  expect(last().sent).toEqual([["ack", 0], ["ack", ACK_EVERY_CHARS]])
  last().lose()
  await vi.advanceTimersByTimeAsync(RETRY_DELAYS_MS[0]!)
  last().open()
  connection.shown(ACK_EVERY_CHARS)
  expect(last().sent).toEqual([["ack", 0], ["ack", ACK_EVERY_CHARS]])
})

test("patience grows with every attempt, and a lasting connection ends that", async () => {
  for (const delay of RETRY_DELAYS_MS.slice(0, 4)) {
    const before = sockets.length
    last().lose()
    await vi.advanceTimersByTimeAsync(delay - 1)
    expect(sockets.length).toBe(before)
    await vi.advanceTimersByTimeAsync(1)
    expect(sockets.length).toBe(before + 1)
  }
  last().open()
  await vi.advanceTimersByTimeAsync(5_000)
  last().lose()
  await vi.advanceTimersByTimeAsync(RETRY_DELAYS_MS[0]!)
  expect(connection.state).toBe("connecting")
})

test.each<[Obstacle, TerminalState]>([
  ["gone", "ended"],
  ["refused", "refused"],
])("a terminal that is %s is not tried for ever", async (found, state) => {
  last().open()
  obstacle = found
  last().lose()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sockets.length).toBe(1)
  expect(states.at(-1)).toBe(state)
})

test("the end of the program is final until somebody asks", async () => {
  last().open()
  last().tell("disconnect", 1)
  last().lose()
  await vi.advanceTimersByTimeAsync(60_000)
  expect([states.at(-1), sockets.length]).toEqual(["ended", 1])
  connection.open()
  last().open()
  expect(states.at(-1)).toBe("open")
})

test("a socket that was given up is not listened to", () => {
  const old = last()
  connection.open()
  last().open()
  old.open()
  old.tell("stdout", "from the past")
  old.lose()
  expect(shown).toEqual(["<reset>"])
  expect(connection.state).toBe("open")
})
