import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { decode, LEGACY_PROTOCOL, V1_PROTOCOL } from "../../src/kernel/codec"
import { KernelConnection, OPEN_TIMEOUT_MS, RETRY_DELAYS_MS, type WebSocketConstructor } from "../../src/kernel/connection"
import { FakeSocket, message, numbered } from "./frames"

const URL = "ws://host/channels?session_id=s"

function connect(limit = RETRY_DELAYS_MS.length) {
  const seen: string[] = []
  const log: string[] = []
  const connection: KernelConnection = new KernelConnection(
    {
      connectionOpened: () => {
        log.push("open")
        connection.flush()
      },
      connectionLost: (loss) => {
        log.push(loss.wasOpen ? "lost" : "refused")
        if (connection.retry(limit) === null) log.push("gave up")
      },
      retryDue: () => connection.open(URL),
      messageReceived: (received) => seen.push(String(received.content.n)),
      messagesMissing: ({ first, last, fromMs, toMs }) => {
        log.push(`missing ${first}-${last}${fromMs === null ? "" : ` for ${toMs - fromMs} ms`}`)
      },
      badFrame: (error) => log.push((error as Error).name),
    },
    FakeSocket as unknown as WebSocketConstructor,
  )
  connection.open(URL)
  return { connection, seen, log }
}

beforeEach(() => {
  FakeSocket.all = []
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

test("our protocol is offered first, then the standard one", () => {
  connect()
  expect(FakeSocket.last.offered).toEqual(["seq.v1.kernel.websocket.flasknb", "v1.kernel.websocket.jupyter.org"])
  expect(FakeSocket.last.url).toBe(URL)
})

test("messages arrive in order and once", () => {
  const { seen } = connect()
  FakeSocket.last.accept().greet({ epoch: "e", seq: 4 })
  for (const n of [5, 6, 6, 5, 9]) FakeSocket.last.deliver(numbered(n, message("stream", { n })))
  expect(seen).toEqual(["5", "6", "9"])
})

test("a reconnection asks for what came after the last message seen", () => {
  const { seen } = connect()
  FakeSocket.last.accept().greet({ epoch: "e/1", seq: 4 }).deliver(numbered(7, message("stream", { n: 7 })))
  FakeSocket.last.drop()
  vi.advanceTimersByTime(RETRY_DELAYS_MS[0]!)
  expect(FakeSocket.last.url).toBe(`${URL}&since=7&epoch=e%2F1`)
  FakeSocket.last.accept().greet({ epoch: "e/1", seq: 9 })
  for (const n of [7, 8, 9]) FakeSocket.last.deliver(numbered(n, message("stream", { n })))
  expect(seen).toEqual(["7", "8", "9"])
})

test("a connection that dies before its first message resumes where it began", () => {
  connect()
  FakeSocket.last.accept().greet({ epoch: "e", seq: 4 }).drop()
  vi.advanceTimersByTime(RETRY_DELAYS_MS[0]!)
  expect(FakeSocket.last.url).toBe(`${URL}&since=4&epoch=e`)
})

test("numbers of a new epoch start over", () => {
  const { seen } = connect()
  FakeSocket.last.accept().greet({ epoch: "a", seq: 0 }).deliver(numbered(50, message("stream", { n: "old" }))).drop()
  vi.advanceTimersByTime(RETRY_DELAYS_MS[0]!)
  FakeSocket.last.accept().greet({ epoch: "b", seq: 3, missing: [51, 60] })
  FakeSocket.last.deliver(numbered(1, message("stream", { n: "replayed" })))
  expect(seen).toEqual(["old", "replayed"])
})

test("a gap is reported", () => {
  const { log } = connect()
  FakeSocket.last.accept().greet({ epoch: "a", seq: 9, missing: [3, 5] })
  expect(log).toEqual(["open", "missing 3-5"])
})

test("a gap that nobody can measure is reported with the time it took", () => {
  const { log } = connect()
  FakeSocket.last.accept().greet({ epoch: "a", seq: 9 }).drop()
  vi.advanceTimersByTime(RETRY_DELAYS_MS[0]!)
  FakeSocket.last.accept().greet({ epoch: "b", seq: 0, missing: "unknown" })
  expect(log.at(-1)).toBe(`missing null-null for ${RETRY_DELAYS_MS[0]} ms`)
})

test("another kernel is joined from its beginning", () => {
  const { connection } = connect()
  FakeSocket.last.accept().greet({ epoch: "a", seq: 9 })
  connection.open(`${URL}-of-another`)
  expect(FakeSocket.last.url).toBe(`${URL}-of-another`)
})

test("what is sent while disconnected goes out in order when the connection is back", () => {
  const { connection } = connect()
  for (const n of [1, 2, 3]) connection.send(message("execute_request", { n }))
  FakeSocket.last.accept(V1_PROTOCOL)
  const sent = FakeSocket.last.sent.map((frame) => decode(frame, V1_PROTOCOL).content.n)
  expect(sent).toEqual([1, 2, 3])
  expect(connection.pending).toEqual([])
})

test("what is sent into a closing socket is kept", () => {
  const { connection } = connect()
  FakeSocket.last.accept()
  FakeSocket.last.readyState = 2
  connection.send(message("execute_request", {}))
  expect(FakeSocket.last.sent).toEqual([])
  expect(connection.pending).toHaveLength(1)
})

test("waits grow, and end", () => {
  const { log } = connect()
  for (const delay of RETRY_DELAYS_MS) {
    FakeSocket.last.drop()
    const sockets = FakeSocket.all.length
    vi.advanceTimersByTime(delay - 1)
    expect(FakeSocket.all.length).toBe(sockets)
    vi.advanceTimersByTime(1)
    expect(FakeSocket.all.length).toBe(sockets + 1)
  }
  FakeSocket.last.drop()
  expect(log.at(-1)).toBe("gave up")
})

test("the first four retries come within three seconds", () => {
  expect(RETRY_DELAYS_MS.slice(0, 4).reduce((sum, delay) => sum + delay)).toBeLessThanOrEqual(3_000)
})

test("a server that accepts and closes at once is not hammered", () => {
  const { connection } = connect()
  for (let round = 1; round <= 3; round++) {
    FakeSocket.last.accept().drop()
    expect(connection.attempt).toBe(round)
    vi.advanceTimersByTime(RETRY_DELAYS_MS[round - 1]!)
  }
})

test("after a connection that lasted the waits are short again", () => {
  const { connection } = connect()
  for (let round = 0; round < 3; round++) {
    FakeSocket.last.drop()
    vi.advanceTimersByTime(RETRY_DELAYS_MS[round]!)
  }
  FakeSocket.last.accept()
  vi.advanceTimersByTime(5_000)
  FakeSocket.last.drop()
  expect(connection.attempt).toBe(1)
})

test("a request without answer is given up after its time", () => {
  const { log } = connect()
  vi.advanceTimersByTime(OPEN_TIMEOUT_MS)
  expect(log).toEqual(["refused"])
  expect(FakeSocket.all[0]!.wasClosedByPage).toBe(true)
})

test("close is quiet and final", () => {
  const { connection, log } = connect()
  FakeSocket.last.accept()
  const socket = FakeSocket.last
  connection.close()
  socket.drop()
  vi.advanceTimersByTime(200_000)
  expect(log).toEqual(["open"])
  expect(FakeSocket.all).toHaveLength(1)
  expect(connection.state).toBe("closed")
})

test("an unreadable frame is reported and the next one is read", () => {
  const { seen, log } = connect()
  FakeSocket.last.accept(LEGACY_PROTOCOL).deliver("nonsense").deliver(JSON.stringify(message("stream", { n: 2 })))
  expect(log).toEqual(["open", "BadFrame"])
  expect(seen).toEqual(["2"])
})

test("a standard v1 server is understood", () => {
  const { seen } = connect()
  FakeSocket.last.accept(V1_PROTOCOL).deliver(numbered(1, message("stream", { n: 1 })).slice(8))
  expect(seen).toEqual(["1"])
})

function sentTo(socket: FakeSocket): string[] {
  return socket.sent.map((frame) => decode(frame, V1_PROTOCOL).msg_id)
}

function comeBack(): FakeSocket {
  FakeSocket.last.drop()
  vi.advanceTimersByTime(RETRY_DELAYS_MS[0]!)
  return FakeSocket.last.accept()
}

test("what the server has not confirmed is sent again, before what waited, once the server has greeted", () => {
  const { connection } = connect()
  const [first, second, third] = [message("a", {}), message("b", {}), message("c", {})]
  FakeSocket.last.accept().greet({ epoch: "e", seq: 0, confirms: true })
  connection.send(first)
  connection.send(second)
  FakeSocket.last.deliver('{"arrived": 1}')
  const again = comeBack()
  connection.send(third)
  expect(sentTo(again)).toEqual([])
  again.greet({ epoch: "e", seq: 0, confirms: true })
  expect(sentTo(again)).toEqual([second.msg_id, third.msg_id])
  again.deliver('{"arrived": 2}')
  expect(connection.unconfirmed).toEqual([])
})

test("what was sent before any greeting is sent again too", () => {
  const { connection } = connect()
  FakeSocket.last.accept()
  const only = message("a", {})
  connection.send(only)
  expect(sentTo(comeBack().greet({ epoch: "e", seq: 0, confirms: true }))).toEqual([only.msg_id])
})

test("a server that does not know what it was sent gets nothing twice, and the loss is told", () => {
  const { connection, log } = connect()
  FakeSocket.last.accept().greet({ epoch: "e", seq: 0, confirms: true })
  connection.send(message("a", {}))
  const again = comeBack().greet({ epoch: "f", seq: 0, confirms: true })
  expect(again.sent).toEqual([])
  expect(log.at(-1)).toMatch(/^missing null-null/)
})

test("a server that confirms nothing is not expected to", () => {
  const { connection } = connect()
  FakeSocket.last.accept()
  connection.send(message("a", {}))
  FakeSocket.last.greet({ epoch: "e", seq: 0 })
  connection.send(message("b", {}))
  expect(connection.unconfirmed).toEqual([])
  expect(comeBack().greet({ epoch: "e", seq: 0 }).sent).toEqual([])
})

test("what was asked of an old process is not asked of the new one, and later confirmations still count right", () => {
  const { connection } = connect()
  FakeSocket.last.accept().greet({ epoch: "e", seq: 0, confirms: true })
  connection.send(message("a", {}))
  connection.forgetRequests()
  const kept = message("b", {})
  connection.send(kept)
  FakeSocket.last.deliver('{"arrived": 1}')
  expect(connection.unconfirmed).toEqual([kept])
  FakeSocket.last.deliver('{"arrived": 2}')
  expect(connection.unconfirmed).toEqual([])
})

test("output that got lost while the connection stood is told", () => {
  const { log } = connect()
  FakeSocket.last.accept().greet({ epoch: "e", seq: 0, confirms: true }).deliver('{"missing": [4, 9]}')
  expect(log.at(-1)).toBe("missing 4-9")
})
