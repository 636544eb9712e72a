/**
 * A page without a browser, for tests: the page's own connection and output model, run by Node. Executes one cell and
 * prints, as JSON, the text it ends up showing, what it was told to be missing, and how often it came back.
 *
 *     node page_client.js URL CODE
 */
import { KernelConnection, type Gap, type WebSocketConstructor } from "../../frontend/src/kernel/connection"
import type { KernelMessage } from "../../frontend/src/kernel/messages"
import { mergeStream, outputFromMessage } from "../../frontend/src/model/outputs"

declare const process: { argv: string[]; exit(status: number): void; stdout: { write(text: string, done?: () => void): void } }

const CHUNK_CHARS = 50_000
const [url, code] = process.argv.slice(2) as [string, string]
const id = `cell-${Date.now()}`
const shown: string[] = [""]
const gaps: Gap[] = []
const bad: string[] = []
let returns = -1
let isIdle = false
let reply: unknown = null

const connection: KernelConnection = new KernelConnection(
  {
    connectionOpened: () => {
      returns += 1
      connection.flush()
    },
    connectionLost: () => {
      connection.attempt = 0 // a network that flaps is no server that refuses
      connection.retry(1)
    },
    retryDue: () => connection.open(url),
    messageReceived: received,
    messagesMissing: (gap) => gaps.push(gap),
    badFrame: (error) => bad.push(String(error)),
  },
  (globalThis as unknown as { WebSocket: WebSocketConstructor }).WebSocket,
)

function received(message: KernelMessage): void {
  if (message.parent_header.msg_id !== id) return
  if (message.msg_type === "stream") {
    const output = outputFromMessage({ header: message.header, content: message.content } as never)
    const { last, next } = mergeStream(shown.pop()!, String((output as { text: unknown }).text), CHUNK_CHARS)
    shown.push(last, ...(next === null ? [] : [next]))
  }
  if (message.msg_type === "execute_reply") reply = message.content.status
  if (message.msg_type === "status" && message.content.execution_state === "idle") isIdle = true
  if (isIdle && reply !== null) finish()
}

function finish(): void {
  connection.close()
  const told = { text: shown.join(""), gaps: gaps.map(({ first, last }) => [first, last]), bad, returns, reply }
  process.stdout.write(JSON.stringify(told), () => process.exit(0))
}

function request(): KernelMessage {
  const header = { msg_id: id, msg_type: "execute_request", session: "page", username: "u", version: "5.3" }
  const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true, user_expressions: {} }
  return { channel: "shell", header, parent_header: {}, metadata: {}, content, buffers: [], msg_id: id, msg_type: "execute_request" }
}

connection.open(url)
connection.send(request())
